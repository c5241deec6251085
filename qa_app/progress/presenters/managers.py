"""The list of managers: columns, order, groups and subtotals."""

from collections.abc import Callable, Sequence, Set
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.format import day
from qa_app.core.lists import Choice, Column, Filter, ListPage, Search, cell_tags
from qa_app.progress.presenters.words import completion, opening, tag
from qa_app.progress.queries import Places, TaggedAudit
from qa_app.progress.rules import Figures, ManagerRow, total

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

HAVING = (
    ("outstanding", "Audits outstanding"),
    ("not_started", "Audits not started"),
    ("in_progress", "Audits in progress"),
    ("late", "Audits done late"),
    ("slipping", "A slippage notice"),
    ("pending", "An exemption asked for"),
    ("exempted", "An exemption"),
    ("done", "Everything done"),
)
GROUPS = (("service", "Service"), ("team", "Team"))
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def filters(places: Places) -> tuple[Filter, ...]:
    """What the list can be narrowed and grouped by."""
    return (
        Choice("service", "Service", tuple((str(key), name) for key, name in places.services)),
        Choice("team", "Team", tuple((str(key), name) for key, name in places.teams)),
        Choice("having", "Managers with", HAVING),
        Search("q", "Name"),
        Choice("group", "Group by", GROUPS, unchosen="Nothing"),
    )


SORTS: dict[str, Callable[[ManagerRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    # Worst first: most outstanding, of those the most not begun, then the late ones.
    "outstanding": lambda row: (row.figures.outstanding, row.figures.not_started, row.figures.late),
    "completion": lambda row: -1 if row.figures.completion is None else row.figures.completion,
    "last": lambda row: row.last_activity or LONG_AGO,
}


def in_order(rows: Sequence[ManagerRow], page: ListPage[ManagerRow]) -> list[ManagerRow]:
    """The rows as the address sorts and groups them; equal ones stay by name."""
    key = SORTS.get(page.sort, lambda row: getattr(row.figures, page.sort))
    ordered = sorted(rows, key=key, reverse=page.descending)
    group = page.filters.get("group")
    return sorted(ordered, key=lambda row: group_key(row, group)) if group else ordered


def group_key(row: ManagerRow, group: str | None) -> tuple[str, str]:
    """What puts rows in one group."""
    return (row.service, row.team if group == "team" else "")


def _group_name(row: ManagerRow, group: str) -> str:
    service = row.service or "No service"
    return f"{service}: {row.team or 'no team'}" if group == "team" else service


def _count(key: str, heading: str) -> Column[ManagerRow]:
    return Column(key, heading, lambda row: getattr(row.figures, key), sort=True, numeric=True)


class Cells:
    """The cells that need more than the row: its audits, who may read them, whom the viewer may remind.

    `audits_of`, `remindable` and `reminded` (people's ids) are put in once the rows are known.
    """

    audits_of: Callable[[ManagerRow], Sequence[TaggedAudit]]
    remindable: Set[int | None]
    reminded: Set[int | None]

    def __init__(self, viewer: Viewer, today: date, audits_path: str) -> None:
        self.viewer = viewer
        self.today = today
        self.audits_path = escape(audits_path)
        self.requests = viewer.scope(Permission.EXEMPTION_READ)

    def columns(self) -> tuple[Column[ManagerRow], ...]:
        """The page's columns; *Remind* only for those who may remind anybody."""
        counts = [_count(key, heading) for key, heading in COUNTS if key not in ("issued", *REQUESTS)]
        counts.insert(2, Column("issued", "Issued", self._issued, sort=True, numeric=True))
        remind = [Column("remind", "Remind", self._remind)] if self.viewer.can(Permission.PROGRESS_REMIND) else []
        return (
            Column("name", "Manager and team", _name_and_team, sort=True, header=True),
            *counts,
            Column("completion", "Completion", lambda row: completion(row.figures), sort=True, numeric=True),
            Column("audits", "Audits and requests", self._tags),
            Column("last", "Last activity", lambda row: day(row.last_activity), sort=True),
            *remind,
        )

    # The cells below are put together as text with each value escaped: Markup.format was half of the page's time.

    def _issued(self, row: ManagerRow) -> int | Markup:
        number = row.figures.issued
        if not number:
            return 0
        hidden = f'<span class="govuk-visually-hidden"> issued to {escape(row.name)}</span>'
        html = f'<a class="govuk-link" href="{self.audits_path}?manager={manager_key(row)}">{number}{hidden}</a>'
        return Markup(html)  # noqa: S704 - every value is escaped above

    def _asked(self, row: ManagerRow) -> list[str]:
        """Tags of what waits for an answer; each opens for those who may read it."""
        slipping, name = row.figures.slipping, escape(row.name)
        tags: list[str] = []
        if slipping:
            words = "Slipping" if slipping == 1 else f"{slipping} slipping"
            hidden = f'<span class="govuk-visually-hidden"> with {name}</span>'
            address = f"{self.audits_path}?manager={manager_key(row)}&amp;state=slipping"
            tags.append(f'<a class="govuk-link" href="{address}">{_tag(words, "orange")}{hidden}</a>')
        if row.figures.pending:
            tag = _tag("Exemption asked", "yellow")
            reads = self.requests.covers(service_id=row.service_id, team_id=row.team_id, person_id=row.person_id)
            hidden = f'<span class="govuk-visually-hidden"> by {name}</span>'
            opens = f'<a class="govuk-link" href="/exemptions/{row.request_id}">{tag}{hidden}</a>'
            tags.append(opens if reads else tag)
        return tags

    def _tags(self, row: ManagerRow) -> str | Markup:
        tags: list[str] = [opening(audit, tag(audit, self.today)) for audit in self.audits_of(row)]
        tags += self._asked(row)
        return Markup(f"<span>{' '.join(tags)}</span>") if tags else ""  # noqa: S704 - every tag is Markup already

    def _remind(self, row: ManagerRow) -> str | Markup:
        number = row.person_id
        if number not in self.remindable:
            return ""
        again = '<br><span class="app-soft">Reminded today</span>' if number in self.reminded else ""
        hidden = f'<span class="govuk-visually-hidden"> {escape(row.name)}</span>'
        start = f'<span><button type="submit" form="remind" name="manager" value="{number}" id="remind-{number}"'
        html = f'{start} class="app-link-button">Remind{hidden}</button>{again}</span>'
        return Markup(html)  # noqa: S704 - every value is escaped above


def _tag(words: str, colour: str) -> str:
    return f'<strong class="govuk-tag govuk-tag--{colour}">{words}</strong>'


def _name_and_team(row: ManagerRow) -> Markup:
    # One element, since a card on a phone lays out a cell's children side by side.
    team = escape(row.team or row.service or "No team")
    soft = f'<span class="app-soft govuk-!-font-weight-regular">{team}</span>'
    return Markup(f"<span>{escape(row.name)}<br>{soft}</span>")  # noqa: S704 - every value is escaped above


def manager_key(row: ManagerRow) -> str:
    """What stands for a row in an address: the person's id, or the team whose audits nobody has."""
    return str(row.person_id) if row.person_id is not None else f"none-{row.team_id}"


def total_cells(label: str, figures: Figures, columns: Sequence[Column[ManagerRow]]) -> list[Any]:
    """A row of totals, cell by cell as the columns are."""
    known: dict[str, Any] = {key: getattr(figures, key) for key, _ in COUNTS}
    asked = [f"{figures.slipping:,} slipping"] if figures.slipping else []
    asked += [f"{figures.pending:,} exemption asked"] if figures.pending else []
    known |= {"name": label, "completion": completion(figures), "audits": ", ".join(asked)}
    return [known.get(column.key, "") for column in columns]


class ManagerList(ListPage[ManagerRow]):
    """The list of managers: where it is grouped, each group begins with its name and subtotals."""

    subtotals: dict[tuple[str, str], Figures]

    def show(self, rows: Sequence[ManagerRow]) -> "ManagerList":
        """Put in all rows in order: this page's are shown; totals and subtotals are over all of them."""
        group = self.filters.get("group")
        groups: dict[tuple[str, str], list[ManagerRow]] = {}
        for row in rows:
            groups.setdefault(group_key(row, group), []).append(row)
        self.subtotals = {key: total(members) for key, members in groups.items()}
        foot = total_cells("Total", total(rows), self.columns)
        self.fill(rows[self.offset : self.offset + self.limit], len(rows), foot)
        return self

    @property
    def body(self) -> Markup:
        """The rows, with a group's own row before its first one on this page."""
        group = self.filters.get("group")
        tags = [cell_tags(column) for column in self.columns]
        lines: list[str] = []
        for key, members in groupby(self.rows, key=lambda row: group_key(row, group)):
            rows = list(members)
            if group:
                name = _group_name(rows[0], group)
                lines.append(_line(total_cells(name, self.subtotals[key], self.columns), tags, " app-table__totals"))
            lines += [_line([column.cell(row) for column in self.columns], tags) for row in rows]
        return Markup("".join(lines))  # noqa: S704 - every cell went through escape()


def _line(cells: Sequence[Any], tags: Sequence[tuple[str, str]], kind: str = "") -> str:
    parts = [f'<tr class="govuk-table__row{kind}" role="row">']
    for cell, (start, end) in zip(cells, tags, strict=True):
        parts += (start, cell if type(cell) is Markup else str(cell) if type(cell) is int else escape(cell), end)
    parts.append("</tr>\n")
    return "".join(parts)


EXPORT: tuple[Column[ManagerRow], ...] = (
    Column("name", "Manager", lambda row: row.name),
    Column("team", "Team", lambda row: row.team),
    Column("service", "Service", lambda row: row.service),
    *(_count(key, heading) for key, heading in COUNTS),
    Column("completion", "Completion, %", lambda row: hundredths(row.figures.completion)),
    Column("unadjusted", "Completion unadjusted, %", lambda row: hundredths(row.figures.unadjusted)),
    Column("last", "Last activity", lambda row: row.last_activity),
)
"""The workbook's columns."""


def hundredths(ratio: Fraction | None) -> float | None:
    """A completion in per cent, to one place."""
    return None if ratio is None else round(float(ratio * 100), 1)


def as_json(row: ManagerRow) -> dict[str, Any]:
    """A row for the command line: the columns of the page, completion in per cent."""
    return {
        "manager": row.name,
        "team": row.team,
        "service": row.service,
        **{key: getattr(row.figures, key) for key, _ in COUNTS},
        "completion": hundredths(row.figures.completion),
        "completion_unadjusted": hundredths(row.figures.unadjusted),
        "last_activity": row.last_activity,
    }
