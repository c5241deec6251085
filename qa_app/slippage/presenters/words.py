"""States, outcomes and people in words."""

from collections.abc import Sequence

from qa_app.slippage.states import SLIPPAGE, Outcome, SlippageState

OUTCOMES = {
    Outcome.REASSIGNED: "Reassigned",
    Outcome.CAPACITY_FOUND: "Capacity found",
    Outcome.NO_CAPACITY: "No capacity",
    Outcome.BACK_ON_TRACK: "Back on track",
    Outcome.SUBMITTED_IN_TIME: "Submitted in time",
    Outcome.SUBMITTED_LATE: "Submitted late",
    Outcome.WITHDRAWN: "Audit withdrawn",
}
_COLOURS = {
    SlippageState.RAISED: "orange",
    SlippageState.WITH_HEAD_OF_SERVICE: "yellow",
    SlippageState.WITH_QA_TEAM: "blue",
    SlippageState.RESOLVED: "grey",
}
_GOOD = frozenset({Outcome.REASSIGNED, Outcome.CAPACITY_FOUND, Outcome.BACK_ON_TRACK, Outcome.SUBMITTED_IN_TIME})


def outcome_words(outcome: str | None) -> str:
    """How a notice was resolved."""
    return OUTCOMES[Outcome(outcome)] if outcome else ""


def state_tag(state: str, outcome: str | None) -> tuple[str, str]:
    """Where a notice is, or how it was resolved, and the colour of its tag."""
    found = SlippageState(state)
    if found is SlippageState.RESOLVED and outcome:
        return outcome_words(outcome), "green" if Outcome(outcome) in _GOOD else "grey"
    return SLIPPAGE.labels[found], _COLOURS[found]


def names(people: Sequence[str]) -> str:
    """`Kavita Rowntree`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)


def goes_to(heads: Sequence[str]) -> str:
    """To whom a notice goes first, as a sentence."""
    if not heads:
        return "This goes straight to the QA team."
    return f"This goes to {names(heads)}, {'as your Heads' if len(heads) > 1 else 'as your Head'} of Service, at once."


def sent_to(heads: Sequence[str]) -> str:
    """What is said once it was sent."""
    return f"Sent to {names(heads) if heads else 'the QA team'}. The audit stays due until something else is decided."
