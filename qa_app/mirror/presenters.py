"""The mirror in words and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.audits.rules import Grade
from qa_app.core.format import month_name, plural, share
from qa_app.figures.cuts import year_to
from qa_app.mirror.rules import Mirror, Side
from qa_app.pictures.specs import Bar, Bars, Picture, Stacked, StackedRow
from qa_app.statistics.proportions import Share, wilson


@dataclass(frozen=True)
class Part:
    """One part of the page: a picture, or why there is none."""

    title: str
    name: str
    picture: Picture | None
    words: str


@dataclass(frozen=True)
class MirrorPage:
    """The page."""

    months: str
    parts: Sequence[Part]
    is_empty: bool


def mirror_page(found: Mirror, today: date) -> MirrorPage:
    """What the page says."""
    cut = year_to(today)
    months = f"{month_name(cut.first)} to {month_name(cut.last)}"
    parts = [_grades(found), _moderated(found), _on_time(found)]
    return MirrorPage(months, parts, not (found.own.base or found.own.on_time.base))


def _grades(found: Mirror) -> Part:
    scale = found.scale
    title = "The grades that you gave"
    if not found.shows(found.own.base):
        return Part(title, "grades", None, _too_few(found.own.base, found.least, "with an overall grade"))
    sides = [("You", found.own)] + ([("All auditors", found.everyone)] if found.everyone else [])
    rows = tuple(StackedRow(name, tuple(side.grades[grade.key] for grade in scale)) for name, side in sides)
    good = [_good(name, side, scale) for name, side in sides]
    picture = Stacked(title, f"Good or better: {'; '.join(good)}.", tuple(g.label for g in scale), rows, "Whose")
    return Part(title, "grades", picture, f"Good or better: {'; '.join(good)}. These are the grades before moderation.")


def _good(name: str, side: Side, scale: Sequence[Grade]) -> str:
    count = sum(side.grades[grade.key] for grade in scale if grade.good_or_better)
    return f"{name[0].lower()}{name[1:]} {_written(Share(count, side.base))}"


def _moderated(found: Mirror) -> Part:
    title = "What moderation did to them"
    done = found.moderated
    if not found.shows(done.base):
        return Part(title, "moderated", None, _too_few(done.base, found.least, "that have been moderated"))
    kinds = (("The same grade", done.agreed), ("A better grade", done.up), ("A worse grade", done.down))
    bars = tuple(_bar(label, Share(count, done.base)) for label, count in kinds)
    said = f"Moderation kept {_written(Share(done.agreed, done.base))} of your grades"
    said += f", made {done.up:,} better and {done.down:,} worse."
    words = f"{said} Audits are not moderated evenly: the inadequate and the outstanding ones are likelier."
    return Part(title, "moderated", Bars(title, said, bars, "Moderation gave", "Your audits", 100), words)


def _on_time(found: Mirror) -> Part:
    title = "How many were in time"
    own = found.own.on_time
    if not found.shows(own.base):
        return Part(title, "on-time", None, _too_few(own.base, found.least, "that were due"))
    sides = [("You", own)] + ([("All auditors", found.everyone.on_time)] if found.everyone else [])
    said = f"In time: {'; '.join(f'{name[0].lower()}{name[1:]} {_written(one)}' for name, one in sides)}."
    bars = tuple(_bar(name, one) for name, one in sides)
    return Part(title, "on-time", Bars(title, said, bars, "Whose", "Submitted in time", 100), said)


def _bar(label: str, counted: Share) -> Bar:
    interval = wilson(counted)
    if interval is None:
        return Bar(label, None, _written(counted))
    low, high = 100 * interval.low, 100 * interval.high
    value = 100 * counted.count / counted.base
    return Bar(label, value, _written(counted), low, high, f"{low:.0f}% to {high:.0f}%")


def _written(counted: Share) -> str:
    return f"{counted.count:,} of {counted.base:,} ({share(counted.count, counted.base)})"


def _too_few(base: int, least: int, which: str) -> str:
    if not base:
        return f"You have no audits of these months {which}."
    few = "That is too few to see more than chance"
    return f"You have {plural(base, 'audit')} of these months {which}. {few}: from {least} on it is shown."
