"""The list of managers: columns, order, groups and subtotals."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from markupsafe import Markup

from qa_app.core.lists import Choice, Column, Filter, ListPage, Search
from qa_app.progress.presenters.lines import COUNTS, Line, line_html, table_row
from qa_app.progress.presenters.words import completion
from qa_app.progress.queries import Places
from qa_app.progress.rules import Figures, ManagerRow, total

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


def in_order(rows: Sequence[ManagerRow], page: ListPage[Any]) -> list[ManagerRow]:
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


def total_cells(label: str, figures: Figures, columns: Sequence[Column[Line]]) -> list[Any]:
    """A row of totals, cell by cell as the columns are."""
    known: dict[str, Any] = {key: getattr(figures, key) for key, _ in COUNTS}
    asked = [f"{figures.slipping:,} slipping"] if figures.slipping else []
    asked += [f"{figures.pending:,} exemption asked"] if figures.pending else []
    known |= {"name": label, "completion": completion(figures), "audits": ", ".join(asked)}
    return [known.get(column.key, "") for column in columns]


class ManagerList(ListPage[Line]):
    """The list of managers: where it is grouped, each group begins with its name and subtotals."""

    total_figures: Figures
    subtotals: dict[tuple[str, str], Figures]

    def page_of(self, rows: Sequence[ManagerRow]) -> Sequence[ManagerRow]:
        """Put in all rows in order: totals and subtotals are over all of them. Returns those of this page."""
        group = self.filters.get("group")
        groups: dict[tuple[str, str], list[ManagerRow]] = {}
        for row in rows if group else ():
            groups.setdefault(group_key(row, group), []).append(row)
        self.subtotals = {key: total(members) for key, members in groups.items()}
        self.total_figures = total(rows)
        self.fill((), len(rows), total_cells("Total", self.total_figures, self.columns))
        return rows[self.offset : self.offset + self.limit]

    @property
    def body(self) -> Markup:
        """The rows, with a group's own row before its first one on this page."""
        group = self.filters.get("group")
        width = len(self.columns)
        if not group:
            return Markup("".join(line_html(line, width) for line in self.rows))  # noqa: S704 - every cell is escaped
        html: list[str] = []
        for key, members in groupby(self.rows, key=lambda line: group_key(line.row, group)):
            lines = list(members)
            name = _group_name(lines[0].row, group)
            cells = total_cells(name, self.subtotals[key], self.columns)
            html.append(table_row(cells, self.columns, " app-table__totals"))
            html += [line_html(line, width) for line in lines]
        return Markup("".join(html))  # noqa: S704 - every cell went through escape()


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
