"""Every figure that the monthly report prints, made again in plain Python from the rows of a random council."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.actions.models import Action
from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.core.clock import working_days_between
from qa_app.exemptions.models import ExemptionRequest
from qa_app.figures import queries, rules
from qa_app.figures.cuts import month_of, quarter_of
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import STAGE_LABELS
from qa_app.moderation.models import Moderation
from qa_app.people.models import Service, Team
from qa_app.reports.blocks import read_content
from qa_app.reports.building import build
from qa_app.reports.building.cells import percent
from qa_app.reports.gathering import gather
from qa_app.reports.states import Audience, ReportKind
from qa_app.rounds.models import Round, RoundAuditor
from qa_app.slippage.models import SlippageNotice
from tests.databases import ON_POSTGRESQL
from tests.factories.audits import audit_at
from tests.integration.figures.worlds import END, GRADES, random_council

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="what it asks of the database, the tests of figures ask on both")


MONTH = date(2026, 3, 1)
DONE = ("submitted", "moderated", "final")
GOOD, BAD = GRADES[:2], GRADES[3:]
DATA = Path(__file__).parents[2] / "data"


def tables_of(kind, month):
    material = gather(kind, Audience.INTERNAL, month_of(month), END.date())
    content = read_content(build(material))
    return {b.title: b for section in content.sections for b in section.blocks if b.kind == "table"}, content


def column(table, heading):
    at = list(table.header).index(heading)
    return {row[0].text: row[at].value or 0 for row in table.rows}


def test_the_monthly_report_prints_what_the_rows_say(database):
    random_council(database, seed=3)
    tables, content = tables_of(ReportKind.MONTHLY, MONTH)
    (round_,) = database.scalars(select(Round).where(Round.month == MONTH)).all()
    audits = [a for a in database.scalars(select(Audit).where(Audit.round_id == round_.id)) if a.state != "withdrawn"]
    graded = [a for a in audits if a.state in DONE]
    services = {s.id: s.name for s in database.scalars(select(Service))}
    teams = {t.id: t.name for t in database.scalars(select(Team))}
    check_completion(database, round_, audits, services, tables)
    check_grades(graded, services, teams, tables, content)
    check_sections(database, graded, tables)
    check_talks(database, graded, tables)
    check_requests(database, audits, services, tables)
    check_moderation(database, audits, tables)
    check_put_right(database, services, tables)
    check_adherence(database, services)
    check_moderation_report(database)


def check_completion(database, round_, audits, services, tables):
    table = tables["Completion by service"]
    found: dict[str, Counter] = {}
    expected = {}
    for row in database.scalars(select(RoundAuditor).where(RoundAuditor.round_id == round_.id)):
        expected[row.person_id] = row
        counts = found.setdefault(services.get(row.service_id, "No service"), Counter())
        counts.update({"Expected": row.expected, "Exempt": row.exempted, "Due": row.expected - row.exempted})
    for audit in audits:
        own = expected.get(audit.auditor_id)
        place = own.service_id if own else audit.auditor.team.service_id if audit.auditor else audit.service_id
        kind = "Not submitted" if audit.state not in DONE else "Late" if audit.is_late else "On time"
        found.setdefault(services.get(place, "No service"), Counter())[kind] += 1
    for heading in ("Expected", "Exempt", "Due", "On time", "Late", "Not submitted"):
        wanted = {name: counts[heading] for name, counts in found.items()}
        assert column(table, heading) == wanted | {"All": sum(wanted.values())}
    for name, share in column(table, "Completion").items():
        due, done = column(table, "Due")[name], column(table, "On time")[name]
        assert share == (pytest.approx(done / due) if due else 0)


def after(audit):
    return audit.final_grade or audit.overall_grade


def check_grades(graded, services, teams, tables, content):
    table = tables["Grades before and after moderation"]
    labels = dict(zip(GRADES, [row[0].text for row in table.rows], strict=False))
    for grade, label in labels.items():
        was, now = sum(a.overall_grade == grade for a in graded), sum(after(a) == grade for a in graded)
        assert (column(table, "Auditors")[label], column(table, "After moderation")[label]) == (was, now)
        assert column(table, "After moderation, %")[label] == pytest.approx(now / len(graded))
    for title, names, key in (
        ("Grades after moderation by service", services, "service_id"),
        ("Grades after moderation by team", teams, "team_id"),
    ):
        table = tables[title]
        for place in {getattr(a, key) for a in graded}:
            own = [a for a in graded if getattr(a, key) == place]
            for grade, label in labels.items():
                assert column(table, label)[names[place]] == sum(after(a) == grade for a in own)
            assert column(table, "Graded")[names[place]] == len(own)
            good, bad = (sum(after(a) in group for a in own) / len(own) for group in (GOOD, BAD))
            assert column(table, "Good or better, %")[names[place]] == pytest.approx(good)
            assert column(table, "All inadequate, %")[names[place]] == pytest.approx(bad)
    good = sum(after(a) in GOOD for a in graded)
    assert any(text.startswith(f"{good} of {len(graded)} (") for text in content.headlines)


def check_sections(database, graded, tables):
    ids = {a.id: a for a in graded}
    found: dict[str, Counter] = {}
    for answer in database.scalars(select(SectionAnswer)):
        if answer.audit_id in ids and answer.grade in GRADES:
            found.setdefault(answer.domain.title, Counter())[answer.grade] += 1
    table = tables["Grades by section"]
    for title, counts in found.items():
        assert [cell.value for row in table.rows if row[0].text == title for cell in row[1:6]] == [
            counts[g] for g in GRADES
        ]
        assert column(table, "Graded")[title] == counts.total()


def check_talks(database, graded, tables):
    ids = {a.id for a in graded}
    said = [t for t in database.scalars(select(Conversation)) if t.audit_id in ids and t.held is not None]
    table = tables["Conversations held"]
    for whom, label in (("child", "The child"), ("social_worker", "The social worker")):
        held = [t.held for t in said if t.with_whom == whom]
        assert (column(table, "Held")[label], column(table, "Audits that say")[label]) == (sum(held), len(held))


def check_requests(database, audits, services, tables):
    asked = [r for r in database.scalars(select(ExemptionRequest)) if r.first_month <= MONTH <= r.last_month]
    table = tables["Exemption requests by service"]
    assert column(table, "Asked")["All"] == len(asked)
    assert column(table, "In the last week")["All"] == sum(r.timing == "last_week" for r in asked)
    assert column(table, "Approved")["All"] == sum(r.state == "approved" for r in asked)
    for service_id in {r.service_id for r in asked}:
        assert column(table, "Asked")[services[service_id]] == sum(r.service_id == service_id for r in asked)
    ids = {a.id for a in audits}
    notices = [n for n in database.scalars(select(SlippageNotice)) if n.audit_id in ids]
    assert column(tables["Slippage notices by service of the case"], "Notices")["All"] == len(notices) > 0


def check_moderation(database, audits, tables):
    ids = {a.id for a in audits}
    rows = [
        m for m in database.scalars(select(Moderation))
        if m.audit_id in ids and m.state in ("moderated", "disputed", "decided", "accepted")
    ]  # fmt: skip
    table = tables["Auditors' grades and final grades"]
    pairs = Counter((m.grade_before, m.panel_grade or m.moderated_grade) for m in rows)
    assert [[cell.value for cell in row[1:6]] for row in table.rows[:5]] == [
        [pairs[before, final] for final in GRADES] for before in GRADES
    ]


def check_put_right(database, services, tables):
    last = date(2026, 3, 31)
    stages = [s for s in database.scalars(select(Stage)) if s.due_on and MONTH <= s.due_on <= last]
    counted = [s for s in stages if s.outcome not in ("waived", "skipped") and (s.done_on or s.due_on < END.date())]
    table = tables["Adherence by stage"]
    assert column(table, "Due")["All stages"] == len(counted) > 0
    assert column(table, "In time")["All stages"] == sum(bool(s.done_on and s.done_on <= s.due_on) for s in counted)
    took = [working_days_between(s.process.started_at.date(), s.done_on) for s in counted if s.done_on]
    assert column(table, "Median days")["All stages"] == median(took)
    assert database.scalars(select(ImprovementProcess)).first()
    actions = [a for a in database.scalars(select(Action)) if a.state != "draft" and a.opened_at.date() <= last]
    due = [a for a in actions if MONTH <= a.due_on <= last]
    table = tables["Actions by service"]
    assert column(table, "Due")["All"] == len(due) > 0
    done = [a for a in due if a.state in ("done", "verified")]
    assert column(table, "In time")["All"] == sum(a.reported_at.date() <= a.due_on for a in done)
    assert column(table, "By the first date")["All"] == sum(a.reported_at.date() <= a.first_due_on for a in done)
    assert column(table, "Overdue now")["All"] == sum(not a.reported_at and a.due_on < END.date() for a in actions)


def quarter_tables(kind):
    cut = quarter_of(MONTH)
    content = read_content(build(gather(kind, Audience.LEADERSHIP, cut, END.date())))
    tables = {b.title: b for section in content.sections for b in section.blocks if b.kind == "table"}
    return cut, tables, content


def check_adherence(database, services):
    cut, tables, content = quarter_tables(ReportKind.ADHERENCE)
    stages = [s for s in database.scalars(select(Stage)) if s.due_on and cut.first <= s.due_on <= cut.last_day]
    counted = [s for s in stages if s.outcome not in ("waived", "skipped") and (s.done_on or s.due_on < END.date())]
    for title, key in (
        ("Adherence by service", lambda s: services[s.process.service_id]),
        ("Adherence by manager", lambda s: s.owner.name if s.owner else "Nobody"),
        ("Adherence by stage", lambda s: STAGE_LABELS[s.kind]),
    ):
        due = column(tables[title], "Due")
        left_out = column(tables[title], "Left out with a reason")
        for name in {key(s) for s in stages}:
            own = [s for s in counted if key(s) == name]
            assert due[name] == len(own)
            assert column(tables[title], "In time")[name] == sum(bool(s.done_on and s.done_on <= s.due_on) for s in own)
            assert left_out[name] == sum(key(s) == name and s.outcome in ("waived", "skipped") for s in stages)
    assert sum(b.kind == "table" for section in content.sections for b in section.blocks) == len(tables)
    pictures = [b.spec for section in content.sections for b in section.blocks if b.kind == "picture"]
    assert {picture["measure"] for picture in pictures} == {"Share", "Median days"}


def check_moderation_report(database):
    _, tables, content = quarter_tables(ReportKind.MODERATION)
    rows = [
        m for m in database.scalars(select(Moderation))
        if m.state in ("moderated", "disputed", "decided", "accepted") and m.audit.state != "withdrawn"
        and m.audit.round.audit_type.key == "monthly"
    ]  # fmt: skip
    moves = [GRADES.index(m.panel_grade or m.moderated_grade) - GRADES.index(m.grade_before) for m in rows]
    table = tables["Moderation by service"]
    found = [column(table, heading)["All"] for heading in ("Moderated", "Kept", "Raised", "Lowered")]
    assert found == [len(rows), moves.count(0), sum(m < 0 for m in moves), sum(m > 0 for m in moves)]
    (said,) = [b.texts for s in content.sections if s.key == "agreement" for b in s.blocks if b.kind == "sentences"]
    assert said == [f"Agreement (weighted kappa) is not stated: {blind(rows)} blind moderations, and it takes 50."]


def blind(rows):
    return sum(bool(m.is_blind and m.own_grade) for m in rows)


def test_a_published_table_entered_as_audits_gives_its_published_percentages(database, now):
    with (DATA / "published_example.csv").open() as lines:
        rows = {row["grade"]: row for row in csv.DictReader(lines) if row["period"] == "latest"}
    scene = audit_at(database, "submitted", now)
    counts = {
        "outstanding": int(rows["Outstanding"]["implied_count"]),
        "good": int(rows["Good"]["implied_count"]),
        "requires_improvement": int(rows["Requires improvement"]["implied_count"]),
    }
    enter(database, scene, counts)
    cut = month_of(scene.round.month)
    scale = queries.scale_of(cut)
    found = rules.grades_after(queries.audit_counts(cut, system()), scale)
    for grade in scale:
        label = {"inadequate_critical": "Inadequate"}.get(grade.key, grade.label.split(":")[0])
        assert percent(found.counts[grade.key], found.base).text == f"{rows[label]['published_percent']}%"
    assert percent(found.good_or_better, found.base).text == f"{rows['Good or outstanding']['published_percent']}%"
    assert found.base == int(rows["Good"]["implied_total"])


def enter(database, scene, counts):
    """As many submitted audits of each grade: the first audit again and again, under numbers of their own."""
    grades = [grade for grade, n in counts.items() for _ in range(n)]
    kept = {c.name: getattr(scene.audit, c.name) for c in Audit.__table__.columns if c.name not in ("id", "updated_at")}
    for audit in scene.audits[1:]:
        audit.state = "withdrawn"
    scene.audit.overall_grade = grades[0]
    for number, grade in enumerate(grades[1:], 900):
        reference = f"{scene.round.reference}/{number}"
        database.add(Audit(**kept | {"number": number, "reference": reference, "overall_grade": grade}))
    database.flush()
