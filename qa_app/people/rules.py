"""Rules of people and the organisation, without a database (domain.md section 2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qa_app.access.roles import DEPUTISED, NEEDS_SERVICE, NEEDS_TEAM, ROLE_LABELS, Role

HELD_BY_AUDITORS = frozenset({Role.AUDITOR, Role.MODERATOR})
"""Roles that come with the auditor's details (training, moderating) and are never given by hand."""

LARGEST_EXPECTATION = 20

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")


def looks_like_email(text: str) -> bool:
    """Whether a text could be an email address. Whether it is one, only a mail can tell."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Span:
    """Dates from one to another, both included."""

    starts_on: date
    ends_on: date

    def overlaps(self, other: "Span") -> bool:
        """Whether any day lies in both."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def span_fault(span: Span, others: Iterable[Span], what: str) -> dict[str, str]:
    """What is wrong with new dates beside those already there, by field; empty when nothing is.

    `what` names what the dates are of, with its article ("an absence").
    """
    if span.ends_on < span.starts_on:
        return {"ends_on": "Enter a last day that is the same as the first day or after it"}
    if any(span.overlaps(other) for other in others):
        return {"starts_on": f"Enter dates that do not overlap {what} that is already there"}
    return {}


def employment_fault(starts_on: date | None, leaves_on: date | None) -> str:
    """Why a first and a last day of work do not fit, or nothing."""
    if starts_on and leaves_on and leaves_on < starts_on:
        return "Enter a last day that is not before the first day of work"
    return ""


def scope_fault(role: Role, service_id: int | None, team_id: int | None) -> dict[str, str]:
    """What a role still needs to say how far it reaches, by field; empty when it is whole."""
    if role in HELD_BY_AUDITORS:
        return {"role": f"Make this person {_article(role)} under Auditing, with their training"}
    if role in NEEDS_SERVICE and service_id is None:
        return {"service_id": f"Choose the service of this {ROLE_LABELS[role]}"}
    if role in NEEDS_TEAM and team_id is None:
        return {"team_id": f"Choose the team of this {ROLE_LABELS[role].lower()}"}
    return {}


def scope_of(role: Role, service_id: int | None, team_id: int | None) -> tuple[int | None, int | None]:
    """The part of a given service and team that limits this role: a council-wide role has neither."""
    return (service_id if role in NEEDS_SERVICE else None, team_id if role in NEEDS_TEAM else None)


def may_have_deputy(roles: Iterable[Role]) -> bool:
    """Whether someone with these roles decides anything, and so may be stood in for."""
    return any(role in DEPUTISED for role in roles)


def may_be_deputy(roles: Iterable[Role]) -> bool:
    """Whether someone with these roles may stand in: who signs in, and not a reader of published figures only."""
    held = set(roles)
    return bool(held) and Role.SCRUTINY not in held


def leaves_an_administrator(others: Iterable[tuple[date | None, date | None]], day: date) -> bool:
    """Whether one of the other administrators, given as first and last days of work, works on `day` and stays."""
    return any((start is None or start <= day) and end is None for start, end in others)


def _article(role: Role) -> str:
    return "an auditor" if role is Role.AUDITOR else "a moderator"
