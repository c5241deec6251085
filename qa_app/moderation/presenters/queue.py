"""The queue of moderations: late first, and as a spreadsheet."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from qa_app.audits.content import grade_label, read_scale
from qa_app.core.clock import london_day
from qa_app.core.format import initial_capital, month_name, plural
from qa_app.core.lists import Choice, Column, Filter
from qa_app.moderation.presenters.words import clock, state_tag
from qa_app.moderation.queries import ALL, LATE, MINE, NOBODY, SORTS, QueueRow
from qa_app.moderation.states import GRADING, MODERATION, ModerationState

FIRST_DUE = "due"
STATES = (
    (LATE, "Late"),
    *((str(state), MODERATION.labels[state]) for state in ModerationState),
    (ALL, "All, those that are over too"),
)


def filters(services: Sequence[tuple[int, str]], months: Sequence[date], *, manages: bool) -> tuple[Filter, ...]:
    """State, whose, service and month; whose is nobody's only for those who can give it to somebody."""
    whose = [(MINE, "Mine to moderate"), *([(NOBODY, "Nobody's")] if manages else [])]
    return (
        Choice("state", "State", STATES, unchosen="Open"),
        Choice("of", "Whose", whose),
        Choice("service", "Service", tuple((str(service_id), name) for service_id, name in services)),
        Choice("month", "Month", tuple((f"{month:%Y-%m}", month_name(month)) for month in months)),
    )


def columns(today: date) -> tuple[Column[QueueRow], ...]:
    """Which audit, whose, by whom, where it is and by when."""
    return (
        Column("audit", "Audit", _link, sort=SORTS["audit"], header=True, value=lambda row: row.reference),
        Column("team", "Team", lambda row: row.team, sort=SORTS["team"]),
        Column("auditor", "Auditor", lambda row: row.auditor or "", sort=SORTS["auditor"]),
        Column("moderator", "Moderator", _moderator, sort=SORTS["moderator"], value=lambda row: row.moderator or ""),
        Column("state", "State", lambda row: _tag(row, today), sort=SORTS["state"]),
        Column("due", "Due", lambda row: clock(row.due_on, row.state, today), sort=SORTS["due"]),
    )


def export_columns(today: date) -> tuple[Column[QueueRow], ...]:
    """The same with what a spreadsheet is asked for: how it was moderated, and the grades once there is a result."""
    return (
        Column("audit", "Audit", lambda row: row.reference),
        Column("month", "Month", lambda row: month_name(row.month)),
        Column("service", "Service", lambda row: row.service),
        Column("team", "Team", lambda row: row.team),
        Column("auditor", "Auditor", lambda row: row.auditor or ""),
        Column("moderator", "Moderator", lambda row: row.moderator or ""),
        Column("state", "State", lambda row: state_tag(row.state)[0]),
        Column("due", "Due", lambda row: row.due_on),
        Column("late", "Late", lambda row: "yes" if _is_late(row, today) else "no"),
        Column("how", "Blind or sighted", lambda row: "blind" if row.is_blind else "sighted"),
        Column("done", "Moderated on", lambda row: london_day(row.moderated_at) if row.moderated_at else ""),
        Column("before", "Auditor's grade", lambda row: _grade(row.auditor_grade, row)),
        Column("after", "Moderated grade", lambda row: _grade(row.moderated_grade, row)),
        Column("panel", "Panel's grade", lambda row: _grade(row.panel_grade, row)),
        Column("final", "Final grade", lambda row: _grade(row.final_grade if row.moderated_at else None, row)),
    )


def _grade(grade: str | None, row: QueueRow) -> str:
    return grade_label(grade, read_scale(row.scale))


def _link(row: QueueRow) -> Markup:
    address = f"/moderation/{row.reference.rpartition('/')[0]}/{row.number}"
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, row.reference)


def _moderator(row: QueueRow) -> str | Markup:
    if row.moderator is None and row.state in GRADING:
        return Markup('<strong class="govuk-tag govuk-tag--orange">Nobody</strong>')
    return row.moderator or ""


def _is_late(row: QueueRow, today: date) -> bool:
    return row.is_late or (row.state in GRADING and today > row.due_on)


def _tag(row: QueueRow, today: date) -> Markup:
    text, colour = state_tag(row.state)
    tag = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, text)
    late = Markup(' <strong class="govuk-tag govuk-tag--red">Late</strong>') if _is_late(row, today) else Markup("")
    return tag + late


def heading(count: int, chosen: dict[str, str]) -> str:
    """`3 open moderations`."""
    kind = {None: "open moderation", LATE: "late moderation"}.get(chosen.get("state"), "moderation")
    return initial_capital(plural(count, kind))
