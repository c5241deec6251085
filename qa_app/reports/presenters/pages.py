"""What the pages of reports say around their content: states, steps, lists, and what a publication will do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from qa_app.core.format import day, long_day, moment, month_name, plural
from qa_app.core.lists import Choice, Column
from qa_app.figures.cuts import Cut
from qa_app.figures.presenters.words import period_words
from qa_app.reports.blocks import Content, Narrative
from qa_app.reports.material import MonthFacts
from qa_app.reports.models import Edition
from qa_app.reports.presenters.telling import small_numbers
from qa_app.reports.queries import SORTS
from qa_app.reports.states import (
    AUDIENCE_LABELS,
    EDITION,
    KIND_LABELS,
    OUTSIDE,
    Audience,
    EditionState,
    ReportKind,
)

S = EditionState
COLOURS = {S.BUILDING: "grey", S.DRAFT: "yellow", S.IN_REVIEW: "light-blue", S.PUBLISHED: "green", S.SUPERSEDED: "grey"}


def path_of(found: Edition) -> str:
    """A report's page."""
    return f"/reports/{found.reference}"


def title_of(found: Edition) -> str:
    """`Monthly report, June 2026`."""
    return f"{KIND_LABELS[ReportKind(found.kind)]}, {period_of(found)}"


def period_of(found: Edition) -> str:
    """`June 2026`, or `April to June 2026`."""
    return period_words(Cut(found.first_month, found.last_month))


def state_tag(found: Edition) -> Markup:
    """The state as a tag with words."""
    state = S(found.state)
    tag = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>')
    return tag.format(COLOURS[state], EDITION.labels[state])


def status_words(found: Edition) -> str:
    """What a document says of itself: `Draft`, `Published 14 July 2026`, `Corrected 20 July 2026`."""
    if found.state not in (S.PUBLISHED, S.SUPERSEDED):
        return EDITION.labels[S(found.state)]
    words = f"{'Corrected' if found.number > 1 else 'Published'} {long_day(found.published_at)}"
    return words + (", and corrected since" if found.state == S.SUPERSEDED else "")


def _opening(found: Edition) -> Markup:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(path_of(found), KIND_LABELS[ReportKind(found.kind)])


def _downloads(found: Edition) -> Markup:
    if found.state == S.BUILDING:
        return Markup("")
    link = Markup('<a class="govuk-link" href="{0}/{1}">{2}<span class="govuk-visually-hidden">: {3}</span></a>')
    named = (("word", "Word"), ("excel", "Excel"))
    return Markup(" ").join(link.format(path_of(found), key, words, title_of(found)) for key, words in named)


COLUMNS: tuple[Column[Edition], ...] = (
    Column(
        "kind", "Report", _opening, sort=SORTS["kind"], header=True, value=lambda e: KIND_LABELS[ReportKind(e.kind)]
    ),
    Column("period", "Period", period_of, sort=SORTS["period"], value=period_of),
    Column("audience", "For", lambda e: AUDIENCE_LABELS[Audience(e.audience)]),
    Column("state", "State", state_tag, value=lambda e: EDITION.labels[S(e.state)]),
    Column(
        "published",
        "Published",
        lambda e: long_day(e.published_at),
        sort=SORTS["published"],
        value=lambda e: e.published_at,
    ),
    Column("download", "Download", _downloads, value=path_of),
)
"""The list of reports. A correction stands as an edition of its own."""


def filters(manages: bool, outside_only: bool) -> tuple[Choice, ...]:
    """What the list can be narrowed by: whoever reads one kind alone is offered no choice of kinds."""
    kinds = () if outside_only else (Choice("kind", "Report", tuple((k.value, KIND_LABELS[k]) for k in ReportKind)),)
    audiences = tuple((one.value, AUDIENCE_LABELS[one]) for one in Audience)
    states = tuple((one.value, EDITION.labels[one]) for one in EditionState)
    parts: tuple[Choice, ...] = (*kinds, Choice("audience", "For", audiences[2:] if outside_only else audiences))
    return (*parts, Choice("state", "State", states)) if manages else parts


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must know before anything else: that it is corrected, or corrects, or is no final version."""

    text: str
    href: str = ""
    action: str = ""


def notices(found: Edition, follower: Edition | None) -> list[Notice]:
    """What stands above a report."""
    said = []
    if found.state == S.SUPERSEDED and follower:
        why = f"This edition was corrected on {long_day(follower.published_at)}: {follower.correction_reason}"
        said.append(Notice(why, path_of(follower), "Read the corrected report"))
    if found.correction_reason:
        said.append(Notice(f"This edition corrects an earlier one: {found.correction_reason}"))
    if found.state in (S.DRAFT, S.IN_REVIEW):
        said.append(Notice(f"Nobody but the QA team reads this yet. Figures as they were on {moment(found.built_at)}."))
    return said


def narratives_of(content: Content) -> list[Narrative]:
    """The places for the QA team's words, in the order of the report."""
    return [block for section in content.sections for block in section.blocks if isinstance(block, Narrative)]


def unwritten(content: Content, narrative: Any) -> list[Narrative]:
    """The places that nothing is written in yet."""
    return [place for place in narratives_of(content) if not narrative.get(place.key)]


def small_numbers_of(
    content: Content, found: Edition, settings: Mapping[str, int]
) -> list[tuple[Narrative, Sequence[str]]]:
    """The places of a report for readers outside with the sentences there that have a small number."""
    if found.audience not in OUTSIDE:
        return []
    threshold = settings["suppression_threshold"]
    said = [(place, small_numbers(found.narrative.get(place.key, ""), threshold)) for place in narratives_of(content)]
    return [(place, sentences) for place, sentences in said if sentences]


def facts(found: Edition) -> list[tuple[str, Any]]:
    """Who made, sent and published it, for the strip above a report."""
    rows: list[tuple[str, Any]] = [("For", AUDIENCE_LABELS[Audience(found.audience)]), ("State", state_tag(found))]
    if found.published_at:
        by = found.published_by.name if found.published_by else "The system"
        rows.append(("Published", f"{long_day(found.published_at)} by {by}"))
    elif found.sent_by and found.state == S.IN_REVIEW:
        rows.append(("Sent for review by", found.sent_by.name))
    return rows


def month_choices(today: date, months: Sequence[date]) -> list[tuple[str, str]]:
    """The months that a report can be of: those with a round that have begun, the newest first."""
    return [(f"{month:%Y-%m}", month_name(month)) for month in months if month <= today]


def what_publishing_does(found: Edition, missing: Sequence[Narrative]) -> list[str]:
    """What the page before the last button says."""
    readers = {
        Audience.INTERNAL: "Everybody who reads reports in the council reads it.",
        Audience.LEADERSHIP: "Everybody who reads reports in the council reads it.",
        Audience.COMMITTEE: "The scrutiny committee reads it too.",
        Audience.PUBLIC: "The scrutiny committee reads it too, and it may be given to everybody.",
    }
    said = [readers[Audience(found.audience)], "Its figures and your words are fixed. A mistake can be corrected by a "
            "further edition, with a reason that every reader sees."]  # fmt: skip
    if found.kind == ReportKind.MONTHLY:
        said.append(f"{month_name(found.last_month)} counts as reported.")
    if found.number > 1:
        said.append("The edition before stays readable inside the council, marked as corrected.")
    if missing:
        said.append(f"Nothing is written yet in {plural(len(missing), 'place')} for your words: they are left out.")
    return said


@dataclass(frozen=True, slots=True)
class CloseStep:
    """One line of a month's close: what it is, how it stands, whether it is settled, and where to go."""

    title: str
    status: str
    settled: bool
    href: str = ""


def close_steps(facts: MonthFacts, edition: Edition | None, missing: int) -> list[CloseStep]:
    """From the month's close to its published report: what is missing, what is late, build, look, publish."""
    name = f"{facts.month:%Y-%m}"
    closed = facts.state in ("closed", "reported")
    running = f"Running until {day(facts.due_on)}" if facts.state == "issued" else "Not issued yet"
    open_grades = f"/figures/audits?from={name}&to={name}&standing=not_final"
    return [
        CloseStep("The round is closed", "Closed" if closed else running, closed, f"/rounds/{name}"),
        _count("Audits not submitted", facts.outstanding, "audit", f"/progress/{name}/audits?state=outstanding"),
        _count("Audits that came late", facts.late, "audit", f"/progress/{name}/audits?state=late", settled=True),
        _count("Moderations without a result", facts.unmoderated, "moderation", f"/moderation?month={name}"),
        _count("Disputes to decide", facts.disputed, "dispute", f"/moderation?month={name}&state=disputed"),
        _count("Grades that can still change", facts.not_final, "grade", open_grades),
        *_report_steps(edition, missing),
    ]


def _count(title: str, count: int, what: str, href: str, *, settled: bool = False) -> CloseStep:
    return CloseStep(title, plural(count, what) if count else "None", settled or not count, href if count else "")


def _report_steps(edition: Edition | None, missing: int) -> list[CloseStep]:
    if edition is None:
        return [CloseStep("The report", "Not built yet", False)]
    path = path_of(edition)
    if edition.state in (S.PUBLISHED, S.SUPERSEDED):
        return [CloseStep("The report", f"Published {long_day(edition.published_at)}", True, path)]
    words = "All written" if not missing else f"{plural(missing, 'place')} to write"
    return [
        CloseStep("The report", EDITION.labels[S(edition.state)], edition.state != S.BUILDING, path),
        CloseStep("Your words beside the figures", words, not missing, f"{path}/words"),
    ]
