"""Pictures of a period's figures that the dashboard and the reports share. Pure."""

from collections.abc import Sequence

from qa_app.audits.rules import Grade
from qa_app.figures.presenters.words import with_share
from qa_app.figures.rules import Grades, Totals
from qa_app.pictures.specs import Bar, Bars, Stacked, StackedRow


def done_on_time(places: Sequence[tuple[str, Totals]], heading: str = "Service") -> Bars:
    """The share of the audits due that was done on time, a bar for each place."""
    bars = tuple(
        Bar(name, 100 * found.on_time / found.due if found.due else None, with_share(found.on_time, found.due))
        for name, found in places
    )
    ranked = sorted((bar.value, bar.label) for bar in bars if bar.value is not None)
    description = f"Share of the audits due that were done on time, by {heading.lower()}."
    if ranked:
        description += f" Lowest: {ranked[0][1]}. Highest: {ranked[-1][1]}."
    return Bars(f"Done on time, by {heading.lower()}", description, bars, heading, "Done on time", most=100)


def before_and_after(before: Grades, after: Grades, scale: Sequence[Grade]) -> Stacked:
    """The auditors' own grades above those after moderation."""
    rows = tuple(
        StackedRow(name, tuple(found.counts[grade.key] for grade in scale))
        for name, found in (("Auditors", before), ("After moderation", after))
    )
    description = (
        f"{with_share(before.good_or_better, before.base)} good or better by the auditors, "
        f"{with_share(after.good_or_better, after.base)} after moderation."
    )
    keys = tuple(grade.label for grade in scale)
    return Stacked("Grades before and after moderation", description, keys, rows, "Grades")
