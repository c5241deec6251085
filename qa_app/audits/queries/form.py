"""The form of an audit and what is answered in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, or_, select

from qa_app.access.viewer import Viewer
from qa_app.actions import queries as action_queries
from qa_app.actions.models import Action
from qa_app.actions.queries import LinkedAction
from qa_app.audits.content import (
    ActionContent,
    Content,
    ConversationContent,
    SectionContent,
    grade_label,
    read_scale,
)
from qa_app.audits.models import Audit, Conversation, ConversationWith, SectionAnswer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.people.models import Person
from qa_app.tools.models import Domain

CONVERSATION_TITLES = {
    ConversationWith.SOCIAL_WORKER: "Conversation with the social worker",
    ConversationWith.PARENT_OR_CARER: "Conversation with a parent or carer",
    ConversationWith.CHILD: "Conversation with the child",
}


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


_SECTION = (
    select(Domain, SectionAnswer)
    .outerjoin(
        SectionAnswer, and_(SectionAnswer.domain_id == Domain.id, SectionAnswer.audit_id == bindparam("audit_id"))
    )
    .where(Domain.tool_version_id == bindparam("version_id"), Domain.key == bindparam("key"))
    .execution_options(populate_existing=True)
)


def section_of(audit: Audit, key: str) -> Section:
    """One section with its answer.

    Raises:
        NotFound: the form has no such section.
    """
    asked = {"audit_id": audit.id, "version_id": audit.round.tool_version_id, "key": key}
    row = db.session.execute(_SECTION, asked).first()
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


def actions_of_section(audit: Audit, domain: Domain) -> Sequence[Action]:
    """The actions that one section has raised, oldest first, with their owners."""
    return action_queries.actions_of("audit", audit.id, domain.key)


def links_of_section(audit: Audit, domain: Domain) -> Sequence[LinkedAction]:
    """The actions that were open already and that one section is linked to."""
    return action_queries.linked_to("audit", audit.id, domain.key)


def actions_to_link(audit: Audit, viewer: Viewer) -> Sequence[Action]:
    """Open actions of the same case, or for the whole team, that a finding may be linked to. Of no other child."""
    return action_queries.to_link(viewer, audit.case_id, audit.team_id, "audit", audit.id)


def draft_content(audit: Audit) -> Content:
    """The audit as it stands, as one document. Five queries."""
    version = audit.round.tool_version
    scale = read_scale(version.scale)
    by_part: dict[str, list[ActionContent]] = {}
    for action in action_queries.actions_of("audit", audit.id):
        content = ActionContent(action.what, action.owner.name, action.due_on.isoformat(), action.is_immediate)
        by_part.setdefault(action.source_part, []).append(content)
    for linked in action_queries.linked_to("audit", audit.id):
        content = ActionContent(linked.what, linked.owner, linked.due_on.isoformat(), linked.is_immediate)
        by_part.setdefault(linked.part, []).append(content)
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
