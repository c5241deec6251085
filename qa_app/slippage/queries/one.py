"""Read one slippage notice and what is asked about it. Out of scope looks exactly like absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.queries.lists import visible as visible_audits
from qa_app.audits.states import OPEN_STATES as OPEN_AUDITS
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.clock import months_before
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.outbox.models import Mail
from qa_app.people.models import Person, RoleGrant, Team
from qa_app.people.queries import deciders, stand_ins
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries.lists import visible
from qa_app.slippage.states import OPEN_STATES


def notice_for(viewer: Viewer, notice_id: int) -> SlippageNotice:
    """One notice with everything that its page shows.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    found = db.session.scalar(
        select(SlippageNotice)
        .join(Person, Person.id == SlippageNotice.person_id)
        .where(SlippageNotice.id == notice_id, visible(viewer))
        .options(
            joinedload(SlippageNotice.audit).joinedload(Audit.round),
            joinedload(SlippageNotice.audit).joinedload(Audit.team),
            joinedload(SlippageNotice.audit).joinedload(Audit.auditor),
            joinedload(SlippageNotice.person).joinedload(Person.team),
            joinedload(SlippageNotice.service),
            joinedload(SlippageNotice.acknowledged_by),
            joinedload(SlippageNotice.acknowledged_for),
            joinedload(SlippageNotice.forwarded_by),
            joinedload(SlippageNotice.forwarded_for),
            joinedload(SlippageNotice.resolved_by),
        )
    )
    if found is None:
        raise NotFound
    return found


def notice_of(audit_id: int) -> SlippageNotice | None:
    """The newest notice of an audit, open or resolved. An open one is always the newest."""
    return db.session.scalar(
        select(SlippageNotice).where(SlippageNotice.audit_id == audit_id).order_by(SlippageNotice.id.desc()).limit(1)
    )


def open_notice_of(audit_id: int) -> SlippageNotice | None:
    """The open notice of an audit, as it is now: there is at most one."""
    return db.session.scalar(
        select(SlippageNotice)
        .where(SlippageNotice.audit_id == audit_id, SlippageNotice.state.in_(OPEN_STATES))
        .execution_options(populate_existing=True)
    )


def open_notices() -> Sequence[tuple[int, str]]:
    """Every open notice, as its id and state, oldest first."""
    rows = db.session.execute(
        select(SlippageNotice.id, SlippageNotice.state)
        .where(SlippageNotice.state.in_(OPEN_STATES))
        .order_by(SlippageNotice.raised_at, SlippageNotice.id)
    )
    return [(notice_id, state) for notice_id, state in rows]


def open_notices_of(round_id: int) -> Sequence[SlippageNotice]:
    """The open notices on audits of a round, oldest first."""
    return db.session.scalars(
        select(SlippageNotice)
        .join(SlippageNotice.audit)
        .where(Audit.round_id == round_id, SlippageNotice.state.in_(OPEN_STATES))
        .order_by(SlippageNotice.raised_at, SlippageNotice.id)
    ).all()


def chased_already() -> set[tuple[str, str, str]]:
    """Which open notices were chased or escalated in which stage: subject, message and slot of the mails."""
    subject = literal("slippage:") + cast(SlippageNotice.id, String)
    rows = db.session.execute(
        select(Mail.subject_key, Mail.message, Mail.slot)
        .join(SlippageNotice, subject == Mail.subject_key)
        .where(SlippageNotice.state.in_(OPEN_STATES), Mail.message.in_(("slippage_chased", "slippage_escalated")))
        .distinct()
    )
    return {(subject_key, message, slot) for subject_key, message, slot in rows}


def service_of(person_id: int) -> int | None:
    """Whose Head of Service hears about an auditor: their team's service, or the only one that their roles name."""
    of_team = select(Team.service_id).join(Person, Person.team_id == Team.id).where(Person.id == person_id)
    found = db.session.scalar(of_team)
    if found is not None:
        return found
    named = select(RoleGrant.service_id).where(RoleGrant.person_id == person_id, RoleGrant.service_id.is_not(None))
    services = db.session.scalars(named.distinct()).all()
    return services[0] if len(services) == 1 else None


def heads_of(service_id: int | None, person_id: int, today: date) -> list[int]:
    """Who hears of an auditor's notice first: the Heads of their service, or the deputies of these.

    Not the auditor, nor who stands in for an auditor who is Head of Service: nobody acts on their own notice.
    """
    if service_id is None:
        return []
    heads = set(deciders(Role.HEAD_OF_SERVICE, today, service_id)) - {person_id}
    is_head = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == Role.HEAD_OF_SERVICE,
        or_(RoleGrant.service_id == service_id, RoleGrant.service_id.is_(None)),
    )
    if heads and db.session.scalar(is_head.limit(1)) is not None:
        heads.discard(stand_ins([person_id], today)[person_id])
    return sorted(heads)


def heads_named(service_id: int | None, person_id: int, today: date) -> list[str]:
    """The names of those who hear of an auditor's notice first; none: the QA team does."""
    heads = heads_of(service_id, person_id, today)
    return list(db.session.scalars(select(Person.name).where(Person.id.in_(heads)).order_by(Person.name)))


def reads_audit(viewer: Viewer, audit: Audit) -> bool:
    """Whether the viewer may read the audit itself, and so know its case."""
    if not viewer.can(Permission.AUDIT_READ):
        return False
    found = select(Audit.id).join(Case, Case.id == Audit.case_id).where(Audit.id == audit.id, visible_audits(viewer))
    return db.session.scalar(found) is not None


def audits_that_may_slip(viewer: Viewer, round_reference: str) -> Sequence[Audit]:
    """The viewer's own audits of a round, or of all, for which a notice can be raised, by due date."""
    found = (
        select(Audit)
        .where(
            Audit.auditor_id == viewer.person_id,
            Audit.state.in_(OPEN_AUDITS),
            Audit.issued_at.is_not(None),
            Audit.first_submitted_at.is_(None),
        )
        .options(joinedload(Audit.round), joinedload(Audit.team))
        .order_by(Audit.due_on, Audit.id)
    )
    if round_reference:
        found = found.where(Audit.round.has(reference=round_reference))
    return db.session.scalars(found.limit(50)).all()


@dataclass(frozen=True, slots=True)
class History:
    """An auditor's twelve months: audits whose due date has passed, and slippage notices before this one."""

    due: int
    in_time: int
    late: int
    not_done: int
    earlier_notices: int


def history_of(notice: SlippageNotice, today: date) -> History:
    """What became of the audits that this auditor had in the last twelve months."""
    not_done = Audit.state.in_(OPEN_AUDITS) & Audit.first_submitted_at.is_(None)
    due, late, open_ = db.session.execute(
        select(
            func.count(Audit.id),
            func.count(Audit.id).filter(Audit.is_late),
            func.count(Audit.id).filter(not_done),
        ).where(
            Audit.auditor_id == notice.person_id,
            Audit.issued_at.is_not(None),
            Audit.due_on < today,
            Audit.due_on >= months_before(today, 12),
            Audit.state != AuditState.WITHDRAWN,
        )
    ).one()
    earlier = db.session.scalar(
        select(func.count(SlippageNotice.id)).where(
            SlippageNotice.person_id == notice.person_id, SlippageNotice.id < notice.id
        )
    )
    return History(due, due - late - open_, late, open_, earlier or 0)
