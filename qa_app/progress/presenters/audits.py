"""The list of audits behind a figure."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from qa_app.core.format import day, plural
from qa_app.core.lists import Choice, Column, Filter, ListPage
from qa_app.progress.presenters.lines import manager_key
from qa_app.progress.presenters.words import opening, round_words, tag, tag_of
from qa_app.progress.queries import AUDIT_SORTS, ListedAudit
from qa_app.progress.rules import ManagerRow

STATES = (
    ("outstanding", "Outstanding"),
    ("not_started", "Not started"),
    ("in_progress", "In progress"),
    ("on_time", "Done on time"),
    ("late", "Done late"),
    ("slipping", "With a slippage notice"),
)


def filters(of_managers: Sequence[Filter], rows: Sequence[ManagerRow]) -> tuple[Filter, ...]:
    """The managers' own filters, so that a figure and its list agree, and the state and the manager."""
    people = tuple((manager_key(row), _name(row)) for row in rows)
    kept = tuple(offered for offered in of_managers if offered.key != "group")
    return (Choice("state", "State", STATES), Choice("manager", "Manager", people), *kept)


def _name(row: ManagerRow) -> str:
    return row.name if row.person_id is not None else f"{row.name}: {row.team}"


def columns(today: date) -> tuple[Column[ListedAudit], ...]:
    """Reference, team, manager, state and dates: what any reader of progress may see of an audit."""
    sorts = AUDIT_SORTS
    return (
        Column(
            "reference",
            "Audit",
            opening,
            sort=sorts["reference"],
            header=True,
            value=lambda audit: audit.reference,
        ),
        Column("team", "Team", lambda audit: audit.team, sort=sorts["team"]),
        Column("manager", "Manager", lambda audit: audit.manager, sort=sorts["manager"]),
        Column("state", "State", lambda audit: tag(audit, today), value=lambda audit: tag_of(audit, today)[0]),
        _date("due", "Due", lambda audit: audit.due_on),
        _date("submitted", "First submitted", lambda audit: audit.submitted_at),
        _date("last", "Last activity", lambda audit: audit.last_activity_at),
    )


def _date(key: str, heading: str, read: Callable[[ListedAudit], Any]) -> Column[ListedAudit]:
    return Column(key, heading, lambda audit: day(read(audit)), sort=AUDIT_SORTS[key], value=read)


def heading(round_: Any, count: int, page: ListPage[Any], today: date) -> str:
    """`June: 12 audits not started`."""
    words = {"": "", **{key: f" {label[0].lower()}{label[1:]}" for key, label in STATES}}
    return f"{round_words(round_, today)}: {plural(count, 'audit')}{words[page.filters.get('state', '')]}"
