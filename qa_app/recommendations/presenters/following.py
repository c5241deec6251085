"""What the pages of one follow-up show: a list of what is to be judged, and the document that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.core.format import long_day, moment
from qa_app.recommendations.models import FollowUp, Judgement, ProgressNote, Report
from qa_app.recommendations.presenters.pages import OUTCOME_HEADINGS, Said, recommendation_page
from qa_app.recommendations.presenters.words import (
    UNJUDGED,
    UNJUDGED_LABEL,
    Results,
    figures_of,
    follow_up_name,
    outcome_tag,
    path_of,
    results,
)
from qa_app.recommendations.rules import JudgementFacts, count
from qa_app.recommendations.states import FollowUpState, Outcome


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of a follow-up."""

    number: int
    text: str
    owner: str
    outcome: str
    colour: str
    evidence: str
    href: str
    status: str
    status_colour: str


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """A follow-up: a list of what is to be judged while it is a draft, a document once it is published."""

    follow_up: FollowUp
    title: str
    caption: str
    path: str
    report_path: str
    report: Report
    facts: list[tuple[str, str]]
    results: Results
    headings: Sequence[str]
    figures: list[tuple[str, str]]
    rows: Sequence[Judged]
    done: int
    of: int
    summary_status: str
    whole: bool
    chosen: str
    is_draft: bool


def follow_up_page(
    found: FollowUp,
    judgements: Sequence[Judgement],
    facts: Sequence[JudgementFacts],
    *,
    whole: bool,
    chosen: str = "",
) -> FollowUpPage:
    """The follow-up. `chosen` is the outcome whose rows alone are shown; the table is always of all."""
    report = found.report
    path = f"{path_of(report)}/follow-ups/{found.number}"
    counts = count(each.outcome for each in judgements)
    shown = [
        (each, fact)
        for each, fact in zip(judgements, facts, strict=True)
        if not chosen or (each.outcome or UNJUDGED) == chosen
    ]
    draft = found.state == FollowUpState.DRAFT
    summed = bool(found.summary and found.dated)
    return FollowUpPage(
        follow_up=found,
        title=f"{follow_up_name(found.number)} of {report.reference}",
        caption=report.title,
        path=path,
        report_path=path_of(report),
        report=report,
        facts=_facts(found),
        results=results("Results", counts, path, unjudged=draft),
        headings=[*OUTCOME_HEADINGS, *([UNJUDGED_LABEL] if draft else [])],
        figures=figures_of(found),
        rows=[_line(each, fact, path) for each, fact in shown],
        done=sum(fact.complete for fact in facts),
        of=len(facts),
        summary_status="Complete" if summed else ("In progress" if found.summary or found.period else "Not started"),
        whole=whole,
        chosen=outcome_tag(chosen)[0] if chosen in set(Outcome) else "",
        is_draft=draft,
    )


def _facts(found: FollowUp) -> list[tuple[str, str]]:
    made = [("Made on", long_day(found.dated))] if found.dated else []
    period = [("Period", found.period)] if found.period else []
    if found.state == FollowUpState.DRAFT:
        return [("State", "Draft"), *made, *period]
    by = found.published_by.name if found.published_by else "The system"
    return [*made, *period, ("Published", moment(found.published_at)), ("By", by)]


def _line(each: Judgement, fact: JudgementFacts, path: str) -> Judged:
    outcome, colour = outcome_tag(each.outcome)
    owner = each.owner or each.recommendation.owner
    status, status_colour = "Not started", "grey"
    if fact.complete:
        status, status_colour = outcome, ""
    elif fact.by_owner:
        status, status_colour = "Needs another judge", "orange"
    elif each.version:
        status, status_colour = "In progress", "light-blue"
    number = each.recommendation.number
    return Judged(
        number=number,
        text=each.recommendation.text,
        owner=owner.name if owner else "Nobody",
        outcome=outcome,
        colour=colour,
        evidence=each.evidence,
        href=f"{path}/{number}",
        status=status,
        status_colour=status_colour,
    )


@dataclass(frozen=True, slots=True)
class JudgePage:
    """One recommendation to judge, with what its owner says and what was found before."""

    title: str
    caption: str
    path: str
    follow_up_path: str
    text: str
    facts: list[tuple[str, str]]
    notes: Sequence[Said]
    before: Sequence[Said]
    saved: str
    may_judge: bool


def judge_page(
    found: Judgement, notes: Sequence[ProgressNote], before: Sequence[Judgement], today: date, *, may_judge: bool
) -> JudgePage:
    """Everything that one needs to judge."""
    shown = recommendation_page(found.recommendation, notes, before, today)
    below = f"{shown.report_path}/follow-ups/{found.follow_up.number}"
    saved = ""
    if found.saved_at:
        by = found.saved_by.name if found.saved_by else "the system"
        saved = f"{moment(found.saved_at)} by {by}"
    return JudgePage(
        title=shown.title,
        caption=f"{follow_up_name(found.follow_up.number)} of {shown.caption}",
        path=f"{below}/{found.recommendation.number}",
        follow_up_path=below,
        text=shown.text,
        facts=shown.facts,
        notes=shown.notes,
        before=shown.judgements,
        saved=saved,
        may_judge=may_judge,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """One answer of the other text in a conflict."""

    name: str
    value: str


def their_judgement(found: Judgement) -> list[Words]:
    """What is saved now of one recommendation."""
    return [Words("How far", outcome_tag(found.outcome)[0]), Words("Evidence", found.evidence)]


def their_summary(found: FollowUp) -> list[Words]:
    """What is saved now of the follow-up as a whole."""
    rows = [Words("Made on", long_day(found.dated)), Words("Period", found.period)]
    return [*rows, *(Words(name, value) for name, value in figures_of(found)), Words("Summary", found.summary)]
