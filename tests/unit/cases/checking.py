"""Compares a case list as read with the truth of a generated workbook, and accounts for what was spoiled in it."""

from collections import Counter, defaultdict

from qa_app.cases.reading import CaseList, Kind

SPOILED_UNSEEN = "conflicts_with_list_6"
"""Another list names another worker: it cannot be told where List 6's own cells were spoiled too."""


def undecided(read: CaseList) -> set[str]:
    """The children with several rows of whom no other list says which worker is right."""
    return {
        problem.reference
        for problem in read.repaired
        if problem.kind is Kind.DUPLICATE_KEPT and not problem.used.startswith("another list")
    }


def wrongly_read(read: CaseList, truth: list[dict[str, str]]) -> Counter[str]:
    """What differs from the truth without being on the report, by kind. Empty when all is well."""
    wrong: Counter[str] = Counter()
    by_reference = {case.reference: case for case in read.cases}
    unusable = {problem.reference for problem in read.unusable}
    repaired = defaultdict(set)
    for problem in read.repaired:
        repaired[problem.reference].add(problem.kind)
    wrong["invented"] = len(by_reference.keys() - {child["child_id"] for child in truth})
    wrong["twice"] = len(read.cases) - len(by_reference)
    for child in truth:
        reference = child["child_id"]
        case = by_reference.get(reference)
        if case is None:
            wrong["lost without a word"] += reference not in unusable
            continue
        seen = repaired[reference]
        wrong["open"] += case.is_open != (child["open_on_as_at_date"] == "yes")
        wrong["status"] += case.status.value != child["case_status"] and Kind.STATUS_WORD_READ not in seen
        team_known = reference not in undecided(read) and Kind.TEAM_FROM_LIST not in seen and case.team is not None
        wrong["team"] += team_known and case.team != child["team"]
        wrong["service"] += team_known and case.service != child["service"]
        wrong["manager"] += team_known and case.manager != child["team_manager"]
        worker_known = team_known and Kind.WORKER_FROM_LIST not in seen and case.worker is not None
        wrong["worker"] += worker_known and Kind.NAME_UNCLEAR not in seen and case.worker != child["worker"]
        start = case.opened_on.isoformat() if case.opened_on else ""
        wrong["start"] += start != child["episode_start"]
        end = case.closed_on.isoformat() if case.closed_on else ""
        wrong["end"] += end != child["episode_end"] and Kind.STATUS_CLOSED_WITHOUT_DATE not in seen
    return +wrong


def unaccounted(read: CaseList, spoiled: list[dict[str, str]]) -> list[dict[str, str]]:
    """The spoiled cells and rows of used columns that neither list of problems mentions at their place."""
    used = {sheet: {name.strip().lower() for name in names} for sheet, names in read.columns_used.items()}
    cells = {(p.sheet, p.row, p.column.strip().lower()) for p in (*read.repaired, *read.unusable)}
    unusable_rows = {(p.sheet, p.row) for p in read.unusable}
    from_lists = {
        p.used.rpartition(" (")[2] for p in read.repaired if p.kind in (Kind.WORKER_FROM_LIST, Kind.TEAM_FROM_LIST)
    }
    missing = []
    for cell in spoiled:
        sheet, row, column = cell["sheet"], int(cell["excel_row"]), cell["column"].strip().lower()
        if sheet not in used or (column and column not in used[sheet]) or _finished_assessment(cell):
            continue
        if cell["kind"] == SPOILED_UNSEEN and f"{sheet}, row {row})" in from_lists | {
            f"{s}, row {r})" for s, r in unusable_rows
        }:
            continue
        if cell["kind"] == SPOILED_UNSEEN and cell["clean_value"] == cell["written_value"]:
            continue
        if (sheet, row) not in unusable_rows and not cells & {(sheet, row, column), (sheet, row, "")}:
            missing.append(cell)
    return missing


def _finished_assessment(cell: dict[str, str]) -> bool:
    """List 4 is read for its open assessments; team and worker of finished ones are not used, so not looked at."""
    return cell["sheet"].replace("_", " ") == "List 4" and cell["column"].startswith("Allocated")
