"""What the pages of one moderation say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa_app.audits.content import Content, SectionContent, grade_label, read_scale
from qa_app.audits.models import Audit
from qa_app.audits.presenters.words import Happening, Link, case_facts, path_of
from qa_app.core.format import day, long_day, moment
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.messages import page_of
from qa_app.moderation.models import ModeratedDomain, Moderation, ModerationSelection
from qa_app.moderation.presenters.words import LACKS, REASONS, clock, drawn_words, how, is_late, state_tag
from qa_app.moderation.rules import Missing
from qa_app.moderation.states import UNSETTLED, WITH_RESULT, ModerationState, Reason
from qa_app.people.models import Person
from qa_app.tools.models import Domain


@dataclass(frozen=True, slots=True)
class Line:
    """One section side by side: what to look at, the auditor's part where it may be seen, and the own one."""

    key: str
    title: str
    prompt: str
    looks_good: Sequence[str]
    theirs: SectionContent | None
    own_grade: str
    own_reason: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One moderation: its audit in a strip, its state and clock, and the two sets of grades."""

    title: str
    path: str
    audit: Audit
    audit_path: str
    version: int
    grades_version: int
    facts: Sequence[tuple[str, str]]
    state: str
    colour: str
    is_late: bool
    clock: str
    is_blind: bool
    locked: bool
    has_overall: bool
    lines: Sequence[Line]
    content: Content | None
    saved: str
    own_overall: str
    own_reasons: str
    is_open: bool
    has_result: bool
    grades: Sequence[tuple[str, str]] = field(default_factory=list)
    feedback: str = ""
    dispute_reason: str = ""
    panel_reasons: str = ""
    selection: Sequence[tuple[str, str]] = field(default_factory=list)
    steps: Sequence[Happening] = field(default_factory=list)


def page_for(
    moderation: Moderation,
    tool: Sequence[Domain],
    kept: Mapping[int, ModeratedDomain],
    content: Content | None,
    today: date,
    *,
    shows_own: bool,
    selection: ModerationSelection | None = None,
) -> Page:
    """Everything about one moderation. `content` is the audit as it was submitted, where its grades may be seen;
    `shows_own` says whether the moderator's grades may.
    """
    audit = moderation.audit
    scale = read_scale(audit.round.tool_version.scale)
    theirs = {section.key: section for section in content.sections} if content else {}
    state, colour = state_tag(moderation.state)
    result = moderation.state in WITH_RESULT
    lines = []
    for domain in tool:
        row, other = kept.get(domain.id), theirs.get(domain.key)
        own = row.grade if row and shows_own else None
        lines.append(
            Line(
                domain.key,
                domain.title,
                domain.prompt,
                domain.looks_good,
                other,
                grade_label(own, scale),
                row.reason if row and shows_own else "",
                bool(own and other and other.grade and own != other.grade),
            )
        )
    return Page(
        title=f"Moderation of audit {audit.reference}",
        path=page_of(moderation),
        audit=audit,
        audit_path=path_of(audit),
        version=moderation.version,
        grades_version=moderation.grades_version,
        facts=_facts(moderation, today),
        state=state,
        colour=colour,
        is_late=is_late(moderation, today),
        clock=clock(moderation.due_on, moderation.state, today),
        is_blind=moderation.is_blind,
        locked=moderation.locked_at is not None,
        has_overall=audit.round.tool_version.has_overall_grade,
        lines=lines,
        content=content,
        saved=moment(moderation.grades_saved_at),
        own_overall=grade_label(moderation.own_grade, scale) if shows_own else "",
        own_reasons=moderation.own_reasons if shows_own else "",
        is_open=moderation.state in UNSETTLED,
        has_result=result,
        grades=_grades(moderation) if result else (),
        feedback=moderation.feedback if shows_own else "",
        dispute_reason=moderation.dispute_reason,
        panel_reasons=moderation.panel_reasons,
        selection=_selection(moderation, selection) if selection else (),
        steps=_steps(moderation),
    )


def _facts(moderation: Moderation, today: date) -> list[tuple[str, str]]:
    audit = moderation.audit
    return [
        *case_facts(audit, today),
        ("Auditor", audit.auditor.name if audit.auditor else "None"),
        ("Moderator", moderation.moderator.name if moderation.moderator else "Nobody yet"),
        ("Kind", how(moderation)),
    ]


def _grades(moderation: Moderation) -> list[tuple[str, str]]:
    """The grades one after the other; none where the tool has no overall grade."""
    scale = read_scale(moderation.audit.round.tool_version.scale)
    if not moderation.audit.round.tool_version.has_overall_grade:
        return []
    own = moderation.own_grade if moderation.own_grade != moderation.moderated_grade else None
    found = [
        ("Auditor's grade", moderation.grade_before),
        ("Moderator's own grade", own),
        ("Moderated grade", moderation.moderated_grade),
        ("Panel's grade", moderation.panel_grade),
    ]
    return [(name, grade_label(grade, scale)) for name, grade in found if grade]


def _selection(moderation: Moderation, selection: ModerationSelection) -> list[tuple[str, str]]:
    return [
        ("Why it is moderated", REASONS[Reason(moderation.reason)]),
        ("Random draw", drawn_words(selection)),
        ("Why this moderator", moderation.why),
        *([("Rule set aside because", moderation.override_reason)] if moderation.override_reason else []),
    ]


def _steps(moderation: Moderation) -> list[Happening]:
    """What happened when, oldest first. The words of each step stand elsewhere on the page."""
    panel = ", ".join(str(person["name"]) for person in moderation.panel or ())
    auditor = moderation.audit.auditor
    found = [
        ("Selected for moderation", moderation.selected_at, "", ""),
        ("Own grades locked", moderation.locked_at, "", ""),
        ("Moderated", moderation.moderated_at, _acting(moderation.moderated_by, moderation.moderated_for), ""),
        ("Feedback accepted", moderation.acknowledged_at, auditor.name if auditor else "", ""),
        ("Disputed", moderation.disputed_at, _acting(moderation.disputed_by, moderation.disputed_for), ""),
        (
            "Decided by the moderation panel",
            moderation.decided_at,
            moderation.decided_by.name if moderation.decided_by else "",
            f"Met on {long_day(moderation.panel_on)}. There: {panel}." if panel else "",
        ),
        ("Final", moderation.accepted_at or moderation.decided_at, "", ""),
    ]
    return [Happening(title, at, by, text) for title, at, by, text in found if at is not None]


def _acting(person: Person | None, on_behalf_of: Person | None) -> str:
    name = person.name if person else ""
    return f"{name}, on behalf of {on_behalf_of.name}" if on_behalf_of else name


def kept_grades(moderation: Moderation, tool: Sequence[Domain], kept: Mapping[int, ModeratedDomain]) -> GradesInput:
    """The own grades as the form shows them."""
    rows = {domain.key: kept[domain.id] for domain in tool if domain.id in kept}
    sections = {key: SectionInput(row.grade, row.reason) for key, row in rows.items()}
    return GradesInput(sections, moderation.own_grade, moderation.own_reasons, moderation.feedback)


def missing_links(lacks: Sequence[Missing], path: str) -> list[Link]:
    """What is missing, each as a sentence that leads to where it is mended."""
    return [Link(f"{lack.title}: {LACKS[lack.lack]}", f"{path}#{lack.anchor}") for lack in lacks]


@dataclass(frozen=True, slots=True)
class Words:
    """One answer of the other text in a conflict."""

    name: str
    value: str


def their_grades(kept: GradesInput, page: Page) -> list[Words]:
    """What is saved now, for the page that shows both."""
    scale = read_scale(page.audit.round.tool_version.scale)
    found = []
    for line in page.lines:
        one = kept.sections.get(line.key, SectionInput())
        label = grade_label(one.grade, scale) or "No grade"
        found.append(Words(line.title, f"{label}\n{one.reason}".strip()))
    overall = f"{grade_label(kept.overall, scale)}\n{kept.reasons}".strip()
    return [*found, Words("Overall", overall), Words("Feedback", kept.feedback)]


def feedback_sentence(moderation: Moderation, today: date, *, may_dispute: bool) -> str:
    """What the reader of the feedback can do, and until when."""
    state = ModerationState(moderation.state)
    if state is ModerationState.MODERATED:
        until = f"until the end of {day(moderation.dispute_until)}"
        if may_dispute:
            return f"You can dispute the grade {until}. After that it is final."
        return f"Accepted by the auditor. The Head of Service can dispute the grade {until}; after that it is final."
    return {
        ModerationState.DISPUTED: "Disputed: the moderation panel decides. You are told by mail.",
        ModerationState.DECIDED: "The moderation panel has decided, and the grade is final.",
        ModerationState.ACCEPTED: "The grade is final.",
    }[state]
