"""Pure decisions about an import: what a list changes in the cases that are known (domain.md section 4).

New: on the list as open, and not known. Changed: known, and something differs or it is open again. Closed: open
before, and closed or absent on the list. A case whose own row could not be used is left as it is, since an unread row
says nothing about it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa_app.cases.reading import Kind, ListedCase, Problem
from qa_app.cases.reading.workers import name_key

NOT_ON_LIST = "Not on the list."
CLOSED_ON_LIST = "Closed on the list."


class Effect(StrEnum):
    """What an import does to one case."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    UNCHANGED = "unchanged"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it stands in the database. `closed_on` None: open."""

    id: int
    case_type: str
    team_id: int
    team: str
    worker: str | None
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its name (`team`, `worker`, ...), and its values before and after as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a list does to one case. `listed` is None where the list does not have it, `known` where we do not."""

    effect: Effect
    reference: str
    listed: ListedCase | None = None
    known: KnownCase | None = None
    changes: tuple[Change, ...] = ()
    closed_on: date | None = None
    reason: str = ""


def changes_of(known: KnownCase, listed: ListedCase, team_id: int | None) -> tuple[Change, ...]:
    """What an open row of the list says otherwise than is known. `team_id` None: a team that is not known yet.

    An opening date that the list leaves out is no change.
    """
    found = []
    if known.closed_on is not None:
        found.append(Change("closed_on", known.closed_on.isoformat(), ""))
    if known.case_type != listed.case_type:
        found.append(Change("case_type", known.case_type, str(listed.case_type)))
    if known.team_id != team_id:
        found.append(Change("team", known.team, listed.team or ""))
    if name_key(known.worker or "") != name_key(listed.worker or ""):
        found.append(Change("worker", known.worker or "", listed.worker or ""))
    if listed.opened_on and listed.opened_on != known.opened_on:
        before = known.opened_on.isoformat() if known.opened_on else ""
        found.append(Change("opened_on", before, listed.opened_on.isoformat()))
    return tuple(found)


def held_references(unusable: Iterable[Problem]) -> set[str]:
    """Every reference that an unusable row may stand for, so that none of their cases is closed for being absent."""
    held: set[str] = set()
    for problem in unusable:
        held.add(problem.reference)
        if problem.kind in (Kind.ID_AMBIGUOUS, Kind.ID_CLASH):
            held.update(problem.used.split(" or "))
    return held - {""}


def compare(
    listed: Iterable[ListedCase],
    unusable: Iterable[Problem],
    known: dict[str, KnownCase],
    team_ids: dict[str, int],
    as_at: date,
) -> Iterator[Comparison]:
    """What the list does to each case, in the list's order, then what becomes of open cases that it does not have.

    `team_ids` are the known teams by the name that the list uses; `as_at` is the day that the list shows, which stands
    for a closing date that it does not give.
    """
    seen: set[str] = set()
    for case in listed:
        seen.add(case.reference)
        found = _compare_one(case, known.get(case.reference), team_ids, as_at)
        if found:
            yield found
    held = held_references(unusable)
    for reference, before in known.items():
        if reference in seen or before.closed_on is not None:
            continue
        if reference in held:
            yield Comparison(Effect.HELD, reference, known=before)
        else:
            yield Comparison(Effect.CLOSED, reference, known=before, closed_on=as_at, reason=NOT_ON_LIST)


def _compare_one(case: ListedCase, known: KnownCase | None, team_ids: dict[str, int], as_at: date) -> Comparison | None:
    """None for a closed case that was not open before: the list has nothing new to say about it."""
    if not case.is_open:
        if known is None or known.closed_on is not None:
            return None
        closed_on = case.closed_on or as_at
        return Comparison(Effect.CLOSED, case.reference, case, known, (), closed_on, CLOSED_ON_LIST)
    if known is None:
        return Comparison(Effect.NEW, case.reference, case)
    changes = changes_of(known, case, team_ids.get(case.team or ""))
    effect = Effect.CHANGED if changes else Effect.UNCHANGED
    return Comparison(effect, case.reference, case, known, changes)
