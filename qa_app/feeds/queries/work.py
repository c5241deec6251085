"""Tables of the feed about audits and what follows them.

Scope is what the areas themselves let the reader see, and within it only what the permission for feeds covers: a Head
of one service who also audits in another does not get the other's audits.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, null, or_, select, true
from sqlalchemy.orm import aliased

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.queries import visible as visible_actions
from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.audits.queries import visible as visible_audits
from qa_app.audits.states import SUBMITTED_STATES
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.feeds.queries.source import Expression, Source, later, within
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries import visible as visible_processes
from qa_app.moderation.models import ModeratedDomain, Moderation
from qa_app.moderation.queries.one import visible as visible_moderations
from qa_app.moderation.states import WITH_RESULT
from qa_app.rounds.models import Round
from qa_app.tools.models import Domain, ToolVersion


def _counts_as(version_id: Expression, grade: Expression, flag: str) -> Expression:
    """Whether a grade counts as `flag` in the tool version that it was given with; null where there is no grade."""
    ways = [
        and_(version_id == key, grade.in_([row["key"] for row in scale if row[flag]]))
        for key, scale in db.session.execute(select(ToolVersion.id, ToolVersion.scale).order_by(ToolVersion.id))
    ]
    return case((grade.is_not(None), or_(false(), *ways)), else_=null())


def _shown(viewer: Viewer) -> ColumnElement[bool]:
    """Whether an audit's grades may be served: it is submitted, and the reader does not moderate it blind now."""
    return and_(Audit.state.in_(SUBMITTED_STATES), _not_blind(viewer))


def _not_blind(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.person_id is None:
        return true()
    return or_(Audit.blind_for_id.is_(None), Audit.blind_for_id != viewer.person_id)


def _audits_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The query must join Case."""
    return and_(Audit.issued_at.is_not(None), visible_audits(viewer), within(viewer, Audit.service_id))


def _audits(viewer: Viewer) -> Source:
    shown = _shown(viewer)
    own, final = case((shown, Audit.overall_grade)), case((shown, Audit.final_grade))
    good, bad = "good_or_better", "inadequate"
    return Source(
        Audit.id,
        Audit.updated_at,
        (
            Audit.reference, Audit.round_id, Audit.team_id, Audit.service_id, Audit.auditor_id, Audit.case_type,
            Audit.state, Audit.due_on, Audit.issued_at, Audit.started_at, Audit.first_submitted_at, Audit.submitted_at,
            Audit.is_late, Audit.moderated_at, Audit.final_at,
            own, _counts_as(Round.tool_version_id, own, good), _counts_as(Round.tool_version_id, own, bad),
            final, _counts_as(Round.tool_version_id, final, good), _counts_as(Round.tool_version_id, final, bad),
            Audit.reaudit_of_id,
        ),
        Audit.__table__.join(Case, Case.id == Audit.case_id).join(Round, Round.id == Audit.round_id),
        _audits_seen(viewer),
    )  # fmt: skip


def _answers(viewer: Viewer) -> Source:
    grade = SectionAnswer.grade
    result = and_(Moderation.audit_id == Audit.id, Moderation.state.in_(WITH_RESULT))
    own = and_(ModeratedDomain.moderation_id == Moderation.id, ModeratedDomain.domain_id == Domain.id)
    return Source(
        SectionAnswer.id,
        Audit.updated_at,
        (
            SectionAnswer.audit_id, Domain.key, Domain.title, Domain.position, grade,
            _counts_as(Domain.tool_version_id, grade, "good_or_better"),
            _counts_as(Domain.tool_version_id, grade, "inadequate"),
            ModeratedDomain.grade, SectionAnswer.affects_child_now,
        ),
        Audit.__table__.join(Case, Case.id == Audit.case_id)
        .join(SectionAnswer, SectionAnswer.audit_id == Audit.id)
        .join(Domain, Domain.id == SectionAnswer.domain_id)
        .outerjoin(Moderation, result)
        .outerjoin(ModeratedDomain, own),
        and_(_audits_seen(viewer), _shown(viewer)),
        (Audit.id,),
    )  # fmt: skip


def _conversations(viewer: Viewer) -> Source:
    return Source(
        Conversation.id,
        Audit.updated_at,
        (Conversation.audit_id, Conversation.with_whom, Conversation.held),
        Audit.__table__.join(Case, Case.id == Audit.case_id).join(Conversation, Conversation.audit_id == Audit.id),
        and_(_audits_seen(viewer), _shown(viewer)),
        (Audit.id,),
    )


def _moderations(viewer: Viewer) -> Source:
    M = Moderation  # noqa: N806 - it stands in every line
    result = M.state.in_(WITH_RESULT)
    after = case((M.panel_grade.is_not(None), M.panel_grade), else_=M.moderated_grade)
    told = case((or_(result, _not_blind(viewer)), M.reason))  # why it was chosen tells its grade
    return Source(
        M.id,
        M.updated_at,
        (
            M.audit_id, M.moderator_id, told, M.is_blind, M.by_head, M.state, M.selected_at, M.due_on,
            M.moderated_at, M.is_late, case((result, M.grade_before)), case((result, after)), M.disputed_at,
            M.decided_at,
        ),
        M.__table__.join(Audit, Audit.id == M.audit_id).join(Case, Case.id == Audit.case_id),
        and_(visible_moderations(viewer), within(viewer, Audit.service_id)),
    )  # fmt: skip


def _actions(viewer: Viewer) -> Source:
    A = Action  # noqa: N806
    tables, changed = _with_what_hides_it(viewer)
    return Source(
        A.id,
        changed,
        (
            literal(None), A.source_type, case((A.source_type == "audit", A.source_id)),
            case((A.source_type == "improvement process", A.source_id)), A.team_id, A.service_id, A.owner_id,
            A.for_whom, A.is_immediate, A.state, A.opened_at, A.due_on, A.first_due_on, A.reported_at, A.verified_at,
            A.outcome,
        ),
        tables,
        and_(visible_actions(viewer), within(viewer, A.service_id)),
    )  # fmt: skip


def _with_what_hides_it(viewer: Viewer) -> tuple[Any, Expression]:
    """Actions, and when one changed for this reader.

    From a moderator it is hidden while they are to grade what it came from by themselves: when that ends, it is new to
    them. Nobody else pays for looking.
    """
    A, P, again = Action, ImprovementProcess, aliased(Audit)  # noqa: N806
    if not viewer.can(Permission.MODERATION_DO):
        return A.__table__, A.updated_at
    of_process = and_(A.source_type == "improvement process", P.id == A.source_id)
    audit_id = case((A.source_type == "audit", A.source_id), else_=P.audit_id)
    tables = (
        A.__table__.outerjoin(P, of_process)
        .outerjoin(Audit, Audit.id == audit_id)
        .outerjoin(again, again.id == P.reaudit_id)
    )
    shown = func.coalesce(Audit.updated_at, A.updated_at)
    return tables, later(later(A.updated_at, shown), func.coalesce(again.updated_at, A.updated_at))


def _processes_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Those of audits that are seen, so that none leads nowhere. The query must join Audit and Case."""
    return and_(visible_processes(viewer), _audits_seen(viewer))


def _shown_since(changed: Expression, again: Any) -> Expression:
    """A process is hidden from whoever moderates its audit or re-audit blind: when that ends, these have changed."""
    return later(later(changed, Audit.updated_at), func.coalesce(again.updated_at, Audit.updated_at))


def _processes(viewer: Viewer) -> Source:
    P, again = ImprovementProcess, aliased(Audit)  # noqa: N806
    return Source(
        P.id,
        _shown_since(P.updated_at, again),  # of an audit that its reader moderates blind, it is hidden till then
        (
            literal(None), P.audit_id, P.previous_id, P.reaudit_id, P.team_id, P.service_id, P.lead_id, P.grade,
            P.state, P.started_at, P.next_kind, P.next_due_on, P.closed_at, P.close_outcome,
        ),
        P.__table__.join(Audit, Audit.id == P.audit_id)
        .join(Case, Case.id == Audit.case_id)
        .outerjoin(again, again.id == P.reaudit_id),
        _processes_seen(viewer),
    )  # fmt: skip


def _stages(viewer: Viewer) -> Source:
    process, again = ImprovementProcess, aliased(Audit)
    return Source(
        Stage.id,
        _shown_since(Stage.updated_at, again),
        (Stage.process_id, Stage.kind, Stage.number, Stage.due_on, Stage.done_on, Stage.outcome),
        Stage.__table__.join(process, process.id == Stage.process_id)
        .join(Audit, Audit.id == process.audit_id)
        .join(Case, Case.id == Audit.case_id)
        .outerjoin(again, again.id == process.reaudit_id),
        _processes_seen(viewer),
    )


WORK: Mapping[str, Callable[[Viewer], Source]] = {
    "audits": _audits,
    "answers": _answers,
    "conversations": _conversations,
    "moderations": _moderations,
    "actions": _actions,
    "processes": _processes,
    "stages": _stages,
}
