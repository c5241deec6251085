"""Reading a case list: Ofsted's Annex A workbook in both layouts and editions, or a plain table with a column mapping.

Pure but for reading the file: no database, no clock. Nothing is guessed silently: every cell that had to be put right
and every row that could not be used is in the result with its place, the reason and what was done (domain.md section
4).
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from qa_app.cases.reading.case_list import CaseList, ListedCase, Problem, Report
from qa_app.cases.reading.joining import Joiner
from qa_app.cases.reading.layout import FRAME_LIST, find_lists, list_number
from qa_app.cases.reading.list_rows import ListRow, read_rows
from qa_app.cases.reading.mapped import (
    ColumnMapping,
    MappingNeeded,
    guess_mapping,
    mapped_positions,
    mapped_rows,
)
from qa_app.cases.reading.references import restore_references
from qa_app.cases.reading.sentences import Kind
from qa_app.cases.reading.staffing import Staffing
from qa_app.cases.reading.teams import TeamEntry, TeamLookup
from qa_app.cases.reading.wrong_files import refuse_other_returns, refuse_xml
from qa_app.cases.rules import status_word
from qa_app.cases.states import Status
from qa_app.core.tables import Table, read_table
from qa_app.core.workbooks import WrongFile, kind_of_file, open_workbook, sheet_names

__all__ = [
    "CaseList",
    "ColumnMapping",
    "Kind",
    "ListedCase",
    "MappingNeeded",
    "Problem",
    "TeamEntry",
    "TeamLookup",
    "WrongFile",
    "guess_mapping",
    "has_lists",
    "read_case_list",
]

Progress = Callable[[int, int], None]


def read_case_list(
    path: Path,
    *,
    teams: TeamLookup | None,
    mapping: ColumnMapping | None = None,
    progress: Progress | None = None,
) -> CaseList:
    """Read a case list from a file, whatever its name.

    With a `mapping` the file is read as one plain table; without one, as Annex A where it has a List 6, else as a table
    whose headings are recognised. `progress` is called with rows done and rows expected. Raises WrongFile (a sentence
    that says what the file is and what to do), and MappingNeeded where a person has to say which column is which.
    """
    kind = kind_of_file(path)
    if kind == "xml":
        refuse_xml(path)
    if mapping is None and kind == "workbook" and has_lists(path):
        return _read_annex_a(path, teams, progress)
    table = read_table(path)
    if mapping is None:
        refuse_other_returns(table.headings)
    return _read_mapped(table, mapping or guess_mapping(table.headings), teams, progress)


def has_lists(path: Path) -> bool:
    """Whether a workbook is meant as Annex A: some sheet is named as a list.

    Raises WrongFile where it cannot be opened.
    """
    return any(list_number(name) is not None for name in sheet_names(path))


def _read_annex_a(path: Path, teams: TeamLookup | None, progress: Progress | None) -> CaseList:
    report = Report()
    with open_workbook(path) as book:
        lists = find_lists(book)
        rows = read_rows(lists, report, progress)
    read = sum(len(of_list) for of_list in rows.values()) + len(report.unusable)
    headings = {name: lists[FRAME_LIST].heading(name) for name in lists[FRAME_LIST].positions}
    result = _joined(rows, teams, headings, {}, report, read)
    result.columns_used = {found.title: found.headings_used for found in lists.values()}
    result.columns_missing = {found.title: found.headings_missing for found in lists.values() if found.headings_missing}
    return result


def _read_mapped(table: Table, mapping: ColumnMapping, teams: TeamLookup | None, progress: Progress | None) -> CaseList:
    report = Report()
    positions = mapped_positions(table, mapping)
    rows = {FRAME_LIST: mapped_rows(table, positions, report)}
    if progress:
        progress(len(table.rows), len(table.rows))
    headings = {name: table.headings[position] for name, position in positions.items()}
    result = _joined(rows, teams, headings, mapping.aliases, report, len(rows[FRAME_LIST]) + len(report.unusable))
    result.columns_used = {table.sheet or "CSV": tuple(headings.values())}
    return result


def _joined(
    rows: dict[int, list[ListRow]],
    teams: TeamLookup | None,
    headings: dict[str, str],
    aliases: dict[str, Status],
    report: Report,
    read: int,
) -> CaseList:
    restore_references(rows, report, headings["reference"])
    staffing = Staffing((row for of_list in rows.values() for row in of_list), teams, headings, report)
    written = Counter(row.status for row in rows[FRAME_LIST])
    words = {text: status_word(text, aliases) for text in written}
    cases = list(Joiner(rows, staffing, words, headings, report).cases())
    report.repaired.sort(key=_place)
    report.unusable.sort(key=_place)
    counted = {text: (words[text].status, times) for text, times in sorted(written.items())}
    return CaseList(cases, report.unusable, report.repaired, read, {}, {}, counted)


def _place(problem: Problem) -> tuple[str, int, str]:
    return problem.sheet, problem.row, problem.column
