"""Every count of the figures, made again in plain Python from the rows, on random councils, for cuts and viewers."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update

from qa_app.access.viewer import system
from qa_app.actions.models import Action
from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.exemptions.models import ExemptionRequest
from qa_app.figures import queries, rules
from qa_app.figures.cuts import Cut, month_of, quarter_of, year_to
from qa_app.figures.queries import kept
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.moderation.models import Moderation, ModerationSelection
from qa_app.people.models import Auditor
from qa_app.progress import queries as progress
from qa_app.progress.rules import total
from qa_app.rounds.models import Round, RoundAuditor
from qa_app.slippage.models import SlippageNotice
from tests.integration.figures.worlds import END, MONTHS, random_council

DONE = ("submitted", "moderated", "final")


def cuts(span, rng):
    """The whole sample, a month, a quarter, and cuts by place and case type."""
    people = span.people
    yield Cut(MONTHS[0], MONTHS[-1])
    yield month_of(MONTHS[1])
    yield quarter_of(MONTHS[1])
    yield Cut(MONTHS[0], MONTHS[1], service_id=people.service_a.id)
    yield Cut(MONTHS[0], MONTHS[1], team_id=rng.choice((people.team_a2, people.team_b1)).id, case_type="cp")
    yield Cut(MONTHS[0], MONTHS[-1], "themed")


def viewers(span):
    people = span.people
    for one in (people.qa, people.head_of_service, people.team_manager_b1, people.caseworker):
        yield span.who(one, END)


def reaches(viewer, service_id, team_id):
    scope = viewer.scope("figures:read")
    return scope.everything or service_id in scope.service_ids or team_id in scope.team_ids


def is_live(audit):
    return audit.state != "withdrawn" and (audit.issued_at or (audit.auditor_id is None and audit.round.issued_at))


def audits_of(database, cut, viewer):
    """The cut's live audits that the viewer's figures are of."""
    for audit in database.scalars(select(Audit)):
        in_cut = cut.first <= audit.round.month <= cut.last and audit.round.audit_type.key == cut.audit_type
        at_place = cut.service_id in (None, audit.service_id) and cut.team_id in (None, audit.team_id)
        of_type = cut.case_type in ("", audit.case_type)
        if in_cut and at_place and of_type and is_live(audit) and reaches(viewer, audit.service_id, audit.team_id):
            yield audit


def standing(audit):
    if audit.state in DONE:
        return "late" if audit.is_late else "on_time"
    return "not_started" if audit.state == "allocated" else "in_progress"


def audits_are_counted_as_they_are(database, world):
    rng = random.Random(7)
    for cut in cuts(world, rng):
        for viewer in viewers(world):
            wanted = Counter(
                (a.round.month, a.service_id, a.team_id, a.case_type, standing(a),
                 a.overall_grade if a.state in DONE else None,
                 (a.final_grade or a.overall_grade) if a.state in DONE else None, a.state == "final")
                for a in audits_of(database, cut, viewer)
            )  # fmt: skip
            assert {row[:-1]: row.n for row in queries.audit_counts(cut, viewer)} == wanted


def completion_agrees_with_progress_by_manager(database, world):
    for round_ in database.scalars(select(Round)).all():
        cut = month_of(round_.month)._replace(audit_type=round_.audit_type.key)
        for viewer in viewers(world):
            shown = total(progress.progress(round_, viewer, {})) if viewer.can("progress:read") else None
            found = rules.added_up(queries.completion_of(cut, viewer))
            if shown is not None:
                assert found == shown[:6]


def completion_is_of_the_auditors_place(database, world):
    for cut in cuts(world, random.Random(8)):
        for viewer in viewers(world):
            wanted: Counter = Counter()
            expected = {}
            for row in database.scalars(select(RoundAuditor)):
                round_ = database.get(Round, row.round_id)
                expected[row.round_id, row.person_id] = row
                if cut.first <= round_.month <= cut.last and round_.audit_type.key == cut.audit_type:
                    wanted[round_.month, row.service_id, row.team_id, "expected"] += row.expected
                    wanted[round_.month, row.service_id, row.team_id, "exempted"] += row.exempted
            for audit in database.scalars(select(Audit)):
                round_, own = audit.round, expected.get((audit.round_id, audit.auditor_id))
                if not (cut.first <= round_.month <= cut.last and round_.audit_type.key == cut.audit_type):
                    continue
                if is_live(audit):
                    place = own or (audit.auditor.team if audit.auditor else audit)
                    team_id = place.id if place is not own and audit.auditor else place.team_id
                    wanted[round_.month, place.service_id, team_id, standing(audit)] += 1
            wanted = Counter({
                key: n for key, n in wanted.items()
                if n and reaches(viewer, key[1], key[2])
                and cut.service_id in (None, key[1]) and cut.team_id in (None, key[2])
            })  # fmt: skip
            found = Counter()
            for row in queries.completion_of(cut, viewer):
                for name in rules.Totals._fields:
                    found[row.month, row.service_id, row.team_id, name] += getattr(row, name)
            assert +found == wanted


def services_know_how_many_people_stand_behind_them(database, world):
    rng, people = random.Random(9), world.people
    for audit in database.scalars(select(Audit).order_by(Audit.id)):
        audit.caseworker_id = rng.choice((None, people.caseworker.id, people.auditor.id, people.moderator.id))
    database.flush()
    for cut in cuts(world, random.Random(10)):
        for viewer in viewers(world):
            behind: dict = {}
            for audit in audits_of(database, cut, viewer):
                if audit.state in DONE:
                    behind.setdefault(audit.service_id, (set(), set()))[0].add(audit.caseworker_id)
            for row in database.scalars(select(RoundAuditor).where(RoundAuditor.expected > 0)):
                round_ = database.get(Round, row.round_id)
                in_cut = cut.first <= round_.month <= cut.last and round_.audit_type.key == cut.audit_type
                if in_cut and row.service_id and reaches(viewer, row.service_id, row.team_id):
                    behind.setdefault(row.service_id, (set(), set()))[1].add(row.person_id)
            wanted = {key: (len(workers - {None}), len(auditors)) for key, (workers, auditors) in behind.items()}
            found = {row.service_id: (row.caseworkers, row.auditors) for row in queries.workers(cut, viewer)}
            assert found == wanted


def sections_and_conversations_are_of_submitted_audits(database, world):
    for cut in cuts(world, random.Random(9)):
        for viewer in viewers(world):
            audits = {a.id: a for a in audits_of(database, cut, viewer) if a.state in DONE}
            wanted = Counter(
                (
                    answer.domain.key,
                    answer.grade,
                    audits[answer.audit_id].final_grade or audits[answer.audit_id].overall_grade,
                )
                for answer in database.scalars(select(SectionAnswer))
                if answer.audit_id in audits and answer.grade
            )
            assert {(r.key, r.grade, r.after): r.n for r in queries.section_counts(cut, viewer)} == wanted
            said = Counter(
                (talk.with_whom, talk.held)
                for talk in database.scalars(select(Conversation))
                if talk.audit_id in audits and talk.held is not None
            )
            assert {(r.with_whom, r.held): r.n for r in queries.conversation_counts(cut, viewer)} == said


def requests_and_notices(database, world):
    assert database.scalars(select(SlippageNotice)).first() and database.scalars(select(ExemptionRequest)).first()
    for cut in cuts(world, random.Random(10)):
        for viewer in viewers(world):
            wanted = Counter(
                (asked.service_id, asked.timing, asked.state)
                for asked in database.scalars(select(ExemptionRequest))
                if asked.first_month <= cut.last and asked.last_month >= cut.first
                and cut.service_id in (None, asked.service_id) and cut.team_id in (None, asked.team_id)
                and reaches(viewer, asked.service_id, asked.team_id)
            )  # fmt: skip
            assert {row[:-1]: row.n for row in queries.exemption_counts(cut, viewer)} == wanted
            audits = {a.id: a for a in audits_of(database, cut, viewer)}
            notices = Counter(
                (audits[notice.audit_id].service_id, notice.source, notice.outcome)
                for notice in database.scalars(select(SlippageNotice))
                if notice.audit_id in audits
            )
            assert {row[:-1]: row.n for row in queries.slippage_counts(cut, viewer)} == notices


def moderations_with_a_result(database, world):
    assert database.scalars(select(Moderation).where(Moderation.moderated_grade.is_not(None))).first()
    for cut in cuts(world, random.Random(11)):
        for viewer in viewers(world):
            audits = {a.id: a for a in audits_of(database, cut, viewer)}
            wanted = Counter(
                (audits[m.audit_id].team_id, m.reason, m.is_late, m.grade_before, m.panel_grade or m.moderated_grade)
                for m in database.scalars(select(Moderation))
                if m.audit_id in audits and m.state in ("moderated", "disputed", "decided", "accepted")
            )
            found = queries.moderations(cut, viewer)
            assert Counter((r.team_id, r.reason, r.is_late, r.before, r.final) for r in found) == wanted
    assert database.scalars(select(ModerationSelection)).first()


def what_was_put_right(database, world):
    today = END.date()
    for cut in cuts(world, random.Random(12)):
        for viewer in viewers(world):
            stages = [
                s for s in database.scalars(select(Stage))
                if s.due_on and cut.first <= s.due_on <= cut.last_day and in_place(cut, viewer, s.process)
            ]  # fmt: skip
            found = queries.stages_due(cut, viewer)
            assert Counter((r.kind, r.due_on, r.done_on) for r in found) == Counter(
                (s.kind, s.due_on, s.done_on) for s in stages
            )
            told = rules.adherence(found, today)
            done = [s for s in stages if s.outcome not in ("waived", "skipped") and s.done_on]
            overdue = [s for s in stages if not s.outcome and s.due_on < today]
            assert (told.in_time, told.base) == (sum(s.done_on <= s.due_on for s in done), len(done) + len(overdue))
            rows = [p for p in database.scalars(select(ImprovementProcess)) if in_place(cut, viewer, p)]
            opened = [p for p in rows if cut.first <= p.started_at.date() <= cut.last_day]
            sums = rules.improvement(queries.processes(cut, viewer), cut.first, cut.last_day)
            assert sums.started == len(opened)
            mine = [a for a in database.scalars(select(Action)) if a.state != "draft" and in_place(cut, viewer, a)]
            acts = rules.actions(queries.actions_of(cut, viewer), cut.first, cut.last_day, today)
            due = [a for a in mine if cut.first <= a.due_on <= cut.last_day and (a.due_on < today or a.reported_at)]
            assert (acts.due, acts.in_time) == (
                len(due), sum(bool(a.reported_at and a.state != "not_done" and a.reported_at.date() <= a.due_on) for a in due)
            )  # fmt: skip
            opened_then = {a.id for a in mine if a.opened_at.date() <= cut.last_day}
            late = [a for a in mine if a.id in opened_then and not a.reported_at and a.due_on < today]
            assert acts.overdue == len(late)


def in_place(cut, viewer, row):
    at_place = cut.service_id in (None, row.service_id) and cut.team_id in (None, row.team_id)
    return at_place and reaches(viewer, row.service_id, row.team_id)


def other_activity_is_beside_the_random_sample(database, world):
    whole = Cut(MONTHS[0], MONTHS[-1])
    rows = list(audits_of(database, whole._replace(audit_type="themed"), system()))
    (theme,) = queries.other_activity(whole, system())
    assert (theme.key, theme.issued, theme.submitted) == ("themed", len(rows), sum(a.state in DONE for a in rows))
    assert {row.month for row in queries.audit_counts(whole, system())} == set(MONTHS[:2])


def capacity_on_a_day(database, world):
    day = END.date()
    auditors = database.scalars(select(Auditor)).all()
    trained = [
        a for a in auditors
        if a.training_status == "trained" and a.person.works_on(day) and (a.trained_on or day) <= day
    ]  # fmt: skip
    found = queries.capacity(day)
    assert (found.trained, found.moderators) == (len(trained), sum(a.is_moderator for a in trained))
    assert queries.capacity(date(2000, 1, 1)).trained <= found.trained


CHECKS = (
    audits_are_counted_as_they_are,
    completion_agrees_with_progress_by_manager,
    completion_is_of_the_auditors_place,
    services_know_how_many_people_stand_behind_them,
    sections_and_conversations_are_of_submitted_audits,
    requests_and_notices,
    moderations_with_a_result,
    what_was_put_right,
    other_activity_is_beside_the_random_sample,
    capacity_on_a_day,
)


def test_every_count_agrees_with_plain_python_over_the_rows(database):
    world = random_council(database, seed=1)  # once for all: it takes longer than they do
    for check in CHECKS:
        check(database, world)


def test_a_year_of_grades_is_never_stale(database, monkeypatch):
    """Kept months agree with counting anew after every kind of change, and what is settled is not counted again."""
    world = random_council(database, seed=4)
    later = datetime.now(UTC) + timedelta(hours=1)  # everything was written long ago then
    cut = month_of(MONTHS[1])
    viewer = world.who(world.people.qa, END)
    asked = []
    slow = kept.audit_counts
    monkeypatch.setattr(kept, "audit_counts", lambda *given: asked.append(given[2]) or slow(*given))
    for _ in range(2):  # what was written in the last minutes is counted each time
        queries.year_of_grades(cut, viewer, datetime.now(UTC))
    assert asked == [[MONTHS[1], MONTHS[0]]] * 2
    asked.clear()

    def agrees():
        found = queries.year_of_grades(cut, viewer, later)
        anew: dict = {}
        for row in slow(cut._replace(first=year_to(cut.last).first), viewer):
            if row.after is not None:
                anew.setdefault(row.month, Counter())[row.after] += row.n
        assert {month: dict(counts) for month, counts in found.after.items() if counts} == anew
        assert list(found.counts) == slow(cut, viewer)

    agrees()
    agrees()
    assert asked == [[MONTHS[1], MONTHS[0]], [MONTHS[1]]]
    audit = database.scalars(select(Audit).join(Round).where(Round.month == MONTHS[0], Audit.state == "final")).first()
    for change in (
        {"final_grade": "outstanding"},
        {"state": "withdrawn"},
        {"state": "final", "team_id": audit.team_id},
    ):
        for name, value in change.items():
            setattr(audit, name, value)
        database.flush()
        asked.clear()
        agrees()
        assert asked == [[MONTHS[1], MONTHS[0]]]
    database.execute(update(Audit).where(Audit.id == audit.id).values(final_grade="inadequate"))
    agrees()
    of_b = queries.year_of_grades(cut, world.who(world.people.head_of_service_b, END), later)
    assert of_b.after != queries.year_of_grades(cut, viewer, later).after
    assert list(of_b.counts) == slow(cut, world.who(world.people.head_of_service_b, END))
