"""Reading single cells: text with its mess taken away, dates in every form that occurs. Pure."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from qa_app.cases.reading.sentences import Kind
from qa_app.core.tables import tidy
from qa_app.core.workbooks import Cell, is_formula

MAX_TEXT = 200
"""Longer than any team, name or reference: such a cell is in the wrong column."""

ERROR_CELLS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
UNALLOCATED = frozenset(
    ("unallocated", "not allocated", "none", "n/a", "na", "tbc", "unknown", "vacant", "-", "--", "null", "nan")
)
"""What systems write where there is nobody, in lower case."""

_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_DAY_FIRST = re.compile(rf"^(\d{{1,2}})[/. -](\d{{1,2}})[/. -](\d{{4}}|\d{{2}}){_TIME}$")
_YEAR_FIRST = re.compile(rf"^(\d{{4}})[/.-](\d{{1,2}})[/.-](\d{{1,2}}){_TIME}$")
_WITH_MONTH = re.compile(
    rf"^(\d{{1,2}})(?:st|nd|rd|th)?[ /.-]*([a-z]{{3,9}})[ ,/.-]*(\d{{4}}|\d{{2}}){_TIME}$", re.IGNORECASE
)
_NUMBER = re.compile(r"^\d{1,5}(?:\.\d+)?$")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
EXCEL_EPOCH = date(1899, 12, 30)


class DateRead(NamedTuple):
    """A date cell as read: the day (None: nothing or nothing readable), and what is to be reported about it."""

    day: date | None
    kind: Kind | None = None


def read_date(cell: Cell, epoch: date = EXCEL_EPOCH) -> DateRead:
    """The day that a cell holds. Text is read day first, two-digit years as 1969 to 2068.

    Numbers as Excel's day numbers.
    """
    if isinstance(cell, datetime):
        return DateRead(cell.date())
    if cell is None or cell == "":
        return DateRead(None)
    if isinstance(cell, date):
        return DateRead(cell)
    if isinstance(cell, str):
        return _date_from_text(cell, epoch)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        day = _from_serial(float(cell), epoch)
        return DateRead(day, Kind.SERIAL_DATE if day else Kind.UNREADABLE_DATE)
    return DateRead(None, Kind.FORMULA if is_formula(cell) else Kind.UNREADABLE_DATE)


def _date_from_text(written: str, epoch: date) -> DateRead:
    text = tidy(written)
    if not text:
        return DateRead(None)
    if text in ERROR_CELLS:
        return DateRead(None, Kind.ERROR_CELL)
    if is_formula(text):
        return DateRead(None, Kind.FORMULA)
    if _NUMBER.match(text):
        day = _from_serial(float(text), epoch)
        return DateRead(day, Kind.SERIAL_DATE if day else Kind.UNREADABLE_DATE)
    day = day_from_text(text)
    return DateRead(day, Kind.TEXT_DATE if day else Kind.UNREADABLE_DATE)


def day_from_text(text: str) -> date | None:
    """The day that tidy text names: 03/04/2025 and 03.04.25 are 3 April; 2025-04-03, 3 Apr 2025 too.

    None for anything else.
    """
    if match := _DAY_FIRST.match(text):
        return _day(match[3], int(match[2]), match[1])
    if match := _YEAR_FIRST.match(text):
        return _day(match[1], int(match[2]), match[3])
    if match := _WITH_MONTH.match(text):
        name = match[2].lower()
        months = [
            number for number, month in enumerate(_MONTHS, 1) if month.startswith(name) or name == "sept" == month[:4]
        ]
        return _day(match[3], months[0], match[1]) if len(months) == 1 else None
    return None


def _day(year: str, month: int, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 69 else 1900
    try:
        found = date(number, month, int(day))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None


def _from_serial(number: float, epoch: date) -> date | None:
    if not 1 <= number < 100_000:
        return None
    found = epoch + timedelta(days=int(number))
    return found if _EARLIEST <= found <= _LATEST else None


class TextRead(NamedTuple):
    """A text cell as read: the tidy text ("": nothing usable), and what is to be reported about it."""

    text: str
    kind: Kind | None = None


def read_text(cell: Cell) -> TextRead:
    """The text that a cell holds, tidy; errors, formulas and the words for nobody give ""."""
    if cell is None:
        return TextRead("")
    if not isinstance(cell, str):
        if isinstance(cell, float) and cell.is_integer():
            return TextRead(str(int(cell)))
        return TextRead("", Kind.FORMULA) if is_formula(cell) else TextRead(str(cell))
    text = tidy(cell)
    if text in ERROR_CELLS:
        return TextRead("", Kind.ERROR_CELL)
    if is_formula(text):
        return TextRead("", Kind.FORMULA)
    return TextRead(text, Kind.SPACES if text and text != cell else None)


def blank_or_nobody(text: str) -> str:
    """The text, or "" where it only says that there is nobody."""
    return "" if text.casefold() in UNALLOCATED else text


def describe(cell: Cell) -> str:
    """What a cell without usable content holds, as a report says it: blank, or its text in quotes."""
    text = tidy(str(cell)) if cell is not None else ""
    return f'"{text[:80]}"' if text else "blank"


def show_day(day: date) -> str:
    """A day as the report writes it: 3 April 2025."""
    return f"{day.day} {day:%B %Y}"
