"""The audits of one case."""

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.queries.lists import hidden_from, visible
from qa_app.audits.states import AUDIT, AuditState
from qa_app.cases.audited import CaseAudit
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.rounds.models import Round

MOST = 50


def audits_of_case(viewer: Viewer, case_id: int) -> list[CaseAudit]:
    """The audits of a case that the viewer may read, the newest first."""
    found = (
        select(Audit.reference, Audit.number, Round.month, Audit.state)
        .join(Case, Case.id == Audit.case_id)
        .join(Audit.round)
        .where(Audit.case_id == case_id, visible(viewer), Audit.id.not_in(hidden_from(viewer)))
        .order_by(Round.month.desc(), Audit.id.desc())
        .limit(MOST)
    )
    return [
        CaseAudit(reference, f"/audits/{reference.rpartition('/')[0]}/{number}", month, AUDIT.labels[AuditState(state)])
        for reference, number, month, state in db.session.execute(found)
    ]
