"""What an allocation depends on, read from the tables: the sampled cases and everybody who audits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Select, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased, joinedload

from qa_app.access.roles import Role
from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy
from qa_app.allocation.models import AllocationRun, Assignment
from qa_app.allocation.rules import is_away_for_round
from qa_app.audits.models import Audit, Declaration, DeclarationKind
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.clock import months_before, start_of_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.exemptions.queries import exempt_in
from qa_app.people.models import Absence, Auditor, Person, RoleGrant, Service, Team
from qa_app.people.states import TrainingStatus
from qa_app.rounds.models import Round
from qa_app.settings.queries import value_at, values_at


@dataclass
class _Past:
    """What an auditor read in the last 12 months."""

    experience: set[str] = field(default_factory=set)
    audits_by_team: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def policy_of(round_: Round) -> Policy:
    """The allocation policy of a round: its audit type's own, or the council's in force on the issue date."""
    return Policy(round_.audit_type.allocation_policy or value_at("allocation_policy", round_.issue_on))


def cases_to_audit(cases: Sequence[Case]) -> list[CaseToAudit]:
    """The sampled cases as the allocation sees them, in the order given; the key is the case's id as text."""
    conflicts = _conflicts([case.id for case in cases])
    return [
        CaseToAudit(
            key=f"{case.id:012d}",
            team_id=case.team_id,
            team_name=case.team.name,
            service_id=case.team.service_id,
            service_name=case.team.service.name,
            case_type=case.case_type,
            caseworker_id=case.caseworker_id,
            conflict_ids=frozenset(conflicts.get(case.id, ())),
        )
        for case in cases
    ]


def _conflicts(case_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Who has ever declared a conflict of interest with a case."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(Audit.case_id, Declaration.made_by_id)
        .join(Declaration, Declaration.audit_id == Audit.id)
        .where(Declaration.kind == DeclarationKind.CONFLICT, Audit.case_id.in_(case_ids))
    )
    for case_id, person_id in rows:
        found[case_id].add(person_id)
    return found


def auditor_options(round_: Round, loads: Mapping[int, int] | None = None) -> list[AuditorOption]:
    """Everybody with an auditor's record, as they stand in this round, by person id."""
    day = round_.issue_on
    settings = values_at(["expectation", "least_working_days"], day)
    past, ties = _past(day), _ties(round_)
    loads = loads or {}
    options = []
    for person, auditor, is_auditor, absences in _auditors(round_):
        expectation = settings["expectation"] if auditor.expectation is None else auditor.expectation
        history = past.get(person.id, _Past())
        options.append(
            AuditorOption(
                person_id=person.id,
                name=person.name,
                team_id=person.team_id,
                capacity=expectation,
                expectation=expectation,
                load=loads.get(person.id, 0),
                manages_team_ids=frozenset(ties[_Tie.MANAGES].get(person.id, ())),
                supervises_ids=frozenset(ties[_Tie.SUPERVISES].get(person.id, ())),
                trained=auditor.training_status == TrainingStatus.TRAINED,
                is_moderator=auditor.is_moderator,
                active=is_auditor and person.works_on(day),
                absent=is_away_for_round(absences, day, round_.due_on, settings["least_working_days"]),
                exempt=person.id in ties[_Tie.EXEMPT],
                experience=frozenset(history.experience),
                audits_by_team=dict(history.audits_by_team),
                last_caseworker_ids=frozenset(ties[_Tie.READ_LAST].get(person.id, ())),
                pool_service_id=auditor.pool_service_id,
            )
        )
    return options


def _auditors(round_: Round) -> Sequence[tuple[Person, Auditor, bool, list[tuple[date, date]]]]:
    """Everybody with an auditor's record by id, whether they hold the role, and their absences during the round."""
    holds = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.AUDITOR)
    away = and_(Absence.person_id == Person.id, Absence.starts_on <= round_.due_on, Absence.ends_on >= round_.issue_on)
    rows: Any = db.session.execute(
        select(Person, Auditor, holds, Absence.starts_on, Absence.ends_on)
        .join(Auditor, Auditor.person_id == Person.id)
        .outerjoin(Absence, away)
        .order_by(Person.id, Absence.starts_on)
    )
    found: dict[int, tuple[Person, Auditor, bool, list[tuple[date, date]]]] = {}
    for person, auditor, is_auditor, *span in rows:
        spans = found.setdefault(person.id, (person, auditor, is_auditor, []))[3]
        if None not in span:
            spans.append((span[0], span[1]))
    return list(found.values())


def _past(day: date) -> Mapping[int, _Past]:
    since = start_of_day(months_before(day, 12))
    rows = db.session.execute(
        select(Audit.auditor_id, Audit.team_id, Audit.case_type, func.count())
        .where(Audit.issued_at >= since, Audit.auditor_id.is_not(None), Audit.state != AuditState.WITHDRAWN)
        .group_by(Audit.auditor_id, Audit.team_id, Audit.case_type)
    )
    past: dict[int, _Past] = defaultdict(_Past)
    for person_id, team_id, case_type, number in cast(Iterable[tuple[int, int, str, int]], rows):
        past[person_id].experience.add(case_type)
        past[person_id].audits_by_team[team_id] += number
    return past


class _Tie(StrEnum):
    """What ties somebody to a team or to a person."""

    MANAGES = "manages"
    SUPERVISES = "supervises"
    READ_LAST = "read_last"
    EXEMPT = "exempt"


def _ties(round_: Round) -> Mapping[_Tie, Mapping[int, set[int]]]:
    """By kind of tie and person: the teams that they manage, whom they supervise, whose case they read the last time.

    Who is exempt is there too, tied to themselves. One statement for all, since the page of one re-audit asks for them.
    """
    parts = [
        *_managing(),
        select(literal(_Tie.SUPERVISES.value), Person.line_manager_id, Person.id),
        select(literal(_Tie.READ_LAST.value), Audit.auditor_id, Audit.caseworker_id).where(
            Audit.id.in_(_newest_audits(round_.issue_on))
        ),
        _exempt(round_),
    ]
    found: dict[_Tie, dict[int, set[int]]] = {tie: defaultdict(set) for tie in _Tie}
    for tie, person_id, other_id in db.session.execute(union_all(*parts)):
        if person_id is not None and other_id is not None:
            found[_Tie(tie)][person_id].add(other_id)
    return found


def _managing() -> Sequence[Select[Any, Any, Any]]:
    """The teams that each person manages: as team or service manager, or as Head of Service."""
    tie, grant = literal(_Tie.MANAGES.value), RoleGrant
    return [
        select(tie, Team.manager_id, Team.id),
        select(tie, Team.service_manager_id, Team.id),
        select(tie, grant.person_id, grant.team_id).where(grant.role == Role.TEAM_MANAGER),
        select(tie, grant.person_id, Team.id)
        .join(Team, Team.service_id == grant.service_id)
        .where(grant.role.in_((Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE))),
    ]


def _newest_audits(day: date) -> Select[Any]:
    """The last audit that each auditor was given within a year."""
    since = start_of_day(months_before(day, 12))
    return (
        select(func.max(Audit.id))
        .where(Audit.issued_at >= since, Audit.auditor_id.is_not(None), Audit.state != AuditState.WITHDRAWN)
        .group_by(Audit.auditor_id)
    )


def _exempt(round_: Round) -> Select[Any]:
    exempt = exempt_in(round_.month).subquery()
    return select(literal(_Tie.EXEMPT.value), exempt.c.person_id, exempt.c.person_id)


def loads_in(round_id: int, without_audit_id: int | None = None) -> Mapping[int, int]:
    """How many audits of a round each person holds, leaving one out where it is being given anew."""
    rows = db.session.execute(
        select(Audit.auditor_id, func.count())
        .where(
            Audit.round_id == round_id,
            Audit.auditor_id.is_not(None),
            Audit.state != AuditState.WITHDRAWN,
            Audit.id != (without_audit_id or 0),
        )
        .group_by(Audit.auditor_id)
    )
    return {person_id: number for person_id, number in cast(Iterable[tuple[int, int]], rows)}


def case_of(audit: Audit) -> CaseToAudit:
    """One audit's case as the allocation sees it; of a re-audit also who did the first."""
    case = db.session.get_one(Case, audit.case_id, options=[joinedload(Case.team).joinedload(Team.service)])
    found = cases_to_audit([case])[0]
    if audit.reaudit_of_id is None:
        return found
    first = db.session.scalar(select(Audit.auditor_id).where(Audit.id == audit.reaudit_of_id))
    return replace(found, first_auditor_id=first)


def newest_run(round_id: int) -> AllocationRun | None:
    """The allocation in force for a round, if one was made."""
    return db.session.scalar(
        select(AllocationRun).where(AllocationRun.round_id == round_id).order_by(AllocationRun.number.desc()).limit(1)
    )


@dataclass(frozen=True, slots=True)
class Allocated:
    """One audit of a round with its auditor and the reason, for the allocation page."""

    id: int
    reference: str
    number: int
    state: str
    case_type: str
    team: str
    service: str
    auditor: str | None
    why: Mapping[str, Any]
    by_hand: bool
    override_reason: str


def allocated(round_id: int) -> list[Allocated]:
    """Every audit of a round with its auditor and why, by number; those without an auditor first."""
    newest = select(func.max(Assignment.id)).group_by(Assignment.audit_id)
    person = aliased(Person)
    rows = db.session.execute(
        select(Audit, Team.name, Service.name, person.name, Assignment)
        .join(Team, Team.id == Audit.team_id)
        .join(Service, Service.id == Audit.service_id)
        .outerjoin(person, person.id == Audit.auditor_id)
        .outerjoin(Assignment, (Assignment.audit_id == Audit.id) & Assignment.id.in_(newest))
        .where(Audit.round_id == round_id, Audit.state != AuditState.WITHDRAWN)
        .order_by(Audit.auditor_id.is_not(None), Audit.number)
    )
    return [
        Allocated(
            audit.id, audit.reference, audit.number, audit.state, audit.case_type, team, service, name,
            one.why if one else {}, bool(one and one.run_id is None), one.override_reason if one else "",
        )
        for audit, team, service, name, one in rows
    ]  # fmt: skip


def audit_of(round_: Round, number: int) -> Audit:
    """One audit of a round, for the QA team's pages.

    Raises:
        NotFound: there is none of that number.
    """
    audit = db.session.scalar(
        select(Audit)
        .where(Audit.round_id == round_.id, Audit.number == number)
        .options(
            joinedload(Audit.team), joinedload(Audit.auditor), joinedload(Audit.round), joinedload(Audit.caseworker)
        )
    )
    if audit is None:
        raise NotFound
    return audit


def service_of_teams() -> Mapping[int, int]:
    """The service of every team, by team id."""
    return {team_id: service_id for team_id, service_id in db.session.execute(select(Team.id, Team.service_id))}


def auditor_names() -> list[tuple[int, str]]:
    """Everybody with an auditor's record, by name."""
    rows: Any = db.session.execute(
        select(Person.id, Person.name).join(Auditor, Auditor.person_id == Person.id).order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]
