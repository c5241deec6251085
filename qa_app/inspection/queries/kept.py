"""The packs that there are."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.inspection.states import PackState


def _allowed(viewer: Viewer) -> ColumnElement[bool]:
    """Packs with case references are for those alone who may see cases."""
    return InspectionPack.with_cases.in_([False, True] if viewer.can(Permission.CASE_READ) else [False])


def packs(viewer: Viewer) -> Sequence[InspectionPack]:
    """The packs that a viewer may know of, newest first, without their content; a hundred at most."""
    found = select(InspectionPack).where(_allowed(viewer)).options(joinedload(InspectionPack.made_by))
    return db.session.scalars(found.order_by(InspectionPack.id.desc()).limit(100)).all()


def pack(viewer: Viewer, pack_id: int) -> InspectionPack:
    """One pack that is made.

    Raises:
        NotFound: there is none that the viewer may take.
    """
    made = InspectionPack.id == pack_id, InspectionPack.state == PackState.MADE
    found = db.session.scalar(select(InspectionPack).where(*made, _allowed(viewer)))
    if found is None:
        raise NotFound
    return found


def unfinished(window: Window, with_cases: bool) -> InspectionPack | None:
    """The newest pack of a window that is not made: being made, or not to be made."""
    of_window = InspectionPack.first_month == window.first, InspectionPack.last_month == window.last
    found = select(InspectionPack).where(
        *of_window, InspectionPack.with_cases == with_cases, InspectionPack.state != PackState.MADE
    )
    newest = found.order_by(InspectionPack.id.desc()).limit(1)
    return db.session.scalar(newest.execution_options(populate_existing=True))
