"""What of moderation needs somebody, each kind as one sentence. Pure."""

from collections.abc import Iterator

from qa_app.core.format import MONTHS, day, plural
from qa_app.home.needs import Need, due_words
from qa_app.home.queries import Situation


def of_moderation(situation: Situation) -> Iterator[Need]:
    """Audits to moderate, feedback to read, and for the QA team disputes and what nobody moderates."""
    today, found = situation.today, situation.waiting
    if waits := found.get("moderations"):
        assert waits.on is not None
        due = f"{'was' if today > waits.on else 'is'} {due_words(waits.on, today)}"
        text = f"An audit waits for your moderation and {due}."
        if waits.number > 1:
            text = f"{waits.number} audits wait for your moderation, the first {due_words(waits.on, today)}."
        yield Need(waits.on, text, "Moderate", f"/moderation/{_path(waits.first)}")
    if waits := found.get("feedback"):
        text = f"Feedback on your {_month_of(waits.first)} audit: accept or dispute it by {day(waits.on)}."
        if waits.number > 1:
            text = f"Feedback on {waits.number} of your audits: accept or dispute the first by {day(waits.on)}."
        yield Need(waits.on or today, text, "Read it", f"/audits/{_path(waits.first)}/feedback")
    if waits := found.get("disputes"):
        text = f"{plural(waits.number, 'dispute waits', 'disputes wait')} for the panel, since {day(waits.at)}."
        yield Need(today, text, "Record its decision", f"/moderation/{_path(waits.first)}/panel")
    if waits := found.get("unmoderated"):
        has = plural(waits.number, "audit to moderate has", "audits to moderate have")
        yield Need(waits.on or today, f"{has} no moderator.", "Choose one", "/moderation?of=nobody")
    if waits := found.get("calibrations"):
        due = due_words(waits.on or today, today)
        yield Need(
            waits.on or today,
            f"A calibration set waits for your grades, {due}.",
            "Grade it",
            f"/calibration/{waits.first}",
        )


def _path(reference: str | None) -> str:
    """The part of an audit's address that says which: `2026-06/17`."""
    round_reference, _, number = str(reference).rpartition("/")
    return f"{round_reference}/{int(number)}"


def _month_of(reference: str | None) -> str:
    return MONTHS[int(str(reference)[5:7]) - 1]
