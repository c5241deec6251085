"""What each page of one audit shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import url_for

from qa_app.actions.models import Action
from qa_app.actions.queries import LinkedAction
from qa_app.audits.content import Content, grade_label, read_content, read_scale
from qa_app.audits.inputs import ConversationInput, Outcome
from qa_app.audits.models import Audit, ConversationWith, Declaration, Submission
from qa_app.audits.presenters.words import (
    Happening,
    Link,
    Task,
    case_facts,
    done_in_words,
    due_in_words,
    further_tasks,
    history,
    missing_links,
    path_of,
    state_tag,
    tasks,
)
from qa_app.audits.queries import CONVERSATION_TITLES, Section
from qa_app.audits.rules import asks_about_child
from qa_app.audits.states import AUDIT, OPEN_STATES, AuditState
from qa_app.core.format import moment
from qa_app.core.states import StateChange

SUBMITTED = "Submitted. The QA team and the case's managers can read it now; you can read it here."
DECLARED = "The QA team has been told and will answer. Until then the audit stays due."


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What every page below an audit knows of it."""

    audit: Audit
    path: str
    reference: str
    due_on: date


def draft_page(audit: Audit) -> DraftPage:
    """The audit that a page belongs to."""
    return DraftPage(audit, path_of(audit), audit.reference, audit.due_on)


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The list of sections."""

    audit: Audit
    path: str
    facts: list[tuple[str, str]]
    days: str
    is_late: bool
    progress: str
    sections: list[Task]
    further: list[Task]
    content: Content
    missing: int
    returned: Submission | None
    versions: Sequence[Submission]
    declaration: Declaration | None
    answer: Declaration | None


def overview_page(
    audit: Audit,
    content: Content,
    submissions: Sequence[Submission],
    declaration: Declaration | None,
    today: date,
) -> OverviewPage:
    """The audit for its auditor while it is open."""
    path = path_of(audit)
    returned = submissions[-1] if submissions and submissions[-1].returned_at else None
    return OverviewPage(
        audit=audit,
        path=path,
        facts=case_facts(audit, today),
        days=due_in_words(audit, today),
        is_late=audit.due_on < today and not returned,
        progress=done_in_words(audit),
        sections=tasks(content, path),
        further=further_tasks(content, path),
        content=content,
        missing=len(missing_links(content, path)),
        returned=returned,
        versions=submissions,
        declaration=declaration if declaration and not declaration.outcome else None,
        answer=declaration if declaration and declaration.outcome == Outcome.KEPT else None,
    )


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section: its guidance, and the actions that it has."""

    audit: Audit
    path: str
    key: str
    title: str
    place: str
    prompt: str
    looks_good: Sequence[str]
    questions: Sequence[str]
    hints: dict[str, str]
    asks_about_child: str
    actions: Sequence[Action]
    linked: Sequence[LinkedAction]
    saved: str


def section_page(
    audit: Audit, section: Section, actions: Sequence[Action], linked: Sequence[LinkedAction] = ()
) -> SectionPage:
    """A section with its guidance for each grade."""
    domain, scale = section.domain, read_scale(audit.round.tool_version.scale)
    below = [grade.label for grade in scale if asks_about_child(grade.key, {g.key: g for g in scale})]
    return SectionPage(
        audit=audit,
        path=path_of(audit),
        key=domain.key,
        title=domain.title,
        place=f"Section {domain.position} of {audit.sections_total}",
        prompt=domain.prompt,
        looks_good=domain.looks_good,
        questions=domain.questions,
        hints=domain.guidance,
        asks_about_child=_in_words(below),
        actions=actions,
        linked=linked,
        saved=moment(section.answer.saved_at) if section.answer else "",
    )


def _in_words(labels: Sequence[str]) -> str:
    return " or ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else "".join(labels)


@dataclass(frozen=True, slots=True)
class Words:
    """One answer of the other text in a conflict."""

    name: str
    value: str


def their_section(section: Section, audit: Audit) -> list[Words]:
    """What is saved now in a section, for the side-by-side page."""
    answer = section.answer
    if answer is None:
        return []
    scale = read_scale(audit.round.tool_version.scale)
    affects = {True: "Yes", False: "No", None: "Not answered"}[answer.affects_child_now]
    return [
        Words("Grade", grade_label(answer.grade, scale) or "Not chosen"),
        Words("Strengths", answer.strengths),
        Words("Areas for improvement", answer.improvements),
        Words("Does a weakness affect the child now?", affects),
    ]


def their_conversations(kept: dict[str, ConversationInput]) -> list[Words]:
    """What is saved now about conversations."""
    held = {True: "Held", False: "Not held", None: "Not answered"}
    found = []
    for whom in ConversationWith:
        talk = kept.get(whom, ConversationInput())
        words = talk.learned if talk.held else talk.why_not
        found.append(Words(CONVERSATION_TITLES[whom], f"{held[talk.held]}. {words}".strip()))
    return found


def their_overall(audit: Audit) -> list[Words]:
    """What is saved now as the overall grade."""
    label = grade_label(audit.overall_grade, read_scale(audit.round.tool_version.scale))
    return [Words("Overall grade", label or "Not chosen"), Words("Reasons", audit.overall_reasons)]


def section_grades(content: Content) -> list[Words]:
    """Each section's grade, to have in sight when giving the overall grade."""
    return [Words(section.title, section.grade_label or "Not graded yet") for section in content.sections]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Check and submit."""

    audit: Audit
    path: str
    content: Content
    missing: list[Link]
    is_late: bool
    due_on: date
    days: str
    inadequate: str = ""
    manager: str = ""


def check_page(audit: Audit, content: Content, today: date) -> CheckPage:
    """Every answer, what is missing, and what submitting will do."""
    manager = audit.team.manager.name if content.is_inadequate and audit.team.manager else ""
    return CheckPage(
        audit=audit,
        path=path_of(audit),
        content=content,
        missing=missing_links(content, path_of(audit)),
        is_late=audit.due_on < today and audit.first_submitted_at is None,
        due_on=audit.due_on,
        days=due_in_words(audit, today),
        inadequate=content.overall_label if content.is_inadequate else "",
        manager=manager,
    )


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """The audit for its readers."""

    audit: Audit
    path: str
    facts: list[tuple[str, str]]
    state: str
    colour: str
    owner: str
    days: str
    progress: str
    content: Content | None
    newest: Submission | None
    versions: Sequence[Submission]
    history: Sequence[Happening]
    final: str
    steps: list[Link] = field(default_factory=list)


def reading_page(
    audit: Audit,
    submissions: Sequence[Submission],
    moves: Sequence[tuple[StateChange, str]],
    today: date,
    *,
    manages: bool,
) -> ReadingPage:
    """What was submitted, if anything was; a draft's words are its auditor's alone."""
    state, colour = state_tag(audit)
    newest = submissions[-1] if submissions else None
    return ReadingPage(
        audit=audit,
        path=path_of(audit),
        facts=[*case_facts(audit, today), ("Auditor", audit.auditor.name if audit.auditor else "None yet")],
        state=state,
        colour=colour,
        owner=AUDIT.owners[AuditState(audit.state)],
        days=due_in_words(audit, today) if audit.state in OPEN_STATES else "",
        progress=done_in_words(audit),
        content=read_content(newest.content) if newest else None,
        newest=newest,
        versions=submissions,
        history=history(moves),
        final=grade_label(audit.final_grade, read_scale(audit.round.tool_version.scale)),
        steps=_steps(audit) if manages else [],
    )


def _steps(audit: Audit) -> list[Link]:
    """What the QA team may do next."""
    path = path_of(audit)
    if audit.state == AuditState.SUBMITTED:
        return [Link("Return it to the auditor", f"{path}/return")]
    if audit.state in OPEN_STATES:
        swap = url_for("allocation.swap_page", reference=audit.reference.rsplit("/", 1)[0], number=audit.number)
        return [Link("Give it to another auditor", swap), Link("Withdraw it", f"{path}/withdraw")]
    return []


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One submitted version."""

    audit: Audit
    path: str
    facts: list[tuple[str, str]]
    submission: Submission
    content: Content


def version_page(audit: Audit, submission: Submission, today: date) -> VersionPage:
    """The version as it was submitted."""
    return VersionPage(audit, path_of(audit), case_facts(audit, today), submission, read_content(submission.content))
