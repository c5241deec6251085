"""Whether what the clock asked for is still so, at the moment of sending: `qa_app/reasons.py` names these.

Each takes mails of one message and gives the variables of those that are still true, by the mail's id; a mail that is
missing is not sent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from qa_app.core.clock import london_day
from qa_app.moderation.queries import outstanding
from qa_app.outbox.models import Mail
from qa_app.reminders import figures, queries, words
from qa_app.rounds.models import Round

Found = Mapping[int, words.Variables]


def _rounds(mails: Sequence[Mail]) -> dict[int, Round]:
    ids = {words.ids_in(mail.subject_key)[0] for mail in mails}
    return {round_.id: round_ for round_ in queries.unfinished_rounds(ids)}


def _still_owed(mails: Sequence[Mail], now: datetime, message: str) -> Found:
    rounds = _rounds(mails)
    rows = queries.owed(rounds, {mail.person_id for mail in mails})
    owed = {(row.round_id, row.person_id): row.audits for row in rows}
    found: dict[int, words.Variables] = {}
    for mail in mails:
        round_id = words.ids_in(mail.subject_key)[0]
        if audits := owed.get((round_id, mail.person_id), 0):
            found[mail.id] = words.own_reminder(message, rounds[round_id], audits, london_day(now))
    return found


def reminder(mails: Sequence[Mail], now: datetime) -> Found:
    """Whoever still owes an audit, and how many."""
    return _still_owed(mails, now, "reminder")


def audit_overdue(mails: Sequence[Mail], now: datetime) -> Found:
    """Whoever still owes an audit after its due date."""
    return _still_owed(mails, now, "audit_overdue")


def reminder_for_absent(mails: Sequence[Mail], now: datetime) -> Found:
    """Whoever is away still owes an audit."""
    rounds = _rounds(mails)
    about = {mail.id: words.ids_in(mail.subject_key) for mail in mails}
    people = {person_id for _, person_id in about.values()}
    owed = {(row.round_id, row.person_id): row.audits for row in queries.owed(rounds, people)}
    names = queries.names(people)
    return {
        key: words.reminder_for_absent(rounds[round_id], audits, names[person_id], london_day(now))
        for key, (round_id, person_id) in about.items()
        if (audits := owed.get((round_id, person_id), 0))
    }


def reminder_copy(mails: Sequence[Mail], now: datetime) -> Found:
    """The manager's people still have audits of that round outstanding."""
    today = london_day(now)
    rounds = _rounds(mails)
    about = {mail.id: words.ids_in(mail.subject_key) for mail in mails}
    may_look = queries.readers_of_progress({manager_id for _, manager_id in about.values()})
    behind = {round_id: queries.behind_by_manager(queries.owed([round_id]), today) for round_id in rounds}
    return {
        key: words.reminder_copy(rounds[round_id], found, manager_id in may_look, today)
        for key, (round_id, manager_id) in about.items()
        if (found := behind.get(round_id, {}).get(manager_id))
    }


def team_outstanding(mails: Sequence[Mail], now: datetime) -> Found:
    """The manager's people still have audits outstanding."""
    behind = queries.behind_by_manager(queries.owed_lately(london_day(now)), london_day(now))
    may_look = queries.readers_of_progress(behind)
    about = {mail.id: words.ids_in(mail.subject_key)[0] for mail in mails}
    return {
        key: words.team_outstanding(behind[manager_id], manager_id in may_look)
        for key, manager_id in about.items()
        if manager_id in behind
    }


def service_slippage(mails: Sequence[Mail], now: datetime) -> Found:
    """Something is still open in the service."""
    services = figures.of_services(queries.owed_lately(london_day(now)))
    about = {mail.id: words.ids_in(mail.subject_key)[0] for mail in mails}
    return {key: words.service_slippage(services[one]) for key, one in about.items() if one in services}


def decisions_waiting(mails: Sequence[Mail], now: datetime) -> Found:
    """A decision still waits."""
    return _same_for_all(mails, figures.decisions(london_day(now)), words.decisions_waiting)


def moderation_due(mails: Sequence[Mail], now: datetime) -> Found:
    """Whoever still has audits to moderate that are due on that day, and how many."""
    today = london_day(now)
    rows = {words.moderations_key(row): row for row in outstanding()}
    return {
        mail.id: words.moderation_due(row, today) for mail in mails if (row := rows.get(mail.subject_key)) is not None
    }


def qa_daily(mails: Sequence[Mail], now: datetime) -> Found:
    """Something still waits for the QA team."""
    found = figures.of_qa_team(queries.owed_lately(london_day(now)), london_day(now))
    return _same_for_all(mails, found if found.is_asked else None, words.qa_daily)


def _same_for_all(mails: Sequence[Mail], found: Any, say: Any) -> Found:
    return dict.fromkeys((mail.id for mail in mails), say(found)) if found else {}


REASONS = {
    function.__name__: function
    for function in (
        reminder,
        audit_overdue,
        reminder_for_absent,
        reminder_copy,
        team_outstanding,
        service_slippage,
        decisions_waiting,
        moderation_due,
        qa_daily,
    )
}
"""By message, for `qa_app/reasons.py`."""
