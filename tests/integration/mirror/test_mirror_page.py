"""The mirror on the page: every figure made again in plain Python from the rows; one's own, and nobody else's."""

import random
from collections import Counter
from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select

from qa_app.audits.models import Audit
from qa_app.mirror.queries import mirror_of
from qa_app.moderation.models import Moderation
from qa_app.rounds.models import AuditType, Round
from tests.factories.audits import audit_at, issued_round
from tests.factories.moderation import moderation_at, setting
from tests.integration.figures.worlds import GRADES, scatter
from tests.statements import MOST, counted

DONE = ("submitted", "moderated", "final")
TODAY = date(2026, 6, 17)


def page_of(client):
    return BeautifulSoup(client.get("/my-mirror").get_data(as_text=True), "html.parser")


def made_again(database, person_id):
    """Grades and on-time counts of a person and of everybody, and the moves of moderation, audit by audit."""
    grades, on_time, moves = (Counter(), Counter()), ([0, 0], [0, 0]), Counter()
    for audit in database.scalars(select(Audit)):
        in_sample = audit.round.audit_type.key == "monthly" and date(2025, 7, 1) <= audit.round.month <= TODAY
        if not in_sample or audit.state == "withdrawn" or audit.issued_at is None or audit.auditor_id is None:
            continue
        if audit.blind_for_id == person_id:
            continue
        done = audit.state in DONE
        for side in (0, 1) if audit.auditor_id == person_id else (1,):
            if done and audit.overall_grade:
                grades[side][audit.overall_grade] += 1
            if done or (audit.due_on < TODAY and audit.first_submitted_at is None):
                on_time[side][0] += done and not audit.is_late
                on_time[side][1] += 1
        scale = [row["key"] for row in audit.round.tool_version.scale]
        moderation = database.scalars(select(Moderation).where(Moderation.audit_id == audit.id)).one_or_none()
        if (
            audit.auditor_id == person_id
            and moderation
            and moderation.state in ("moderated", "disputed", "decided", "accepted")
        ):
            before, after = moderation.grade_before, moderation.panel_grade or moderation.moderated_grade
            if before and after:
                step = scale.index(before) - scale.index(after)
                moves["same" if step == 0 else "up" if step > 0 else "down"] += 1
    return grades, on_time, moves


@pytest.fixture
def months(database, now):
    """Audits of a scene whose rounds are this month's, a themed one, the first of the twelve months and the one before."""
    scene = issued_round(database, now)
    setting("suppression_threshold", 1, now)
    theme = database.scalars(select(AuditType).where(AuditType.key == "themed")).one()
    same = ("tool_version_id", "issue_on", "due_on", "moderation_due_on", "report_due_on", "issued_at", "state")
    copied = {column: getattr(scene.round, column) for column in same}
    for reference, month, type_id in (
        ("2026-06-themed", date(2026, 6, 1), theme.id),
        ("2025-07", date(2025, 7, 1), scene.round.audit_type_id),
        ("2025-06", date(2025, 6, 1), scene.round.audit_type_id),
    ):
        database.add(Round(reference=reference, month=month, audit_type_id=type_id, **copied))
    database.flush()
    return scene


def shuffle(database, scene, rng):
    """Give each audit random facts, a random auditor and round, and perhaps a moderation in any state."""
    people = scene.council
    auditors = [people.auditor, people.auditor_b, people.moderator]
    rounds = database.scalars(select(Round).order_by(Round.id)).all()
    database.execute(delete(Moderation))
    for audit in scene.audits:
        audit.auditor_id = people.auditor.id
    scatter(database, rng)
    for number, audit in enumerate(scene.audits):
        audit.round, audit.number = rng.choice((scene.round, scene.round, *rounds)), 100 + number
        audit.auditor_id = rng.choice((None, *(one.id for one in auditors * 4)))
        audit.due_on = rng.choice((date(2026, 6, 10), date(2026, 6, 30)))
        moderates = audit.auditor_id != people.moderator.id  # nobody moderates their own audit
        audit.blind_for_id = rng.choice((None, None, people.moderator.id)) if moderates else None
        if audit.state in DONE:
            state = rng.choice(("in_progress", "moderated", "disputed", "decided", "accepted"))
            database.add(Moderation(
                audit_id=audit.id, reason="every", by_head=False, is_blind=True, state=state, selected_at=scene.now,
                due_on=TODAY, dispute_days=5, grade_before=rng.choice((*GRADES, None)),
                moderated_grade=rng.choice(GRADES), panel_grade=rng.choice((None, *GRADES)), updated_at=scene.now,
            ))  # fmt: skip
    database.flush()
    return auditors


def test_every_figure_is_recomputed_for_every_auditor_of_random_councils(database, months):
    rng, seen = random.Random(4), Counter()
    for _council in range(8):
        for auditor in shuffle(database, months, rng):
            found = mirror_of(months.viewer(auditor), TODAY)
            grades, on_time, moves = made_again(database, auditor.id)
            assert +Counter(found.own.grades) == grades[0]
            assert [found.own.on_time.count, found.own.on_time.base] == on_time[0]
            if found.everyone:
                assert +Counter(found.everyone.grades) == grades[1]
                assert [found.everyone.on_time.count, found.everyone.on_time.base] == on_time[1]
            assert found.moderated == (moves["same"], moves["up"], moves["down"])
            seen += moves + Counter(everyone=found.everyone is not None, own=bool(grades[0]))
    assert seen.keys() == {"same", "up", "down", "everyone", "own"}


def test_the_page_is_the_readers_own_whatever_else_they_are(database, now, sign_in):
    """Of the first audit its auditor sees one; its managers and lead auditor, who audit too, see none of theirs."""
    scene = audit_at(database, "submitted", now)
    setting("suppression_threshold", 1, now)
    people = scene.council
    database.commit()
    assert "you 1 of 1 (100%)" in page_of(sign_in(people.auditor.id)).main.text
    for other in (people.team_manager, people.lead_auditor, people.service_manager):
        shown = page_of(sign_in(other.id)).main.text
        assert "You have no audits of these months" in shown
        assert "1 of 1" not in shown


@pytest.mark.parametrize(
    "role", ["qa", "head_of_service", "director", "executive", "administrator", "practice_lead", "scrutiny"]
)
def test_nobody_who_does_not_audit_has_a_mirror(database, now, sign_in, role):
    people = issued_round(database, now).council
    database.commit()
    assert sign_in(getattr(people, role).id).get("/my-mirror").status_code == 404


def test_nothing_in_the_address_changes_whose_mirror_it_is(database, now, sign_in):
    scene = audit_at(database, "submitted", now)
    setting("suppression_threshold", 1, now)
    database.commit()
    client = sign_in(scene.council.auditor_b.id)
    plain = client.get("/my-mirror").get_data(as_text=True)
    for name in ("person", "person_id", "auditor", "auditor_id", "id"):
        asked = client.get(f"/my-mirror?{name}={scene.council.auditor.id}").get_data(as_text=True)
        assert BeautifulSoup(asked, "html.parser").main == BeautifulSoup(plain, "html.parser").main


def test_what_a_moderator_must_not_see_yet_is_not_in_their_mirror(database, now):
    made = moderation_at(database, "waiting", now)
    setting("suppression_threshold", 1, now)
    assert made.scene.audit.blind_for_id == made.scene.council.moderator.id
    seen = mirror_of(made.who, now.date()).everyone
    assert seen is None or sum(seen.grades.values()) == 0
    other = mirror_of(made.scene.viewer(made.other), now.date()).everyone
    assert other.grades["inadequate"] == 1


def test_before_a_moderation_is_finished_nothing_of_it_is_seen(database, now):
    made = moderation_at(database, "in_progress", now)
    assert mirror_of(made.scene.auditor, now.date()).moderated.base == 0


def test_a_small_base_is_said_kindly_and_the_list_leads_here(database, now, sign_in):
    scene = audit_at(database, "submitted", now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    page = page_of(client)
    assert "You have 1 audit of these months with an overall grade. That is too few" in page.main.text
    assert page.select("svg[role=img]") == []
    assert 'href="/my-mirror"' in client.get("/my-audits").get_data(as_text=True)
    current = page.select_one("nav [aria-current]")
    assert current.text == "My audits"


def test_the_page_takes_few_statements(database, now, sign_in):
    scene = audit_at(database, "submitted", now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    client.get("/my-mirror")
    with counted() as seen:
        client.get("/my-mirror")
    assert len(seen) <= MOST
