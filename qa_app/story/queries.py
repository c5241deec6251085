"""Read what happened to an audit, and to what belongs to it, from the trail: only what the viewer may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, literal, null, or_, select, type_coerce, union_all

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action, ActionLink
from qa_app.actions.queries import visible as visible_actions
from qa_app.audits.models import Audit
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.database import Instant, db
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries.requests import visible as visible_exemptions
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.recording import SOURCE as PLAN
from qa_app.improvement.queries.one import visible as visible_processes
from qa_app.moderation.models import Moderation
from qa_app.moderation.queries.one import visible as visible_moderations
from qa_app.people.models import Person
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries.lists import visible as visible_notices
from qa_app.story.telling import IN_PLACE, OF_THE_AUDIT, SAVES, TELLINGS, About, Happened
from qa_app.trail.models import TrailDetail, TrailEntry

T = TrailEntry
BIRTH = ("audit:allocated", "audit:issued")


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, oldest first, and the names of the people in it."""

    happened: Sequence[Happened]
    names: Mapping[int, str]


def story_of(audit: Audit, viewer: Viewer) -> Story:
    """Everything that the viewer may read of what happened to an audit that they may read."""
    own = _own_entries(audit)
    told = [*_birth(audit, own), *(each for each in own if each.about is not About.ROUND)]
    things = _belongings(audit, viewer, _auditors(audit, own))
    told = [each for each in told if _may_be_told(each, things)]
    told += _entries_of(audit, [thing for thing in things if thing[0] not in OF_THE_AUDIT])
    told.sort(key=lambda each: each.number)
    return Story(told, _names(told))


def _may_be_told(each: Happened, things: Sequence["Belonging"]) -> bool:
    """Whether the viewer may read what an entry of the audit itself is about: its notice, its moderation."""
    if each.about is About.NOTICE:
        return any(about is About.NOTICE and key == each.thing for about, key, _ in things)
    return each.about is not About.MODERATION or any(about is About.MODERATION for about, *_ in things)


_COLUMNS = (T.id, T.event, T.at, T.person_id, T.on_behalf_of_id, T.subject_type, T.subject_id, TrailDetail.detail)


def _read(*conditions: ColumnElement[bool]) -> Iterable[Any]:
    statement: Select[Any] = select(*_COLUMNS).outerjoin(TrailDetail, TrailDetail.entry_id == T.id)
    return db.session.execute(statement.where(*conditions).order_by(T.id))


def _own_entries(audit: Audit) -> list[Happened]:
    """What the trail says of the audit itself and of its round's allocation and issue."""
    told = {event for event, telling in TELLINGS.items() if telling.about in OF_THE_AUDIT} | set(SAVES)
    of_audit = and_(T.subject_type == "audit", T.subject_id == audit.id, T.event.in_(told))
    of_round = and_(T.subject_type == "round", T.subject_id == audit.round_id, T.event.in_(BIRTH))
    found = []
    for number, event, at, by_id, for_id, _, subject_id, detail in _read(or_(of_audit, of_round)):
        about = TELLINGS[event].about if event in TELLINGS else About.AUDIT
        thing = int((detail or {}).get("notice", 0)) if about is About.NOTICE else subject_id
        found.append(Happened(number, event, at, by_id, for_id, about, thing, detail or {}))
    return found


def _birth(audit: Audit, own: Sequence[Happened]) -> list[Happened]:
    """How it came to be: with the last allocation of its round before the issue, or in the place of another audit."""
    of_round = [each for each in own if each.about is About.ROUND]
    issues = [each for each in of_round if each.event == "audit:issued"]
    first_issue = issues[0].number if issues else None
    allocations = [each for each in of_round if each.event == "audit:allocated"]
    before = [each for each in allocations if first_issue is None or each.number < first_issue]
    issued = [each for each in issues if each.at == audit.issued_at]
    made = before[-1:]
    if made and audit.number > int(made[0].detail.get("audits", 0)):
        return _in_place(audit)
    return [*made, *issued]


def _in_place(audit: Audit) -> list[Happened]:
    withdrawn = select(Audit.id).where(Audit.round_id == audit.round_id, Audit.state == AuditState.WITHDRAWN)
    replaced = _read(T.event == "audit:case-replaced", T.subject_type == "audit", T.subject_id.in_(withdrawn))
    return [
        Happened(number, IN_PLACE, at, by_id, for_id, About.AUDIT, audit.id)
        for number, _, at, by_id, for_id, _, _, detail in replaced
        if (detail or {}).get("replacement") == audit.id
    ]


def _auditors(audit: Audit, own: Sequence[Happened]) -> set[int]:
    """Everybody who has had it."""
    given = [each.detail for each in own if each.event == "audit:reassigned"]
    every = {audit.auditor_id, *(detail.get(name) for detail in given for name in ("previous", "auditor"))}
    return {person_id for person_id in every if person_id is not None}


Belonging = tuple[About, int, datetime | None]
"""Something that belongs to an audit: its kind, its id, and from when on (none: from its beginning)."""


def _belongings(audit: Audit, viewer: Viewer, auditors: set[int]) -> list[Belonging]:
    """What belongs to the audit and the viewer may read, with one statement."""
    month = audit.round.month
    notices = select(SlippageNotice.id).join(Person, Person.id == SlippageNotice.person_id)
    exemptions = select(ExemptionRequest.id).where(
        ExemptionRequest.person_id.in_(auditors),
        ExemptionRequest.first_month <= month,
        ExemptionRequest.last_month >= month,
    )
    raised = select(Action.id).where(Action.source_type == "audit", Action.source_id == audit.id)
    linked: Any = (
        select(Action.id, ActionLink.at)
        .join(ActionLink, ActionLink.action_id == Action.id)
        .where(ActionLink.source_type == "audit", ActionLink.source_id == audit.id, ActionLink.shown_at.is_not(None))
    )
    moderated = select(Moderation.id).join(Audit, Audit.id == Moderation.audit_id).join(Case, Case.id == Audit.case_id)
    processes = select(ImprovementProcess.id).where(ImprovementProcess.audit_id == audit.id)
    planned = select(Action.id).where(Action.source_type == PLAN, Action.source_id.in_(processes))
    parts = [
        _kind(About.NOTICE, notices.where(SlippageNotice.audit_id == audit.id, visible_notices(viewer))),
        _kind(About.MODERATION, moderated.where(Moderation.audit_id == audit.id, visible_moderations(viewer))),
        _kind(About.EXEMPTION, exemptions.where(visible_exemptions(viewer))),
        _kind(About.ACTION, raised.where(visible_actions(viewer))),
        _kind(About.ACTION, planned.where(visible_actions(viewer))),
        _kind(About.IMPROVEMENT, processes.where(visible_processes(viewer))),
        _kind(About.ACTION, linked.where(visible_actions(viewer)), since=True),
    ]
    rows: Any = db.session.execute(union_all(*parts))
    return [(About(about), key, since) for about, key, since in rows]


def _kind(about: About, found: Select[Any], *, since: bool = False) -> Select[Any]:
    inner = found.subquery()
    from_when = type_coerce(inner.c.at, Instant()) if since else cast(null(), Instant())
    return select(literal(about.value).label("about"), inner.c.id, from_when.label("since"))


def _entries_of(audit: Audit, things: Sequence[Belonging]) -> list[Happened]:
    """What the trail says of things that belong to the audit, each from when on it does."""
    if not things:
        return []
    since = {(about, key): when for about, key, when in things}
    by_kind: dict[About, set[int]] = {}
    for about, key, _ in things:
        by_kind.setdefault(about, set()).add(key)
    told = [event for event, telling in TELLINGS.items() if telling.about in by_kind]
    subjects = [and_(T.subject_type == about.value, T.subject_id.in_(keys)) for about, keys in by_kind.items()]
    found = []
    for number, event, at, by_id, for_id, kind, key, detail in _read(T.event.in_(told), or_(*subjects)):
        begins, each = (
            since[About(kind), key],
            Happened(number, event, at, by_id, for_id, About(kind), key, detail or {}),
        )
        if (begins is None or at >= begins) and _is_of(audit, each):
            found.append(each)
    return found


def _is_of(audit: Audit, each: Happened) -> bool:
    """A link of another source to the same action is none of this story, and an audit's own action begins as a draft,
    which is its auditor's alone: it is told as it is opened.
    """
    if each.event == "action:linked":
        return each.detail.get("source_id") == audit.id
    return each.event != "action:raised" or each.detail.get("source") != "audit"


def _names(told: Sequence[Happened]) -> dict[int, str]:
    people = {person_id for each in told for person_id in (each.by_id, each.for_id)}
    people |= {each.detail.get(TELLINGS[each.event].person) for each in told if each.event in TELLINGS}
    wanted = {person_id for person_id in people if isinstance(person_id, int)}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}
