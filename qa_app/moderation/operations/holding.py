"""Take the audit before its moderation, as everything does that changes both: so no two wait for each other."""

from sqlalchemy import select

from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.moderation.models import Moderation


def hold_audit(audit: Audit) -> None:
    """Take the audit's row until the transaction ends, and see it as it then is."""
    taken = select(Audit).where(Audit.id == audit.id).with_for_update(of=Audit)
    db.session.scalar(taken.execution_options(populate_existing=True))


def hold(moderation: Moderation) -> None:
    """Take a moderation's audit, and see both as they then are. The version that a person saw is theirs to give."""
    hold_audit(moderation.audit)
    db.session.refresh(moderation)
