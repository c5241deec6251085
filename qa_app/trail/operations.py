"""Append to the trail and verify it (domain.md section 12; ASVS 16.4.2)."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.trail.models import TrailDetail, TrailEntry, TrailHead

START = "0" * 64
EVENT = re.compile(r"[a-z]+(?:_[a-z]+)*:[a-z]+(?:-[a-z]+)*")


def canonical(value: Any) -> str:
    """JSON that is the same for the same value everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def sha256(text: str) -> str:
    """The SHA-256 digest of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_digest(entry: dict[str, Any]) -> str:
    """The digest of an entry's own columns and the digest before it."""
    values = [entry[key] for key in _CHAINED]
    return sha256(canonical([v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for v in values]))


_CHAINED = (
    "id",
    "at",
    "person_id",
    "on_behalf_of_id",
    "event",
    "subject_type",
    "subject_id",
    "detail_digest",
    "previous_digest",
)


_HEAD = TrailHead.metadata.tables["trail_head"]
_LOCK_HEAD = select(_HEAD.c.last_id, _HEAD.c.digest).with_for_update()
_MOVE_HEAD = update(_HEAD)
_INSERT_ENTRY = insert(TrailEntry.metadata.tables["trail_entry"])
_INSERT_DETAIL = insert(TrailDetail.metadata.tables["trail_detail"])


def append(event: str, viewer: Viewer, now: datetime, subject: tuple[str, int | None], **detail: Any) -> int:
    """Append one entry in the current transaction and return its number.

    `detail` must hold values that JSON can carry (dates become text). The head row is locked until the
    transaction ends, so entries are numbered without gaps and chained in order.

    Raises:
        ValueError: `event` is not an area, a colon and what happened, such as `audit:submitted`.
    """
    if not EVENT.fullmatch(event):
        raise ValueError(f"{event!r} must be named like audit:submitted")
    connection = db.session.connection()  # plain statements: every operation appends, so this is a hot path
    last_id, previous = connection.execute(_LOCK_HEAD).one()
    detail = json.loads(canonical(detail))
    entry: dict[str, Any] = {
        "id": last_id + 1,
        "at": now,
        "person_id": viewer.person_id,
        "on_behalf_of_id": viewer.on_behalf_of,
        "event": event,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "detail_digest": sha256(canonical(detail)),
        "previous_digest": previous,
    }
    entry["digest"] = entry_digest(entry)
    connection.execute(_INSERT_ENTRY, entry)
    if detail:
        connection.execute(_INSERT_DETAIL, {"entry_id": entry["id"], "detail": detail})
    connection.execute(_MOVE_HEAD, {"last_id": entry["id"], "digest": entry["digest"]})
    return int(last_id) + 1


@dataclass(frozen=True)
class Verdict:
    """What verification found: how many entries, the newest digest, and each fault as a sentence."""

    entries: int
    digest: str
    faults: Sequence[str]
    erased: int


def verify(anchors: dict[int, str] | None = None) -> Verdict:
    """Walk the whole chain and name every entry that was changed, removed, inserted or cut off.

    `anchors` are entry numbers with digests that were noted outside the database; they catch a chain that
    was cut and sealed again.
    """
    faults: list[str] = []
    previous, expected, erased = START, 1, 0
    anchors = dict(anchors or {})
    rows = db.session.execute(
        select(TrailEntry, TrailDetail.detail)
        .outerjoin(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .order_by(TrailEntry.id)
        .execution_options(yield_per=1000)
    )
    for entry, detail in rows:
        values = {key: getattr(entry, key) for key in _CHAINED}
        if entry.id != expected:
            faults.append(f"Entry {expected} is missing.")
        if entry.previous_digest != previous or entry.digest != entry_digest(values):
            faults.append(f"Entry {entry.id} does not follow from the one before it.")
        if detail is None:
            erased += entry.detail_digest != sha256(canonical({}))
        elif sha256(canonical(detail)) != entry.detail_digest:
            faults.append(f"The detail of entry {entry.id} was changed.")
        if anchors.pop(entry.id, entry.digest) != entry.digest:
            faults.append(f"Entry {entry.id} is not the one that was noted outside.")
        previous, expected = entry.digest, entry.id + 1
    faults += [f"Entry {number}, noted outside, is missing." for number in sorted(anchors)]
    last_id, digest = db.session.execute(select(TrailHead.last_id, TrailHead.digest)).one()
    if (last_id, digest) != (expected - 1, previous):
        faults.append(f"The chain ends at entry {expected - 1}, but {last_id} entries were written.")
    return Verdict(expected - 1, previous, faults, erased)
