"""The menu: at most seven entries, and only pages that the person can use (pages.md calls it service navigation)."""

from dataclasses import dataclass

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer


@dataclass(frozen=True)
class Entry:
    """A page of the menu, who may use it, and what it is for (shown on the page More)."""

    text: str
    href: str
    permission: Permission
    hint: str


@dataclass(frozen=True)
class Item:
    """An entry as the menu shows it."""

    text: str
    href: str
    current: bool


ENTRIES = (
    Entry("My audits", "/my-audits", Permission.AUDIT_CONDUCT, "The audits that you do, this month's first"),
    Entry("Rounds", "/rounds", Permission.ROUND_MANAGE, "Sample, allocate and issue a month's audits"),
    Entry("Progress", "/progress", Permission.PROGRESS_READ, "Who has done what, and who is behind"),
    Entry("Cases", "/cases", Permission.CASE_READ, "The case list, and imports of it"),
    Entry("People", "/people", Permission.PERSON_READ, "People, teams and services, roles and auditors"),
    Entry("Settings", "/settings", Permission.SETTING_MANAGE, "What your council decides, each from a date on"),
    Entry("Mail", "/mail", Permission.MAIL_READ, "What has been written to whom"),
    Entry("Tools", "/tools", Permission.TOOL_MANAGE, "The audit form and its versions"),
    Entry("Trail", "/trail", Permission.TRAIL_READ, "Who did what, and when"),
)
"""In the order of the menu."""

MOST = 7


def entries_for(viewer: Viewer) -> list[Entry]:
    """Every page that the viewer can use, in order."""
    return [entry for entry in ENTRIES if viewer.can(entry.permission)]


def navigation(viewer: Viewer | None, path: str) -> list[Item]:
    """The menu of a viewer who is at `path`; nobody has none, and whoever has only the home page needs none.

    What does not fit moves to the page More.
    """
    usable = entries_for(viewer) if viewer else []
    if not usable:
        return []
    links = [("Home", "/"), *((entry.text, entry.href) for entry in usable)]
    if len(links) > MOST:
        links = [*links[: MOST - 1], ("More", "/more")]
    return [Item(text, href, _is_current(href, path)) for text, href in links]


def _is_current(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href + "/"))
