"""Search the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, tuple_

from qa_app.access.viewer import Viewer
from qa_app.core.clock import end_of_day, start_of_day
from qa_app.core.database import db
from qa_app.trail.models import TrailDetail, TrailEntry, TrailHead
from qa_app.trail.permissions import areas_seen
from qa_app.trail.subjects import PERSON, kinds, names_of

BY_TIME = TrailEntry.id


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is None or empty is not asked for. `days` are the first and the last, in London."""

    person: str = ""
    area: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Entry:
    """One entry with names in place of ids."""

    number: int
    at: datetime
    person: str
    on_behalf_of: str
    event: str
    subject_type: str
    subject_id: int | None
    subject: str
    detail: Mapping[str, Any]


def entries(
    viewer: Viewer, wanted: Wanted, order_by: Sequence[Any], limit: int, offset: int
) -> tuple[list[Entry], int]:
    """A page of entries that the viewer may read, and how many match in all."""
    conditions = _conditions(viewer, wanted)
    total = _total(conditions)
    rows = db.session.execute(
        select(TrailEntry, TrailDetail.detail)
        .outerjoin(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .where(*conditions)
        .order_by(*order_by, TrailEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return _named([(entry, detail or {}) for entry, detail in rows]), total


def history(subject_type: str, subject_id: int, viewer: Viewer, limit: int = 50) -> list[Entry]:
    """What happened to one thing, the newest first, as far as the viewer may read it."""
    about = [TrailEntry.subject_type == subject_type, TrailEntry.subject_id == subject_id, *_areas(viewer)]
    rows = db.session.execute(
        select(TrailEntry, TrailDetail.detail)
        .outerjoin(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .where(*about)
        .order_by(TrailEntry.id.desc())
        .limit(limit)
    ).all()
    return _named([(entry, detail or {}) for entry, detail in rows])


def _total(conditions: Sequence[ColumnElement[bool]]) -> int:
    if not conditions:  # the whole trail: its head knows, and counting a million entries does not
        return db.session.scalar(select(TrailHead.last_id)) or 0
    return db.session.scalar(select(func.count(TrailEntry.id)).where(*conditions)) or 0


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = _areas(viewer)
    if wanted.person:
        ids = kinds()[PERSON].find(wanted.person)
        found.append(or_(TrailEntry.person_id.in_(ids), TrailEntry.on_behalf_of_id.in_(ids)))
    if wanted.area:
        found.append(_of_area(wanted.area))
    if wanted.subject:
        pairs = [(kind, number) for kind, how in kinds().items() for number in how.find(wanted.subject)]
        about = tuple_(TrailEntry.subject_type, TrailEntry.subject_id)
        found.append(about.in_(pairs) if pairs else false())
    if wanted.first_day:
        found.append(TrailEntry.at >= start_of_day(wanted.first_day))
    if wanted.last_day:
        found.append(TrailEntry.at < end_of_day(wanted.last_day))
    return found


def _areas(viewer: Viewer) -> list[ColumnElement[bool]]:
    seen = areas_seen(viewer)
    if seen is None:
        return []
    return [or_(false(), *(_of_area(area) for area in sorted(seen)))]


def _of_area(area: str) -> ColumnElement[bool]:
    return TrailEntry.event.startswith(f"{area}:", autoescape=True)


def _named(rows: Sequence[tuple[TrailEntry, Mapping[str, Any]]]) -> list[Entry]:
    subjects = {(entry.subject_type, entry.subject_id) for entry, _detail in rows}
    people = {(PERSON, number) for entry, _ in rows for number in (entry.person_id, entry.on_behalf_of_id) if number}
    names = names_of(subjects | people)
    return [
        Entry(
            entry.id,
            entry.at,
            names.get((PERSON, entry.person_id), ""),
            names.get((PERSON, entry.on_behalf_of_id), ""),
            entry.event,
            entry.subject_type,
            entry.subject_id,
            names.get((entry.subject_type, entry.subject_id), ""),
            detail,
        )
        for entry, detail in rows
    ]
