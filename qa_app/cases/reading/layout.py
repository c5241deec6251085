"""Where things are in an Annex A workbook: its lists, their headings, and the columns that matter to case audits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qa_app.core.tables import heading_key, text_of
from qa_app.core.workbooks import WrongFile, sheet_rows, sheets_of

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

HEADING_ROWS = 15
"""How far down a heading row is looked for; Ofsted's template has it in row 2, exports in row 1."""

FRAME_LIST = 6
PLAN_LIST = 7
CARE_LIST = 8
LEAVER_LIST = 9
ASSESSMENT_LIST = 4

LIST_TITLES = {4: "Assessments", 6: "Children in Need", 7: "Child protection", 8: "Children in care", 9: "Care leavers"}

_REFERENCE = (
    "Child Unique ID",
    "Child ID",
    "Unique Child ID",
    "Child's Unique ID",
    "Child Unique Identifier",
    "Child Identifier",
    "Person ID",
)
_TEAM = ("Allocated Team", "Team")
_WORKER = ("Allocated Worker", "Allocated Social Worker", "Worker", "Social Worker")
_BORN = ("Date of Birth", "DOB")

COLUMNS: dict[int, dict[str, tuple[str, ...]]] = {
    ASSESSMENT_LIST: {
        "reference": _REFERENCE,
        "started": ("Continuous Assessment Start Date", "Assessment Start Date"),
        "ended": ("Continuous Assessment Date of Authorisation", "Date of Authorisation"),
        "team": _TEAM,
        "worker": _WORKER,
    },
    FRAME_LIST: {
        "reference": _REFERENCE,
        "born": _BORN,
        "started": ("CIN Start Date", "Start Date"),
        "seen": ("Date Child Was Last Seen", "Date Last Seen", "Last Seen"),
        "ended": ("CIN Closure Date", "CIN End Date", "Closure Date"),
        "reason": ("Reason for Closure", "Closure Reason"),
        "status": ("Case status", "Status"),
        "team": _TEAM,
        "worker": _WORKER,
    },
    PLAN_LIST: {
        "reference": _REFERENCE,
        "born": _BORN,
        "started": ("Child Protection Plan Start Date", "CP Plan Start Date", "CPP Start Date"),
        "ended": ("Child Protection Plan End Date", "CP Plan End Date", "CPP End Date"),
        "team": _TEAM,
        "worker": _WORKER,
    },
    CARE_LIST: {
        "reference": _REFERENCE,
        "born": _BORN,
        "started": ("Date Started to be Looked After", "Date Became Looked After"),
        "ended": ("Date Ceased to be Looked After",),
        "team": _TEAM,
        "worker": _WORKER,
    },
    LEAVER_LIST: {"reference": _REFERENCE, "born": _BORN, "team": _TEAM, "worker": _WORKER},
}
"""By list, each field and its headings: Ofsted's first, then those met in exports."""

_REQUIRED = {
    FRAME_LIST: ("reference", "status", "team", "worker"),
    PLAN_LIST: ("reference", "ended"),
    CARE_LIST: ("reference", "ended"),
    LEAVER_LIST: ("reference", "team"),
    ASSESSMENT_LIST: ("reference", "ended"),
}
_SHEET_NAME = re.compile(r"^(?:annex a )?list 0?(\d{1,2})(?!\d)")
_REFERENCE_KEYS = frozenset(heading_key(name) for name in _REFERENCE)


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One list of the workbook: its sheet, the row of its headings, and the position of each field that it has."""

    number: int
    sheet: ReadOnlyWorksheet
    heading_row: int
    positions: dict[str, int]
    epoch: date

    @property
    def title(self) -> str:
        """The sheet's name in the workbook."""
        return self.sheet.title

    def heading(self, field: str) -> str:
        """The heading of a field as Ofsted writes it."""
        return COLUMNS[self.number][field][0]

    @property
    def headings_used(self) -> tuple[str, ...]:
        """The headings that are read, in the order of the sheet."""
        return tuple(self.heading(field) for field, _ in sorted(self.positions.items(), key=lambda item: item[1]))

    @property
    def headings_missing(self) -> tuple[str, ...]:
        """The headings that would be read if the sheet had them."""
        return tuple(self.heading(field) for field in COLUMNS[self.number] if field not in self.positions)


def find_lists(book: Workbook) -> dict[int, ListSheet]:
    """The lists that matter (4, 6, 7, 8, 9) by number; those that are absent or have no headings are left out.

    Raises WrongFile where List 6 is absent, a list occurs twice, or a column is missing without which a list means
    nothing.
    """
    epoch = book.epoch.date() if hasattr(book.epoch, "date") else book.epoch
    named: dict[int, list[ReadOnlyWorksheet]] = {}
    for sheet in sheets_of(book):
        number = list_number(sheet.title)
        if number in COLUMNS:
            named.setdefault(number, []).append(sheet)
    lists: dict[int, ListSheet] = {}
    for number, sheets in sorted(named.items()):
        if len(sheets) > 1:
            names = " and ".join(f'"{sheet.title}"' for sheet in sheets)
            raise WrongFile(
                f"Several sheets are List {number}: {names}. Delete all but the right one and upload the file again."
            )
        found = _list_sheet(number, sheets[0], epoch)
        if found:
            lists[number] = found
    if FRAME_LIST not in lists:
        raise WrongFile(
            "This workbook has no List 6 (Children in Need) with headings, so it is no Annex A workbook. Export "
            "the Annex A lists "
            'with a sheet named "List 6", or upload a plain table with a reference, status and team for each case.'
        )
    return lists


def list_number(sheet_name: str) -> int | None:
    """The number of the list that a sheet's name says: "List 6", "List_6", "LIST 06 - CIN"; None for other sheets."""
    match = _SHEET_NAME.match(re.sub(r"[^a-z0-9]+", " ", sheet_name.casefold().replace("list", "list ")).strip())
    return int(match[1]) if match else None


def _list_sheet(number: int, sheet: ReadOnlyWorksheet, epoch: date) -> ListSheet | None:
    for row, cells in sheet_rows(sheet, last=HEADING_ROWS):
        keys = [heading_key(text_of(cell)) for cell in cells]
        if not _REFERENCE_KEYS.isdisjoint(keys):
            positions = _positions(number, keys)
            _check_columns(number, sheet.title, positions)
            return ListSheet(number, sheet, row, positions, epoch)
    return None


def _positions(number: int, keys: list[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for field, names in COLUMNS[number].items():
        found = next((keys.index(key) for key in map(heading_key, names) if key in keys), None)
        if found is not None:
            positions[field] = found
    return positions


def _check_columns(number: int, title: str, positions: dict[str, int]) -> None:
    missing = [COLUMNS[number][field][0] for field in _REQUIRED[number] if field not in positions]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        raise WrongFile(
            f'The sheet "{title}" (List {number}, {LIST_TITLES[number]}) has no column headed {names}. '
            "Add it, headed exactly so, and upload the file again."
        )
