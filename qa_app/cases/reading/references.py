"""Giving back the leading zeros that references lose when a spreadsheet stores them as numbers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from qa_app.cases.reading.case_list import Problem, Report
from qa_app.cases.reading.list_rows import ListRow
from qa_app.cases.reading.sentences import Kind


class ReferenceStyle:
    """What the file's intact references look like, learned from those stored as text."""

    def __init__(self, rows: Iterable[ListRow]) -> None:
        self.widths: set[int] = set()
        self.leading_zero = False
        self.born: dict[str, set[date | None]] = defaultdict(set)
        texts = numbers = 0
        for row in rows:
            if row.number is not None:
                numbers += 1
            elif row.reference.isdecimal():
                texts += 1
                self.widths.add(len(row.reference))
                self.leading_zero = self.leading_zero or row.reference.startswith("0")
                self.born[row.reference].add(row.born)
        self.stored_as_text = texts > 0 and (self.leading_zero or texts > numbers)

    def restore(self, number: int, born: date | None) -> set[str]:
        """The references that a number may stand for.

        One where the file makes it certain, several where it does not.
        """
        plain = str(number)
        if not self.stored_as_text:
            return {plain}
        candidates = {plain.zfill(width) for width in self.widths if width >= len(plain)}
        if len(self.widths) == 1 and candidates:
            return candidates
        if not self.leading_zero:
            return {plain}
        candidates.add(plain)
        known = {candidate for candidate in candidates if self._same_child(candidate, born)}
        return known if len(known) == 1 else candidates

    def _same_child(self, reference: str, born: date | None) -> bool:
        dates = self.born.get(reference)
        return dates is not None and (born is None or born in dates or dates == {None})

    def clashes(self, reference: str, born: date | None) -> bool:
        """Whether rows with this reference, stored as text, all have a different date of birth."""
        dates = {known for known in self.born.get(reference, ()) if known is not None}
        return born is not None and bool(dates) and born not in dates


def restore_references(rows: dict[int, list[ListRow]], report: Report, column: str) -> None:
    """Set the reference of every row that was stored as a number.

    A row whose reference is unclear is taken out and reported.
    """
    style = ReferenceStyle(row for rows_of_list in rows.values() for row in rows_of_list)
    for number, rows_of_list in rows.items():
        rows[number] = [row for row in rows_of_list if row.number is None or _restored(row, style, report, column)]


def _restored(row: ListRow, style: ReferenceStyle, report: Report, column: str) -> bool:
    assert row.number is not None
    plain = str(row.number)
    candidates = style.restore(row.number, row.born)
    if len(candidates) > 1:
        used = " or ".join(sorted(candidates, key=len))
        report.unusable.append(Problem(Kind.ID_AMBIGUOUS, row.sheet, row.row, column, plain, plain, used))
        return False
    row.reference = candidates.pop()
    if row.reference != plain and style.clashes(row.reference, row.born):
        report.unusable.append(Problem(Kind.ID_CLASH, row.sheet, row.row, column, plain, plain, row.reference))
        return False
    if row.reference != plain:
        kind = Kind.ID_LOST_ZEROS
    elif style.stored_as_text:
        kind = Kind.ID_AS_NUMBER
    else:
        return True
    report.repaired.append(Problem(kind, row.sheet, row.row, column, row.reference, plain, row.reference))
    return True
