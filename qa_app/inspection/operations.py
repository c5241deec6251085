"""Keep a pack as it was built, and record each time that one is taken."""

from datetime import datetime

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotAllowed
from qa_app.inspection import queries
from qa_app.inspection.content import Built
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.trail import operations as trail


def check_can_make(viewer: Viewer, with_cases: bool) -> None:
    """Only those who may have packs, with case references only those who may see cases.

    Raises:
        NotAllowed: for anybody else.
    """
    if viewer.person_id is None or not viewer.can(Permission.INSPECTION_PACK):
        raise NotAllowed("Only the QA team, the Director or an executive can make an inspection pack.")
    if with_cases and not viewer.can(Permission.CASE_READ):
        raise NotAllowed("Only those who may see cases can make a pack with their references.")


def check_not_blind(window: Window, viewer: Viewer) -> None:
    """Nobody reads grades in a pack that they are to give by themselves.

    Raises:
        NotAllowed: the viewer moderates an audit of these months blind and has not graded it yet.
    """
    if queries.grades_blind(viewer, window):
        raise NotAllowed("You moderate an audit of these months blind. Give your grades first, or ask a colleague.")


def keep_pack(window: Window, with_cases: bool, built: Built, viewer: Viewer, now: datetime) -> InspectionPack:
    """Keep what was built, for good.

    Raises:
        NotAllowed: the viewer may not make it.
    """
    check_can_make(viewer, with_cases)
    assert viewer.person_id is not None
    pack = InspectionPack(
        first_month=window.first,
        last_month=window.last,
        with_cases=with_cases,
        audits=built.audits,
        actions=built.actions,
        made_at=now,
        made_by_id=viewer.person_id,
        content=built.content,
    )
    db.session.add(pack)
    db.session.flush()
    trail.append("inspection:pack-made", viewer, now, ("inspection pack", pack.id), **_in_words(pack))
    return pack


def record_download(pack: InspectionPack, viewer: Viewer, now: datetime) -> None:
    """Say that somebody took a pack."""
    trail.append("inspection:pack-taken", viewer, now, ("inspection pack", pack.id), **_in_words(pack))


def _in_words(pack: InspectionPack) -> dict[str, object]:
    return {
        "first_month": pack.first_month,
        "last_month": pack.last_month,
        "audits": pack.audits,
        "with_cases": pack.with_cases,
    }
