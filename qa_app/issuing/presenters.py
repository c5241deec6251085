"""What the pages of issuing say."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_app.core.lists import Column, ListPage
from qa_app.issuing.queries import Recipient, Standing


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words, and the list behind it (none: it is no link)."""

    number: int
    text: str
    href: str | None = None


def recipient_list(recipients: Sequence[Recipient]) -> ListPage[Recipient]:
    """The auditors with how many audits each gets, and the total."""
    columns: tuple[Column[Recipient], ...] = (
        Column("name", "Auditor", lambda row: row.name, header=True),
        Column("team", "Team", lambda row: row.team),
        Column("audits", "Audits", lambda row: row.audits, numeric=True),
    )
    page = ListPage(columns, (), {}, "", default_sort="name", id="recipients")
    return page.fill(recipients, len(recipients), ("All", "", sum(row.audits for row in recipients)))


def figures(standing: Standing, reference: str) -> list[Figure]:
    """A round's audits by state, each opening the audits behind it."""
    audits = f"/progress/{reference}/audits"
    found = [
        Figure(standing.to_do, "audits", audits),
        Figure(standing.on_time, "submitted on time", f"{audits}?state=on_time"),
        Figure(standing.late, "submitted late", f"{audits}?state=late"),
        Figure(standing.in_progress, "in progress", f"{audits}?state=in_progress"),
        Figure(standing.not_started, "not started", f"{audits}?state=not_started"),
    ]
    if standing.without_auditor:
        found.append(Figure(standing.without_auditor, "of these without an auditor", f"/rounds/{reference}/allocation"))
    if standing.withdrawn:
        found.append(Figure(standing.withdrawn, "withdrawn"))
    return found
