"""Counts of what submitted audits say: grades by section, conversations held (domain.md section 9)."""

from typing import Any

from sqlalchemy import Select, func, select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut
from qa_app.figures.model import ConversationCount, SectionCount
from qa_app.figures.queries.audits import AFTER, SUBMITTED, in_scope, of_cut
from qa_app.rounds.models import AuditType, Round
from qa_app.tools.models import Domain


def section_counts(cut: Cut, viewer: Viewer) -> list[SectionCount]:
    """Grades of each section of the submitted audits, by the audit's final grade. In the order of the form.

    A section is known by its key, which is stable through the versions of a tool; its title is the newest version's.
    """
    after = AFTER.label("after_grade")
    statement = (
        _submitted(
            cut, viewer, Domain.key, func.max(Domain.title), func.max(Domain.position), SectionAnswer.grade, after
        )
        .join(SectionAnswer, SectionAnswer.audit_id == Audit.id)
        .join(Domain, Domain.id == SectionAnswer.domain_id)
        .where(SectionAnswer.grade.is_not(None))
        .group_by(Domain.key, SectionAnswer.grade, "after_grade")
        .order_by(func.max(Domain.position), Domain.key)
    )
    return [SectionCount(*row) for row in plain_rows(statement)]


def conversation_counts(cut: Cut, viewer: Viewer) -> list[ConversationCount]:
    """Conversations that the submitted audits say were held, or not."""
    statement = (
        _submitted(cut, viewer, Conversation.with_whom, Conversation.held)
        .join(Conversation, Conversation.audit_id == Audit.id)
        .where(Conversation.held.is_not(None))
        .group_by(Conversation.with_whom, Conversation.held)
        .order_by(Conversation.with_whom)
    )
    return [ConversationCount(*row) for row in plain_rows(statement)]


def _submitted(cut: Cut, viewer: Viewer, *columns: Any) -> Select[Any]:
    return (
        select(*columns, func.count())
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), SUBMITTED, in_scope(viewer, Audit.service_id, Audit.team_id))
    )
