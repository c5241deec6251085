"""The mails that should leave, computed from the tables in plain Python: it shares no rule with the application.

Bank holidays are written out by hand, working days are counted here, and rows are read as they stand in the tables.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from qa_app.core.database import Base

LONDON = ZoneInfo("Europe/London")
BANK_HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)}
BEFORE_AND_AFTER = {10: "before:10", 5: "before:5", 2: "before:2", 1: "before:1", 0: "due", -1: "after:1"}

Row = Any
Told = tuple[str, int, str, tuple[tuple[str, Any], ...]]
"""Message, person, slot, and the numbers that it says."""


def works_on(day: date) -> bool:
    """A working day in England."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def count_on(day: date, days: int) -> date:
    """So many working days on, or back."""
    step = 1 if days > 0 else -1
    while days:
        day += timedelta(days=step)
        days -= step * works_on(day)
    return day


def reminder_days(due_on: date, quiet: set[date], days: tuple[int, ...] = tuple(BEFORE_AND_AFTER)) -> dict[date, str]:
    """On which day which reminder goes; of two on one day the later one."""
    found: dict[date, str] = {}
    for before in days:
        slot = BEFORE_AND_AFTER[before]
        day = due_on if before == 0 else count_on(due_on, -before)
        while before == 0 and not works_on(day):
            day -= timedelta(days=1)
        while day in quiet or not works_on(day):
            day += timedelta(days=1)
        found[day] = slot
    return found


class Tables:
    """The rows of every table that matters, as they stand now."""

    def __init__(self, database: Any, now: datetime) -> None:
        self.today = now.astimezone(LONDON).date()
        names = ("round", "audit", "round_auditor", "person", "team", "deputy", "role_grant", "service",
                 "slippage_notice", "exemption_request", "declaration", "moderation")  # fmt: skip
        tables = Base.metadata.tables
        self.rows: dict[str, list[Row]] = {
            name: list(database.execute(select(tables[name]).order_by(*tables[name].primary_key.columns)))
            for name in names
        }
        self.people = {row.id: row for row in self.rows["person"]}
        self.teams = {row.id: row for row in self.rows["team"]}

    def here(self, person_id: int | None) -> bool:
        """Whether somebody works today."""
        row = self.people.get(person_id)
        return row is not None and (row.leaves_on is None or row.leaves_on >= self.today)

    def reader(self, person_id: int) -> int:
        """Somebody, or whoever stands in for them today."""
        for row in self.rows["deputy"]:
            if row.person_id == person_id and row.starts_on <= self.today <= row.ends_on and self.here(row.deputy_id):
                person_id = row.deputy_id
                break
        return person_id

    def owed(self, round_id: int) -> dict[int, int]:
        """Who has how many audits to do; the exempt, whose audits wait for the QA team, have none."""
        exempt = {
            row.person_id
            for row in self.rows["round_auditor"]
            if row.round_id == round_id and row.expected and row.exempted >= row.expected
        }
        open_audits = Counter(
            row.auditor_id
            for row in self.rows["audit"]
            if row.round_id == round_id and row.issued_at and row.state in ("allocated", "in_progress")
        )
        return {key: count for key, count in open_audits.items() if key is not None and key not in exempt}

    def waiting_for_qa(self) -> int:
        """Audits of exempt auditors."""
        lately = [row.id for row in self.rows["round"] if self.today - row.due_on <= timedelta(days=31)]
        open_audits = [
            row
            for row in self.rows["audit"]
            if row.issued_at and row.state in ("allocated", "in_progress") and row.round_id in lately
        ]
        return len(open_audits) - sum(sum(self.owed(round_id).values()) for round_id in lately)

    def managers(self, owed: dict[int, int]) -> dict[int, tuple[int, int]]:
        """Who answers for how many people with how many audits."""
        found: dict[int, list[int]] = defaultdict(list)
        for person_id, audits in owed.items():
            person = self.people[person_id]
            team = self.teams.get(person.team_id)
            above = [person.line_manager_id, *([team.manager_id, team.service_manager_id] if team else [])]
            for one in above:
                if self.here(one) and one != person_id:
                    found[one].append(audits)
                    break
        return {manager: (len(audits), sum(audits)) for manager, audits in found.items()}

    def holders(self, role: str, service_id: int | None = None) -> set[int]:
        """Who receives what a role is asked."""
        return {
            self.reader(row.person_id)
            for row in self.rows["role_grant"]
            if row.role == role and self.here(row.person_id) and row.service_id in (service_id, None)
        }


def expected(database: Any, now: datetime, quiet: set[date], missed: set[date]) -> list[Told]:
    """The mails of this morning at eight. `missed` are the days just before on which nothing ran."""
    tables = Tables(database, now)
    today = tables.today
    if not works_on(today) or today in quiet:
        return []
    told: list[Told] = []
    everything: Counter[int] = Counter()
    for round_ in tables.rows["round"]:
        owed = tables.owed(round_.id)
        if today - round_.due_on <= timedelta(days=31):
            everything.update(owed)
        days = reminder_days(round_.due_on, quiet) if round_.issued_at else {}
        slots = [days[day] for day in sorted({today, *missed}) if day in days]
        if slots:
            told += _reminders(tables, round_, owed, slots[-1])
    monday = today - timedelta(days=today.weekday())
    mornings = [monday + timedelta(days=n) for n in range(today.weekday())]
    if not any(works_on(day) and day not in quiet | missed for day in mornings):
        told += _week(tables, everything, monday.isoformat())
    told += _moderations(tables, quiet)
    told += _daily(tables, everything)
    return [mail for mail in told if tables.here(mail[1])]


def _told(message: str, person_id: int, slot: str, **numbers: Any) -> Told:
    return message, person_id, slot, tuple(sorted(numbers.items()))


def _reminders(tables: Tables, round_: Row, owed: dict[int, int], slot: str) -> list[Told]:
    told = []
    late = tables.today > round_.due_on
    for person_id, audits in owed.items():
        reader = tables.reader(person_id)
        if reader != person_id:
            name = tables.people[person_id].name
            told.append(_told("reminder_for_absent", reader, slot, audits=audits, person=name))
        else:
            told.append(_told("audit_overdue" if late else "reminder", person_id, slot, audits=audits))
    if slot in ("due", "after:1"):
        for manager, (people, audits) in tables.managers(owed).items():
            told.append(_told("reminder_copy", tables.reader(manager), slot, people=people, audits=audits))
    return told


def _week(tables: Tables, owed: Counter[int], slot: str) -> list[Told]:
    told = [
        _told("team_outstanding", tables.reader(manager), slot, people=people, audits=audits)
        for manager, (people, audits) in tables.managers(owed).items()
    ]
    places = {row.person_id: row.service_id for row in tables.rows["round_auditor"]}
    for service in tables.rows["service"]:
        notices = sum(n.service_id == service.id and n.state != "resolved" for n in tables.rows["slippage_notice"])
        asked = [r for r in tables.rows["exemption_request"] if r.state == "with_head_of_service"]
        requests = sum(row.service_id == service.id for row in asked)
        audits = sum(count for person_id, count in owed.items() if places.get(person_id) == service.id)
        if notices or requests or audits:
            told += [
                _told("service_slippage", head, slot, notices=notices, requests=requests, audits=audits)
                for head in tables.holders("head_of_service", service.id)
            ]
    return told


def _moderations(tables: Tables, quiet: set[date]) -> list[Told]:
    """Two working days before, on the day and the day after; what was missed is not caught up."""
    waiting = Counter(
        (row.moderator_id, row.due_on)
        for row in tables.rows["moderation"]
        if row.state in ("waiting", "in_progress") and row.moderator_id is not None
    )
    return [
        _told("moderation_due", person_id, slot, audits=audits)
        for (person_id, due_on), audits in sorted(waiting.items())
        if (slot := reminder_days(due_on, quiet, (2, 0, -1)).get(tables.today))
    ]


def _daily(tables: Tables, owed: Counter[int]) -> list[Told]:
    told = []
    slot = tables.today.isoformat()
    waiting = [row for row in tables.rows["exemption_request"] if row.state == "with_director"]
    since = [(row.head_answered_at or row.asked_at).astimezone(LONDON).date() for row in waiting]
    if since and count_on(min(since), 1) <= tables.today:
        told += [_told("decisions_waiting", one, slot, requests=len(since)) for one in tables.holders("director")]
    notices = sum(row.state == "with_qa_team" for row in tables.rows["slippage_notice"])
    declared = sum(row.outcome == "" for row in tables.rows["declaration"])
    exempt = tables.waiting_for_qa()
    late = sum(
        row.state in ("waiting", "in_progress") and row.due_on < tables.today for row in tables.rows["moderation"]
    )
    if notices or declared or exempt or late:
        numbers = {"declarations": declared, "notices": notices, "exempt_audits": exempt, "moderations": late}
        told += [
            _told("qa_daily", one, slot, audits=sum(owed.values()), **numbers) for one in tables.holders("qa_team")
        ]
    return told
