"""Who hears by mail what happens to a slippage notice: once, never of their own act, never of what is settled."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.audits import operations as audits
from qa_app.core.errors import BadInput, NotAllowed, Stale
from qa_app.outbox.models import Mail
from qa_app.people.models import Deputy, RoleGrant
from qa_app.slippage import operations, queries
from qa_app.slippage.inputs import AnswerInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import Outcome, SlippageState
from tests.factories.audits import Scene, fill, issued_round
from tests.factories.slippage import notice_at, raised


def mails(database: Any) -> list[tuple[str, int]]:
    wanted = select(Mail.message, Mail.person_id).where(Mail.message != "audits_issued").order_by(Mail.id)
    return [(message, person_id) for message, person_id in database.execute(wanted)]


def stand_in(database: Any, now: datetime, of: Any, by: Any) -> None:
    database.add(Deputy(person_id=of.id, deputy_id=by.id, starts_on=now.date(), ends_on=now.date()))
    database.flush()


def test_the_head_of_service_hears_at_once(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    assert mails(database) == [("slippage_raised", scene.council.head_of_service.id)]
    mail = database.scalars(select(Mail).where(Mail.message == "slippage_raised")).one()
    assert mail.subject == "Asha Okafor may not finish a June audit by Tue 30 June"
    assert f"/slippage/{notice.id}\n" in mail.text


def test_the_deputy_hears_in_place_of_the_absent_head(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    stand_in(database, now, scene.council.head_of_service, scene.council.service_manager_b)
    notice = raised(scene)
    assert mails(database) == [("slippage_raised", scene.council.service_manager_b.id)]
    assert [one.id for one in queries.waiting_for(scene.viewer(scene.council.service_manager_b), now.date())] == [
        notice.id
    ]


@pytest.mark.parametrize("how", ["no service", "is the head", "stands in for the head"])
def test_with_nobody_else_to_hear_it_goes_straight_to_the_qa_team(database: Any, now: datetime, how: str) -> None:
    scene = issued_round(database, now)
    people = scene.council
    if how == "no service":
        people.auditor.team_id = None
    elif how == "is the head":
        head = database.scalars(select(RoleGrant).where(RoleGrant.person_id == people.head_of_service.id)).one()
        head.person_id = people.auditor.id
        stand_in(database, now, people.auditor, people.service_manager)
    else:
        stand_in(database, now, people.head_of_service, people.auditor)
    database.flush()
    database.expire_all()
    notice = raised(scene)
    assert notice.state == SlippageState.WITH_QA_TEAM
    assert mails(database) == [("slippage_forwarded", people.qa.id)]
    for person in (people.auditor, people.service_manager):
        with pytest.raises(NotAllowed):
            operations.acknowledge(notice, "", scene.viewer(person), now)


@pytest.mark.parametrize("outcome", [Outcome.CAPACITY_FOUND, Outcome.NO_CAPACITY, Outcome.BACK_ON_TRACK])
def test_the_auditor_hears_the_answer_and_nobody_else(database: Any, now: datetime, outcome: Outcome) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    operations.answer(notice, AnswerInput(outcome, "We have looked."), scene.qa, now)
    assert mails(database) == [("slippage_answered", scene.council.auditor.id)]
    mail = database.scalars(select(Mail).where(Mail.message == "slippage_answered")).one()
    assert "We have looked" not in mail.text


def test_one_mail_says_that_the_audit_is_anothers(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    moderator = scene.council.moderator.id
    operations.answer(notice, AnswerInput(Outcome.REASSIGNED, "Carys has it.", moderator), scene.qa, now)
    assert scene.audit.auditor_id == moderator
    assert sorted(mails(database)) == [
        ("audit_given", moderator),
        ("slippage_answered", scene.council.auditor.id),
    ]
    assert (notice.outcome, notice.outcome_note, notice.resolved_by_id) == (
        Outcome.REASSIGNED,
        "Carys has it.",
        scene.council.qa.id,
    )


def test_a_taker_whom_a_rule_is_against_is_refused_and_nothing_changes(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    for barred in (scene.council.team_manager.id, scene.council.auditor.id, scene.council.director.id):
        with pytest.raises(BadInput):
            operations.answer(notice, AnswerInput(Outcome.REASSIGNED, "x", barred), scene.qa, now)
    assert (notice.state, scene.audit.auditor_id) == (SlippageState.WITH_QA_TEAM, scene.council.auditor.id)


def test_nobody_hears_of_their_own_act(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    database.add(RoleGrant(person_id=scene.council.auditor.id, role=Role.QA_TEAM, granted_at=now))
    database.flush()
    notice = raised(scene)
    head = scene.viewer(scene.council.head_of_service)
    operations.forward(notice, "Help", head, now)
    operations.answer(notice, AnswerInput(Outcome.NO_CAPACITY, "None."), scene.auditor, now)
    assert mails(database) == []


def _submit(scene: Scene, now: datetime) -> None:
    fill(scene.audit, scene.auditor, now)
    audits.submit_audit(scene.audit, scene.auditor, now)


@pytest.mark.parametrize(
    "state", [SlippageState.RAISED, SlippageState.WITH_HEAD_OF_SERVICE, SlippageState.WITH_QA_TEAM]
)
@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("in time", Outcome.SUBMITTED_IN_TIME),
        ("late", Outcome.SUBMITTED_LATE),
        ("withdrawn", Outcome.WITHDRAWN),
        ("reassigned", Outcome.REASSIGNED),
    ],
)
def test_what_happens_to_the_audit_closes_its_notice(
    database: Any, now: datetime, state: str, what: str, outcome: Outcome
) -> None:
    scene, notice = notice_at(database, state, now)
    if what == "in time":
        _submit(scene, now)
    elif what == "late":
        _submit(scene, now + timedelta(days=20))
    elif what == "withdrawn":
        audits.withdraw_audit(scene.audit, "The child moved", scene.qa, now)
    else:
        audits.reassign_audit(scene.audit, scene.council.moderator.id, "Leave", scene.qa, now)
    database.refresh(notice)
    assert (notice.state, notice.outcome, notice.resolved_by_id) == (SlippageState.RESOLVED, outcome, None)
    assert not [message for message, _ in mails(database) if message.startswith("slippage")]
    if what == "in time":
        audits.return_audit(scene.audit, "More", scene.qa, now)
        assert queries.open_notice_of(scene.audit.id) is None


def test_a_version_that_is_not_the_newest_is_refused(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    head, old = scene.viewer(scene.council.head_of_service), notice.version
    operations.acknowledge(notice, "", head, now, old)
    with pytest.raises(Stale):
        operations.forward(notice, "Help", head, now, old)
    with pytest.raises(Stale):
        operations.answer(notice, AnswerInput(Outcome.NO_CAPACITY, "x"), scene.qa, now, old)


def test_who_is_waited_for(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    people, today = scene.council, now.date()

    def waits() -> set[str]:
        names = ("head_of_service", "head_of_service_b", "qa", "director", "auditor", "team_manager")
        return {name for name in names if queries.waiting_for(scene.viewer(getattr(people, name)), today)}

    assert waits() == {"head_of_service"}
    assert queries.open_by_auditor(scene.round.id) == {people.auditor.id: 1}
    head = scene.viewer(people.head_of_service)
    operations.acknowledge(notice, "", head, now)
    assert waits() == {"head_of_service"}
    operations.forward(notice, "Help", head, now)
    assert waits() == {"qa"}
    operations.back_on_track(notice, "", scene.auditor, now)
    assert waits() == set()
    assert queries.open_by_auditor(scene.round.id) == {}
    found = queries.notice_of(scene.audit.id)
    assert isinstance(found, SlippageNotice)
    assert found.state == SlippageState.RESOLVED


def test_no_mail_holds_a_word_of_the_case_or_of_the_reason(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    operations.chase(now + timedelta(days=7))
    every = database.scalars(select(Mail)).all()
    assert {mail.message for mail in every} > {"slippage_raised", "slippage_chased", "slippage_escalated"}
    for mail in every:
        for part in (mail.subject, mail.text, mail.html):
            assert scene.audit.case_reference not in part
            assert notice.reason not in part
