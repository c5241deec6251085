"""Figures of a round's progress (domain.md section 6). Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from qa_app.audits.states import AuditState


class Figures(NamedTuple):
    """What is expected and what has become of the audits issued, of one manager or of many.

    Every audit issued is exactly one of not started, in progress, on time and late; withdrawn ones are none.
    `slipping` are those of them with an open slippage notice, `pending` people whose exemption request is undecided.
    """

    expected: int = 0
    exempted: int = 0
    not_started: int = 0
    in_progress: int = 0
    on_time: int = 0
    late: int = 0
    slipping: int = 0
    pending: int = 0

    @property
    def issued(self) -> int:
        """Audits issued and not withdrawn."""
        return self.not_started + self.in_progress + self.on_time + self.late

    @property
    def outstanding(self) -> int:
        """Audits issued and not submitted yet."""
        return self.not_started + self.in_progress

    @property
    def due(self) -> int:
        """What is expected less what is exempted."""
        return self.expected - self.exempted

    @property
    def completion(self) -> Fraction | None:
        """Audits counted over (expected - exempted); a late audit does not count. None where nothing is due."""
        return Fraction(self.on_time, self.due) if self.due else None

    @property
    def unadjusted(self) -> Fraction | None:
        """Audits counted over expected, exemptions left aside. None where nothing is expected."""
        return Fraction(self.on_time, self.expected) if self.expected else None


class TaggedAudit(NamedTuple):
    """What progress tells of one audit, and whether whoever looks may open it."""

    reference: str
    state: str
    is_late: bool
    due_on: date
    last_activity_at: datetime | None
    is_slipping: bool
    readable: bool


class ManagerRow(NamedTuple):
    """One manager in one round, or the audits of one team's cases that nobody has yet (`person_id` None).

    `request_id` is their exemption request that waits for a decision, `audits` those that the figures count, by number.
    """

    person_id: int | None
    name: str
    team_id: int | None
    team: str
    service_id: int | None
    service: str
    figures: Figures
    last_activity: datetime | None
    request_id: int | None = None
    audits: tuple[TaggedAudit, ...] = ()


_NOT_STARTED, _IN_PROGRESS = AuditState.ALLOCATED.value, AuditState.IN_PROGRESS.value


def figures_of(expected: int, exempted: int, audits: Sequence[TaggedAudit], pending: int) -> Figures:
    """Count audits that are issued and not withdrawn. One that was returned is in progress again."""
    not_started = in_progress = on_time = late = slipping = 0
    for _, state, is_late, _, _, is_slipping, _ in audits:
        if state == _NOT_STARTED:
            not_started += 1
        elif state == _IN_PROGRESS:
            in_progress += 1
        elif is_late:
            late += 1
        else:
            on_time += 1
        if is_slipping:
            slipping += 1
    return Figures(expected, exempted, not_started, in_progress, on_time, late, slipping, pending)


def total(rows: Iterable[ManagerRow]) -> Figures:
    """The sum of some rows, so that totals cannot disagree with them."""
    return Figures(*map(sum, zip(*(row.figures for row in rows), strict=True)))


HAVING: dict[str, Callable[[Figures], bool]] = {
    "outstanding": lambda figures: figures.outstanding > 0,
    "not_started": lambda figures: figures.not_started > 0,
    "in_progress": lambda figures: figures.in_progress > 0,
    "late": lambda figures: figures.late > 0,
    "slipping": lambda figures: figures.slipping > 0,
    "pending": lambda figures: figures.pending > 0,
    "exempted": lambda figures: figures.exempted > 0,
    "done": lambda figures: figures.outstanding == 0 and figures.issued > 0,
}
"""What managers can be narrowed by: what they have."""
