"""The story as a page shows it: days, and under each what happened, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from qa_app.access.viewer import Viewer
from qa_app.actions.rules import reference_of
from qa_app.audits.models import Audit
from qa_app.audits.permissions import can_manage
from qa_app.audits.presenters import path_of
from qa_app.core.clock import london_day
from qa_app.core.format import day as in_words
from qa_app.core.format import plural
from qa_app.story.queries import Story
from qa_app.story.telling import SAVES, TELLINGS, About, Happened


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    words: str
    by: str
    text: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A London day and what happened on it."""

    heading: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """The page."""

    reference: str
    path: str
    days: Sequence[Day]


def story_page(audit: Audit, story: Story, viewer: Viewer) -> StoryPage:
    """Newest day first, and on each day what came last first."""
    lines = sorted(_lines(audit, story, viewer), key=lambda pair: pair[0], reverse=True)
    days = [
        Day(f"{in_words(day)} {day.year}", [line for _, line in group])
        for day, group in groupby(lines, key=lambda pair: london_day(pair[1].at))
    ]
    return StoryPage(audit.reference, path_of(audit), days)


def _lines(audit: Audit, story: Story, viewer: Viewer) -> Iterable[tuple[int, Line]]:
    saves: dict[tuple[date, int | None], list[Happened]] = {}
    for each in story.happened:
        if each.event in SAVES:
            saves.setdefault((london_day(each.at), each.by_id), []).append(each)
        else:
            yield each.number, _line(audit, each, story, viewer)
    for day_s in saves.values():
        last = day_s[-1]
        yield last.number, Line(last.at, f"Worked on {_worked_on(day_s)}", _who(last, story))


def _worked_on(saves: Sequence[Happened]) -> str:
    """`3 sections, the conversations and the overall grade`."""
    sections = {each.detail.get("section") for each in saves if SAVES[each.event] == "section"}
    parts = [plural(len(sections), "section")] if sections else []
    parts += [words for event, words in SAVES.items() if words != "section" and any(s.event == event for s in saves)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _line(audit: Audit, each: Happened, story: Story, viewer: Viewer) -> Line:
    telling = TELLINGS[each.event]
    words = telling.words if isinstance(telling.words, str) else telling.words(each.detail)
    words = words.replace("{thing}", _thing(each))
    if telling.person and (name := story.names.get(each.detail.get(telling.person) or 0)):
        words += f": {name}"
    text = str(each.detail.get(telling.text) or "") if telling.text else ""
    if not telling.text_for_all and not can_manage(viewer) and each.by_id != viewer.person_id:
        text = ""
    by = "the system" if telling.follows and each.by_id == audit.auditor_id else _who(each, story)
    return Line(each.at, words[:1].upper() + words[1:], by, text, _href(audit, each))


def _thing(each: Happened) -> str:
    """What it is about, within a sentence."""
    if each.about is About.ACTION:
        return f"action {reference_of(each.thing)}"
    return f"improvement process IP-{each.thing:04d}" if each.about is About.IMPROVEMENT else "it"


def _who(each: Happened, story: Story) -> str:
    name, behalf = story.names.get(each.by_id or 0, "the system"), story.names.get(each.for_id or 0)
    return f"{name}, on behalf of {behalf}" if behalf else name


def _href(audit: Audit, each: Happened) -> str:
    if each.event == "audit:commented":
        return f"{path_of(audit)}/comments"
    if each.event == "audit:submitted":
        return f"{path_of(audit)}/versions/{each.detail.get('number', 1)}"
    return {
        About.MODERATION: path_of(audit).replace("/audits/", "/moderation/", 1),
        About.NOTICE: f"/slippage/{each.thing}",
        About.EXEMPTION: f"/exemptions/{each.thing}",
        About.IMPROVEMENT: f"/improvement/IP-{each.thing:04d}",
        About.ACTION: f"/actions/{reference_of(each.thing)}",
    }.get(each.about, "")
