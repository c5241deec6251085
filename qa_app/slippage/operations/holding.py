"""Take the audit before its notice, as everything does that changes both: so no two wait for each other."""

from sqlalchemy import select

from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.slippage.models import SlippageNotice


def hold_audit(audit_id: int) -> Audit:
    """Take the audit's row until the transaction ends, and see it as it then is.

    Raises:
        NotFound: it is gone.
    """
    taken = select(Audit).where(Audit.id == audit_id).with_for_update(of=Audit)
    found = db.session.scalar(taken.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def hold(notice: SlippageNotice) -> None:
    """Take a notice's audit, and see the notice as it then is. The version that a person saw is theirs to give."""
    hold_audit(notice.audit_id)
    db.session.refresh(notice)
