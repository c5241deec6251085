"""Who hears by mail what happens to a request: once, never why, never of their own act, never of what is settled."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.audits import operations as audits
from qa_app.exemptions import operations, reasons
from qa_app.exemptions.states import ExemptionState
from qa_app.outbox.models import Mail, MailState
from qa_app.people.models import Deputy, RoleGrant
from tests.factories.exemptions import ask, request_at, walk
from tests.factories.people import council, person
from tests.factories.rounds import viewer

S = ExemptionState


def mails(database: Any) -> list[tuple[str, int]]:
    """Every mail on exemptions that waits to be sent, as its message and its reader."""
    found = select(Mail.message, Mail.person_id).where(
        Mail.message.startswith("exemption"), Mail.state == MailState.QUEUED
    )
    return [(message, reader) for message, reader in database.execute(found.order_by(Mail.id))]


def test_each_state_leaves_only_the_mails_that_still_ask_or_tell(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    people, request = asked.people, asked.request
    assert mails(database) == [("exemption_asked", people.head_of_service.id)]
    operations.forward(request, "", viewer(people.head_of_service, now), now)
    assert mails(database) == [("exemption_forwarded", people.director.id)]
    operations.approve(request, "Granted.", viewer(people.director, now), now)
    assert mails(database) == [
        ("exemption_decided", people.auditor.id),
        ("exemption_granted_audits", people.qa.id),
    ]


@pytest.mark.parametrize(
    ("state", "message"), [(S.DECLINED, "exemption_declined"), (S.REFUSED, "exemption_decided"), (S.WITHDRAWN, "")]
)
def test_the_requester_hears_of_a_no_and_not_of_their_own_withdrawal(
    database: Any, now: datetime, state: S, message: str
) -> None:
    asked = request_at(database, state, now)
    assert mails(database) == ([(message, asked.people.auditor.id)] if message else [])


def test_the_deputy_hears_instead_of_who_is_away(database: Any, now: datetime) -> None:
    people = council(database, now)
    for away, days in ((people.head_of_service, 3), (people.director, -1)):
        database.add(
            Deputy(
                person_id=away.id,
                deputy_id=people.practice_lead.id,
                starts_on=now.date() - timedelta(days=9),
                ends_on=now.date() + timedelta(days=days),
            )
        )
    database.flush()
    request = ask(people.auditor, now)
    assert mails(database) == [("exemption_asked", people.practice_lead.id)]
    operations.forward(request, "", viewer(people.practice_lead, now), now)
    assert mails(database) == [("exemption_forwarded", people.director.id)]


def test_a_head_of_services_own_request_is_told_to_the_director_alone(database: Any, now: datetime) -> None:
    people = council(database, now)
    database.add(RoleGrant(person_id=people.head_of_service.id, role=Role.AUDITOR, granted_at=now))
    database.flush()
    ask(people.head_of_service, now)
    assert mails(database) == [("exemption_forwarded", people.director.id)]


def test_every_director_hears_but_not_the_one_who_asks(database: Any, now: datetime) -> None:
    people = council(database, now)
    other = person(database, now, "Wynn Another", role=Role.DIRECTOR)
    database.add(RoleGrant(person_id=people.director.id, role=Role.AUDITOR, granted_at=now))
    database.flush()
    ask(people.director, now)
    assert mails(database) == [("exemption_forwarded", other.id)]


def test_no_mail_says_why(database: Any, now: datetime) -> None:
    request_at(database, S.APPROVED, now)
    for mail in database.scalars(select(Mail)):
        for part in (mail.subject, mail.text, mail.html, str(mail.variables)):
            assert "CANARY" not in part
            assert "absence" not in part.lower()
            assert "Granted for this month" not in part


def test_the_qa_team_is_asked_no_more_once_no_audit_is_left(database: Any, now: datetime) -> None:
    asked = request_at(database, S.APPROVED, now)
    people, qa = asked.people, asked.scene.qa
    theirs = [audit for audit in asked.scene.audits if audit.auditor_id == people.auditor.id]
    for number, audit in enumerate(theirs):
        assert ("exemption_granted_audits", people.qa.id) in mails(database)
        if number % 2:
            audits.withdraw_audit(audit, "Exempt.", qa, now)
        else:
            audits.reassign_audit(audit, people.moderator.id, "Exempt.", qa, now)
    assert ("exemption_granted_audits", people.qa.id) not in mails(database)


def test_a_mail_is_read_again_before_it_is_sent(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    mail = database.scalars(select(Mail).where(Mail.message == "exemption_asked")).one()
    assert reasons.still_to_forward([mail], now) == {mail.id: mail.variables}
    assert reasons.still_to_decide([mail], now) == {}
    walk(asked.request, S.APPROVED, asked.people, now)
    granted = database.scalars(select(Mail).where(Mail.message == "exemption_granted_audits")).one()
    count = reasons.still_to_reassign([granted], now)[granted.id]["audits"]
    audits.withdraw_audit(asked.scene.audit, "Exempt.", asked.scene.qa, now)
    assert reasons.still_to_reassign([granted], now)[granted.id]["audits"] == int(count) - 1
