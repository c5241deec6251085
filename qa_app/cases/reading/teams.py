"""The authority's own lookup of team, service and team manager, which Annex A does not carry."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qa_app.core.tables import read_table, text_of, tidy
from qa_app.core.workbooks import WrongFile

_TEAM = ("team", "team name", "allocated team")
_SERVICE = ("service", "service area", "service name", "division")
_MANAGER = ("team manager", "manager", "team_manager", "manager name")


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A team with its service and, where the lookup says, its manager's name."""

    team: str
    service: str
    manager: str | None


def team_key(team: str) -> str:
    """A team's name as it is compared: without regard to case and spaces."""
    return tidy(team).casefold().replace(" ", "")


class TeamLookup:
    """Finds a team's entry by its name, without regard to case and spaces."""

    def __init__(self, entries: Iterable[TeamEntry]) -> None:
        """Raises WrongFile where one team is given two services."""
        self._entries: dict[str, TeamEntry] = {}
        for entry in entries:
            known = self._entries.setdefault(team_key(entry.team), entry)
            if team_key(known.service) != team_key(entry.service):
                raise WrongFile(
                    f'The team lookup gives the team "{entry.team}" two services: "{known.service}" and '
                    f'"{entry.service}". '
                    "Keep one row for each team and upload it again."
                )

    @property
    def entries(self) -> tuple[TeamEntry, ...]:
        """All teams, in the lookup's order."""
        return tuple(self._entries.values())

    def find(self, team: str) -> TeamEntry | None:
        """The team's entry, or None where the lookup does not have it."""
        return self._entries.get(team_key(team))

    @classmethod
    def from_file(cls, path: Path) -> "TeamLookup":
        """Read a lookup from CSV or XLSX with columns for team, service and (if there is one) team manager.

        Raises WrongFile where it is another kind of file, a column is missing, or a team has no service.
        """
        table = read_table(path)
        team, service = table.column(*_TEAM), table.column(*_SERVICE)
        manager = table.column(*_MANAGER)
        if team is None or service is None:
            raise WrongFile(
                'The team lookup needs a column headed "team" and one headed "service". Add them and upload the '
                "file again."
            )
        entries = []
        for row in table.rows:
            name, its_service = text_of(row.cells[team]), text_of(row.cells[service])
            if name and not its_service:
                raise WrongFile(
                    f'Row {row.number} of the team lookup has no service for "{name}". Enter it and upload again.'
                )
            if name:
                entries.append(
                    TeamEntry(name, its_service, text_of(row.cells[manager]) or None if manager is not None else None)
                )
        return cls(entries)
