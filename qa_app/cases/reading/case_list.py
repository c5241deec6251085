"""What reading a case list gives: the cases, and every cell or row that was put right or could not be used."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from qa_app.cases.reading.sentences import SENTENCES, Kind
from qa_app.cases.states import CaseType, Status


@dataclass(slots=True)
class Problem:
    """One cell or row that was not simply as it should be.

    Its sentences are made when asked for, to keep long reports small.

    `written` is what the file says, `used` what stands for it now. `column` is "" where the whole row is meant,
    `reference` the child's as the report shows it, "" where none can be read.
    """

    kind: Kind
    sheet: str
    row: int
    column: str
    reference: str
    written: str = ""
    used: str = ""

    @property
    def reason(self) -> str:
        """Why the cell or row is on the report, in a sentence."""
        return SENTENCES[self.kind][0].format(self=self)

    @property
    def what_was_done(self) -> str:
        """What the import did about it or, for an unusable row, what the person can do."""
        return SENTENCES[self.kind][1].format(self=self)


@dataclass(slots=True)
class ListedCase:
    """One child's case as the list shows it. Dates are days; `sheet` and `row` say where it was read.

    `service` and `manager` come from the team lookup and are None without one. An open case always has a team.
    """

    reference: str
    status: Status
    team: str | None
    service: str | None
    manager: str | None
    worker: str | None
    opened_on: date | None
    closed_on: date | None
    last_seen_on: date | None
    plan_started_on: date | None
    care_started_on: date | None
    sheet: str
    row: int

    @property
    def is_open(self) -> bool:
        """Whether the case can be audited as an open one."""
        return self.status is not Status.CLOSED

    @property
    def case_type(self) -> CaseType | None:
        """The kind of case; None for a closed episode."""
        return self.status.case_type


@dataclass(slots=True)
class Report:
    """Collects problems while a list is read."""

    unusable: list[Problem] = field(default_factory=list)
    repaired: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class CaseList:
    """A case list as read. `read` counts the rows of children on all lists used.

    `columns_used` gives, by sheet, the headings that were read; cells of other columns and lists were never looked at.
    `status_words` counts each status text with what it was taken to stand for.
    """

    cases: list[ListedCase]
    unusable: list[Problem]
    repaired: list[Problem]
    read: int
    columns_used: dict[str, tuple[str, ...]]
    columns_missing: dict[str, tuple[str, ...]]
    status_words: dict[str, tuple[Status | None, int]]

    @property
    def open_cases(self) -> list[ListedCase]:
        """The cases that are open, in the order of the list."""
        return [case for case in self.cases if case.is_open]

    @property
    def open_by_status(self) -> dict[str, int]:
        """Open cases by status, in Annex A's words."""
        return self._count(lambda case: case.status.value)

    @property
    def open_by_service(self) -> dict[str, int]:
        """Open cases by service; empty without a team lookup."""
        return self._count(lambda case: case.service)

    @property
    def open_by_team(self) -> dict[str, int]:
        """Open cases by team."""
        return self._count(lambda case: case.team)

    def _count(self, key: Callable[[ListedCase], str | None]) -> dict[str, int]:
        names: Iterable[str | None] = (key(case) for case in self.cases if case.is_open)
        return dict(sorted(Counter(name for name in names if name is not None).items()))
