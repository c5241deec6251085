"""One helper for every list page: columns, filters, sorting, paging and export, declared once and kept in the address.

    COLUMNS = (
        Column("person", "Name", lambda row: row.name, sort=Person.name, header=True),
        Column("due", "Due", lambda row: day(row.due_on), sort=Audit.due_on, value=lambda row: row.due_on),
    )
    FILTERS = (Choice("service", "Service", choices), Search("q", "Name"))

    page = ListPage(COLUMNS, FILTERS, request.args, path=request.path, default_sort="due")
    rows, total = queries.audits(viewer, page.filters, page.order_by, limit=page.limit, offset=page.offset)
    page.fill(rows, total)

The room's query stays in its `queries.py`; this knows no table. The template is `components/lists.html`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup, escape

Row = TypeVar("Row")

PAGE_SIZE = 50
# Digits: a longer number is no page of ours, and too large a one is more than a database can pass over.
LONGEST_PAGE_NUMBER = 6
# Numbers of the first, last and nearby pages stand in the pagination; the rest are left out.
NEARBY = 1


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `cell` gives text or Markup for the page, `value` what the export holds (else the cell's text)."""

    key: str
    heading: str
    cell: Callable[[Row], Any]
    sort: Any = None
    numeric: bool = False
    header: bool = False
    value: Callable[[Row], Any] | None = None

    def export_value(self, row: Row) -> Any:
        """A number, date or text for a spreadsheet."""
        return self.value(row) if self.value else self.cell(row)


@dataclass(frozen=True, slots=True)
class Filter:
    """Something to narrow the list by, named `key` in the address."""

    key: str
    label: str

    def shown(self, value: str) -> str | None:
        """How a chosen value reads, or None when it is not one that can be chosen."""
        return value[:100]


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """A text to look for."""


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of a few values: pairs of value and words. `unchosen` is what stands there when none is."""

    choices: Sequence[tuple[str, str]] = ()
    unchosen: str = "All"

    def shown(self, value: str) -> str | None:
        """The words of the value, or None for one that is not offered."""
        return dict(self.choices).get(value)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading as the page needs it."""

    text: str
    numeric: bool
    href: str
    direction: str  # "ascending", "descending" or "" when not sorted by it


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in force, with the address that takes it off."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """One entry of the pagination; no number means that pages are left out here."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(slots=True)
class ListPage(Generic[Row]):
    """The state of one list as its address says. Values that are not offered are as if absent, never an error."""

    columns: Sequence[Column[Row]]
    offered: Sequence[Filter]
    args: Mapping[str, str]
    path: str
    default_sort: str
    default_descending: bool = False
    id: str = "results"
    size: int = PAGE_SIZE
    sort: str = field(init=False)
    descending: bool = field(init=False)
    number: int = field(init=False)
    filters: dict[str, str] = field(init=False)
    rows: Sequence[Row] = field(init=False, default=())
    total: int = field(init=False, default=0)
    totals: Sequence[Any] = field(init=False, default=())

    def __post_init__(self) -> None:
        asked = self.args.get("sort", "")
        key = asked.removeprefix("-")
        known = key in {column.key for column in self.columns if column.sort is not None}
        self.sort = key if known else self.default_sort
        self.descending = asked.startswith("-") if known else self.default_descending
        page = self.args.get("page", "")
        plain = page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE_NUMBER
        self.number = max(1, int(page)) if plain else 1
        self.filters = {}
        for offered in self.offered:
            value = self.args.get(offered.key, "").strip()
            if value and offered.shown(value) is not None:
                self.filters[offered.key] = value

    @property
    def limit(self) -> int:
        """Rows to read."""
        return self.size

    @property
    def offset(self) -> int:
        """Rows to pass over."""
        return (self.number - 1) * self.size

    @property
    def order_by(self) -> list[Any]:
        """Sort expressions for the query, which adds its own last one (the id) so that pages never overlap."""
        column = next((c for c in self.columns if c.key == self.sort), None)
        if column is None or column.sort is None:
            return []
        parts = column.sort if isinstance(column.sort, (list, tuple)) else [column.sort]
        return [part.desc() if self.descending else part.asc() for part in parts]

    def fill(self, rows: Sequence[Row], total: int, totals: Sequence[Any] = ()) -> "ListPage[Row]":
        """Put in what the query found: this page's rows, how many there are in all, and the cells of a totals row."""
        self.rows, self.total, self.totals = rows, total, totals
        return self

    def address(self, **changes: str | int | None) -> str:
        """This list's address with some things changed; None takes one off. Defaults do not stand in it."""
        state: dict[str, Any] = dict(self.filters)
        if (self.sort, self.descending) != (self.default_sort, self.default_descending):
            state["sort"] = ("-" if self.descending else "") + self.sort
        state.update(changes)
        query = _query(tuple((key, value) for key, value in state.items() if value is not None))
        return f"{self.path}?{query}" if query else self.path

    @property
    def headings(self) -> list[Heading]:
        """Headings with the address that sorts by each; by the one in use, the other way round."""
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column[Row]) -> Heading:
        if column.sort is None:
            return Heading(column.heading, column.numeric, "", "")
        here = column.key == self.sort
        asked = f"-{column.key}" if here and not self.descending else column.key
        plain = (column.key, asked.startswith("-")) == (self.default_sort, self.default_descending)
        direction = ("descending" if self.descending else "ascending") if here else ""
        return Heading(column.heading, column.numeric, self.address(sort=None if plain else asked), direction)

    @property
    def body(self) -> Markup:
        """The rows as table rows. Written here and not in the template, where fifty rows took four milliseconds."""
        cells = [(column.cell, *cell_tags(column)) for column in self.columns]
        parts: list[str] = []
        for row in self.rows:
            parts.append('<tr class="govuk-table__row" role="row">')
            parts.extend(f"{start}{escape(_shown(cell(row)))}{end}" for cell, start, end in cells)
            parts.append("</tr>\n")
        return Markup("".join(parts))  # noqa: S704 - every cell went through escape()

    @property
    def foot(self) -> Markup:
        """The totals as the cells of one row; the first is its heading."""
        tags = [cell_tags(column) for column in self.columns]
        pairs = zip(self.totals, tags, strict=True)
        html = "".join(f"{start}{escape(_shown(total))}{end}" for total, (start, end) in pairs)
        return Markup(html)  # noqa: S704 - every cell went through escape()

    @property
    def chosen(self) -> list[Chosen]:
        """Filters in force, to be shown as tags that take them off."""
        return [
            Chosen(f"{offered.label}: {offered.shown(self.filters[offered.key])}", self.address(**{offered.key: None}))
            for offered in self.offered
            if offered.key in self.filters
        ]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def links(self) -> list[PageLink]:
        """The pagination: first, last, this and its neighbours, with gaps where pages are left out."""
        wanted = sorted(
            {1, self.pages} | {n for n in range(self.number - NEARBY, self.number + NEARBY + 1) if 1 <= n <= self.pages}
        )
        links: list[PageLink] = []
        for before, number in zip([0, *wanted], wanted, strict=False):
            if number - before > 1:
                links.append(PageLink(None))
            links.append(PageLink(number, self.page_address(number), number == self.number))
        return links

    def page_address(self, number: int) -> str:
        """Address of another page of the same list."""
        return self.address(page=None if number == 1 else number)

    @property
    def showing(self) -> str:
        """`Showing 51 to 100 of 230`, or nothing when all fit on one page."""
        if self.pages == 1 or not self.rows:
            return ""
        return f"Showing {self.offset + 1:,} to {self.offset + len(self.rows):,} of {self.total:,}"

    def export_address(self, path: str) -> str:
        """Address of the export at `path`, with the same filters and order."""
        return path + self.address()[len(self.path) :]


@lru_cache(maxsize=4096)
def _query(state: tuple[tuple[str, str | int], ...]) -> str:
    """Names and values as they stand in an address. Kept: a page of a list asks for dozens, and mostly for the same."""
    return urlencode(state)


@lru_cache(maxsize=512)
def _options(choices: tuple[tuple[str, str], ...], chosen: str | None) -> Markup:
    """Choices as the options of a select. Kept: teams and services stay as they are, and stand on every list."""
    selected = Markup(" selected")
    option = Markup('<option value="{}"{}>{}</option>\n')
    return Markup("").join(option.format(value, selected if value == chosen else "", text) for value, text in choices)


def options(choices: Iterable[tuple[str, str]], chosen: str | None = None) -> Markup:
    """Pairs of value and words as the options of a select, one of them chosen."""
    return _options(tuple(choices), chosen)


def cell_tags(column: Column[Any]) -> tuple[str, str]:
    """Opening and closing tag of a column's cells. Roles keep it a table where the style sheet makes cards of it."""
    number = " app-table__number" if column.numeric else ""
    name = escape(column.heading)
    if column.header:
        return f'<th scope="row" role="rowheader" class="govuk-table__header{number}" data-label="{name}">', "</th>"
    return f'<td role="cell" class="govuk-table__cell{number}" data-label="{name}">', "</td>"


def _shown(value: Any) -> Any:
    return "" if value is None else value
