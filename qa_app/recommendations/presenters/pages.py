"""What the pages of one report, one recommendation and one follow-up show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qa_app.core.format import long_day
from qa_app.recommendations.models import FollowUp, Judgement, ProgressNote, Recommendation, Report
from qa_app.recommendations.presenters.words import (
    OUTCOMES,
    UNJUDGED_LABEL,
    Results,
    due_words,
    follow_up_name,
    kind_label,
    outcome_tag,
    path_of,
    results,
    service_label,
    state_words,
)
from qa_app.recommendations.rules import Counts, count
from qa_app.recommendations.states import TO_FOLLOW_UP, FollowUpState, Outcome, RecommendationState

OUTCOME_HEADINGS = [OUTCOMES[outcome] for outcome in Outcome]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with its recommendations and follow-ups, as far as the reader sees them."""

    report: Report
    path: str
    title: str
    facts: list[tuple[str, str]]
    headings: Sequence[str]
    results: Sequence[Results]
    whole: bool
    draft: FollowUp | None
    draft_name: str
    draft_path: str
    to_follow_up: int
    has_any: bool


def report_page(
    report: Report,
    recommendations: Sequence[Recommendation],
    follow_ups: Sequence[FollowUp],
    earlier: Mapping[int, Counts],
    *,
    whole: bool,
) -> ReportPage:
    """The table of results: how each recommendation stands now, and below it what each follow-up found."""
    path = path_of(report)
    now = count(each.outcome for each in recommendations)
    rows = [results("Now", now, path, unjudged=bool(now.unjudged))]
    published = [each for each in follow_ups if each.state == FollowUpState.PUBLISHED]
    for each in published:
        name = f"{follow_up_name(each.number)}, {long_day(each.dated)}"
        below = f"{path}/follow-ups/{each.number}"
        rows.append(results(name, earlier.get(each.number, Counts()), below, unjudged=False, href=below))
    draft = next((each for each in follow_ups if each.state == FollowUpState.DRAFT), None)
    return ReportPage(
        report=report,
        path=path,
        title=report.title,
        facts=[
            ("Reference", report.reference),
            ("Kind", kind_label(report.kind)),
            ("Dated", long_day(report.dated)),
            ("Service", service_label(report.service.name if report.service else None)),
            ("Recommendations" if whole else "Recommendations that you see", str(len(recommendations))),
        ],
        headings=[*OUTCOME_HEADINGS, *([UNJUDGED_LABEL] if now.unjudged else [])],
        results=rows,
        whole=whole,
        draft=draft,
        draft_name=follow_up_name(draft.number) if draft else "",
        draft_path=f"{path}/follow-ups/{draft.number}" if draft else "",
        to_follow_up=sum(each.state in TO_FOLLOW_UP for each in recommendations),
        has_any=bool(recommendations),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a history."""

    title: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class RecommendationPage:
    """One recommendation with what was said and found."""

    title: str
    caption: str
    path: str
    report_path: str
    report_title: str
    text: str
    facts: list[tuple[str, str]]
    outcome: str
    colour: str
    notes: Sequence[Said]
    judgements: Sequence[Said]
    is_said_done: bool


def recommendation_page(
    found: Recommendation, notes: Sequence[ProgressNote], judged: Sequence[Judgement], today: date
) -> RecommendationPage:
    """What is recommended, who owns it, what they say, and what each follow-up found."""
    outcome, colour = outcome_tag(found.outcome)
    due, days, _ = due_words(found, today)
    facts = [
        ("Owner", found.owner.name if found.owner else "Nobody yet"),
        ("Due", f"{due}, {days}" if days else due),
        ("State", state_words(found)),
    ]
    if found.first_due_on and found.first_due_on != found.due_on:
        facts.insert(2, ("First due", long_day(found.first_due_on)))
    path = path_of(found.report)
    return RecommendationPage(
        title=f"Recommendation {found.number}",
        caption=f"{found.report.reference}, {found.report.title}",
        path=f"{path}/{found.number}",
        report_path=path,
        report_title=found.report.title,
        text=found.text,
        facts=facts,
        outcome=outcome,
        colour=colour,
        notes=[_said(each) for each in notes],
        judgements=[_judged(each) for each in judged],
        is_said_done=bool(notes) and notes[-1].is_done and found.state == RecommendationState.SAID_DONE,
    )


def _said(each: ProgressNote) -> Said:
    by = f"{each.by.name}, on behalf of {each.on_behalf_of.name}" if each.on_behalf_of else each.by.name
    return Said("Said to be done" if each.is_done else "Progress", each.at, by, each.text)


def _judged(each: Judgement) -> Said:
    words, _ = outcome_tag(each.outcome)
    at = each.follow_up.published_at
    assert at is not None
    return Said(f"{follow_up_name(each.follow_up.number)}: {words.lower()}", at, "", each.evidence)
