"""Whose case it is.

Team, service, manager and worker of each row, filled from other lists only where they are certain.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from qa_app.cases.reading.case_list import Problem, Report
from qa_app.cases.reading.list_rows import ListRow
from qa_app.cases.reading.sentences import Kind
from qa_app.cases.reading.teams import TeamLookup, team_key
from qa_app.cases.reading.workers import Workers


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case belongs. `service` and `manager` are None without a lookup, `team` only for a closed episode."""

    team: str | None
    service: str | None
    manager: str | None
    worker: str | None


class Staffing:
    """Settles spellings once for the whole file, then places each case."""

    def __init__(
        self, rows: Iterable[ListRow], lookup: TeamLookup | None, headings: dict[str, str], report: Report
    ) -> None:
        self._lookup = lookup
        self._headings = headings
        self._report = report
        self._team_names: dict[str, str] = {entry_key: name for entry_key, name in _lookup_names(lookup)}
        every = list(rows)
        for row in every:
            if row.team:
                self._settle_team(row)
        self._workers = Workers((row.team, row.worker) for row in every)
        for row in every:
            if row.worker:
                self._settle_worker(row)

    def _problem(self, kind: Kind, row: ListRow, field: str, written: str, used: str = "") -> Problem:
        return Problem(kind, row.sheet, row.row, self._headings.get(field, ""), row.reference, written, used)

    def _settle_team(self, row: ListRow) -> None:
        name = self._team_names.setdefault(team_key(row.team), row.team)
        if name != row.team:
            self._report.repaired.append(self._problem(Kind.TEAM_SPELLING, row, "team", row.team, name))
            row.team = name

    def _settle_worker(self, row: ListRow) -> None:
        read = self._workers.read(row.team, row.worker)
        if read.name != row.worker:
            self._report.repaired.append(self._problem(Kind.NAME_SPELLING, row, "worker", row.worker, read.name))
        elif not read.certain:
            self._report.repaired.append(self._problem(Kind.NAME_UNCLEAR, row, "worker", row.worker))
        row.worker = read.name

    @staticmethod
    def who(row: ListRow) -> tuple[str, str]:
        """The team and worker that a row names, as they compare."""
        return row.team, row.worker

    def report_difference(self, row: ListRow, other: ListRow) -> None:
        """Report what another list says otherwise than List 6 about the same child, or leaves blank."""
        if other.team_written:
            self._report.repaired.append(
                self._problem(Kind.BLANK_ON_LIST, other, "team", other.team_written, "List 6 decides")
            )
        if other.worker_written:
            used = "List 6 decides"
            self._report.repaired.append(self._problem(Kind.BLANK_ON_LIST, other, "worker", other.worker_written, used))
        if self._differs(row, other):
            written = " in ".join(filter(None, (other.worker, other.team)))
            used = " in ".join(filter(None, (row.worker or "nobody", row.team)))
            self._report.repaired.append(self._problem(Kind.OTHER_WORKER, other, "worker", written, used))

    @staticmethod
    def _differs(row: ListRow, other: ListRow) -> bool:
        """Whether another list names another team or worker, or a worker who cannot fill List 6's blank."""
        other_team = bool(other.team and row.team and other.team != row.team)
        if other_team or not other.worker or other.worker == row.worker:
            return other_team
        return bool(row.worker) or not other.team

    def place(self, row: ListRow, others: list[ListRow], *, is_open: bool) -> Place | None:
        """Where a row's case belongs; None where an open case cannot be placed, which is reported."""
        team = row.team or self._team_for(row, others)
        worker = row.worker or self._worker_for(row, team, others)
        if team is None:
            if is_open:
                self._report.unusable.append(self._problem(Kind.NO_TEAM, row, "team", row.team_written))
                return None
            self._report.repaired.append(self._problem(Kind.NO_TEAM_CLOSED, row, "team", row.team_written))
            return Place(None, None, None, worker)
        if self._lookup is None:
            return Place(team, None, None, worker)
        entry = self._lookup.find(team)
        if entry is None:
            target = self._report.unusable if is_open else self._report.repaired
            target.append(self._problem(Kind.TEAM_UNKNOWN, row, "team", team))
            return None
        return Place(entry.team, entry.service, entry.manager, worker)

    def _team_for(self, row: ListRow, others: list[ListRow]) -> str | None:
        theirs = [other for other in others if other.team and row.worker and other.worker == row.worker]
        same_worker = {other.team: other for other in theirs}
        if len(same_worker) == 1:
            return self._from_list(Kind.TEAM_FROM_LIST, row, "team", same_worker)
        if row.worker:
            only = self._workers.only_team_of(row.worker)
            if only:
                team = self._team_names[only]
                row.worker = self._workers.read(team, row.worker).name
                self._report.repaired.append(self._problem(Kind.TEAM_FROM_WORKER, row, "team", row.team_written, team))
                return team
            return None
        named = {other.team: other for other in others if other.team}
        return self._from_list(Kind.TEAM_FROM_LIST, row, "team", named) if len(named) == 1 else None

    def _worker_for(self, row: ListRow, team: str | None, others: list[ListRow]) -> str | None:
        named = {other.worker: other for other in others if other.worker and other.team == team}
        if len(named) == 1 and team:
            return self._from_list(Kind.WORKER_FROM_LIST, row, "worker", named)
        self._report.repaired.append(self._problem(Kind.NO_WORKER, row, "worker", row.worker_written))
        return None

    def _from_list(self, kind: Kind, row: ListRow, field: str, named: dict[str, ListRow]) -> str:
        """The one value that other lists name, reported with where it stands."""
        ((value, other),) = named.items()
        written = row.team_written if field == "team" else row.worker_written
        used = f"{value} ({other.sheet}, row {other.row})"
        self._report.repaired.append(self._problem(kind, row, field, written, used))
        return value


def _lookup_names(lookup: TeamLookup | None) -> Iterable[tuple[str, str]]:
    return ((team_key(entry.team), entry.team) for entry in (lookup.entries if lookup else ()))
