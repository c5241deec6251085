"""Remind managers of their audits (domain.md section 6). Nothing else is written from the page of progress."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.due import days_to
from qa_app.core.errors import NotFound
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue
from qa_app.progress import queries
from qa_app.progress.permissions import check_can_remind
from qa_app.progress.rules import ManagerRow
from qa_app.rounds.models import Round
from qa_app.trail import operations as trail


@dataclass(frozen=True)
class Reminded:
    """Whom it was about, and to how many of them a mail is new today."""

    rows: Sequence[ManagerRow]
    new: int


def remind(round_: Round, person_ids: Collection[int], viewer: Viewer, now: datetime) -> Reminded:
    """Write a reminder to each of these managers, at most one a day, and record it in the trail.

    Raises:
        NotFound: one of them is not in the round, or outside what the viewer may see.
        NotAllowed: the viewer may not remind one of them, or one has nothing outstanding. Then nobody is reminded.
    """
    by_id = {row.person_id: row for row in queries.progress(round_, viewer, {})}
    if not person_ids or not by_id.keys() >= set(person_ids):
        raise NotFound
    rows = [by_id[person_id] for person_id in dict.fromkeys(person_ids)]
    for row in rows:
        check_can_remind(viewer, row)
    today = london_day(now)

    def variables(person_id: int) -> dict[str, Value]:
        return {
            "month": MONTHS[round_.month.month - 1],
            "audits": by_id[person_id].figures.outstanding,
            "due_on": round_.due_on,
            "working_days": days_to(round_.due_on, today),
            "round": round_.reference,
            "path": "/my-audits",
        }

    ids = [row.person_id for row in rows if row.person_id is not None]
    subject_key = queries.subject_key(round_)
    new = queue("reminder", ids, subject_key=subject_key, slot=today.isoformat(), now=now, variables=variables)
    if new:
        trail.append("progress:reminded", viewer, now, ("round", round_.id), person_ids=ids, new=new)
    return Reminded(rows, new)


def record_export(round_: Round, filters: Mapping[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that the figures of managers left the system as a file."""
    trail.append("progress:exported", viewer, now, ("round", round_.id), filters=dict(filters))


def record_audits_export(round_: Round, filters: Mapping[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that a list of audits left the system as a file."""
    trail.append("progress:audits-exported", viewer, now, ("round", round_.id), filters=dict(filters))
