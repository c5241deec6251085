"""The variables of each mail that goes by the clock, and what keeps one apart from another. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from qa_app.core.due import days_to
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value

if TYPE_CHECKING:
    from qa_app.moderation.queries import Due
    from qa_app.reminders.figures import Decisions, OfQaTeam, OfService
    from qa_app.reminders.queries import Behind
    from qa_app.rounds.models import Round

Variables = Mapping[str, Value]

DECISIONS_KEY = "decisions"
QA_KEY = "qa-team"


def round_key(round_id: int) -> str:
    """What a reminder of one's own is about."""
    return f"round:{round_id}"


def for_absent_key(round_id: int, person_id: int) -> str:
    """What a deputy's reminder is about."""
    return f"round:{round_id}:for:{person_id}"


def managed_key(round_id: int, manager_id: int) -> str:
    """What a manager's copy is about."""
    return f"round:{round_id}:managed-by:{manager_id}"


def team_key(manager_id: int) -> str:
    """What a manager's weekly list is about."""
    return f"managed-by:{manager_id}"


def service_key(service_id: int) -> str:
    """What a Head of Service's weekly list is about."""
    return f"service:{service_id}"


def ids_in(subject_key: str) -> list[int]:
    """The ids that stand in a subject key, in order."""
    return [int(part) for part in subject_key.split(":") if part.isdigit()]


def _round_facts(round_: "Round", audits: int) -> dict[str, Value]:
    return {"month": MONTHS[round_.month.month - 1], "audits": audits, "due_on": round_.due_on}


def own_reminder(message: str, round_: "Round", audits: int, today: date) -> Variables:
    """A reminder (`reminder`), or that an audit is overdue (`audit_overdue`), to its auditor."""
    common = _round_facts(round_, audits) | {"working_days": days_to(round_.due_on, today), "path": "/my-audits"}
    return common | {"round": round_.reference} if message == "reminder" else common


def reminder_for_absent(round_: "Round", audits: int, name: str, today: date) -> Variables:
    """A reminder to the deputy of an auditor who is away."""
    path = f"/progress/{round_.reference}?having=outstanding"
    further: dict[str, Value] = {"working_days": days_to(round_.due_on, today), "person": name, "path": path}
    return _round_facts(round_, audits) | further


def reminder_copy(round_: "Round", behind: "Behind", may_look: bool, today: date) -> Variables:
    """To a manager: how many of their people have audits of a round outstanding."""
    path = f"/progress/{round_.reference}?having=outstanding" if may_look else "/"
    further: dict[str, Value] = {"working_days": days_to(round_.due_on, today), "people": behind.people, "path": path}
    return _round_facts(round_, behind.audits) | further


def team_outstanding(behind: "Behind", may_look: bool) -> Variables:
    """To a manager, weekly: how many of their people have audits outstanding, of all rounds."""
    path = "/progress?having=outstanding" if may_look else "/"
    return {"people": behind.people, "audits": behind.audits, "path": path}


def service_slippage(of_service: "OfService") -> Variables:
    """To a Head of Service, weekly: what is open in the service."""
    return {
        "service": of_service.name,
        "notices": of_service.notices,
        "requests": of_service.requests,
        "audits": of_service.audits,
        "path": _where_to_look(of_service),
    }


def _where_to_look(of_service: "OfService") -> str:
    if of_service.requests:
        return "/requests"
    return "/requests/slippage" if of_service.notices else "/progress?having=outstanding"


def decisions_waiting(waiting: "Decisions") -> Variables:
    """To the Director: how many requests wait for a decision, and since when."""
    return {"requests": waiting.requests, "since": waiting.oldest_on, "path": "/decisions"}


def moderations_key(due: "Due") -> str:
    """What a reminder to a moderator is about."""
    return f"moderations:{due.moderator_id}:{due.due_on}:{'head' if due.by_head else 'moderator'}"


def moderation_due(due: "Due", today: date) -> Variables:
    """To a moderator: how many audits are due on a day and not moderated."""
    days = days_to(due.due_on, today)
    return {"audits": due.audits, "due_on": due.due_on, "working_days": days, "path": "/moderation?of=mine"}


def qa_daily(found: "OfQaTeam") -> Variables:
    """To the QA team: what waits for an answer of theirs."""
    return {
        "declarations": found.declarations,
        "notices": found.notices,
        "exempt_audits": found.waiting,
        "unallocated": found.unallocated,
        "moderations": found.moderations,
        "disputes": found.disputes,
        "audits": found.audits,
        "path": "/",
    }
