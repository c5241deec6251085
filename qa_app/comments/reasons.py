"""Whether a mail on a comment is still worth sending, as it is about to be sent (domain.md section 10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from qa_app.audits.models import Audit
from qa_app.comments.permissions import COMMENTED_STATES
from qa_app.core.database import db
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail


def still_open(mails: Sequence[Mail], now: datetime) -> Mapping[int, Mapping[str, Value]]:
    """Audits that can still be answered for: neither final nor withdrawn."""
    ids = {_audit_id(mail) for mail in mails}
    commented = set(db.session.scalars(select(Audit.id).where(Audit.id.in_(ids), Audit.state.in_(COMMENTED_STATES))))
    return {mail.id: mail.variables for mail in mails if _audit_id(mail) in commented}


def _audit_id(mail: Mail) -> int:
    return int(mail.subject_key.split(":")[1])
