"""What the pages about imports of the case list say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from qa_app.cases.comparing import Effect
from qa_app.cases.models import CaseImport, CaseImportState, ImportRow
from qa_app.cases.presenters.cases import kind_of_case, tag
from qa_app.cases.queries import IMPORT_SORTS, ROW_SORTS
from qa_app.cases.states import CASE_IMPORT
from qa_app.core.format import clock_time, plural, short_day
from qa_app.core.lists import Column

STALLED_AFTER = timedelta(minutes=2)
"""A reader that said nothing for so long is taken to have been stopped."""

MANY_CLOSE = 0.5
"""A list that closes this share of the open cases is probably only part of the list."""

KINDS: dict[str, tuple[str, str, str]] = {
    Effect.NEW: ("new", "New cases", "The list has no new case."),
    Effect.CHANGED: ("changed", "Changed cases", "The list changes no case."),
    Effect.CLOSED: ("closed", "Closed cases", "The list closes no case."),
    "unusable": ("cannot be used", "Rows that cannot be used", "Every row can be used."),
    "repaired": ("put right", "Cells and rows put right", "Nothing had to be put right."),
    Effect.HELD: ("left as they are", "Cases left as they are", "No case waits for a row that can be used."),
}
"""Each kind of line: what its figure says, its page's title, and what that says when it is empty."""

FIELD_WORDS = {
    "team": "Team",
    "worker": "Caseworker",
    "case_type": "Case type",
    "opened_on": "Opened",
    "closed_on": "Closed",
}
TAG_COLOURS = {
    CaseImportState.READING: "light-blue",
    CaseImportState.MAPPING: "yellow",
    CaseImportState.PREVIEWED: "yellow",
    CaseImportState.APPLIED: "green",
    CaseImportState.ABANDONED: "grey",
    CaseImportState.FAILED: "red",
}


def when(instant: datetime) -> str:
    """`30 Jun 2026, 14:02`: imports are looked at years later."""
    return f"{short_day(instant)}, {clock_time(instant)}"


def import_tag(state: str) -> Markup:
    """Where an import is."""
    return tag(CASE_IMPORT.labels[CaseImportState(state)], TAG_COLOURS[CaseImportState(state)])


ImportLine = tuple[CaseImport, str | None]


def import_columns() -> tuple[Column[ImportLine], ...]:
    """The list of imports."""
    return (
        Column("file", "File", _import_link, IMPORT_SORTS["file"], header=True),
        Column("uploaded", "Uploaded", lambda line: when(line[0].uploaded_at), IMPORT_SORTS["uploaded"]),
        Column("by", "By", lambda line: line[1] or "The command line"),
        Column("state", "State", lambda line: import_tag(line[0].state)),
        Column("new", "New", lambda line: _count(line, "new"), numeric=True),
        Column("changed", "Changed", lambda line: _count(line, "changed"), numeric=True),
        Column("closed", "Closed", lambda line: _count(line, "closed"), numeric=True),
        Column("unusable", "Cannot be used", lambda line: _count(line, "unusable"), numeric=True),
    )


def _import_link(line: ImportLine) -> Markup:
    address = url_for("cases.show_import", import_id=line[0].id)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, line[0].filename)


def _count(line: ImportLine, kind: str) -> str:
    return f"{line[0].counts[kind]:,}" if kind in line[0].counts else ""


def figures(found: CaseImport) -> list[dict[str, Any]]:
    """The preview in numbers, each opening its rows."""
    shown = [kind for kind in KINDS if kind != Effect.HELD or found.counts.get("held")]
    return [
        {
            "number": f"{found.counts[kind]:,}",
            "text": KINDS[kind][0],
            "href": url_for("cases.import_rows", import_id=found.id, kind=kind) if found.counts[kind] else None,
        }
        for kind in shown
    ]


def closes_many(counts: dict[str, Any]) -> str:
    """A warning where the list is probably only part of the list; else nothing."""
    if counts["closed"] <= MANY_CLOSE * counts["open_before"]:
        return ""
    return (
        f"This list closes {counts['closed']:,} of {plural(counts['open_before'], 'open case')}. "
        "Check that it is the whole list and not one team's or one week's."
    )


def what_will_happen(counts: dict[str, Any]) -> list[str]:
    """What applying does, a sentence each, without what does not happen."""
    new_services = {team["service"] for team in counts["new_teams"] if team["new_service"]}
    sentences = [
        (counts["new"], f"{plural(counts['new'], 'case')} added."),
        (counts["changed"], f"{plural(counts['changed'], 'case')} changed."),
        (counts["closed"], f"{plural(counts['closed'], 'case')} closed. Nothing is deleted."),
        (len(counts["new_teams"]), f"{plural(len(counts['new_teams']), 'team')} added from the team lookup."),
        (len(new_services), f"{plural(len(new_services), 'service')} added from the team lookup."),
        (
            counts["new_workers"],
            f"{plural(counts['new_workers'], 'caseworker')} added as people who do not sign in.",
        ),
        (
            counts["held"],
            f"{plural(counts['held'], 'case')} left as before, because the row of each cannot be used.",
        ),
    ]
    return [sentence for number, sentence in sentences if number]


def open_tables(counts: dict[str, Any]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Open cases on the list by status, service and team, for tables with their heading."""
    names = (("status", "open_by_status"), ("service", "open_by_service"), ("team", "open_by_team"))
    return [(name, list(counts[key].items())) for name, key in names if counts[key]]


def columns_read(counts: dict[str, Any]) -> list[tuple[str, str, str]]:
    """For each sheet: its name, the headings that were read and those that it lacks."""
    missing = counts["columns_missing"]
    return [
        (sheet, ", ".join(used), ", ".join(missing.get(sheet, ()))) for sheet, used in counts["columns_used"].items()
    ]


def is_stalled(found: CaseImport, now: datetime) -> bool:
    """Whether whoever reads the file has said nothing for a while."""
    return found.state == CaseImportState.READING and now - (found.progress_at or found.uploaded_at) > STALLED_AFTER


def change_in_words(change: dict[str, str]) -> str:
    """`Team: North, now South`."""
    words: dict[str, Callable[[str], str]] = {
        "case_type": kind_of_case,
        "opened_on": _day,
        "closed_on": _day,
    }
    say = words.get(change["name"], str)
    if change["name"] == "closed_on":
        return f"Open again (was closed on {_day(change['before'])})"
    before = say(change["before"]) if change["before"] else "none"
    after = say(change["after"]) if change["after"] else "none"
    return f"{FIELD_WORDS[change['name']]}: {before}, now {after}"


def _day(text: str) -> str:
    return short_day(date.fromisoformat(text))


def _place(row: ImportRow) -> str:
    return f"{row.sheet}, row {row.row}" if row.row else ""


def _value(name: str) -> Callable[[ImportRow], str]:
    return lambda row: row.values.get(name) or ""


def _date(name: str) -> Callable[[ImportRow], str]:
    return lambda row: _day(row.values[name]) if row.values.get(name) else ""


def _case_kind(row: ImportRow) -> str:
    return kind_of_case(row.values["case_type"]) if row.values.get("case_type") else ""


def _changes(row: ImportRow) -> Markup:
    return Markup("<br>").join(escape(change_in_words(change)) for change in row.values["changes"])


def _changes_as_text(row: ImportRow) -> str:
    return "; ".join(change_in_words(change) for change in row.values["changes"])


def row_columns(kind: str) -> tuple[Column[ImportRow], ...]:
    """The columns of one kind of a preview's lines."""
    reference: Column[ImportRow] = Column(
        "reference", "Reference", lambda row: row.reference or "None", ROW_SORTS["reference"], header=True
    )
    place: Column[ImportRow] = Column("place", "Where", _place, ROW_SORTS["place"])
    case = (
        Column("kind", "Case type", _case_kind),
        Column("team", "Team", _value("team")),
        Column("worker", "Caseworker", _value("worker")),
    )
    more: dict[str, tuple[Column[ImportRow], ...]] = {
        Effect.NEW: (*case, Column("opened", "Opened", _date("opened_on")), place),
        Effect.CHANGED: (Column("changes", "What changes", _changes, value=_changes_as_text), place),
        Effect.CLOSED: (*case, Column("closed", "Closed", _date("closed_on")), Column("reason", "Why", _reason)),
        Effect.HELD: case,
    }
    if kind in more:
        return (reference, *more[kind])
    return (
        Column("place", "Where", _place, ROW_SORTS["place"], header=True),
        Column("column", "Column", lambda row: row.column or "Whole row"),
        Column("reference", "Reference", lambda row: row.reference or "None", ROW_SORTS["reference"]),
        Column("reason", "Reason", _reason),
        Column("done", "What was done" if kind == "repaired" else "What to do", lambda row: row.done),
    )


def row_export_columns(kind: str) -> tuple[Column[ImportRow], ...]:
    """The same with sheet and row apart, so that they can be sorted in a spreadsheet."""
    shown = tuple(column for column in row_columns(kind) if column.key != "place")
    return (
        Column("sheet", "Sheet", lambda row: row.sheet),
        Column("row", "Row", lambda row: row.row),
        *shown,
    )


def _reason(row: ImportRow) -> str:
    return row.reason


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be done with an import now."""

    apply: bool
    abandon: bool
    read_again: bool
    columns: bool


def steps(found: CaseImport, file_kept: bool, now: datetime) -> Steps:
    """What can be done with an import now."""
    state = found.state
    unread = state == CaseImportState.FAILED or is_stalled(found, now)
    is_table = "List 6" not in "".join(found.counts.get("columns_used", {})).replace("_", " ")
    return Steps(
        apply=state == CaseImportState.PREVIEWED,
        abandon="abandon" in _moves_from(state),
        read_again=file_kept and unread,
        columns=file_kept and (state == CaseImportState.MAPPING or (state == CaseImportState.PREVIEWED and is_table)),
    )


def _moves_from(state: str) -> set[str]:
    return {name for name, move in CASE_IMPORT.moves.items() if state in move.sources}
