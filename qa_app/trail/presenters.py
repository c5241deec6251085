"""What the page of the trail says, in plain words."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from qa_app.access.viewer import Viewer
from qa_app.core.format import clock_time, initial_capital, long_day, short_day
from qa_app.core.lists import Choice, Column, Filter, Search
from qa_app.trail.permissions import areas_seen
from qa_app.trail.queries import BY_TIME, Entry, Wanted
from qa_app.trail.subjects import kinds

AREAS = {
    "account": "Access given or taken",
    "action": "Actions",
    "allocation": "Allocation",
    "audit": "Audits",
    "calibration": "Calibration sets",
    "case": "Cases",
    "exemption": "Exemption requests",
    "feed": "Feed",
    "import": "Imports",
    "inspection": "Inspection packs",
    "mail": "Mail",
    "people": "Imports of staff",
    "person": "People",
    "progress": "Progress and reminders",
    "recommendation": "Recommendations and follow-up",
    "round": "Rounds",
    "sample": "Samples",
    "service": "Services",
    "setting": "Settings",
    "signin": "Signing in",
    "slippage": "Slippage notices",
    "team": "Teams",
    "tool": "Audit tools",
    "trail": "The trail",
}
"""Areas of events, by what stands before the colon."""

EVENTS = {
    "account:disabled": "Access taken away",
    "account:enabled": "Access given back",
    "account:invited": "Link to choose a password made",
    "audit:own-exported": "Own past audits taken away",
    "calibration:exported": "List of calibration sets taken away",
    "exemption:own-exported": "Own exemption requests taken away",
    "import:list-exported": "List of imports taken away",
    "mail:tomorrow-exported": "Tomorrow's mails taken away",
    "moderation:selection-exported": "Selection for moderation taken away",
    "round:list-exported": "List of rounds taken away",
    "slippage:exported": "Slippage notices taken away",
    "trail:exported": "Entries of the trail taken away",
    "feed:read": "Table of the feed read",
    "feed:token-made": "Token for the feed made",
    "feed:token-revoked": "Token for the feed revoked",
    "inspection:pack-asked-for": "Inspection pack asked for",
    "inspection:pack-made": "Inspection pack made",
    "inspection:pack-not-made": "Inspection pack could not be made",
    "inspection:pack-taken": "Inspection pack taken away",
    "person:auditing-changed": "Auditing changed",
    "person:deputy-ended": "Deputy ended",
    "person:deputy-named": "Deputy named",
    "person:role-given": "Role given",
    "person:role-taken": "Role taken",
    "progress:reminded": "Reminder sent",
    "recommendation:exported": "List of recommendations taken away",
    "recommendation:follow-up-published": "Follow-up published",
    "recommendation:follow-up-started": "Follow-up begun",
    "recommendation:list-imported": "List of recommendations imported",
    "recommendation:progress-described": "Owner said what was done about a recommendation",
    "recommendation:report-added": "Report with recommendations added",
    "recommendation:report-changed": "Report with recommendations changed",
    "recommendation:said-done": "Owner said that a recommendation is done",
    "recommendation:summary-saved": "Summary of a follow-up saved",
    "signin:failed": "Sign-in failed",
    "signin:password-changed": "Password changed",
    "signin:password-chosen": "Password chosen from a link",
    "signin:session-ended": "Signed out in another browser",
    "signin:signed-in": "Signed in",
    "signin:signed-out": "Signed out",
    "signin:signed-out-everywhere": "Signed out everywhere",
    "slippage:added": "Auditor added to a slippage notice",
}
"""Events whose own name does not read as plain words; the others read as they are named."""

_DAY = re.compile(r"(\d{1,2})[ /.-](\d{1,2}|[A-Za-z]{3,9})[ /.-](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def event_words(event: str) -> str:
    """An event in plain words, such as `Audit submitted` for `audit:submitted`."""
    return EVENTS.get(event) or initial_capital(re.sub(r"[:._-]+", " ", event))


def read_day(text: str) -> date | None:
    """A day typed as `2026-06-01`, `1/6/2026` or `1 June 2026`; None when it is none of these."""
    typed = _DAY.fullmatch(text.strip())
    try:
        if not typed:
            return date.fromisoformat(text.strip())
        day, month, year = typed.groups()
        return date(int(year), int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1, int(day))
    except ValueError:
        return None


class Day(Search):
    """A day to type. What can't be read as one is as if nothing was typed."""

    def shown(self, value: str) -> str | None:
        """The day in words."""
        day = read_day(value)
        return long_day(day) if day else None


def filters(viewer: Viewer) -> tuple[Filter, ...]:
    """What this viewer can narrow the trail by."""
    seen = areas_seen(viewer)
    offered = tuple((area, words) for area, words in AREAS.items() if seen is None or area in seen)
    return (
        Search("person", "Done by"),
        Choice("area", "What happened", offered),
        Search("subject", "About (name or reference)"),
        Day("from", "From (such as 1 June 2026)"),
        Day("to", "To"),
    )


def wanted(chosen: Mapping[str, str]) -> Wanted:
    """What the filters in force ask for."""
    return Wanted(
        person=chosen.get("person", ""),
        area=chosen.get("area", ""),
        subject=chosen.get("subject", ""),
        first_day=read_day(chosen.get("from", "")),
        last_day=read_day(chosen.get("to", "")),
    )


def _who(entry: Entry) -> str:
    name = entry.person or ("Nobody signed in" if entry.event == "signin:failed" else "The system")
    return f"{name}, for {entry.on_behalf_of}" if entry.on_behalf_of else name


def _about(entry: Entry) -> str | Markup:
    kind = kinds().get(entry.subject_type)
    if kind is None or entry.subject_id is None:
        return "" if entry.subject_id is None else f"{initial_capital(entry.subject_type.replace('_', ' '))}"
    if not entry.subject:
        return kind.label
    address = kind.address(entry.subject_id, entry.subject)
    if address is None:
        return f"{kind.label}: {entry.subject}"
    return Markup('{}: <a class="govuk-link" href="{}">{}</a>').format(kind.label, address, entry.subject)


def _more(entry: Entry) -> str:
    """What was noted besides: `Reason: On leave; Grade: good to inadequate`."""
    facts: dict[str, Any] = {}
    for name, value in entry.detail.items():
        if name == "changes" and isinstance(value, Mapping):
            facts |= {label: _change(change) for label, change in value.items()}
        elif value not in (None, ""):
            facts[name] = _value(value)
    return "; ".join(f"{initial_capital(name.replace('_', ' '))}: {text}" for name, text in facts.items())


def _change(change: Any) -> str:
    """A pair of before and after; what was not there before has only become what it is."""
    if isinstance(change, list) and len(change) == 2:
        if change[0] in (None, ""):
            return _value(change[1])
        return f"{_value(change[0])} to {_value(change[1])}"
    return _value(change)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_value(inner) for inner in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value == "" else str(value)


COLUMNS: tuple[Column[Entry], ...] = (
    Column("at", "When", lambda e: f"{short_day(e.at)}, {clock_time(e.at)}", sort=BY_TIME),
    Column("event", "What happened", lambda e: event_words(e.event), header=True),
    Column("person", "Done by", _who),
    Column("subject", "About", _about),
    Column("detail", "More", _more),
    Column("number", "Entry", lambda e: e.number, numeric=True),
)
