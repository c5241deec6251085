"""Case lists for tests: small tables and workbooks written to disk, and imports walked by the operations."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from qa_app.access.viewer import Viewer, system
from qa_app.cases import operations
from qa_app.cases.models import CaseImport
from qa_app.cases.reading import TeamLookup

HEADINGS = ("Case reference", "Status", "Team", "Worker", "Opened on", "Closed on")

Row = Sequence[str]

NORTH = "North Safeguarding"
EAST = "Looked After East"


def row(
    reference: str,
    status: str = "CIN",
    team: str = NORTH,
    worker: str = "Sol Venables",
    opened: str = "01/02/2026",
    closed: str = "",
) -> Row:
    """One row of a plain case list, of the tests' council."""
    return (reference, status, team, worker, opened, closed)


def write_list(path: Path, rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> Path:
    """A case list as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def preview(
    folder: Path, rows: Sequence[Row], now: datetime, by: Viewer | None = None, teams: TeamLookup | None = None
) -> CaseImport:
    """An import of a list with these rows, previewed."""
    path = write_list(folder / "list.csv", rows)
    return operations.preview_import(path, "list.csv", teams, None, by or system(), now)


def imported(
    folder: Path, rows: Sequence[Row], now: datetime, by: Viewer | None = None, teams: TeamLookup | None = None
) -> CaseImport:
    """An import of a list with these rows, applied."""
    made = preview(folder, rows, now, by, teams)
    operations.apply_import(made, by or system(), now)
    return made
