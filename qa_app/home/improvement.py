"""What improvement processes ask on the home page: each kind as one sentence with the link that does it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from qa_app.core.format import day, plural
from qa_app.core.waiting import Waiting
from qa_app.home.needs import Need
from qa_app.improvement.queries.waiting import DECIDE, LATE, NOBODYS, STEP
from qa_app.improvement.states import StageKind

_STEPS: Mapping[StageKind, tuple[str, str, str]] = {
    StageKind.DAY_THREE_MEETING: ("Day-three meeting", "Record it", "/meeting"),
    StageKind.IMPROVEMENT_PLAN: ("Improvement plan", "Look at it", ""),
    StageKind.SERVICE_MANAGER_REVIEW: ("Service manager review", "Give it", "/review"),
    StageKind.CASELOAD_REVIEW: ("Whole caseload review", "Decide", "/caseload-review"),
    StageKind.REAUDIT: ("Re-audit", "Schedule it", "/re-audit"),
    StageKind.CLOSING: ("Closing", "Close it", "/close"),
}
"""What a step is called, what to press, and its page."""


def improvement_needs(found: Mapping[str, Waiting], today: date) -> Iterator[Need]:
    """The viewer's own steps; then what is late, or nobody's, where they answer for it."""
    for kind, (words, action, page) in _STEPS.items():
        if (waits := found.get(STEP + kind)) and waits.on is not None:
            href = f"/improvement/{_reference(waits)}{page}"
            yield Need(waits.on, _step_words(words, waits, today), action, href)
    if waits := found.get(DECIDE):
        text = f"The grade behind {_reference(waits)} has changed: decide whether the improvement process goes on."
        yield Need(today, text, "Decide", f"/improvement/{_reference(waits)}")
    if (waits := found.get(NOBODYS)) and waits.on is not None:
        steps = plural(waits.number, "improvement step has", "improvement steps have")
        text = f"{steps} nobody to do it, since its owner is away, the first due on {day(waits.on)}."
        yield Need(min(waits.on, today), text, "See who could cover", "/improvement?turn=nobody")
    if (waits := found.get(LATE)) and waits.on is not None:
        processes = plural(waits.number, "improvement process is", "improvement processes are")
        text = f"{processes} late, the longest since {day(waits.on)}."
        yield Need(today, text, "See whose turn it is", "/improvement?state=late")


def _step_words(words: str, waits: Waiting, today: date) -> str:
    assert waits.on is not None
    when = "is due today" if waits.on == today else f"{'was' if waits.on < today else 'is'} due on {day(waits.on)}"
    more = f" ({waits.number - 1} more)" if waits.number > 1 else ""
    return f"{words} for {_reference(waits)} {when}{more}."


def _reference(waits: Waiting) -> str:
    return f"IP-{int(waits.first or 0):04d}"
