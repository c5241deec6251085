"""Mails on audits are asked again, as they go, whether what they say still holds."""

from sqlalchemy import select

from qa_app.audits import reasons
from qa_app.audits.presenters.words import path_of
from qa_app.audits.states import AuditState
from qa_app.core.format import MONTHS
from qa_app.outbox.models import Mail
from qa_app.outbox.sending import send_due
from tests.factories.audits import issued_round
from tests.factories.mail import Post, switched_on, waiting


def given(database, now, state=AuditState.IN_PROGRESS, to=None):
    scene = issued_round(database, now)
    for mail in database.scalars(select(Mail)):
        database.delete(mail)
    audit = scene.audit
    variables = {"month": MONTHS[audit.round.month.month - 1], "due_on": audit.due_on, "path": path_of(audit)}
    switched_on(database, now)
    waiting([to or audit.auditor_id], now, message="audit_given", subject_key=f"audit:{audit.id}", variables=variables)
    audit.state = state
    database.flush()
    return scene


def test_a_mail_on_an_open_audit_goes_as_it_was_written(database, now):
    given(database, now)
    before = database.scalars(select(Mail.text)).one()
    post = Post()
    assert send_due(now, post, {"audit_given": reasons.still_theirs}).sent == 1
    assert post.taken[0].text == before


def test_a_mail_on_an_audit_that_is_submitted_or_withdrawn_does_not_go(database, now):
    given(database, now, AuditState.SUBMITTED)
    assert send_due(now, Post(), {"audit_given": reasons.still_theirs}).sent == 0


def test_a_mail_on_an_audit_that_is_anothers_by_now_does_not_go(database, now):
    scene = given(database, now)
    scene.audit.auditor_id = next(a.auditor_id for a in scene.audits if a.auditor_id != scene.audit.auditor_id)
    database.flush()
    assert send_due(now, Post(), {"audit_given": reasons.still_theirs}).sent == 0
