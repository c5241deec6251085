"""Words and tags of a request: its months, why, how late, where it is, and how long each step took."""

from datetime import datetime

from markupsafe import Markup

from qa_app.core.format import plural
from qa_app.exemptions.forms import CATEGORIES
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.rules import Steps, months_in_words, steps_of
from qa_app.exemptions.states import EXEMPTION, ExemptionState, Timing

S = ExemptionState
TIMINGS = {
    Timing.BEFORE_ISSUE: ("Before issue", "green"),
    Timing.AFTER_ISSUE: ("After issue", "yellow"),
    Timing.LAST_WEEK: ("Last week", "orange"),
}
STATE_COLOURS = {
    S.WITH_HEAD_OF_SERVICE: "light-blue",
    S.WITH_DIRECTOR: "blue",
    S.APPROVED: "green",
    S.REFUSED: "red",
    S.DECLINED: "orange",
    S.WITHDRAWN: "grey",
}
_TAG = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>')


def months_words(request: ExemptionRequest) -> str:
    """`June 2026`, `June to August 2026`."""
    return months_in_words(request.first_month, request.last_month)


def category_words(category: str) -> str:
    """Why, as the letter puts it."""
    return dict((str(key), words) for key, words in CATEGORIES).get(category, category)


def timing_tag(request: ExemptionRequest) -> Markup:
    """How late it was asked for, as a tag with words."""
    words, colour = TIMINGS[Timing(request.timing)]
    return _TAG.format(colour, words)


def state_words(request: ExemptionRequest) -> str:
    """Where it is."""
    return EXEMPTION.labels[ExemptionState(request.state)]


def state_tag(request: ExemptionRequest) -> Markup:
    """Where it is, as a tag with words."""
    return _TAG.format(STATE_COLOURS[ExemptionState(request.state)], state_words(request))


def days_words(days: int | None) -> str:
    """`3 working days`, `same day`, or nothing where the step never was."""
    if days is None:
        return ""
    return plural(days, "working day") if days else "same day"


def steps(request: ExemptionRequest, now: datetime) -> Steps:
    """How long each step of a request has taken. One that the Head of Service never answered went past them."""
    unanswered = request.head_answered_at is None
    return steps_of(
        request.asked_at,
        request.head_answered_at,
        request.decided_at,
        request.withdrawn_at,
        now,
        straight=unanswered
        and (request.service_id is None or request.state in (S.WITH_DIRECTOR, S.APPROVED, S.REFUSED)),
        declined=request.state == S.DECLINED,
    )
