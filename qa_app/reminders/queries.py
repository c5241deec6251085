"""Read what reminders are about: quiet days, who owes how many audits of which round, and who answers for them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import PERMISSIONS, Permission
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES, AuditState
from qa_app.core.database import db
from qa_app.people.models import Person, RoleGrant, Team
from qa_app.people.queries import works
from qa_app.reminders import rules
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.rounds.rules import REAUDIT
from qa_app.settings.queries import value_at


def quiet_days(day: date) -> rules.QuietDays:
    """The days without reminders, by the setting in force on a day."""
    return rules.read_quiet_days(value_at("quiet_days", day))


def is_quiet(day: date) -> bool:
    """Whether the council wants no reminders on a day."""
    return rules.is_quiet(day, quiet_days(day))


def unfinished_rounds(round_ids: Collection[int] | None = None) -> Sequence[Round]:
    """Rounds of which an issued audit is not submitted, the next to fall due first: all, or some of them.

    All but re-audits: each has a date of its own, and its improvement process reminds of it.
    """
    open_audits = select(Audit.round_id).where(Audit.state.in_(OPEN_STATES), Audit.issued_at.is_not(None))
    found = select(Round).where(Round.id.in_(open_audits)).order_by(Round.due_on, Round.id)
    if round_ids is not None:
        found = found.where(Round.id.in_(round_ids))
    else:
        found = found.join(Round.audit_type).where(AuditType.key != REAUDIT)
    return db.session.scalars(found.options(joinedload(Round.audit_type))).all()


@dataclass(frozen=True, slots=True)
class Owed:
    """What one auditor still has to do of one round, and what of it waits for the QA team after an exemption."""

    round_id: int
    person_id: int
    service_id: int | None
    audits: int
    waiting: int


def owed(round_ids: Collection[int], person_ids: Collection[int] | None = None) -> list[Owed]:
    """Every auditor with outstanding audits in these rounds, by round and person."""
    outstanding = func.sum(case((Audit.state.in_(OPEN_STATES), 1), else_=0))
    expected, exempted = func.coalesce(RoundAuditor.expected, 0), func.coalesce(RoundAuditor.exempted, 0)
    service = func.coalesce(RoundAuditor.service_id, Team.service_id)
    columns = (Audit.round_id, Audit.auditor_id, service, expected, exempted)
    found = (
        select(*columns, outstanding, func.count(Audit.id))
        .join(Person, Person.id == Audit.auditor_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(
            RoundAuditor, (RoundAuditor.round_id == Audit.round_id) & (RoundAuditor.person_id == Audit.auditor_id)
        )
        .where(Audit.round_id.in_(round_ids), Audit.issued_at.is_not(None), Audit.state != AuditState.WITHDRAWN)
        .group_by(*columns)
        .having(outstanding > 0)
        .order_by(Audit.round_id, Audit.auditor_id)
    )
    if person_ids is not None:
        found = found.where(Audit.auditor_id.in_(person_ids))
    rows = []
    for round_id, person_id, service_id, expects, exempts, outstands, live in db.session.execute(found):
        audits = rules.owed(outstands, live, expects, exempts)
        rows.append(Owed(round_id, person_id, service_id, audits, outstands - audits))
    return rows


LATELY = timedelta(days=31)


def owed_lately(today: date) -> list[Owed]:
    """What is outstanding of the rounds that run, and of those that fell due within the last month.

    What is older than that is for the month's report: nobody is told of it week after week.
    """
    return owed([round_.id for round_ in unfinished_rounds() if round_.due_on >= today - LATELY])


def managers_of(person_ids: Collection[int], today: date) -> dict[int, int]:
    """Who answers for each of these people: the line manager, else the team's, else the service manager, who works."""
    rows = db.session.execute(
        select(Person.id, Person.line_manager_id, Team.manager_id, Team.service_manager_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
    ).all()
    candidates = {candidate for row in rows for candidate in row[1:] if candidate is not None}
    at_work = set(db.session.scalars(select(Person.id).where(Person.id.in_(candidates), works(today))))
    found: dict[int, int] = {}
    for person_id, *above in rows:
        usable = [one for one in above if one in at_work and one != person_id]
        if usable:
            found[person_id] = usable[0]
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """How many of a manager's people have audits outstanding, and how many audits these are."""

    people: int
    audits: int


def behind_by_manager(rows: Iterable[Owed], today: date) -> dict[int, Behind]:
    """What is outstanding by who answers for it; nobody answers for themselves."""
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        counts[row.person_id] += row.audits
    managers = managers_of([person_id for person_id, audits in counts.items() if audits], today)
    groups: dict[int, list[int]] = defaultdict(list)
    for person_id, manager_id in managers.items():
        groups[manager_id].append(counts[person_id])
    return {manager_id: Behind(len(audits), sum(audits)) for manager_id, audits in sorted(groups.items())}


def names(person_ids: Collection[int]) -> Mapping[int, str]:
    """Names by id."""
    found = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {key: name for key, name in found}


def readers_of_progress(person_ids: Collection[int]) -> set[int]:
    """Those of these people whose own roles open the page of progress."""
    roles = list(PERMISSIONS[Permission.PROGRESS_READ])
    return set(
        db.session.scalars(
            select(RoleGrant.person_id).where(RoleGrant.person_id.in_(person_ids), RoleGrant.role.in_(roles))
        )
    )
