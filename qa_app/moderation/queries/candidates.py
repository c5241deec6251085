"""Who might moderate one audit, with all that the rules ask about each of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from qa_app.access.roles import Role
from qa_app.allocation.model import AuditorOption, CaseToAudit
from qa_app.allocation.queries import case_of
from qa_app.allocation.rules import is_away_for_round
from qa_app.audits.models import Audit
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.moderation.choosing import HEAD, MODERATOR, Bar, Candidate, Choice, bars_on, choose
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import UNSETTLED
from qa_app.people.models import Absence, Auditor, Person, RoleGrant, Team
from qa_app.people.queries import stand_ins, works
from qa_app.people.states import TrainingStatus

LEAST_DAYS = 2
"""Working days that a moderator must be there for before it is due."""


_IS_OPEN = Moderation.state.in_(UNSETTLED)


def choice_for(audit: Audit, due_on: date, today: date, *, by_head: bool) -> Choice:
    """Who moderates an audit as things stand, and why. A restricted case is the QA team's to give."""
    case = case_of(audit)
    if audit_is_restricted(audit):
        return Choice(None, "The case is restricted, so the QA team chooses.")
    found = candidates(audit, case, due_on, today, by_head=by_head)
    return choose(case, found, audit.auditor_id, HEAD if by_head else MODERATOR)


def audit_is_restricted(audit: Audit) -> bool:
    """Whether the audit's case is seen by few."""
    return db.session.get_one(Case, audit.case_id).restricted


def candidates(audit: Audit, case: CaseToAudit, due_on: date, today: date, *, by_head: bool) -> list[Candidate]:
    """Everybody who might: trained moderators; or Heads of Service, the case's own first, with their deputies."""
    loads = _loads(audit.round_id)
    if not by_head:
        options = _options(audit, _moderators(today), due_on, today, as_head=False)
        return [Candidate(one, *loads.get(one.person_id, (0, 0))) for one in options]
    heads = _heads(today)
    acting = stand_ins(list(heads), today)
    options = _options(audit, {*heads, *acting.values()}, due_on, today, as_head=True)
    by_id = {one.person_id: one for one in options}
    return [
        Candidate(
            by_id[person_id],
            *loads.get(person_id, (0, 0)),
            rank=0 if audit.service_id in services or None in services else 1,
            acting=by_id[acting[person_id]] if acting[person_id] != person_id else None,
        )
        for person_id, services in heads.items()
    ]


def bars_of(audit: Audit, person_id: int, due_on: date, today: date, *, by_head: bool) -> list[Bar] | None:
    """What keeps one person from moderating an audit; None where they are no candidate at all."""
    case = case_of(audit)
    for candidate in candidates(audit, case, due_on, today, by_head=by_head):
        if candidate.option.person_id == person_id:
            return bars_on(case, candidate, audit.auditor_id)
    return None


def _moderators(today: date) -> Sequence[int]:
    holds = select(RoleGrant.person_id).where(RoleGrant.role == Role.MODERATOR)
    found = select(Person.id).join(Auditor, Auditor.person_id == Person.id)
    return db.session.scalars(found.where(Auditor.is_moderator, Person.id.in_(holds), works(today))).all()


def _heads(today: date) -> Mapping[int, set[int | None]]:
    """The Heads of Service at work, with the services that are theirs."""
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.service_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.HEAD_OF_SERVICE, works(today))
        .order_by(RoleGrant.person_id)
    )
    found: dict[int, set[int | None]] = {}
    for person_id, service_id in rows:
        found.setdefault(person_id, set()).add(service_id)
    return found


def _options(
    audit: Audit, person_ids: Iterable[int], due_on: date, today: date, *, as_head: bool
) -> list[AuditorOption]:
    """People as the rules see them with this audit's case, by id."""
    managers, supervisor_id = _managers(audit, as_head=as_head), _supervisor(audit)
    people: Any = db.session.execute(
        select(Person, Auditor)
        .outerjoin(Auditor, Auditor.person_id == Person.id)
        .where(Person.id.in_(list(person_ids)))
        .order_by(Person.id)
    ).all()
    away = _away([person.id for person, _ in people], due_on, today)
    return [
        AuditorOption(
            person_id=person.id,
            name=person.name,
            team_id=person.team_id,
            capacity=0,
            manages_team_ids=frozenset({audit.team_id} if person.id in managers else ()),
            supervises_ids=frozenset({audit.caseworker_id} if person.id == supervisor_id else ()),  # type: ignore[arg-type]
            trained=as_head or (auditor is not None and auditor.training_status == TrainingStatus.TRAINED),
            is_moderator=as_head or (auditor is not None and auditor.is_moderator),
            active=person.works_on(today),
            absent=person.id in away,
        )
        for person, auditor in people
    ]


def _managers(audit: Audit, *, as_head: bool) -> set[int]:
    """Who manages the case's team. The Head of its service does too, unless it is they who are asked to moderate."""
    team = db.session.execute(select(Team.manager_id, Team.service_manager_id).where(Team.id == audit.team_id)).one()
    roles = [Role.SERVICE_MANAGER, *([] if as_head else [Role.HEAD_OF_SERVICE])]
    granted = select(RoleGrant.person_id).where(
        or_(
            (RoleGrant.role == Role.TEAM_MANAGER) & (RoleGrant.team_id == audit.team_id),
            RoleGrant.role.in_(roles) & (RoleGrant.service_id == audit.service_id),
        )
    )
    return {*db.session.scalars(granted), *(one for one in team if one is not None)}


def _supervisor(audit: Audit) -> int | None:
    if audit.caseworker_id is None:
        return None
    return db.session.scalar(select(Person.line_manager_id).where(Person.id == audit.caseworker_id))


def _away(person_ids: Sequence[int], due_on: date, today: date) -> set[int]:
    """Those who are there on too few working days before it is due."""
    spans: dict[int, list[tuple[date, date]]] = {}
    last = max(due_on, today)
    rows = db.session.execute(
        select(Absence.person_id, Absence.starts_on, Absence.ends_on).where(
            Absence.person_id.in_(person_ids), Absence.starts_on <= last, Absence.ends_on >= today
        )
    )
    for person_id, starts_on, ends_on in rows:
        spans.setdefault(person_id, []).append((starts_on, ends_on))
    return {person_id for person_id, found in spans.items() if is_away_for_round(found, today, last, LEAST_DAYS)}


def _loads(round_id: int) -> Mapping[int, tuple[int, int]]:
    """What each moderator has open, and how many of the round they were given."""
    by_person = select(Moderation.moderator_id, func.count()).group_by(Moderation.moderator_id)
    given = by_person.join(Audit, Audit.id == Moderation.audit_id).where(Audit.round_id == round_id)
    open_: dict[Any, int] = {row[0]: row[1] for row in db.session.execute(by_person.where(_IS_OPEN))}
    in_round: dict[Any, int] = {row[0]: row[1] for row in db.session.execute(given)}
    return {person_id: (open_.get(person_id, 0), in_round.get(person_id, 0)) for person_id in {*open_, *in_round}}


PANEL = (
    Role.MODERATOR,
    Role.LEAD_AUDITOR,
    Role.HEAD_OF_SERVICE,
    Role.PRACTICE_LEAD,
    Role.QA_TEAM,
    Role.DIRECTOR,
)
"""Whose holders may sit on a moderation panel, beside the auditor and the moderator."""


def panel_people(moderation: Moderation, today: date) -> list[tuple[int, str]]:
    """Who may have been at a moderation panel, as id and words, by name."""
    holds = select(RoleGrant.person_id).where(RoleGrant.role.in_(PANEL))
    parties = [one for one in (moderation.audit.auditor_id, moderation.moderated_by_id) if one is not None]
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(or_(and_(works(today), Person.id.in_(holds)), Person.id.in_(parties)))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {title}" if title else name) for person_id, name, title in rows]
