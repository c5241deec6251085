"""Counts of the viewer's own audits and of everybody's; and the viewer's own moderated ones.

Whose mirror it is never comes from the request: it is always the viewer's.
"""

from datetime import date

from sqlalchemy import Select, and_, distinct, func, or_, select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut, year_to
from qa_app.figures.queries import scale_of
from qa_app.figures.queries.audits import BEFORE, STANDING, SUBMITTED, of_cut
from qa_app.mirror.rules import AuditCount, Mirror, Moved, mirror
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import WITH_RESULT
from qa_app.rounds.models import AuditType, Round
from qa_app.settings.queries import value_at


def mirror_of(viewer: Viewer, today: date) -> Mirror:
    """The viewer's mirror of the random sample's last twelve months, this one included."""
    cut = year_to(today)
    return mirror(
        _audits(cut, viewer, today),
        _other_auditors(cut, viewer),
        _moved(cut, viewer),
        scale_of(cut),
        value_at("suppression_threshold", today),
    )


def _of_auditors(statement: Select[tuple[int]], cut: Cut, viewer: Viewer) -> Select[tuple[int]]:
    """Audits that somebody has; none that the viewer moderates blind and has not graded yet."""
    return (
        statement.select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), Audit.auditor_id.is_not(None))
        .where(or_(Audit.blind_for_id.is_(None), Audit.blind_for_id != viewer.person_id))
    )


def _audits(cut: Cut, viewer: Viewer, today: date) -> list[AuditCount]:
    columns = (
        (Audit.auditor_id == viewer.person_id).label("is_own"),
        STANDING.label("standing"),
        and_(Audit.due_on < today, Audit.first_submitted_at.is_(None)).label("is_missed"),
        BEFORE.label("grade"),
    )
    statement = _of_auditors(select(*columns, func.count()), cut, viewer)
    rows = plain_rows(statement.group_by(*(column.name for column in columns)).order_by("is_own", "standing", "grade"))
    return [AuditCount(bool(row[0]), row[1], bool(row[2]), row[3], row[4]) for row in rows]


def _other_auditors(cut: Cut, viewer: Viewer) -> int:
    statement = _of_auditors(select(func.count(distinct(Audit.auditor_id))), cut, viewer)
    return int(next(iter(plain_rows(statement.where(SUBMITTED, Audit.auditor_id != viewer.person_id))))[0])


def _moved(cut: Cut, viewer: Viewer) -> list[Moved]:
    """Own audits whose moderation has a result that its auditor may read."""
    final = func.coalesce(Moderation.panel_grade, Moderation.moderated_grade)
    statement = (
        select(Moderation.grade_before, final)
        .join(Audit, Audit.id == Moderation.audit_id)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), Audit.auditor_id == viewer.person_id, Moderation.state.in_(WITH_RESULT))
        .where(Moderation.grade_before.is_not(None), final.is_not(None))
        .order_by(Moderation.id)
    )
    return [Moved(*row) for row in plain_rows(statement)]
