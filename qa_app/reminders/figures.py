"""What services, the Director and the QA team have before them, counted (domain.md sections 6 and 10)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from qa_app.audits.models import Audit, Declaration
from qa_app.audits.states import OPEN_STATES
from qa_app.core.clock import london_day, working_days_between
from qa_app.core.database import db
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import ExemptionState
from qa_app.moderation.queries import of_qa_team as moderation_of_qa_team
from qa_app.people.models import Service
from qa_app.reminders.queries import Owed
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import OPEN_STATES as OPEN_NOTICES
from qa_app.slippage.states import SlippageState


@dataclass(frozen=True, slots=True)
class OfService:
    """What a Head of Service has before them."""

    name: str
    notices: int
    requests: int
    audits: int


def of_services(rows: Iterable[Owed]) -> dict[int, OfService]:
    """The services where something is open: slippage notices, exemption requests, audits outstanding (`rows`)."""
    notices = _by_service(SlippageNotice, SlippageNotice.state.in_(OPEN_NOTICES))
    requests = _by_service(ExemptionRequest, ExemptionRequest.state == ExemptionState.WITH_HEAD_OF_SERVICE)
    audits: Counter[int | None] = Counter()
    for row in rows:
        audits[row.service_id] += row.audits
    services = db.session.execute(select(Service.id, Service.name).order_by(Service.name, Service.id))
    found = {key: OfService(name, notices[key], requests[key], audits[key]) for key, name in services}
    return {key: one for key, one in found.items() if one.notices or one.requests or one.audits}


def _by_service(model: type[SlippageNotice | ExemptionRequest], where: ColumnElement[bool]) -> Counter[int | None]:
    found = db.session.execute(select(model.service_id, func.count()).where(where).group_by(model.service_id))
    return Counter({key: number for key, number in found})


@dataclass(frozen=True, slots=True)
class Decisions:
    """How many exemption requests wait for the Director, and since when the oldest does."""

    requests: int
    oldest_on: date


def decisions(today: date) -> Decisions | None:
    """What waits for the Director, once something has waited for a working day; else None."""
    since = func.coalesce(ExemptionRequest.head_answered_at, ExemptionRequest.asked_at)
    waiting = db.session.execute(
        select(ExemptionRequest.head_answered_at, ExemptionRequest.asked_at)
        .where(ExemptionRequest.state == ExemptionState.WITH_DIRECTOR)
        .order_by(since, ExemptionRequest.id)
    ).all()
    if not waiting:
        return None
    oldest_on = london_day(min(answered or asked for answered, asked in waiting))
    return Decisions(len(waiting), oldest_on) if working_days_between(oldest_on, today) >= 1 else None


@dataclass(frozen=True, slots=True)
class OfQaTeam:
    """What the QA team has before it today; `audits` outstanding are for information."""

    declarations: int
    notices: int
    waiting: int
    unallocated: int
    audits: int
    moderations: int = 0
    disputes: int = 0

    @property
    def is_asked(self) -> bool:
        """Whether anything waits for an answer of theirs."""
        asked = (self.declarations, self.notices, self.waiting, self.unallocated, self.moderations, self.disputes)
        return any(asked)


def of_qa_team(rows: Iterable[Owed], today: date) -> OfQaTeam:
    """Declarations, notices with the QA team, audits of exempt auditors to withdraw or reassign, audits of nobody.

    Also moderations that are late, and disputes that wait for the panel.
    """
    rows = list(rows)
    moderation = moderation_of_qa_team(today)
    declarations = select(func.count(Declaration.id)).join(Declaration.audit)
    declarations = declarations.where(
        Declaration.outcome == "",
        Audit.state.in_(OPEN_STATES),
        Audit.auditor_id == Declaration.made_by_id,
    )
    notices = select(func.count(SlippageNotice.id)).where(SlippageNotice.state == SlippageState.WITH_QA_TEAM)
    nobodys = select(func.count(Audit.id)).join(Audit.round)
    nobodys = nobodys.where(Audit.auditor_id.is_(None), Audit.state.in_(OPEN_STATES), Audit.round.has(closed_at=None))
    return OfQaTeam(
        db.session.scalar(declarations) or 0,
        db.session.scalar(notices) or 0,
        sum(row.waiting for row in rows),
        db.session.scalar(nobodys) or 0,
        sum(row.audits for row in rows),
        moderation.late,
        moderation.disputed,
    )
