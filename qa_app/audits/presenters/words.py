"""What the pages of an audit say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from qa_app.audits.content import Content
from qa_app.audits.models import Audit
from qa_app.audits.rules import (
    AuditFacts,
    ConversationFacts,
    Lack,
    SectionState,
    conversation_lacks,
    missing,
    overall_lacks,
    section_lacks,
    section_state,
)
from qa_app.audits.states import AUDIT, OPEN_STATES, AuditState
from qa_app.cases.models import CASE_TYPE_LABELS, CaseType
from qa_app.core.clock import months_before
from qa_app.core.due import left_in_words
from qa_app.core.format import long_day, plural
from qa_app.core.states import StateChange

FOCUS_MONTHS = 6
"""The last six months are the focus of the default tool (domain.md section 3)."""

LACKS = {
    Lack.GRADE: "choose a grade",
    Lack.AFFECTS_CHILD: "say whether a weakness affects the child now",
    Lack.ACTION: "add an action for the weakness that affects the child now",
    Lack.SOCIAL_WORKER: "say whether you talked",
    Lack.HELD: "say whether you talked",
    Lack.WHY_NOT: "say why you did not talk",
    Lack.OVERALL_GRADE: "choose a grade",
    Lack.OVERALL_REASONS: "give your reasons",
}
STATE_COLOURS = {
    AuditState.ALLOCATED: "grey",
    AuditState.IN_PROGRESS: "light-blue",
    AuditState.SUBMITTED: "green",
    AuditState.MODERATED: "green",
    AuditState.FINAL: "green",
    AuditState.WITHDRAWN: "grey",
}
_SECTION_STATUS = {
    SectionState.NOT_STARTED: ("Not started", "grey"),
    SectionState.IN_PROGRESS: ("In progress", "light-blue"),
    SectionState.COMPLETE: ("Complete", ""),
}
_NEEDS = {Lack.ACTION: ("Needs an action", "orange"), Lack.AFFECTS_CHILD: ("Needs an answer", "orange")}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list of sections."""

    title: str
    href: str
    status: str
    colour: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


class Named(Protocol):
    """An audit, or a row of a list of audits: what its address and its tag need."""

    @property
    def reference(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def state(self) -> str: ...


def path_of(audit: Named) -> str:
    """The audit's page. Everything about it stands below."""
    return f"/audits/{audit.reference.rsplit('/', 1)[0]}/{audit.number}"


def case_type_label(case_type: str) -> str:
    """How a case type reads."""
    return CASE_TYPE_LABELS.get(CaseType(case_type), case_type)


def case_facts(audit: Audit, today: date) -> list[tuple[str, str]]:
    """The case in one strip, as it was when the audit was allocated."""
    focus = f"{long_day(months_before(today, FOCUS_MONTHS))} to {long_day(today)}"
    return [
        ("Case", audit.case_reference),
        ("Case type", case_type_label(audit.case_type)),
        ("Team", audit.team.name),
        ("Worker", audit.caseworker.name if audit.caseworker else "None recorded"),
        ("Open since", long_day(audit.case_opened_on) or "Not recorded"),
        *([("Last six months", focus)] if audit.state in OPEN_STATES else []),
    ]


def due_in_words(audit: Audit, today: date) -> str:
    """`6 working days left`, `due today`, `2 working days late`."""
    return left_in_words(audit.due_on, today)


def state_tag(audit: Named) -> tuple[str, str]:
    """The audit's state in words, and the colour of its tag."""
    state = AuditState(audit.state)
    return AUDIT.labels[state], STATE_COLOURS[state]


def tasks(content: Content, base: str) -> list[Task]:
    """The list of sections with the state of each, for their auditor."""
    facts = content.facts()
    lines = []
    for section in facts.sections:
        lacks = section_lacks(section, facts.scale)
        need = next((_NEEDS[lack] for lack in lacks if lack in _NEEDS), None)
        status, colour = need or _SECTION_STATUS[section_state(section, facts.scale)]
        lines.append(Task(section.title, f"{base}/sections/{section.key}", status, colour))
    return lines


def further_tasks(content: Content, base: str) -> list[Task]:
    """Conversations and the overall grade."""
    facts = content.facts()
    lines = [Task("Conversations", f"{base}/conversations", *_conversations_status(facts.conversations))]
    if facts.has_overall_grade:
        lines.append(Task("Overall grade", f"{base}/overall", *_overall_status(facts)))
    return lines


def _conversations_status(talks: Sequence[ConversationFacts]) -> tuple[str, str]:
    if not any(conversation_lacks(talk) for talk in talks):
        return _SECTION_STATUS[SectionState.COMPLETE]
    begun = any(talk.held is not None for talk in talks)
    return _SECTION_STATUS[SectionState.IN_PROGRESS if begun else SectionState.NOT_STARTED]


def _overall_status(facts: AuditFacts) -> tuple[str, str]:
    lacks = len(overall_lacks(facts))
    states = (SectionState.COMPLETE, SectionState.IN_PROGRESS, SectionState.NOT_STARTED)
    return _SECTION_STATUS[states[lacks]]


def missing_links(content: Content, base: str) -> list[Link]:
    """What is missing, each as a sentence that leads to where it is mended."""
    return [
        Link(f"{lack.title}: {LACKS[lack.lack]}", f"{base}/{lack.part}#{lack.anchor}")
        for lack in missing(content.facts())
    ]


def done_in_words(audit: Audit) -> str:
    """`4 of 12 sections done`."""
    return f"{audit.sections_done} of {plural(audit.sections_total, 'section')} done"


MOVES = {
    "start": "Started",
    "submit": "Submitted",
    "return": "Returned to the auditor",
    "reassign": "Given to another auditor",
    "moderate": "Moderated",
    "finalise": "Made final",
    "withdraw": "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history."""

    title: str
    at: datetime
    by: str
    text: str


def history(moves: Sequence[tuple[StateChange, str]]) -> list[Happening]:
    """Every move of an audit, for its timeline."""
    return [Happening(MOVES.get(c.move, c.move), c.at, by, c.reason) for c, by in moves]
