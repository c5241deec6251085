"""Rows of moderation, and who can audit (domain.md sections 2 and 7)."""

from collections import Counter
from datetime import date

from sqlalchemy import func, or_, select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut
from qa_app.figures.model import Capacity, ModerationRow
from qa_app.figures.queries.audits import in_scope, of_cut
from qa_app.moderation.models import Moderation, ModerationSelection
from qa_app.moderation.states import WITH_RESULT
from qa_app.people.models import Auditor, Person
from qa_app.people.states import TrainingStatus
from qa_app.rounds.models import AuditType, Round


def moderations(cut: Cut, viewer: Viewer) -> list[ModerationRow]:
    """Moderations of the cut's audits that have a result. The final grade is the panel's where it decided."""
    done, selected = Moderation, ModerationSelection
    final = func.coalesce(done.panel_grade, done.moderated_grade)
    statement = (
        select(Audit.service_id, Audit.team_id, selected.reason, selected.share, done.is_blind, done.is_late)
        .add_columns(done.disputed_at.is_not(None), done.grade_before, done.own_grade, final)
        .select_from(done)
        .join(selected, selected.audit_id == done.audit_id)
        .join(Audit, Audit.id == done.audit_id)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), done.state.in_(WITH_RESULT), done.grade_before.is_not(None), final.is_not(None))
        .where(in_scope(viewer, Audit.service_id, Audit.team_id))
        .order_by(done.id)
    )
    return [ModerationRow(*row) for row in plain_rows(statement)]


def capacity(day: date) -> Capacity:
    """How many people can audit on a day: those who work here then, as far as their training has come now."""
    works = (
        or_(Person.starts_on.is_(None), Person.starts_on <= day),
        or_(Person.leaves_on.is_(None), Person.leaves_on >= day),
    )
    begun = or_(Auditor.trained_on.is_(None), Auditor.trained_on <= day)
    statement = (
        select(Auditor.training_status, Auditor.is_moderator, func.count())
        .join(Person, Person.id == Auditor.person_id)
        .where(*works, begun)
        .group_by(Auditor.training_status, Auditor.is_moderator)
        .order_by(Auditor.training_status)
    )
    by_status: Counter[str] = Counter()
    moderators = 0
    for status, is_moderator, count in plain_rows(statement):
        by_status[status] += count
        moderators += count if is_moderator and status == TrainingStatus.TRAINED else 0
    known = (TrainingStatus.TRAINED, TrainingStatus.IN_TRAINING, TrainingStatus.LAPSED)
    trained, in_training, lapsed = (by_status[status] for status in known)
    return Capacity(trained, in_training, lapsed, moderators)
