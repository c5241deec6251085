"""Who hears by mail what happens to an audit: once, never of their own act, and never of what is settled meanwhile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.access.viewer import system
from qa_app.audits import messages, operations
from qa_app.audits.events import AuditReassigned, AuditReturned, CaseReplaced, DeclarationAnswered, DeclarationMade
from qa_app.audits.inputs import Outcome
from qa_app.audits.models import Audit, Declaration, DeclarationKind
from qa_app.cases.models import Case
from qa_app.outbox.models import Mail, MailState
from qa_app.rounds import operations as rounds
from tests.factories.audits import Scene, allocated_round, audit_at
from tests.factories.people import person

SignIn = Callable[[int], FlaskClient]


def mails(database: Any) -> list[tuple[str, int]]:
    """Every mail that asks something about single audits, as its message and its reader."""
    wanted = select(Mail.message, Mail.person_id).where(Mail.message.not_in(["audits_issued", "audit_taken"]))
    return [(message, person_id) for message, person_id in database.execute(wanted.order_by(Mail.id))]


def the_mail(database: Any, message: str) -> Mail:
    return database.scalars(select(Mail).where(Mail.message == message)).one()


def another_qa(database: Any, now: datetime) -> Any:
    return person(database, now, "Ulla Prendergast", role=Role.QA_TEAM)


def declared(scene: Scene) -> Declaration:
    return operations.declare(scene.audit, DeclarationKind.CONFLICT, "She is my cousin.", scene.auditor, scene.now)


def answered(scene: Scene, declaration: Declaration, outcome: Outcome, case: Case | None = None) -> None:
    answer = operations.Answer(outcome, "Thank you.", scene.council.moderator.id, case)
    operations.answer_declaration(declaration, answer, scene.qa, scene.now)


def reserve(database: Any, scene: Scene) -> Case:
    """A case that the round has no audit of."""
    taken = select(Audit.case_id).where(Audit.round_id == scene.round.id)
    return database.scalars(select(Case).where(Case.id.not_in(taken)).order_by(Case.id)).first()


def test_the_new_auditor_hears_of_an_audit_given_to_them(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "Ill", scene.qa, now)
    assert mails(database) == [("audit_given", scene.council.moderator.id)]
    mail = the_mail(database, "audit_given")
    assert mail.subject == "A case audit for June is yours now: due Tue 30 June"
    assert f"{scene.path}\n" in mail.text
    assert messages.tell_new_auditor(AuditReassigned(scene.audit, scene.council.auditor.id, scene.qa, now)) == 0


def taken(database: Any) -> list[tuple[int, str]]:
    """Who hears that an audit is theirs no more."""
    wanted = select(Mail.person_id, Mail.text).where(Mail.message == "audit_taken").order_by(Mail.id)
    return [(person_id, text) for person_id, text in database.execute(wanted)]


def test_whoever_loses_an_audit_hears_of_it_once(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "Ill", scene.qa, now)
    ((person_id, text),) = taken(database)
    assert person_id == scene.council.auditor.id
    assert "given one of your case audits for June to somebody else" in text
    operations.reassign_audit(scene.audit, scene.council.auditor.id, "Back", scene.qa, now)
    assert [person_id for person_id, _ in taken(database)] == [scene.council.moderator.id]


def test_an_audit_that_is_withdrawn_is_nothing_to_do(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    operations.withdraw_audit(scene.audit, "Closed.", scene.qa, now)
    ((person_id, text),) = taken(database)
    assert person_id == scene.council.auditor.id
    assert "has withdrawn one of your case audits for June" in text


@pytest.mark.parametrize("outcome", [Outcome.REASSIGNED, Outcome.REPLACED])
def test_who_declared_hears_the_answer_and_not_that_the_audit_is_gone(
    database: Any, now: datetime, outcome: Outcome
) -> None:
    scene = audit_at(database, "allocated", now)
    answered(scene, declared(scene), outcome, reserve(database, scene))
    assert taken(database) == []


def test_given_there_and_back_each_hears_of_what_is_theirs_now(database: Any, now: datetime) -> None:
    scene = audit_at(database, "allocated", now)
    for auditor in (scene.council.moderator, scene.council.auditor, scene.council.moderator):
        operations.reassign_audit(scene.audit, auditor.id, "Leave", scene.qa, now)
    assert mails(database) == [("audit_given", scene.council.moderator.id)]
    the_mail(database, "audit_given").state = MailState.SENT
    operations.reassign_audit(scene.audit, scene.council.auditor.id, "Back", scene.qa, now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "Leave", scene.qa, now)
    assert mails(database) == [("audit_given", scene.council.moderator.id)] * 2


def test_before_issue_a_swap_is_not_told(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "", scene.qa, now)
    assert mails(database) == []


def test_an_audit_without_auditor_that_gets_one_after_issue_is_told(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = allocated_round(database, now)
    scene.audit.auditor_id = None
    database.flush()
    rounds.issue_round(scene.round, system(), now)
    database.commit()
    database.refresh(scene.audit)
    assert scene.audit.issued_at is None
    data = {"suggested": "other", "other": str(scene.council.moderator.id), "reason": "No one else is free"}
    swap = f"/rounds/{scene.round.reference}/allocation/{scene.audit.number}"
    assert sign_in(scene.council.qa.id).post(swap, data=data).status_code == 303
    database.refresh(scene.audit)
    assert scene.audit.issued_at is not None
    assert mails(database) == [("audit_given", scene.council.moderator.id)]


def test_the_auditor_hears_of_a_return(database: Any, now: datetime) -> None:
    scene = audit_at(database, "returned", now)
    assert mails(database) == [("audit_returned", scene.council.auditor.id)]
    mail = the_mail(database, "audit_returned")
    assert "cousin" not in mail.text
    assert f"{scene.path}\n" in mail.text
    assert messages.tell_auditor_of_return(AuditReturned(scene.audit, "Say more", scene.qa, now)) == 0
    operations.submit_audit(scene.audit, scene.auditor, now)
    assert mails(database) == []
    operations.return_audit(scene.audit, "Once more", scene.qa, now)
    assert mails(database) == [("audit_returned", scene.council.auditor.id)]


def test_everyone_of_the_qa_team_hears_of_a_declaration(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    other = another_qa(database, now)
    made = declared(scene)
    assert mails(database) == [("declaration_made", scene.council.qa.id), ("declaration_made", other.id)]
    mail = database.scalars(select(Mail).where(Mail.person_id == other.id)).one()
    assert f"/declarations/{made.id}\n" in mail.text
    assert "cousin" not in mail.text
    assert messages.tell_qa_team(DeclarationMade(made, scene.auditor, now)) == 0


def test_nobody_hears_of_their_own_act(database: Any, now: datetime) -> None:
    scene = audit_at(database, "allocated", now)
    other = another_qa(database, now)
    operations.reassign_audit(scene.audit, other.id, "I know the tool best", scene.viewer(other), now)
    assert mails(database) == []
    made = Declaration(audit_id=scene.audit.id, kind="conflict", reason="x", made_at=now, made_by_id=other.id)
    database.add(made)
    database.flush()
    messages.tell_qa_team(DeclarationMade(made, scene.viewer(other), now))
    assert mails(database) == [("declaration_made", scene.council.qa.id)]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.KEPT, [("declaration_answered", "auditor")]),
        (Outcome.REASSIGNED, [("audit_given", "moderator"), ("declaration_answered", "auditor")]),
        (Outcome.REPLACED, [("case_replaced", "auditor")]),
    ],
)
def test_who_declared_hears_the_answer_and_the_qa_team_is_asked_no_more(
    database: Any, now: datetime, outcome: Outcome, told: list[tuple[str, str]]
) -> None:
    scene = audit_at(database, "in_progress", now)
    another_qa(database, now)
    made = declared(scene)
    answered(scene, made, outcome, reserve(database, scene))
    expected = [(message, getattr(scene.council, name).id) for message, name in told]
    assert mails(database) == expected
    assert messages.tell_who_declared(DeclarationAnswered(made, scene.qa, now)) == 0
    assert mails(database) == expected


def test_a_kept_audits_page_shows_the_answer_that_its_mail_leads_to(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = audit_at(database, "in_progress", now)
    made = declared(scene)
    auditor = sign_in(scene.council.auditor.id)
    assert "this audit stays yours" not in auditor.get(scene.path).text
    answered(scene, made, Outcome.KEPT)
    database.commit()
    assert f"{scene.path}\n" in the_mail(database, "declaration_answered").text
    page = auditor.get(scene.path).text
    assert "this audit stays yours" in page
    assert "Thank you." in page


def test_another_case_is_told_with_its_own_page(database: Any, now: datetime) -> None:
    scene = audit_at(database, "allocated", now)
    new = operations.replace_case(scene.audit, reserve(database, scene), "Closed", scene.qa, now)
    mail = the_mail(database, "case_replaced")
    assert (mail.person_id, mail.subject_key) == (scene.council.auditor.id, f"audit:{new.id}")
    assert f"/audits/2026-06/{new.number}\n" in mail.text
    assert messages.tell_auditor_of_other_case(CaseReplaced(scene.audit, new, scene.qa, now)) == 0


def test_before_issue_another_case_is_not_told(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    operations.replace_case(scene.audit, reserve(database, scene), "Closed", scene.qa, now)
    assert mails(database) == []


def test_withdrawn_in_between_nobody_is_asked_any_more(database: Any, now: datetime) -> None:
    scene = audit_at(database, "returned", now)
    made = declared(scene)
    assert len(mails(database)) == 2
    operations.withdraw_audit(scene.audit, "The child moved.", scene.qa, now)
    assert mails(database) == []
    assert messages.tell_who_declared(DeclarationAnswered(made, scene.qa, now)) == 0
    made.outcome = Outcome.KEPT
    assert messages.tell_who_declared(DeclarationAnswered(made, scene.qa, now)) == 0


def test_no_mail_holds_a_word_of_the_case(database: Any, now: datetime) -> None:
    scene = audit_at(database, "returned", now)
    made = declared(scene)
    answered(scene, made, Outcome.REASSIGNED)
    every = database.scalars(select(Mail)).all()
    assert every
    for mail in every:
        for part in (mail.subject, mail.text, mail.html):
            assert scene.audit.case_reference not in part
            assert not {"cousin", "good", "inadequate"} & set(part.lower().replace(".", " ").split())
