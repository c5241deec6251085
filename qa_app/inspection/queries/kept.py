"""The packs that there are."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.inspection.models import InspectionPack


def _allowed(viewer: Viewer) -> ColumnElement[bool]:
    """Packs with case references are for those alone who may see cases."""
    return InspectionPack.with_cases.in_([False, True] if viewer.can(Permission.CASE_READ) else [False])


def packs(viewer: Viewer) -> Sequence[InspectionPack]:
    """The packs that a viewer may take, newest first, without their content; a hundred at most."""
    found = select(InspectionPack).where(_allowed(viewer)).options(joinedload(InspectionPack.made_by))
    return db.session.scalars(found.order_by(InspectionPack.id.desc()).limit(100)).all()


def pack(viewer: Viewer, pack_id: int) -> InspectionPack:
    """One pack.

    Raises:
        NotFound: there is none that the viewer may take.
    """
    found = db.session.scalar(select(InspectionPack).where(InspectionPack.id == pack_id, _allowed(viewer)))
    if found is None:
        raise NotFound
    return found
