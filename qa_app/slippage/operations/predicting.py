"""The system raises a notice itself when the signs are there (domain.md section 6)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from qa_app.access.viewer import Viewer, system
from qa_app.audits.states import OPEN_STATES
from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import transaction
from qa_app.core.errors import IllegalMove, NotFound, Stale
from qa_app.core.jobs import Done
from qa_app.slippage import messages
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations.holding import hold_audit
from qa_app.slippage.operations.raising import open_notice
from qa_app.slippage.queries import candidates, limits_on, open_notice_of
from qa_app.slippage.rules import AuditFacts, signs
from qa_app.slippage.states import Source


def predict(now: datetime) -> Done:
    """Raise a notice for every open audit that shows a sign, each in a transaction of its own.

    Run twice it finds an open notice and leaves it. On days without work nothing is foreseen.
    """
    done, today, who = Done(), london_day(now), system("Slippage is foreseen")
    if not is_working_day(today):
        done.skip("no working day")
        return done
    found: list[tuple[int, AuditFacts, list[str]]] = []
    with transaction():
        limits = limits_on(today)
        for one in candidates(today, limits):
            done.looked_at += 1
            why = signs(one.facts, limits, today)
            if why:
                found.append((one.audit_id, one.facts, why))
    if done.looked_at > len(found):
        done.skip("no sign", done.looked_at - len(found))
    for audit_id, facts, why in found:
        try:
            with transaction():
                done.queued += _foresee(audit_id, facts, why, who, now)
        except (NotFound, Stale, IllegalMove, IntegrityError):
            done.skip("changed meanwhile")
    return done


def _foresee(audit_id: int, facts: AuditFacts, why: Sequence[str], who: Viewer, now: datetime) -> int:
    """Raise one notice, if nothing has changed since the signs were read; how many mails are new."""
    audit = hold_audit(audit_id)
    still = audit.state in OPEN_STATES and audit.first_submitted_at is None and audit.due_on == facts.due_on
    if not still or (audit.started_at is not None) != facts.started or open_notice_of(audit_id) is not None:
        raise Stale("This audit was changed meanwhile.")
    notice = open_notice(SlippageNotice(source=Source.SYSTEM, signs=list(why)), audit, who, now)
    return messages.tell_of_foreseen(notice, who, now)
