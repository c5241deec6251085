"""Editions of reports, as far as the viewer may read them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true
from sqlalchemy.orm import joinedload, undefer

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.waiting import ask
from qa_app.figures.cuts import RANDOM_SAMPLE
from qa_app.reports.models import Edition
from qa_app.reports.permissions import can_manage, reads_inside
from qa_app.reports.states import OUTSIDE, READ_BY_OTHERS, EditionState
from qa_app.rounds.models import AuditType, Round
from qa_app.rounds.states import RoundState

__all__ = [
    "SORTS",
    "Edition",
    "best_of",
    "edition",
    "editions",
    "follows",
    "newest_of",
    "newest_published",
    "over_months",
    "published_outside",
    "readable",
    "waiting_reports",
]

SORTS: dict[str, Any] = {
    "period": (Edition.last_month, Edition.kind, Edition.audience, Edition.number),
    "kind": Edition.kind,
    "published": Edition.published_at,
}
"""What the list can be sorted by."""


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Which editions the viewer may know of.

    Drafts are the QA team's. What is published is read inside the council, an edition that was corrected too. The
    scrutiny role reads the newest edition of what was published for committees and the public, and nothing else.
    """
    if can_manage(viewer):
        return true()
    if reads_inside(viewer):
        return Edition.state.in_(READ_BY_OTHERS)
    if viewer.can(Permission.REPORT_READ):
        return and_(Edition.state == EditionState.PUBLISHED, Edition.audience.in_(OUTSIDE))
    return false()


def editions(
    viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], limit: int | None = None, offset: int = 0
) -> tuple[Sequence[Edition], int]:
    """A page of editions, and how many there are. `filters`: `kind`, `state`, `audience`. Content is not read."""
    wanted = [getattr(Edition, key) == value for key, value in filters.items()]
    found = select(Edition).where(readable(viewer), *wanted)
    total = db.session.scalar(found.with_only_columns(func.count(Edition.id))) or 0
    page = found.options(joinedload(Edition.published_by)).order_by(*order_by, Edition.id.desc())
    return db.session.scalars(page.limit(limit).offset(offset)).all(), total


def newest_published(viewer: Viewer) -> Edition | None:
    """The published report of the newest period that the viewer may read. Content is not read."""
    found = select(Edition).where(readable(viewer), Edition.state == EditionState.PUBLISHED)
    order = (Edition.last_month.desc(), Edition.published_at.desc(), Edition.id.desc())
    return db.session.scalars(found.order_by(*order).limit(1)).first()


def edition(viewer: Viewer, reference: str) -> Edition:
    """One edition with its content.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(
        select(Edition)
        .where(Edition.reference == reference, readable(viewer))
        .options(undefer(Edition.content), undefer(Edition.narrative))
        .options(joinedload(Edition.published_by), joinedload(Edition.sent_by), joinedload(Edition.made_by))
    )
    if found is None:
        raise NotFound
    return found


def newest_of(kind: str, last_month: date, audience: str) -> Edition | None:
    """The newest edition of a kind, period and audience, whatever its state."""
    return db.session.scalar(
        select(Edition)
        .where(Edition.kind == kind, Edition.last_month == last_month, Edition.audience == audience)
        .order_by(Edition.number.desc())
        .limit(1)
    )


def best_of(kind: str, last_month: date, audience: str) -> Edition | None:
    """What a reader is handed of a kind, period and audience: the published edition, else the newest draft.

    With its content; None where nothing is built.
    """
    found = (
        select(Edition)
        .where(Edition.kind == kind, Edition.last_month == last_month, Edition.audience == audience)
        .where(Edition.state != EditionState.BUILDING)
        .order_by(Edition.state != EditionState.PUBLISHED, Edition.number.desc())
        .options(undefer(Edition.content), undefer(Edition.narrative))
    )
    return db.session.scalars(found.limit(1)).first()


def over_months() -> Sequence[date]:
    """The months whose round of the random sample is closed or reported, the newest first."""
    over = Round.state.in_((RoundState.CLOSED, RoundState.REPORTED))
    found = select(Round.month).join(AuditType).where(AuditType.key == RANDOM_SAMPLE, over)
    return db.session.scalars(found.distinct().order_by(Round.month.desc())).all()


def waiting_reports(viewer: Viewer) -> list[Select[Any]]:
    """For the home page: months of the random sample that are closed and whose monthly report is not published."""
    found = select(Round).join(AuditType).where(AuditType.key == RANDOM_SAMPLE, Round.state == RoundState.CLOSED)
    asked = ask("reports", found.order_by(Round.report_due_on), on=Round.report_due_on, first=Round.reference)
    return [asked] if can_manage(viewer) else []


def follows(found: Edition, viewer: Viewer) -> Edition | None:
    """The edition that corrects another, as soon as the viewer may read it."""
    return db.session.scalar(
        select(Edition).where(
            Edition.kind == found.kind,
            Edition.last_month == found.last_month,
            Edition.audience == found.audience,
            Edition.number == found.number + 1,
            readable(viewer),
        )
    )


def published_outside(before: date | None = None, of: date | None = None) -> Sequence[Edition]:
    """Scrutiny reports that were ever published, for committees or the public, the earliest period first.

    `before`: those of periods that ended before a month. `of`: those of the period that ends with a month. With their
    content: what was shown is known, and what was hidden stays hidden.
    """
    wanted = [Edition.kind == "scrutiny", Edition.state.in_(READ_BY_OTHERS)]
    if before is not None:
        wanted.append(Edition.last_month < before)
    if of is not None:
        wanted.append(Edition.last_month == of)
    found = select(Edition).where(*wanted).options(undefer(Edition.content)).order_by(Edition.last_month, Edition.id)
    return db.session.scalars(found).all()
