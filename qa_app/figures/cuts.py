"""Which audits a figure is of: some months, one audit type, perhaps one service, team or case type. Pure."""

from datetime import date
from typing import NamedTuple

from qa_app.core.clock import last_day_of_month, months_before

RANDOM_SAMPLE = "monthly"
"""The audit type of the random sample. Re-audits, themed audits and dip samples have types of their own, and a cut has
exactly one type, so that they never mix into its percentages (domain.md section 9)."""


class Cut(NamedTuple):
    """Audits of the rounds of some months, both included and each by its first day, of one audit type.

    `service_id`, `team_id` and `case_type` are the audited case's, as they were when the audit was allocated.
    """

    first: date
    last: date
    audit_type: str = RANDOM_SAMPLE
    service_id: int | None = None
    team_id: int | None = None
    case_type: str = ""

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return last_day_of_month(self.last)


def month_of(month: date) -> Cut:
    """The random sample of one month."""
    first = month.replace(day=1)
    return Cut(first, first)


def quarter_of(month: date) -> Cut:
    """The random sample of the calendar quarter that ends with a month, or that the month lies in."""
    last = month.replace(month=(month.month + 2) // 3 * 3, day=1)
    return Cut(months_before(last, 2), last)


def year_to(month: date) -> Cut:
    """The random sample of the twelve months that end with a month."""
    last = month.replace(day=1)
    return Cut(months_before(last, 11), last)


def months_of(cut: Cut) -> list[date]:
    """Each month of a cut, the earliest first."""
    count = (cut.last.year - cut.first.year) * 12 + cut.last.month - cut.first.month
    return [months_before(cut.last, n) for n in range(count, -1, -1)]
