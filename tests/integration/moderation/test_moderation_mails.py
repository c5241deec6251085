"""Who is told of a moderation: the right people, once, without a grade, and only while it is still so."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.audits import operations as audits
from qa_app.jobs.remind import moderations_due, qa_daily
from qa_app.moderation import operations
from qa_app.moderation.states import ModerationState
from qa_app.outbox.models import Mail
from qa_app.people.models import Absence, Deputy, RoleGrant
from qa_app.reasons import REASONS
from qa_app.reminders import planning
from tests.factories.audits import fill, issued_round
from tests.factories.moderation import Moderated, decision, moderation_at, setting, submitted, walk_to

S = ModerationState


def told(database: Any) -> list[tuple[str, int]]:
    """Messages of moderation that are there, and to whom."""
    rows = database.execute(select(Mail.message, Mail.person_id).where(Mail.message.startswith("moderation_")))
    return sorted((message, person_id) for message, person_id in rows)


def still_so(database: Any, message: str, now: datetime) -> list[int]:
    """Who would get the mails of a message that are there, asked again now."""
    mails = database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id)).all()
    found = REASONS[message](mails, now)
    return [mail.person_id for mail in mails if mail.id in found]


def test_the_moderator_hears_and_after_that_the_auditor_and_the_head_where_the_grade_changed(
    database: Any, now: datetime
) -> None:
    made = moderation_at(database, S.WAITING, now)
    people = made.scene.council
    assert told(database) == [("moderation_given", people.moderator.id)]
    walk_to(made, S.MODERATED)
    assert told(database) == [
        ("moderation_changed", people.head_of_service.id),
        ("moderation_feedback", people.auditor.id),
    ]
    walk_to_dispute(made)
    assert told(database) == [("moderation_disputed", people.qa.id)]
    operations.decide(made.moderation, decision(made), made.scene.qa, now)
    assert told(database) == [("moderation_decided", people.auditor.id), ("moderation_decided", people.moderator.id)]


def walk_to_dispute(made: Moderated) -> None:
    operations.dispute(made.moderation, "No.", made.scene.auditor, made.now)


def test_a_kept_grade_is_no_news_for_the_head_of_service(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.MODERATED, now, theirs="requires_improvement")
    assert told(database) == [("moderation_feedback", made.scene.council.auditor.id)]
    operations.acknowledge(made.moderation, made.scene.auditor, now)
    assert told(database) == []


def test_the_head_who_disputed_hears_of_the_decision(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.MODERATED, now)
    people = made.scene.council
    operations.dispute(made.moderation, "No.", made.scene.viewer(people.head_of_service), now)
    operations.decide(made.moderation, decision(made), made.scene.qa, now)
    assert {person_id for _, person_id in told(database)} == {
        people.auditor.id,
        people.moderator.id,
        people.head_of_service.id,
    }


def test_no_mail_says_a_grade_or_a_case(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.DISPUTED, now)
    operations.decide(made.moderation, decision(made), made.scene.qa, now)
    moderations_due(datetime(2026, 7, 7, 8, tzinfo=now.tzinfo))
    for mail in database.scalars(select(Mail).where(Mail.message.startswith("moderation_"))):
        for part in (mail.subject, mail.text, mail.html):
            for word in ("Good", "Inadequate", "Requires improvement", made.scene.audit.case_reference):
                assert word not in part


@pytest.mark.parametrize("then", ["returned", "given away", "done"])
def test_what_is_asked_no_more_is_taken_back_and_not_sent(database: Any, now: datetime, then: str) -> None:
    made = moderation_at(database, S.WAITING, now)
    moderator = made.scene.council.moderator.id
    assert still_so(database, "moderation_given", now) == [moderator]
    if then == "returned":
        audits.return_audit(made.scene.audit, "More.", made.scene.qa, now)
    elif then == "given away":
        operations.reassign(made.moderation, made.other.id, "", made.scene.qa, now)
    else:
        walk_to(made, S.MODERATED)
    assert ("moderation_given", moderator) not in told(database)


def test_a_mail_that_a_sender_has_in_hand_is_asked_again(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.MODERATED, now)
    people = made.scene.council
    assert still_so(database, "moderation_feedback", now) == [people.auditor.id]
    assert still_so(database, "moderation_changed", now) == [people.head_of_service.id]
    point = database.begin_nested()
    made.moderation.acknowledged_at = now
    database.flush()
    assert still_so(database, "moderation_feedback", now) == []
    point.rollback()
    database.expire_all()
    made.moderation.state = S.ACCEPTED
    database.flush()
    assert still_so(database, "moderation_changed", now) == []
    made.moderation.state = S.MODERATED
    walk_to_dispute(made)
    assert still_so(database, "moderation_disputed", now) == [people.qa.id]
    made.moderation.state = S.DECIDED
    database.flush()
    assert still_so(database, "moderation_disputed", now) == []


def test_a_returned_audit_s_moderator_is_asked_again_once_it_is_back(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.ON_HOLD, now)
    assert told(database) == []
    fill(made.scene.audit, made.scene.auditor, now, "inadequate")
    audits.submit_audit(made.scene.audit, made.scene.auditor, now)
    assert told(database) == [("moderation_given", made.scene.council.moderator.id)]


@pytest.mark.parametrize(
    ("day", "slot"),
    [
        (date(2026, 7, 6), None), (date(2026, 7, 7), "before:2"), (date(2026, 7, 8), None), (date(2026, 7, 9), "due"),
        (date(2026, 7, 10), "after:1"), (date(2026, 7, 11), None), (date(2026, 7, 13), None),
    ],
)  # fmt: skip
def test_reminders_two_days_before_on_the_day_and_the_day_after(
    database: Any, now: datetime, day: date, slot: str | None
) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    submitted(made.scene, audit=made.scene.audits[1])
    submitted(made.scene, audit=made.scene.audits[2])
    morning = datetime(day.year, day.month, day.day, 8, tzinfo=now.tzinfo)
    found = [(mail.slot, mail.person_ids, mail.variables["audits"]) for mail in planning.plan_moderations(morning)]
    people = made.scene.council
    wanted = [(slot, (people.moderator.id,), 2), (slot, (made.other.id,), 1)]
    assert sorted(found, key=str) == (sorted(wanted, key=str) if slot else [])
    if slot:
        assert moderations_due(morning).queued == 2
        assert moderations_due(morning).queued == 0
        assert len(still_so(database, "moderation_due", morning)) == 2
        walk_to_end(made)
        assert len(still_so(database, "moderation_due", morning)) == 2
        made.moderation.moderator_id = made.scene.council.moderator.id


def walk_to_end(made: Moderated) -> None:
    operations.lock_grades(made.moderation, made.who, made.now)
    operations.complete(made.moderation, "good", made.who, made.now)


def test_a_reminder_goes_to_who_stands_in_for_a_head_of_service_only(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    moderation = submitted(scene)
    people = scene.council
    day = date(2026, 7, 7)
    database.add(
        Deputy(person_id=people.head_of_service.id, deputy_id=people.lead_auditor.id, starts_on=day, ends_on=day)
    )
    database.flush()
    morning = datetime(2026, 7, 7, 8, tzinfo=now.tzinfo)
    (mail,) = planning.plan_moderations(morning)
    assert (mail.person_ids, moderation.moderator_id) == ((people.lead_auditor.id,), people.head_of_service.id)
    moderations_due(morning)
    assert still_so(database, "moderation_due", morning) == [people.lead_auditor.id]


def test_the_qa_team_s_day_counts_late_moderations_and_disputes(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.DISPUTED, now)
    submitted(made.scene, audit=made.scene.audits[1])
    qa_daily(datetime(2026, 7, 10, 8, tzinfo=now.tzinfo))
    mail = database.scalar(select(Mail).where(Mail.message == "qa_daily"))
    assert (mail.variables["moderations"], mail.variables["disputes"]) == (1, 1)
    assert "1 moderation late" in mail.text
    assert "1 dispute for the moderation panel" in mail.text


def test_a_head_who_is_away_is_asked_through_their_deputy(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    people = scene.council
    span = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=40)}
    database.add(Absence(person_id=people.head_of_service.id, **span))
    database.add(Deputy(person_id=people.head_of_service.id, deputy_id=people.lead_auditor.id, **span))
    database.flush()
    moderation = submitted(scene)
    assert moderation.moderator_id == people.head_of_service.id
    assert told(database) == [("moderation_given", people.lead_auditor.id)]
    assert still_so(database, "moderation_given", now) == [people.lead_auditor.id]


def test_a_deputy_whom_a_rule_bars_leaves_it_to_another_head(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    people = scene.council
    span = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=40)}
    database.add(Deputy(person_id=people.head_of_service.id, deputy_id=people.auditor.id, **span))
    database.add(
        RoleGrant(person_id=people.auditor.id, role=Role.TEAM_MANAGER, team_id=people.team_b1.id, granted_at=now)
    )
    database.flush()
    assert submitted(scene).moderator_id == people.head_of_service_b.id
