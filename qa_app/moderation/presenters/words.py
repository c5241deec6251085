"""States, reasons and clocks in words."""

from datetime import date

from qa_app.core.due import left_in_words
from qa_app.core.format import day
from qa_app.moderation.models import Moderation, ModerationSelection
from qa_app.moderation.rules import PARTS, Lack
from qa_app.moderation.states import GRADING, MODERATION, ModerationState, Reason, Rule

S = ModerationState
COLOURS = {
    S.WAITING: "grey",
    S.IN_PROGRESS: "light-blue",
    S.ON_HOLD: "yellow",
    S.MODERATED: "green",
    S.DISPUTED: "orange",
    S.DECIDED: "green",
    S.ACCEPTED: "green",
    S.CANCELLED: "grey",
}
REASONS = {
    Reason.INADEQUATE: "Inadequate: every one is moderated",
    Reason.OUTSTANDING: "Outstanding: every one is moderated",
    Reason.SHARE: "Drawn: a random share is moderated",
    Reason.EVERY: "Every audit is moderated",
    Reason.NOT_SELECTED: "Not selected",
}
LACKS = {
    Lack.GRADE: "choose a grade",
    Lack.REASON: "say why your grade differs",
    Lack.OVERALL_GRADE: "choose your overall grade",
    Lack.OVERALL_REASONS: "give your reasons",
    Lack.FEEDBACK: "write what the auditor should take from it",
}


def state_tag(state: str) -> tuple[str, str]:
    """Where a moderation is, and the colour of its tag."""
    found = ModerationState(state)
    return MODERATION.labels[found], COLOURS[found]


def clock(due_on: date, state: str, today: date) -> str:
    """`Tue 7 July, 4 working days left`; the day alone once it is not with the moderator any more."""
    if state not in GRADING:
        return day(due_on)
    return f"{day(due_on)}, {left_in_words(due_on, today)}"


def is_late(moderation: Moderation, today: date) -> bool:
    """Whether it was done late, or is not done and past its day."""
    return moderation.is_late or (moderation.state in GRADING and today > moderation.due_on)


def how(moderation: Moderation) -> str:
    """Blind or sighted, as it is kept."""
    return "Blind" if moderation.is_blind else "Sighted"


def drawn_words(selection: ModerationSelection) -> str:
    """How the random draw came out, so that anybody can make it again."""
    if selection.rule != Rule.RISK_AND_SHARE:
        return "No draw: the rule asks for none."
    drawn = selection.draw * 100 / PARTS
    return f"Drew {drawn:.2f}; below {selection.share} is moderated. From the round's seed and the audit's number."
