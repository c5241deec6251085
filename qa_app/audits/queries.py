"""Read audits as far as the viewer may see them (domain.md section 12). Out of scope looks exactly like absent.

Audits that are not issued are the QA team's alone; those of a restricted case are their auditor's and the QA team's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions import queries as action_queries
from qa_app.audits.content import (
    ActionContent,
    Content,
    ConversationContent,
    SectionContent,
    grade_label,
    read_scale,
)
from qa_app.audits.models import Audit, Conversation, ConversationWith, Declaration, SectionAnswer, Submission
from qa_app.audits.states import AUDIT, OPEN_STATES
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.states import StateChange
from qa_app.people.models import Auditor, Person, Team, TrainingStatus
from qa_app.rounds.models import Round
from qa_app.tools.models import Domain, ToolVersion

CONVERSATION_TITLES = {
    ConversationWith.SOCIAL_WORKER: "Conversation with the social worker",
    ConversationWith.PARENT_OR_CARER: "Conversation with a parent or carer",
    ConversationWith.CHILD: "Conversation with the child",
}


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which audits the viewer may know of. The query must join Case."""
    if viewer.can(Permission.AUDIT_MANAGE):
        return true()
    scope = viewer.scope(Permission.AUDIT_READ)
    own = Audit.auditor_id == viewer.person_id
    reach: list[ColumnElement[bool]] = [own] if scope.own_of else []
    if scope.everything:
        reach = [true()]
    if scope.service_ids:
        reach.append(Audit.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(Audit.team_id.in_(scope.team_ids))
    if not reach:
        return false()
    return and_(Audit.issued_at.is_not(None), or_(*reach), or_(own, Case.restricted.is_(False)))


def audit_for(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit with its round, tool version, team, service, caseworker and auditor.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(
        select(Audit)
        .join(Case, Case.id == Audit.case_id)
        .where(Audit.reference == f"{round_reference}/{number:03d}", visible(viewer))
        .options(
            joinedload(Audit.round).joinedload(Round.tool_version),
            joinedload(Audit.team),
            joinedload(Audit.service),
            joinedload(Audit.caseworker),
            joinedload(Audit.auditor),
        )
    )
    if found is None:
        raise NotFound()
    return found


def own_audit(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit that is the viewer's own to write in, as far as it has come.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    audit = audit_for(viewer, round_reference, number)
    if audit.auditor_id != viewer.person_id or audit.issued_at is None:
        raise NotFound()
    return audit


def open_audits_of(viewer: Viewer) -> Sequence[Audit]:
    """The viewer's own audits that are to be done, by due date."""
    return db.session.scalars(
        _own(viewer).where(Audit.state.in_(OPEN_STATES)).order_by(Audit.due_on, Audit.id).limit(50)
    ).all()


def past_audits_of(viewer: Viewer, limit: int, offset: int) -> tuple[Sequence[Audit], int]:
    """A page of the viewer's own audits that are done or withdrawn, newest first, and how many there are."""
    past = Audit.state.not_in(OPEN_STATES)
    rows = db.session.scalars(
        _own(viewer).where(past).order_by(Audit.due_on.desc(), Audit.id.desc()).limit(limit).offset(offset)
    ).all()
    count = select(func.count(Audit.id)).where(Audit.auditor_id == viewer.person_id, Audit.issued_at.is_not(None), past)
    return rows, db.session.scalar(count) or 0


def _own(viewer: Viewer) -> Any:
    return (
        select(Audit)
        .where(Audit.auditor_id == viewer.person_id, Audit.issued_at.is_not(None))
        .options(
            joinedload(Audit.round).joinedload(Round.tool_version).load_only(ToolVersion.id, ToolVersion.scale),
            joinedload(Audit.team),
            joinedload(Audit.caseworker),
        )
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an audit's form and what is answered in it, if anything."""

    domain: Domain
    answer: SectionAnswer | None


def sections_of(audit: Audit) -> list[Section]:
    """Every section of the audit's form in order, with its answer."""
    rows = db.session.execute(
        select(Domain, SectionAnswer)
        .outerjoin(SectionAnswer, and_(SectionAnswer.domain_id == Domain.id, SectionAnswer.audit_id == audit.id))
        .where(Domain.tool_version_id == audit.round.tool_version_id)
        .order_by(Domain.position)
        .execution_options(populate_existing=True)
    )
    return [Section(domain, answer) for domain, answer in rows]


def section_of(audit: Audit, key: str) -> Section:
    """One section with its answer.

    Raises:
        NotFound: the form has no such section.
    """
    row = db.session.execute(
        select(Domain, SectionAnswer)
        .outerjoin(SectionAnswer, and_(SectionAnswer.domain_id == Domain.id, SectionAnswer.audit_id == audit.id))
        .where(Domain.tool_version_id == audit.round.tool_version_id, Domain.key == key)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound()
    return Section(row[0], row[1])


def next_section_key(audit: Audit, domain: Domain) -> str | None:
    """The key of the section that follows, or None after the last."""
    return db.session.scalar(
        select(Domain.key)
        .where(Domain.tool_version_id == audit.round.tool_version_id, Domain.position > domain.position)
        .order_by(Domain.position)
        .limit(1)
    )


def conversations_of(audit: Audit) -> dict[str, Conversation]:
    """What is answered about conversations, by with whom."""
    rows = db.session.scalars(
        select(Conversation).where(Conversation.audit_id == audit.id).execution_options(populate_existing=True)
    )
    return {row.with_whom: row for row in rows}


def draft_content(audit: Audit) -> Content:
    """The audit as it stands, as one document. Four queries."""
    version = audit.round.tool_version
    scale = read_scale(version.scale)
    by_part: dict[str, list[ActionContent]] = {}
    for action in action_queries.actions_of("audit", audit.id):
        content = ActionContent(action.what, action.owner.name, action.due_on.isoformat(), action.is_immediate)
        by_part.setdefault(action.source_part, []).append(content)
    sections = [
        SectionContent(
            key=section.domain.key,
            title=section.domain.title,
            grade=section.answer.grade if section.answer else None,
            grade_label=grade_label(section.answer.grade, scale) if section.answer else "",
            strengths=section.answer.strengths if section.answer else "",
            improvements=section.answer.improvements if section.answer else "",
            affects_child_now=section.answer.affects_child_now if section.answer else None,
            required=section.domain.required,
            actions=by_part.get(section.domain.key, []),
        )
        for section in sections_of(audit)
    ]
    talks = conversations_of(audit)
    return Content(
        scale=scale,
        sections=sections,
        conversations=[_conversation_content(whom, talks.get(whom)) for whom in ConversationWith],
        has_overall_grade=version.has_overall_grade,
        overall_grade=audit.overall_grade,
        overall_label=grade_label(audit.overall_grade, scale),
        overall_reasons=audit.overall_reasons,
        auditor=audit.auditor.name if audit.auditor else "",
    )


def _conversation_content(whom: ConversationWith, row: Conversation | None) -> ConversationContent:
    title = CONVERSATION_TITLES[whom]
    if row is None:
        return ConversationContent(whom, title, None, "", "")
    return ConversationContent(whom, title, row.held, row.why_not, row.learned)


def submissions_of(audit: Audit) -> Sequence[Submission]:
    """Every submitted version, oldest first."""
    return db.session.scalars(
        select(Submission).where(Submission.audit_id == audit.id).order_by(Submission.number)
    ).all()


def submission_of(audit: Audit, number: int) -> Submission:
    """One submitted version.

    Raises:
        NotFound: there is no such version.
    """
    found = db.session.scalar(select(Submission).where(Submission.audit_id == audit.id, Submission.number == number))
    if found is None:
        raise NotFound()
    return found


def history_of(audit: Audit) -> list[tuple[StateChange, str]]:
    """Every move of the audit, newest first, with the name of who made it."""
    rows = db.session.execute(
        select(StateChange, Person.name)
        .outerjoin(Person, Person.id == StateChange.person_id)
        .where(StateChange.subject_type == AUDIT.name, StateChange.subject_id == audit.id)
        .order_by(StateChange.id.desc())
    )
    return [(change, name or "the system") for change, name in rows]


def possible_owners(audit: Audit, today: date) -> list[tuple[int, str]]:
    """Who may own an action: the case's team, its managers, the caseworker and the auditor. Id and words, by name."""
    named = {audit.caseworker_id, audit.auditor_id, audit.team.manager_id, audit.team.service_manager_id} - {None}
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            or_(Person.team_id == audit.team_id, Person.id.in_(named)),
            or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {title.lower()}" if title else name) for person_id, name, title in rows]


def possible_auditors(audit: Audit, today: date) -> list[tuple[int, str]]:
    """Trained auditors who might take it over: not its auditor, nor who works on the case or manages its team."""
    barred = {audit.auditor_id, audit.caseworker_id, audit.team.manager_id} - {None}
    rows = db.session.execute(
        select(Person.id, Person.name, Team.name)
        .join(Auditor, Auditor.person_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(
            Auditor.training_status == TrainingStatus.TRAINED,
            Person.id.not_in(barred),
            or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {team}" if team else name) for person_id, name, team in rows]


def open_declaration_of(audit: Audit) -> Declaration | None:
    """The auditor's declaration that the QA team has not answered yet."""
    return db.session.scalar(
        select(Declaration).where(
            Declaration.audit_id == audit.id, Declaration.outcome == "", Declaration.made_by_id == audit.auditor_id
        )
    )


def open_declarations(limit: int = 200) -> Sequence[Declaration]:
    """What waits for the QA team's answer, oldest first. Those that something else has settled are left out."""
    return db.session.scalars(
        select(Declaration)
        .join(Declaration.audit)
        .where(
            Declaration.outcome == "",
            Audit.state.in_(OPEN_STATES),
            Audit.auditor_id == Declaration.made_by_id,
        )
        .order_by(Declaration.made_at, Declaration.id)
        .limit(limit)
        .options(
            contains_eager(Declaration.audit).joinedload(Audit.auditor),
            contains_eager(Declaration.audit).joinedload(Audit.team),
            contains_eager(Declaration.audit).joinedload(Audit.round),
        )
    ).all()


def declaration(declaration_id: int) -> Declaration:
    """One declaration with its audit.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(Declaration)
        .where(Declaration.id == declaration_id)
        .options(
            joinedload(Declaration.audit).joinedload(Audit.auditor),
            joinedload(Declaration.audit).joinedload(Audit.team),
            joinedload(Declaration.audit).joinedload(Audit.round),
        )
    )
    if found is None:
        raise NotFound()
    return found
