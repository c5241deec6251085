"""Counts of exemption requests and slippage notices (domain.md section 6). Never why somebody asked: that is theirs."""

from sqlalchemy import func, select, true

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.core.database import plain_rows
from qa_app.exemptions.models import ExemptionRequest
from qa_app.figures.cuts import Cut
from qa_app.figures.model import ExemptionCount, SlippageCount
from qa_app.figures.queries.audits import in_scope, of_cut
from qa_app.rounds.models import AuditType, Round
from qa_app.slippage.models import SlippageNotice


def exemption_counts(cut: Cut, viewer: Viewer) -> list[ExemptionCount]:
    """Requests that cover any month of the cut, by the requester's service, then."""
    asked = ExemptionRequest
    at_service = true() if cut.service_id is None else asked.service_id == cut.service_id
    at_team = true() if cut.team_id is None else asked.team_id == cut.team_id
    statement = (
        select(asked.service_id, asked.timing, asked.state, func.count())
        .where(asked.first_month <= cut.last, asked.last_month >= cut.first, at_service, at_team)
        .where(in_scope(viewer, asked.service_id, asked.team_id))
        .group_by(asked.service_id, asked.timing, asked.state)
        .order_by(asked.service_id, asked.timing, asked.state)
    )
    return [ExemptionCount(*row) for row in plain_rows(statement)]


def slippage_counts(cut: Cut, viewer: Viewer) -> list[SlippageCount]:
    """Notices on the cut's audits, by the service of the case."""
    notice = SlippageNotice
    statement = (
        select(Audit.service_id, notice.source, notice.outcome, func.count())
        .select_from(notice)
        .join(Audit, Audit.id == notice.audit_id)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), in_scope(viewer, Audit.service_id, Audit.team_id))
        .group_by(Audit.service_id, notice.source, notice.outcome)
        .order_by(Audit.service_id, notice.source, notice.outcome)
    )
    return [SlippageCount(*row) for row in plain_rows(statement)]
