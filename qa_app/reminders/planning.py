"""Which mails the clock asks for at an instant (domain.md section 10). It only reads; `jobs/remind.py` queues them.

What a mail says is made by the functions of `words.py`, here and again at the moment of sending (`reasons.py`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa_app.access.roles import Role
from qa_app.core.clock import london_day
from qa_app.moderation.queries import outstanding
from qa_app.outbox.catalogue import Value
from qa_app.people.queries import deciders, stand_ins
from qa_app.reminders import figures, queries, rules, words
from qa_app.reminders.rules import Point, copies_manager, is_mail_day, monday_of, point_for, points
from qa_app.rounds.models import Round
from qa_app.settings.queries import values_at


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail to some people, all with the same words. Nobody gets it twice: see `outbox.operations.queue`."""

    message: str
    person_ids: Sequence[int]
    subject_key: str
    slot: str
    variables: Mapping[str, Value]


def plan(now: datetime) -> list[PlannedMail]:
    """Every mail that the clock asks for on the day of `now`; weekly ones on the first mail day of a week."""
    today = london_day(now)
    quiet = queries.quiet_days(today)
    if not is_mail_day(today, quiet):
        return []
    days = (monday_of(today) + timedelta(days=count) for count in range(today.weekday()))
    weekly = [] if any(is_mail_day(day, quiet) for day in days) else plan_weekly(now)
    return [*plan_reminders(now), *weekly, *plan_decisions(now), *plan_moderations(now), *plan_qa_daily(now)]


def plan_reminders(now: datetime, since: date | None = None) -> list[PlannedMail]:
    """Reminders of each round's outstanding audits, with copies to managers.

    `since` is the day of the run before, so that what was missed is caught up, each round's latest reminder only;
    without it, the reminders of today.
    """
    today = london_day(now)
    quiet = queries.quiet_days(today)
    planned: list[PlannedMail] = []
    for round_ in queries.unfinished_rounds():
        settings = values_at(["reminder_days", "reminder_copies"], _issued_on(round_, today))
        after = max(since or today - timedelta(days=1), _issued_on(round_, today) if round_.issued_at else today)
        point = point_for(points(round_.due_on, settings["reminder_days"], quiet), after, today)
        if point is not None:
            rows = [row for row in queries.owed([round_.id]) if row.audits]
            planned += _to_auditors(round_, point, rows, today)
            if copies_manager(settings["reminder_copies"], point):
                planned += _to_managers(round_, point, rows, today)
    return planned


def _issued_on(round_: Round, today: date) -> date:
    return london_day(round_.issued_at) if round_.issued_at else today


def _to_auditors(round_: Round, point: Point, rows: Sequence[queries.Owed], today: date) -> Iterator[PlannedMail]:
    """To each auditor, or to their deputy while one is named."""
    readers = stand_ins([row.person_id for row in rows], today)
    names = queries.names([person_id for person_id, reader in readers.items() if reader != person_id])
    own: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if (reader := readers[row.person_id]) == row.person_id:
            own[row.audits].append(row.person_id)
        else:
            said = words.reminder_for_absent(round_, row.audits, names[row.person_id], today)
            key = words.for_absent_key(round_.id, row.person_id)
            yield PlannedMail("reminder_for_absent", (reader,), key, point.slot, said)
    for audits, person_ids in sorted(own.items()):
        message = "audit_overdue" if today > round_.due_on else "reminder"
        said = words.own_reminder(message, round_, audits, today)
        yield PlannedMail(message, person_ids, words.round_key(round_.id), point.slot, said)


def _to_managers(round_: Round, point: Point, rows: Sequence[queries.Owed], today: date) -> Iterator[PlannedMail]:
    behind = queries.behind_by_manager(rows, today)
    readers = stand_ins(list(behind), today)
    may_look = queries.readers_of_progress(behind)
    for manager_id, found in behind.items():
        said = words.reminder_copy(round_, found, manager_id in may_look, today)
        key = words.managed_key(round_.id, manager_id)
        yield PlannedMail("reminder_copy", (readers[manager_id],), key, point.slot, said)


def plan_weekly(now: datetime) -> list[PlannedMail]:
    """The week's lists: to whoever has people behind, and to Heads of Service."""
    today = london_day(now)
    slot = monday_of(today).isoformat()
    rows = queries.owed_lately(today)
    behind = queries.behind_by_manager(rows, today)
    readers = stand_ins(list(behind), today)
    may_look = queries.readers_of_progress(behind)
    planned = [
        PlannedMail(
            "team_outstanding",
            (readers[manager_id],),
            words.team_key(manager_id),
            slot,
            words.team_outstanding(found, manager_id in may_look),
        )
        for manager_id, found in behind.items()
    ]
    for service_id, of_service in figures.of_services(rows).items():
        heads = deciders(Role.HEAD_OF_SERVICE, today, service_id)
        said = words.service_slippage(of_service)
        planned.append(PlannedMail("service_slippage", heads, words.service_key(service_id), slot, said))
    return planned


def plan_decisions(now: datetime) -> list[PlannedMail]:
    """To the Director, each day while a decision has waited for a working day."""
    today = london_day(now)
    waiting = figures.decisions(today)
    if waiting is None:
        return []
    said = words.decisions_waiting(waiting)
    return [
        PlannedMail("decisions_waiting", deciders(Role.DIRECTOR, today), words.DECISIONS_KEY, today.isoformat(), said)
    ]


def plan_moderations(now: datetime) -> list[PlannedMail]:
    """To each moderator, or who stands in for a Head of Service: what is due soon, today, or was the day before."""
    today = london_day(now)
    quiet = queries.quiet_days(today)
    rows = outstanding()
    readers = stand_ins(sorted({row.moderator_id for row in rows if row.by_head}), today)
    planned = []
    for row in rows:
        if point := rules.moderation_point(row.due_on, quiet, today):
            said = words.moderation_due(row, today)
            reader = readers[row.moderator_id] if row.by_head else row.moderator_id
            planned.append(PlannedMail("moderation_due", (reader,), words.moderations_key(row), point.slot, said))
    return planned


def plan_qa_daily(now: datetime) -> list[PlannedMail]:
    """To the QA team, each day on which something waits for them."""
    today = london_day(now)
    rows = queries.owed_lately(today)
    found = figures.of_qa_team(rows, today)
    if not found.is_asked:
        return []
    said = words.qa_daily(found)
    return [PlannedMail("qa_daily", deciders(Role.QA_TEAM, today), words.QA_KEY, today.isoformat(), said)]
