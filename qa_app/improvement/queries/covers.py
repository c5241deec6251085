"""Who leads, who reviews, who covers for whom, and when each is away: read at once for all open stages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from qa_app.access.roles import Role
from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.rules import Candidate, Span
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.people.models import Absence, Deputy, Person, RoleGrant, Team
from qa_app.people.queries import works

FAR = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Covers:
    """The people who can be asked, with the days when they are away."""

    leads: Sequence[int]
    reviewers: Mapping[int, Sequence[tuple[int, int]]]
    """By service: its service managers (rank 1) and Heads of Service (rank 2)."""
    deputies: Mapping[int, Sequence[tuple[int, Span]]]
    spans: Mapping[int, Sequence[Span]]

    def away(self, person_id: int | None) -> Sequence[Span]:
        """When somebody is away: absences, days for which they named a deputy, and after their last day of work."""
        return self.spans.get(person_id or 0, ())

    def candidates(self, kind: StageKind, owner_id: int | None, service_id: int, *, is_audit: bool) -> list[Candidate]:
        """Who may cover a stage: its owner's deputy, then others who hold the same role. Nobody covers an audit."""
        if is_audit:
            return []
        named = [
            Candidate(deputy_id, 0, self.away(deputy_id), span)
            for deputy_id, span in self.deputies.get(owner_id or 0, ())
        ]
        if kind is StageKind.SERVICE_MANAGER_REVIEW:
            others = [
                Candidate(person_id, rank, self.away(person_id))
                for person_id, rank in self.reviewers.get(service_id, ())
            ]
        else:
            others = [Candidate(person_id, 1, self.away(person_id)) for person_id in self.leads]
        return [*named, *others]


def covers(today: date) -> Covers:
    """Everybody who leads, reviews or stands in for somebody, as they are on a day."""
    leads: list[int] = []
    reviewers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    grants: Any = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.service_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_((Role.PRACTICE_LEAD, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)), works(today))
        .order_by(RoleGrant.person_id, RoleGrant.id)
    )
    for person_id, role, service_id in grants:
        if role == Role.PRACTICE_LEAD:
            leads.append(person_id)
        elif service_id is not None:
            reviewers[service_id].append((person_id, 1 if role == Role.SERVICE_MANAGER else 2))
    deputies, spans = _deputies(today), _absences(today)
    for person_id, named in deputies.items():
        spans[person_id] += [span for _, span in named]
    return Covers(list(dict.fromkeys(leads)), reviewers, deputies, spans)


def _deputies(today: date) -> dict[int, list[tuple[int, Span]]]:
    found: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(Deputy.person_id, Deputy.deputy_id, Deputy.starts_on, Deputy.ends_on)
        .join(Person, Person.id == Deputy.deputy_id)
        .where(Deputy.ends_on >= today, works(today))
        .order_by(Deputy.starts_on, Deputy.id)
    )
    for person_id, deputy_id, starts_on, ends_on in rows:
        found[person_id].append((deputy_id, (starts_on, ends_on)))
    return found


def _absences(today: date) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(Absence.person_id, Absence.starts_on, Absence.ends_on)
        .where(Absence.ends_on >= today)
        .order_by(Absence.starts_on, Absence.id)
    )
    for person_id, starts_on, ends_on in rows:
        found[person_id].append((starts_on, ends_on))
    leaving: Any = db.session.execute(
        select(Person.id, Person.leaves_on).where(Person.leaves_on.is_not(None), Person.leaves_on >= today - FAR)
    )
    for person_id, leaves_on in leaving:
        found[person_id].append((leaves_on + timedelta(days=1), leaves_on + FAR))
    return found


def lead_for(found: Covers) -> int | None:
    """The Practice Lead who has the fewest open processes; none: there is no Practice Lead."""
    if len(found.leads) < 2:
        return found.leads[0] if found.leads else None
    rows: Any = db.session.execute(
        select(ImprovementProcess.lead_id, func.count())
        .where(ImprovementProcess.state == ProcessState.OPEN, ImprovementProcess.lead_id.in_(found.leads))
        .group_by(ImprovementProcess.lead_id)
    )
    counts = {person_id: number for person_id, number in rows}
    return min(found.leads, key=lambda person_id: (counts.get(person_id, 0), person_id))


def reviewer_for(team: Team, found: Covers) -> int | None:
    """The team's service manager, else one of its service; none: its Head of Service covers."""
    managers = [person_id for person_id, rank in found.reviewers.get(team.service_id, ()) if rank == 1]
    if team.service_manager_id in managers or (team.service_manager_id and not managers):
        return team.service_manager_id
    return managers[0] if managers else None
