"""Whether a mail on a slippage notice still asks something, in every state that the notice can be in by then."""

from datetime import datetime
from typing import Any

import pytest

from qa_app.outbox.models import Mail, MailState
from qa_app.reasons import REASONS
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import SlippageState, Source
from tests.factories.slippage import notice_at

S = SlippageState
WITH_HEAD = {S.RAISED, S.WITH_HEAD_OF_SERVICE}
WANTED = {
    ("slippage_raised", "raised"): WITH_HEAD,
    ("slippage_foreseen", "foreseen"): WITH_HEAD,
    ("slippage_forwarded", "forwarded"): {S.WITH_QA_TEAM},
    ("slippage_chased", "head_of_service"): WITH_HEAD,
    ("slippage_chased", "qa_team"): {S.WITH_QA_TEAM},
    ("slippage_escalated", "head_of_service"): WITH_HEAD,
    ("slippage_escalated", "qa_team"): {S.WITH_QA_TEAM},
}


def mail_on(database: Any, notice: SlippageNotice, message: str, slot: str, now: datetime) -> Mail:
    """A mail as a sender has it in hand."""
    mail = Mail(
        message=message, person_id=notice.person_id, subject_key=f"slippage:{notice.id}", slot=f"{slot}",
        variables={"month": "June"}, subject="", text="", html="", state=MailState.SENDING, created_at=now, send_at=now,
    )  # fmt: skip
    database.add(mail)
    database.flush()
    return mail


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize(("message", "slot"), WANTED)
def test_a_mail_is_wanted_while_its_reader_can_act(
    database: Any, now: datetime, message: str, slot: str, state: SlippageState
) -> None:
    _, notice = notice_at(database, state, now)
    database.query(Mail).delete()
    mail = mail_on(database, notice, message, slot, now)
    found = REASONS[message]([mail], now)
    assert found == ({mail.id: mail.variables} if state in WANTED[message, slot] else {})


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("reason", ["", "Two hearings."])
def test_the_auditor_is_asked_while_nothing_is_said(
    database: Any, now: datetime, state: SlippageState, reason: str
) -> None:
    _, notice = notice_at(database, state, now)
    notice.source, notice.reason = Source.SYSTEM, reason
    mail = mail_on(database, notice, "slippage_predicted", "predicted", now)
    asked = state is not S.RESOLVED and not reason
    assert REASONS["slippage_predicted"]([mail], now) == ({mail.id: mail.variables} if asked else {})


def test_a_mail_on_a_notice_that_is_gone_is_not_sent(database: Any, now: datetime) -> None:
    _, notice = notice_at(database, S.RAISED, now)
    mail = mail_on(database, notice, "slippage_raised", "again", now)
    mail.subject_key = "slippage:999999"
    assert REASONS["slippage_raised"]([mail], now) == {}
