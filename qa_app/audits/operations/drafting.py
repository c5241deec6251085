"""Save what an auditor types (domain.md section 3): partial, by section, and never over somebody else's words.

Each save first takes the audit's row in the statement that notes the activity, so that saves of one audit, and its
submission, come one after the other on both databases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from qa_app.access.viewer import Viewer
from qa_app.actions import operations as actions
from qa_app.actions import queries as action_queries
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.models import Action
from qa_app.audits.content import read_scale
from qa_app.audits.inputs import ConversationInput, OverallInput, SectionInput
from qa_app.audits.models import Audit, Conversation, ConversationWith, SectionAnswer
from qa_app.audits.operations import rows
from qa_app.audits.permissions import check_can_conduct
from qa_app.audits.rules import NOT_APPLICABLE, SectionFacts, section_complete
from qa_app.audits.states import AUDIT, AuditState
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, Stale
from qa_app.core.states import move
from qa_app.tools.models import Domain
from qa_app.trail import operations as trail


class Changed(Stale):
    """These words were saved from somewhere else since the page was opened; `version` is theirs."""

    def __init__(self, version: int) -> None:
        super().__init__("This was saved from somewhere else since you opened it. Look at both texts before you go on.")
        self.version = version


def save_section(audit: Audit, domain: Domain, typed: SectionInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save a section and return its new version. `version` is the one that the page was opened with, 0 for none yet.

    The same words again are never a conflict: their version is returned.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open.
        Changed: saved from elsewhere since.
        BadInput: a grade that the tool does not have here.
    """
    check_can_conduct(viewer, audit)
    _check_grade(audit, typed.grade, allow_not_applicable=domain.may_be_not_applicable)
    state = _take(audit, viewer, now)
    answer = rows.find_answer(audit.id, domain.id)
    values = asdict(typed)
    if _same(answer, values, asdict(SectionInput())):
        return answer.version if answer else 0
    new_version = _write(
        answer, SectionAnswer, {"audit_id": audit.id, "domain_id": domain.id}, values, version, viewer, now
    )
    _note_progress(audit, state, _change(audit, domain, answer, typed), viewer, now)
    _append("audit:section-saved", audit, viewer, now, section=domain.key, version=new_version)
    return new_version


def save_conversations(
    audit: Audit,
    typed: Mapping[ConversationWith, ConversationInput],
    version: int,
    viewer: Viewer,
    now: datetime,
) -> int:
    """Save all conversations, which are one page and so have one version, and return it.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open.
        Changed: saved from elsewhere since.
    """
    check_can_conduct(viewer, audit)
    state = _take(audit, viewer, now)
    found = db.session.scalars(
        select(Conversation).where(Conversation.audit_id == audit.id).execution_options(populate_existing=True)
    )
    kept = {row.with_whom: row for row in found}
    wanted = {whom: asdict(typed.get(whom, ConversationInput())) for whom in ConversationWith}
    if all(_same(kept.get(whom), values, asdict(ConversationInput())) for whom, values in wanted.items()):
        return max((row.version for row in kept.values()), default=0)
    new_version = version
    for whom, values in wanted.items():
        key = {"audit_id": audit.id, "with_whom": whom}
        new_version = _write(kept.get(whom), Conversation, key, values, version, viewer, now)
    _note_progress(audit, state, 0, viewer, now)
    _append("audit:conversations-saved", audit, viewer, now, version=new_version)
    return new_version


def save_overall(audit: Audit, typed: OverallInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save the overall grade with its reasons and return its new version.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open.
        Changed: saved from elsewhere since.
        BadInput: a grade that the tool does not have.
    """
    check_can_conduct(viewer, audit)
    _check_grade(audit, typed.grade, allow_not_applicable=False)
    state = _take(audit, viewer, now)
    db.session.refresh(audit, ["overall_grade", "overall_reasons", "overall_version"])
    if (audit.overall_grade, audit.overall_reasons) == (typed.grade, typed.reasons):
        return audit.overall_version
    changed = db.session.execute(
        update(Audit)
        .where(Audit.id == audit.id, Audit.overall_version == version)
        .values(overall_grade=typed.grade, overall_reasons=typed.reasons, overall_version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Changed(audit.overall_version)
    _note_progress(audit, state, 0, viewer, now)
    db.session.refresh(audit, ["overall_grade", "overall_reasons", "overall_version"])
    _append("audit:overall-saved", audit, viewer, now, version=version + 1)
    return version + 1


def add_action(audit: Audit, domain: Domain, wanted: ActionInput, viewer: Viewer, now: datetime) -> Action:
    """Add an action to a section of a draft. It opens when the audit is submitted.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open.
        BadInput: nothing to do, or a due date before today.
    """
    check_can_conduct(viewer, audit)
    state = _take(audit, viewer, now)
    before = _is_complete(audit, domain)
    action = actions.raise_action(_source(audit, domain), wanted, viewer, london_day(now), now, draft=True)
    _note_progress(audit, state, _is_complete(audit, domain) - before, viewer, now)
    return action


def remove_action(audit: Audit, domain: Domain, action: Action, viewer: Viewer, now: datetime) -> None:
    """Take an action out of a section of a draft.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, it is not open, or the action was opened.
    """
    check_can_conduct(viewer, audit)
    state = _take(audit, viewer, now)
    before = _is_complete(audit, domain)
    actions.remove_action(action, viewer, now)
    _note_progress(audit, state, _is_complete(audit, domain) - before, viewer, now)


def link_action(audit: Audit, domain: Domain, action: Action, viewer: Viewer, now: datetime) -> None:
    """Point a section of a draft at an action that is open already, instead of raising it twice.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, it is not open, or the action is not open any more.
    """
    check_can_conduct(viewer, audit)
    state = _take(audit, viewer, now)
    before = _is_complete(audit, domain)
    actions.link(action, _source(audit, domain), viewer, now, draft=True)
    _note_progress(audit, state, _is_complete(audit, domain) - before, viewer, now)


def unlink_action(audit: Audit, domain: Domain, action: Action, viewer: Viewer, now: datetime) -> None:
    """Take such a link out of a section of a draft.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open.
    """
    check_can_conduct(viewer, audit)
    state = _take(audit, viewer, now)
    before = _is_complete(audit, domain)
    actions.unlink(action, _source(audit, domain), viewer, now)
    _note_progress(audit, state, _is_complete(audit, domain) - before, viewer, now)


def _take(audit: Audit, viewer: Viewer, now: datetime) -> tuple[AuditState, int]:
    """Take the audit's row, if it is still open and the viewer's, and note the activity. Its state and version."""
    row = rows.take(audit.id, viewer.person_id, now)
    if row is None:
        db.session.refresh(audit)
        check_can_conduct(viewer, audit)
        raise Stale("This audit was changed by somebody else. Look at it again before you go on.")
    return AuditState(row[0]), row[1]


def _write(
    row: Any, model: Any, key: dict[str, Any], values: dict[str, Any], version: int, viewer: Viewer, now: datetime
) -> int:
    """Insert or update a row of words where its version is still `version`; the new version."""
    current = row.version if row is not None else 0
    if version != current:
        raise Changed(current)
    stamped = {**values, "version": version + 1, "saved_at": now, "saved_by_id": viewer.person_id}
    if row is None:
        rows.insert_words(model, {**key, **stamped})
    elif not rows.update_words(model, row.id, version, stamped):
        raise Changed(current)
    return version + 1


def _same(row: Any, values: Mapping[str, Any], empty: Mapping[str, Any]) -> bool:
    kept = empty if row is None else {name: getattr(row, name) for name in values}
    return kept == values


def _change(audit: Audit, domain: Domain, before: Any, after: SectionInput) -> int:
    """What a save of a section adds to the sections done: 1, 0 or -1. `before` is the answer's row, if there is one."""
    needs_action = after.affects_child_now or (before is not None and before.affects_child_now)
    count = action_queries.count_by_part("audit", audit.id).get(domain.key, 0) if needs_action else 0
    return _complete(audit, domain, after, count) - _complete(audit, domain, before, count)


def _is_complete(audit: Audit, domain: Domain) -> bool:
    count = action_queries.count_by_part("audit", audit.id).get(domain.key, 0)
    return _complete(audit, domain, rows.find_answer(audit.id, domain.id), count)


def _complete(audit: Audit, domain: Domain, answer: Any, actions_count: int) -> bool:
    if answer is None:
        return False
    facts = SectionFacts(
        domain.key, domain.title, domain.required, answer.grade, answer.affects_child_now, actions=actions_count
    )
    return section_complete(facts, {grade.key: grade for grade in read_scale(audit.round.tool_version.scale)})


def _note_progress(audit: Audit, taken: tuple[AuditState, int], change: int, viewer: Viewer, now: datetime) -> None:
    """Start the audit where this is its first save, and keep the count of sections done."""
    state, version = taken
    if state is AuditState.ALLOCATED:
        values: dict[str, Any] = {"started_at": audit.started_at or now, "sections_done": Audit.sections_done + change}
        move(audit, AUDIT, "start", now=now, person_id=viewer.person_id, version=version, **values)
        _append("audit:started", audit, viewer, now)
    elif change:
        rows.count_sections(audit, change)


def _check_grade(audit: Audit, grade: str | None, *, allow_not_applicable: bool) -> None:
    allowed: Sequence[str] = [row["key"] for row in audit.round.tool_version.scale]
    if grade is None or grade in allowed or (allow_not_applicable and grade == NOT_APPLICABLE):
        return
    raise BadInput("Choose one of the grades in the list.", {"grade": "Choose one of the grades in the list"})


def _source(audit: Audit, domain: Domain) -> Source:
    return Source(
        "audit",
        audit.id,
        domain.key,
        label=f"Audit {audit.reference}",
        team_id=audit.team_id,
        service_id=audit.service_id,
        case_id=audit.case_id,
    )


def _append(event: str, audit: Audit, viewer: Viewer, now: datetime, **detail: Any) -> None:
    trail.append(event, viewer, now, ("audit", audit.id), **detail)
