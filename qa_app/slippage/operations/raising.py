"""An auditor says that an audit may not make its due date (domain.md section 6)."""

from datetime import datetime

from sqlalchemy import update

from qa_app.access.viewer import Viewer, system
from qa_app.audits.models import Audit
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, Stale
from qa_app.core.format import long_day
from qa_app.core.states import move
from qa_app.slippage import messages
from qa_app.slippage.inputs import RaiseInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations.holding import hold_audit
from qa_app.slippage.permissions import check_can_raise
from qa_app.slippage.queries import heads_of, open_notice_of, service_of
from qa_app.slippage.states import SLIPPAGE, SlippageState, Source
from qa_app.trail import operations as trail


def raise_notice(audit: Audit, wish: RaiseInput, viewer: Viewer, now: datetime) -> SlippageNotice:
    """Tell the Head of Service, at once. Where a notice is open for this audit already, what is said is added to it.

    The audit stays due. Sent twice, the same words are there once.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it was submitted or withdrawn.
        BadInput: no reason, or no date from today on.
    """
    check_can_raise(viewer, audit)
    _check_wish(wish, now)
    hold_audit(audit.id)
    check_can_raise(viewer, audit)
    notice = open_notice_of(audit.id)
    if notice is not None:
        return _add(notice, wish, viewer, now)
    notice = SlippageNotice(
        reason=wish.reason.strip(),
        could_be_done_on=wish.could_be_done_on,
        would_help=wish.would_help.strip(),
        source=Source.AUDITOR,
    )
    return open_notice(notice, audit, viewer, now)


def open_notice(notice: SlippageNotice, audit: Audit, viewer: Viewer, now: datetime) -> SlippageNotice:
    """Write a new notice of an audit that is held, and tell whoever hears first.

    An auditor without a service, or whose service has no other Head of Service today, is the QA team's at once.
    """
    assert audit.auditor_id is not None
    service_id = service_of(audit.auditor_id)
    notice.audit_id, notice.person_id, notice.service_id = audit.id, audit.auditor_id, service_id
    notice.state, notice.raised_at = SlippageState.RAISED, now
    db.session.add(notice)
    db.session.flush()
    verb = "slippage:foreseen" if notice.source == Source.SYSTEM else "slippage:raised"
    trail.append(verb, viewer, now, ("audit", audit.id), notice=notice.id, signs=len(notice.signs or ()))
    if not heads_of(service_id, audit.auditor_id, london_day(now)):
        _straight_to_qa_team(notice, now)
        messages.tell_qa_team(notice, viewer, now)
    elif notice.source == Source.AUDITOR:
        messages.tell_heads(notice, viewer, now)
    return notice


def _straight_to_qa_team(notice: SlippageNotice, now: datetime) -> None:
    reason = "No Head of Service to hear of it, so it went straight to the QA team."
    move(notice, SLIPPAGE, "forward", now=now, person_id=None, reason=reason, forwarded_at=now)
    trail.append("slippage:forwarded", system(), now, ("audit", notice.audit_id), notice=notice.id)


def _add(notice: SlippageNotice, wish: RaiseInput, viewer: Viewer, now: datetime) -> SlippageNotice:
    """Put what the auditor says to a notice that is open: below what stands there, so that nothing is lost."""
    reason, help_ = wish.reason.strip(), wish.would_help.strip()
    said = (_newest(notice.reason), notice.could_be_done_on, _newest(notice.would_help))
    if said == (reason, wish.could_be_done_on, help_ or said[2]):
        return notice
    first = not notice.reason
    values = {
        "reason": _below(notice.reason, reason, now),
        "could_be_done_on": wish.could_be_done_on,
        "would_help": _below(notice.would_help, help_, now),
    }
    changed = db.session.execute(
        update(SlippageNotice)
        .where(SlippageNotice.id == notice.id, SlippageNotice.version == notice.version)
        .values(version=SlippageNotice.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This slippage notice was changed by somebody else. Look at it again before you go on.")
    was = notice.could_be_done_on
    db.session.refresh(notice)
    trail.append("slippage:added", viewer, now, ("audit", notice.audit_id), notice=notice.id, date_before=was)
    if first and notice.state in (SlippageState.RAISED, SlippageState.WITH_HEAD_OF_SERVICE):
        messages.tell_heads(notice, viewer, now)
    return notice


_ADDED = "\n\nAdded on "


def _below(before: str, added: str, now: datetime) -> str:
    if not before or not added or added == _newest(before):
        return added or before
    return f"{before}{_ADDED}{long_day(london_day(now))}: {added}"


def _newest(text: str) -> str:
    _, found, last = text.rpartition(_ADDED)
    return last.partition(": ")[2] if found else text


def _check_wish(wish: RaiseInput, now: datetime) -> None:
    faults = {}
    if not wish.reason.strip():
        faults["reason"] = "Enter why it may not be finished in time"
    if wish.could_be_done_on is None:
        faults["could_be_done_on"] = "Enter the date it could be done"
    elif wish.could_be_done_on < london_day(now):
        faults["could_be_done_on"] = "The date it could be done must be today or later"
    if faults:
        raise BadInput("Check what you entered.", faults)
