"""Due dates as a calendar that Outlook, Google and Apple read (RFC 5545). Pure: entries in, text out.

Every entry is a whole day, so that no time zone is needed. Nothing in it names a child or a case: whoever sees the
calendar over a shoulder, or has its address, learns that something is due and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

REFRESH = timedelta(hours=4)
"""How often a calendar program is asked to look again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing due on a day. `key` stays the same while it is the same thing; `since` is when it came to be."""

    key: str
    summary: str
    due_on: date
    path: str
    since: datetime


def as_ics(entries: Sequence[Entry], name: str, base_url: str) -> bytes:
    """The calendar of these entries; the same entries give the same bytes."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - 80 modules, which few workers need

    calendar = Calendar()
    calendar.add("PRODID", f"-//{name}//Due dates//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT4H")
    host = urlsplit(base_url).hostname or "localhost"
    for entry in sorted(entries, key=lambda one: (one.due_on, one.key)):
        event = Event()
        for key, value in _said(entry, host, base_url).items():
            event.add(key, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _said(entry: Entry, host: str, base_url: str) -> dict[str, object]:
    link = base_url + entry.path
    return {
        "UID": f"{entry.key}@{host}",
        "DTSTAMP": entry.since,
        "DTSTART": entry.due_on,
        "DTEND": entry.due_on + timedelta(days=1),
        "SUMMARY": entry.summary,
        "DESCRIPTION": f"Open it (you will be asked to sign in): {link}",
        "URL": link,
        "CLASS": "PRIVATE",
        "TRANSP": "TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
    }
