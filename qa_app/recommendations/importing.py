"""Read a list of recommendations row by row, without a database. What cannot be read is an error of its row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from qa_app.core.errors import BadInput
from qa_app.core.tables import heading_key
from qa_app.recommendations.inputs import RecommendationInput

COLUMNS = {"number": "Number", "text": "Recommendation", "owner": "Owner email", "due_on": "Due"}
"""The template's columns, in order. Only the recommendation must be there."""

HELP = {
    "Number": "Optional. Its number in the report; without one it gets the next.",
    "Recommendation": "What the report recommends, in its words. Name no child.",
    "Owner email": "Optional. The work email of a person who can sign in.",
    "Due": "Optional. A date such as 27/03/2027.",
}
LARGEST_NUMBER = 999
LONGEST_TEXT = 4000
MOST_ROWS = 500
_DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y")
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(slots=True)
class ListRow:
    """One row as read. `owner` is the email as typed, `owner_id` and `owner_name` whom it means."""

    line: int
    number: int | None = None
    text: str = ""
    owner: str = ""
    owner_id: int | None = None
    owner_name: str = ""
    due_on: date | None = None
    errors: list[str] = field(default_factory=list)

    def typed(self) -> RecommendationInput:
        """The recommendation, once there is no error and it has a number."""
        return RecommendationInput(self.text, self.owner_id, self.due_on, self.number)


def positions(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what.

    Raises:
        BadInput: the recommendations' column is missing, or a column is there twice.
    """
    keys = [heading_key(heading) for heading in headings]
    found = {}
    for name, heading in COLUMNS.items():
        times = keys.count(heading_key(heading))
        if times > 1:
            raise BadInput(f"The column {heading} is there {times} times. Keep one of them and upload the list again.")
        if times:
            found[name] = keys.index(heading_key(heading))
    if "text" not in found:
        raise BadInput("The list has no column Recommendation. Start from the template, or mend its headings.")
    return found


def read_rows(
    headings: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    owners: Mapping[str, tuple[int, str]],
    taken: Collection[int],
) -> list[ListRow]:
    """Every row, with its errors. `owners` are id and name by email, `taken` the numbers that the report has already.

    Rows without a number get the next free ones, in the order of the list.
    """
    where = positions(headings)
    read = [_read_row(line, {name: cells[at] for name, at in where.items()}, owners) for line, cells in rows]
    _check_numbers(read, taken)
    _check_twice(read)
    following = max([*taken, *(row.number for row in read if row.number)], default=0)
    for row in read:
        if row.number is None and not row.errors:
            following += 1
            row.number = following
    return read


def _read_row(line: int, text: Mapping[str, str], owners: Mapping[str, tuple[int, str]]) -> ListRow:
    row = ListRow(line, text=text["text"], owner=text.get("owner", ""))
    row.number = _number(row, text.get("number", ""))
    if not row.text:
        row.errors.append("Recommendation is empty")
    elif len(row.text) > LONGEST_TEXT:
        row.errors.append(f"Recommendation is longer than {LONGEST_TEXT:,} characters")
    if row.owner:
        known = owners.get(row.owner.casefold())
        if known is None:
            row.errors.append(f"Owner email is of nobody who can sign in and own a recommendation: {row.owner}")
        else:
            row.owner_id, row.owner_name = known
    row.due_on = _day(row, text.get("due_on", ""))
    return row


def _number(row: ListRow, text: str) -> int | None:
    plain = text.rstrip(".")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and 1 <= len(plain) <= 4 and 0 < int(plain) <= LARGEST_NUMBER):
        row.errors.append(f"Number is no whole number from 1 to {LARGEST_NUMBER}: {text[:40]}")
        return None
    return int(plain)


def _day(row: ListRow, text: str) -> date | None:
    if not text:
        return None
    for form in _DAY_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        if _EARLIEST <= found < _LATEST:
            return found
    row.errors.append(f"Due is no date: {text[:40]}. Write it as 27/03/2027")
    return None


def _check_numbers(rows: Sequence[ListRow], taken: Collection[int]) -> None:
    lines: dict[int, list[ListRow]] = {}
    for row in rows:
        if row.number is not None:
            lines.setdefault(row.number, []).append(row)
    for number, same in lines.items():
        for row in same:
            if number in taken:
                row.errors.append(f"The report has a recommendation {number} already")
            if len(same) > 1:
                others = " and ".join(str(other.line) for other in same if other is not row)
                row.errors.append(f"Number {number} is also in row {others}")


def _check_twice(rows: Sequence[ListRow]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        key = row.text.casefold()
        if key and key in first:
            row.errors.append(f"The same recommendation is in row {first[key]}")
        first.setdefault(key, row.line)


def fingerprint(rows: Sequence[ListRow]) -> str:
    """The same for the same preview: what a person saw, so that nothing else is applied than that."""
    seen: list[Any] = [(row.line, row.number, row.text, row.owner_id, row.due_on, row.errors) for row in rows]
    return sha256(repr(seen).encode()).hexdigest()


def unused_headings(headings: Sequence[str]) -> list[str]:
    """Columns of the list that mean nothing here."""
    known = {heading_key(heading) for heading in COLUMNS.values()}
    return [heading for heading in headings if heading and heading_key(heading) not in known]
