"""A row of the list of managers as the page shows it: its cells, and the row as HTML, kept while it stays the same."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.format import day
from qa_app.core.lists import Column, cell_tags
from qa_app.progress.presenters.words import completion, opening, tag
from qa_app.progress.rules import ManagerRow

COUNTS = (
    ("expected", "Expected"),
    ("exempted", "Exempt"),
    ("issued", "Issued"),
    ("not_started", "Not started"),
    ("in_progress", "In progress"),
    ("on_time", "On time"),
    ("late", "Late"),
    ("outstanding", "Outstanding"),
    ("slipping", "Slipping"),
    ("pending", "Exemption asked"),
)
"""The figures in the order of their columns, in the workbook and on the command line."""

REQUESTS = ("slipping", "pending")
"""Figures that the page shows as tags beside the audits, where there are any: columns of zeros made it too wide."""


class Line(NamedTuple):
    """Everything that the cells of a row are made of: the row, and what the viewer may do with it."""

    row: ManagerRow
    today: date
    audits_path: str
    may_remind: bool
    reminded: bool
    reads_request: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Makes lines of rows for one viewer and day. `remindable` and `reminded` are people's ids."""

    viewer: Viewer
    today: date
    audits_path: str
    remindable: Set[int | None]
    reminded: Set[int | None]

    def of(self, rows: Iterable[ManagerRow]) -> list[Line]:
        """The lines of some rows."""
        requests, path = self.viewer.scope(Permission.EXEMPTION_READ), str(escape(self.audits_path))
        return [
            Line(
                row,
                self.today,
                path,
                row.person_id in self.remindable,
                row.person_id in self.reminded,
                bool(row.request_id)
                and requests.covers(service_id=row.service_id, team_id=row.team_id, person_id=row.person_id),
            )
            for row in rows
        ]


# The cells below are put together as text with each value escaped: Markup.format was half of the page's time.


def _issued(line: Line) -> int | Markup:
    number = line.row.figures.issued
    if not number:
        return 0
    hidden = f'<span class="govuk-visually-hidden"> issued to {escape(line.row.name)}</span>'
    html = f'<a class="govuk-link" href="{line.audits_path}?manager={manager_key(line.row)}">{number}{hidden}</a>'
    return Markup(html)  # noqa: S704 - every value is escaped above


def _asked(line: Line) -> list[str]:
    """Tags of what waits for an answer; each opens for those who may read it."""
    slipping, name = line.row.figures.slipping, escape(line.row.name)
    tags: list[str] = []
    if slipping:
        words = "Slipping" if slipping == 1 else f"{slipping} slipping"
        hidden = f'<span class="govuk-visually-hidden"> with {name}</span>'
        address = f"{line.audits_path}?manager={manager_key(line.row)}&amp;state=slipping"
        tags.append(f'<a class="govuk-link" href="{address}">{_tag(words, "orange")}{hidden}</a>')
    if line.row.figures.pending:
        tag = _tag("Exemption asked", "yellow")
        hidden = f'<span class="govuk-visually-hidden"> by {name}</span>'
        opens = f'<a class="govuk-link" href="/exemptions/{line.row.request_id}">{tag}{hidden}</a>'
        tags.append(opens if line.reads_request else tag)
    return tags


def _tags(line: Line) -> str | Markup:
    tags: list[str] = [opening(audit, tag(audit, line.today)) for audit in line.row.audits]
    tags += _asked(line)
    return Markup(f"<span>{' '.join(tags)}</span>") if tags else ""  # noqa: S704 - every tag is Markup already


def _remind(line: Line) -> str | Markup:
    if not line.may_remind:
        return ""
    number = line.row.person_id
    again = '<br><span class="app-soft">Reminded today</span>' if line.reminded else ""
    hidden = f'<span class="govuk-visually-hidden"> {escape(line.row.name)}</span>'
    start = f'<span><button type="submit" form="remind" name="manager" value="{number}" id="remind-{number}"'
    html = f'{start} class="app-link-button">Remind{hidden}</button>{again}</span>'
    return Markup(html)  # noqa: S704 - every value is escaped above


def _tag(words: str, colour: str) -> str:
    return f'<strong class="govuk-tag govuk-tag--{colour}">{words}</strong>'


def _name_and_team(line: Line) -> Markup:
    # One element, since a card on a phone lays out a cell's children side by side.
    row = line.row
    team = escape(row.team or row.service or "No team")
    soft = f'<span class="app-soft govuk-!-font-weight-regular">{team}</span>'
    return Markup(f"<span>{escape(row.name)}<br>{soft}</span>")  # noqa: S704 - every value is escaped above


def manager_key(row: ManagerRow) -> str:
    """What stands for a row in an address: the person's id, or the team whose audits nobody has."""
    return str(row.person_id) if row.person_id is not None else f"none-{row.team_id}"


def _figure(key: str, heading: str) -> Column[Line]:
    if key == "issued":
        return Column(key, heading, _issued, sort=True, numeric=True)
    return Column(key, heading, lambda line: getattr(line.row.figures, key), sort=True, numeric=True)


COLUMNS: tuple[Column[Line], ...] = (
    Column("name", "Manager and team", _name_and_team, sort=True, header=True),
    *(_figure(key, heading) for key, heading in COUNTS if key not in REQUESTS),
    Column("completion", "Completion", lambda line: completion(line.row.figures), sort=True, numeric=True),
    Column("audits", "Audits and requests", _tags),
    Column("last", "Last activity", lambda line: day(line.row.last_activity), sort=True),
)
"""The page's columns for everybody."""
REMINDING: tuple[Column[Line], ...] = (*COLUMNS, Column("remind", "Remind", _remind))
"""And for those who may remind anybody."""


def columns_for(viewer: Viewer) -> tuple[Column[Line], ...]:
    """The page's columns."""
    return REMINDING if viewer.can(Permission.PROGRESS_REMIND) else COLUMNS


@lru_cache(maxsize=2048)
def line_html(line: Line, columns: int) -> str:
    """A line as a table row, with so many of the columns. Kept: from one look at the page to the next most stay."""
    shown = REMINDING[:columns]
    return table_row([column.cell(line) for column in shown], shown)


def table_row(cells: Sequence[Any], columns: Sequence[Column[Line]], kind: str = "") -> str:
    """Cells as a table row; each is escaped."""
    parts = [f'<tr class="govuk-table__row{kind}" role="row">']
    for cell, column in zip(cells, columns, strict=True):
        start, end = cell_tags(column)
        parts += (start, escape(cell), end)
    parts.append("</tr>\n")
    return "".join(parts)
