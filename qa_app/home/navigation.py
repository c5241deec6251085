"""The menu: at most seven entries, and only pages that the person can use (pages.md calls it service navigation)."""

from dataclasses import dataclass

from qa_app.access.permissions import Permission, Reach
from qa_app.access.viewer import Viewer


@dataclass(frozen=True)
class Entry:
    """A page of the menu, what it is for (shown on the page More), and who may use it: any of the permissions.

    `covers` are the addresses of pages that belong to it and stand elsewhere.
    """

    text: str
    href: str
    hint: str
    permissions: tuple[Permission, ...]
    covers: tuple[str, ...] = ()
    least: Reach = Reach.OWN
    """How far a permission must carry: a page that most know only by what is their own is no entry of theirs."""


@dataclass(frozen=True)
class Item:
    """An entry as the menu shows it."""

    text: str
    href: str
    current: bool


P = Permission
ENTRIES = (
    Entry(
        "My audits",
        "/my-audits",
        "The audits that you do, this month's first",
        (P.AUDIT_CONDUCT,),
        ("/my-mirror",),
    ),
    Entry("My requests", "/my/requests", "Exemptions that you asked for, and what was decided", (P.EXEMPTION_ASK,)),
    Entry("Rounds", "/rounds", "Sample, allocate and issue a month's audits", (P.ROUND_MANAGE,)),
    Entry("Decisions", "/decisions", "Exemption requests that wait for the Director", (P.EXEMPTION_DECIDE,)),
    Entry(
        "Requests",
        "/requests",
        "Exemption requests and slippage notices",
        (P.EXEMPTION_FORWARD, P.SLIPPAGE_ANSWER),
        ("/exemptions", "/slippage"),
    ),
    Entry("Progress", "/progress", "Who has done what, and who is behind", (P.PROGRESS_READ,)),
    Entry(
        "Improvement",
        "/improvement",
        "Every improvement process with its clock, and whose turn it is",
        (P.IMPROVEMENT_READ,),
    ),
    Entry(
        "Moderation",
        "/moderation",
        "Audits to grade a second time, and disputes",
        (P.MODERATION_DO, P.MODERATION_MANAGE),
        ("/calibration",),
    ),
    Entry("Reports", "/reports", "Monthly, quarterly and scrutiny reports, and the inspection pack", (P.REPORT_READ,)),
    Entry("Actions", "/actions", "What is to be put right, by whom and by when", (P.ACTION_READ,)),
    Entry("Cases", "/cases", "The case list, and imports of it", (P.CASE_READ,)),
    Entry("People", "/people", "People, teams and services, roles and auditors", (P.PERSON_READ,)),
    Entry("Settings", "/settings", "What your council decides, each from a date on", (P.SETTING_MANAGE,)),
    Entry("Mail", "/mail", "What has been written to whom", (P.MAIL_READ,)),
    Entry("Tools", "/tools", "The audit form and its versions", (P.TOOL_MANAGE,)),
    Entry(
        "Follow-up",
        "/recommendations",
        "Recommendations of reports, and how far they are implemented",
        (P.RECOMMENDATION_READ,),
        least=Reach.SERVICE,
    ),
    Entry("Dashboard", "/dashboard", "Completion, grades and what needs attention, in pictures", (P.FIGURES_READ,)),
    Entry("Inspection", "/inspection", "The audits of some months as one Excel file", (P.INSPECTION_PACK,)),
    Entry("Feed", "/feeds", "Tables that Power BI reads, and your tokens for them", (P.FEED_MANAGE,)),
    Entry("Trail", "/trail", "Who did what, and when", (P.TRAIL_READ,)),
)
"""In the order of the menu."""

MOST = 7
"""Entries beside More, which leads to the rest."""


def entries_for(viewer: Viewer) -> list[Entry]:
    """Every page that the viewer can use, in order."""
    return [
        entry for entry in ENTRIES if any(viewer.reaches(permission, entry.least) for permission in entry.permissions)
    ]


def navigation(viewer: Viewer | None, path: str) -> list[Item]:
    """The menu of a viewer who is at `path`; nobody has none, and whoever has only the home page needs none.

    What does not fit moves to the page More.
    """
    usable = entries_for(viewer) if viewer else []
    if not usable:
        return []
    links: list[tuple[str, str, tuple[str, ...]]] = [("Home", "/", ())]
    links += [(entry.text, entry.href, entry.covers) for entry in usable]
    if len(links) > MOST:
        rest = tuple(address for _, href, covers in links[MOST:] for address in (href, *covers))
        links = [*links[:MOST], ("More", "/more", rest)]
    return [Item(text, href, _is_current((href, *covers), path)) for text, href, covers in links]


def _is_current(addresses: tuple[str, ...], path: str) -> bool:
    return any(path == href or (href != "/" and path.startswith(href + "/")) for href in addresses)
