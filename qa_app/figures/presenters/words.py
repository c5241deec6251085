"""Words that every page and report says figures with. Pure."""

from datetime import date

from qa_app.core.format import MONTHS, month_name, share
from qa_app.figures.cuts import Cut
from qa_app.statistics.proportions import Direction, Share, Verdict, target_test, wilson


def interval_words(count: int, base: int) -> str:
    """`6% to 19%`, or nothing for an empty base."""
    found = wilson(Share(count, base))
    return f"{_rounded(found.low)} to {_rounded(found.high)}" if found else ""


def _rounded(value: float) -> str:
    return f"{100 * value:.0f}%"


def with_share(count: int, base: int) -> str:
    """`84 of 92 (91%)`."""
    return f"{count:,} of {base:,} ({share(count, base)})" if base else f"{count:,} of {base:,}"


def against_target(count: int, base: int, percent_wanted: int, direction: Direction) -> str:
    """`11% inadequate` is not said here, but what follows: `cannot tell yet against the target of at most 12%`."""
    verdict = target_test(Share(count, base), percent_wanted / 100, direction)
    target = f"the target of {direction} {percent_wanted}%"
    words = {
        Verdict.MET: f"{target} is met",
        Verdict.NOT_MET: f"{target} is not met",
        Verdict.CANNOT_TELL: f"cannot tell yet against {target}",
    }
    return words[verdict]


def period_words(cut: Cut) -> str:
    """`June 2026`, or `April to June 2026`."""
    if cut.first == cut.last:
        return month_name(cut.last)
    first = MONTHS[cut.first.month - 1] if cut.first.year == cut.last.year else month_name(cut.first)
    return f"{first} to {month_name(cut.last)}"


def month_short(month: date) -> str:
    """`Jun 26`: labels of a trend stand side by side."""
    return f"{MONTHS[month.month - 1][:3]} {month.year % 100:02d}"


def verdict_words(count: int, base: int, words: str, percent_wanted: int, direction: Direction) -> str:
    """A share of the audits graded: its count, its interval and what that says of the target."""
    said = f"{with_share(count, base)} {words} after moderation, with an interval of {interval_words(count, base)}"
    return f"{said}: {against_target(count, base, percent_wanted, direction)}."
