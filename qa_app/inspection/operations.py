"""Begin a pack, keep it as it was built, or say why it was not; and record each time that one is taken."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotAllowed
from qa_app.core.states import move
from qa_app.inspection import queries
from qa_app.inspection.content import Built
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window, has_stopped
from qa_app.inspection.states import PACK, PackState
from qa_app.people.models import Person
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


def begin(window: Window, with_cases: bool, viewer: Viewer, now: datetime) -> InspectionPack | None:
    """Begin a pack, which is made next; one that was not made, or whose making has stopped, is begun anew.

    None where the same pack is being made already.

    Raises:
        NotAllowed: the viewer may not make it.
    """
    check_can_make(viewer, with_cases)
    check_not_blind(window, viewer)
    assert viewer.person_id is not None
    # Held until the transaction ends, so that of two presses of a button the second sees the first.
    db.session.scalars(select(Person).where(Person.id == viewer.person_id).with_for_update(of=Person)).one()
    pack = queries.unfinished(window, with_cases)
    if pack is None:
        pack = InspectionPack(
            first_month=window.first,
            last_month=window.last,
            with_cases=with_cases,
            made_at=now,
            made_by_id=viewer.person_id,
            progress_at=now,
        )
        db.session.add(pack)
        db.session.flush()
    elif pack.state == PackState.MAKING and not has_stopped(pack.state, pack.progress_at, now):
        return None
    else:
        asked: dict[str, Any] = {"made_at": now, "made_by_id": viewer.person_id}
        asked |= {"progress": 0, "progress_at": now, "failure": ""}
        move(pack, PACK, "make_again", now=now, person_id=viewer.person_id, **asked)
    _append("inspection:pack-asked-for", pack, viewer, now)
    return pack


def keep(pack: InspectionPack, version: int, built: Built, viewer: Viewer, now: datetime) -> None:
    """Keep what was built, for good. `version` is the pack's when whoever built it began.

    Raises:
        NotAllowed: the viewer may not make it.
        IllegalMove, Stale: it was begun again meanwhile.
    """
    check_can_make(viewer, pack.with_cases)
    values: dict[str, Any] = {"content": built.content, "audits": built.audits, "actions": built.actions}
    values |= {"made_at": now, "progress": 100}
    move(pack, PACK, "keep", now=now, person_id=viewer.person_id, version=version, **values)
    _append("inspection:pack-made", pack, viewer, now, audits=pack.audits)


def fail(pack: InspectionPack, version: int, sentence: str, viewer: Viewer, now: datetime) -> None:
    """The pack could not be made; the sentence says why and what to do.

    Raises:
        IllegalMove, Stale: it was begun again meanwhile.
    """
    move(pack, PACK, "fail", now=now, person_id=viewer.person_id, version=version, failure=sentence)
    _append("inspection:pack-not-made", pack, viewer, now, reason=sentence)


def record_download(pack: InspectionPack, viewer: Viewer, now: datetime) -> None:
    """Say that somebody took a pack."""
    _append("inspection:pack-taken", pack, viewer, now, audits=pack.audits)


def _append(event: str, pack: InspectionPack, viewer: Viewer, now: datetime, **detail: Any) -> None:
    months = {"first_month": pack.first_month, "last_month": pack.last_month}
    trail.append(event, viewer, now, (PACK.name, pack.id), **months, with_cases=pack.with_cases, **detail)
