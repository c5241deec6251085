"""Build the demonstration council by walking the real operations, so that no row of it is impossible."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import func, select

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer, system
from qa_app.cases.operations import apply_import, preview_import
from qa_app.cases.reading.teams import TeamLookup
from qa_app.core.clock import first_day_of_next_month, is_working_day, london_day, months_before
from qa_app.core.database import db
from qa_app.demo.actions import Deeds
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.improvement import Improvement
from qa_app.demo.moderation import Moderators
from qa_app.demo.months import COMPLETION, Months, first_working_day
from qa_app.demo.recommendations import Recommendations
from qa_app.demo.reports import Reports
from qa_app.demo.requests import Requests
from qa_app.demo.writing import Writer
from qa_app.jobs.schedule import tick
from qa_app.outbox.administration import switch_on
from qa_app.people.models import Auditor, Person, RoleGrant, Team
from qa_app.people.operations import AuditorDetails, TeamDetails, change_team, set_auditor
from qa_app.people.operations.imports import apply_list, keep_list
from qa_app.people.queries import viewer_of
from qa_app.people.states import TrainingStatus
from qa_app.rounds.operations import ensure_audit_types
from qa_app.settings.operations import set_value
from qa_app.signin.operations import invite
from qa_app.tools.models import Domain

SEED = 20260101
TRAINED = 100
"""Auditors at the end; they begin with those whom the staff list calls trained, and some more learn each month."""

LEARNING = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
"""Who learns to audit beside a role of their own."""

MONTHS_BETWEEN_AUDITS = 6
"""The demonstration council reads a tenth of its 900 cases a month, so it cannot leave each alone for a year."""

SLOW = 14

CLOCK_DAYS = 35
"""Days before today through which the scheduler runs as it would have run; earlier mails leave in fewer steps."""


def build(now: datetime) -> None:
    """Fill an empty, prepared database: staff, the case list, twelve past months, this one and the next.

    `now` is what the demonstration calls today.
    """
    rng = random.Random(SEED)  # noqa: S311 - the same demonstration each time, not a secret
    present = london_day(now).replace(day=1)
    months = [months_before(present, n) for n in range(len(COMPLETION), 0, -1)]
    start = at(months[0], 8) - timedelta(days=14)
    _organisation(start)
    learners = _learners()
    agenda = Agenda()
    known = cache(lambda person_id: viewer_of(db.session.get_one(Person, person_id), london_day(now)))
    switch_on(_first_of(Role.ADMINISTRATOR, start), start, send_old=True)
    qa = _first_of(Role.QA_TEAM, start)
    heads = _heads()
    domains = db.session.scalars(select(Domain).order_by(Domain.position)).all()
    walk = Months(
        rng=rng,
        agenda=agenda,
        writer=Writer(rng, domains, lately=now - timedelta(days=5)),
        qa=qa,
        audit_type=ensure_audit_types(start),
        viewer_of=known,
        slow=frozenset(rng.sample(_auditor_ids() + [person.id for person in learners], SLOW)),
        requests=Requests(
            rng=rng,
            agenda=agenda,
            viewer_of=known,
            head_of=lambda service_id: known(heads[service_id]),
            director=_first_of(Role.DIRECTOR, start),
            qa=qa,
        ),
        moderators=Moderators(random.Random(SEED + 2), agenda, domains, known, qa),  # noqa: S311 - as above
        deeds=Deeds(rng=random.Random(SEED + 1), agenda=agenda, viewer_of=known, qa=qa, until=now),  # noqa: S311 - as above
    )
    _train(agenda, learners, [*months, present], walk.qa, known.cache_clear)
    for month, done in zip(months, COMPLETION, strict=True):
        walk.past(month, done)
    walk.present(present, now)
    walk.planned(first_day_of_next_month(present), now - timedelta(days=1))
    agenda.add(now - timedelta(days=3), walk.deeds.leave)
    agenda.add(now - timedelta(minutes=20), walk.moderators.present)
    walk.moderators.calibrate(_auditor_ids(), now)
    agenda.add(now - timedelta(hours=3), walk.deeds.open_one_again)
    _improve(walk, domains, start, now)
    Recommendations(agenda, qa, known).follow(now)
    Reports(agenda, qa).plan(months, now)
    _by_the_clock(agenda, months, now)
    agenda.run(now)


def _improve(walk: Months, domains: Sequence[Domain], start: datetime, now: datetime) -> None:
    """Each evening the processes of the day are planned; in these days the Practice Lead is on leave."""
    today = london_day(now)
    rng = random.Random(SEED + 3)  # noqa: S311 - a source of its own, so that the months stay as they are
    writer = Writer(rng, domains, lately=now - timedelta(days=5))
    # Chances of its own, so that what becomes of a plan changes nothing of the audits' actions.
    plans = replace(walk.deeds, rng=random.Random(SEED + 2))  # noqa: S311 - invented people
    moderate, work_on = walk.moderators.follow, plans.follow_plan
    improving = Improvement(rng, walk.agenda, writer, walk.viewer_of, walk.qa, moderate, today, work_on)
    first = london_day(start)
    for day in (first + timedelta(days=n) for n in range((today - first).days)):
        walk.agenda.add(at(day, 18), improving.plan)
    lead, deputy = (_first_of(role, now).person_id or 0 for role in (Role.PRACTICE_LEAD, Role.LEAD_AUDITOR))
    walk.agenda.add(at(today - timedelta(days=2), 7), partial(improving.leave, lead, deputy))


def _by_the_clock(agenda: Agenda, months: list[date], now: datetime) -> None:
    """What the scheduler does by itself: each working morning of the last weeks, and before that once a month."""
    today = london_day(now)
    mornings = {first_working_day(month) for month in months}
    mornings |= {day for n in range(CLOCK_DAYS) if is_working_day(day := today - timedelta(days=n))}
    for day in sorted(mornings):
        agenda.add(at(day, 8, 5), _tick)
    agenda.add(now - timedelta(minutes=10), _tick)


def _tick(now: datetime) -> None:
    if failed := [job for job, done in tick(now).items() if "failed" in done]:
        raise RuntimeError(f"The demonstration's clock failed: {', '.join(failed)}")


def data(name: str) -> Path:
    """One of the demonstration's files."""
    with as_file(files("qa_app.demo") / "data" / name) as path:
        return path


def _organisation(start: datetime) -> None:
    """Staff with their roles and accounts, one policy setting of its own, and the case list."""
    setter = system()
    apply_list(keep_list(data("staff.csv"), "staff.csv", setter, start), None, setter, start)
    for person_id in db.session.scalars(select(Person.id).where(Person.email.is_not(None)).order_by(Person.id)).all():
        invite(person_id, setter, start)
    _name_service_managers(setter, start)
    set_value("audited_within_months", MONTHS_BETWEEN_AUDITS, london_day(start), setter, start)
    qa = _first_of(Role.QA_TEAM, start)
    teams = TeamLookup.from_file(data("teams.csv"))
    apply_import(preview_import(data("case_list.xlsx"), "case_list.xlsx", teams, None, qa, start), qa, start)


def _name_service_managers(setter: Viewer, now: datetime) -> None:
    """Each team answers to one of its service's service managers; where there are several they share the teams."""
    holders = select(RoleGrant.service_id, RoleGrant.person_id).where(RoleGrant.role == Role.SERVICE_MANAGER)
    managers: dict[int | None, list[int]] = defaultdict(list)
    for service_id, person_id in db.session.execute(holders.order_by(RoleGrant.id)):
        managers[service_id].append(person_id)
    for n, team in enumerate(db.session.scalars(select(Team).order_by(Team.id)).all()):
        if found := managers[team.service_id]:
            chosen = found[n % len(found)]
            change_team(team, TeamDetails(team.name, team.service_id, team.manager_id, chosen), setter, now)


def _first_of(role: Role, now: datetime) -> Viewer:
    person_id = db.session.scalars(
        select(RoleGrant.person_id).where(RoleGrant.role == role).order_by(RoleGrant.id)
    ).first()
    return viewer_of(db.session.get_one(Person, person_id), london_day(now))


def _heads() -> dict[int | None, int]:
    """The Head of Service of each service."""
    rows = db.session.execute(
        select(RoleGrant.service_id, RoleGrant.person_id).where(RoleGrant.role == Role.HEAD_OF_SERVICE)
    )
    return {service_id: person_id for service_id, person_id in rows}


def _auditor_ids() -> list[int]:
    return list(db.session.scalars(select(Auditor.person_id).order_by(Auditor.person_id)))


def _learners() -> list[Person]:
    """The managers who are not trained at first, as many as are to be trained."""
    trained = db.session.scalar(select(func.count()).select_from(Auditor)) or 0
    managers = select(Person).where(
        Person.job_title.like("%Manager") | Person.job_title.like("%Officer") | Person.job_title.like("%Chair"),
        Person.email.is_not(None),
        ~select(Auditor).where(Auditor.person_id == Person.id).exists(),
        ~select(RoleGrant).where(RoleGrant.person_id == Person.id, RoleGrant.role.not_in(LEARNING)).exists(),
    )
    return list(db.session.scalars(managers.order_by(Person.id).limit(TRAINED - trained)))


def _train(agenda: Agenda, learners: list[Person], months: list[date], qa: Viewer, forget: Callable[[], None]) -> None:
    """A few learners become auditors before each month's round is created, more of them as the year goes on."""
    for n, person in enumerate(learners):
        month = months[1 + int((len(months) - 1) * (n / len(learners)) ** 0.5)]
        when = at(month, 9) - timedelta(days=12)
        details = AuditorDetails(training_status=TrainingStatus.TRAINED, trained_on=london_day(when))
        agenda.add(when, partial(_make_auditor, person, details, qa, forget))


def _make_auditor(
    person: Person, details: AuditorDetails, qa: Viewer, forget: Callable[[], None], now: datetime
) -> None:
    """`forget` is called since who they were before may be remembered."""
    set_auditor(person, details, None, qa, now)
    forget()
