"""Who may do a re-audit: a different auditor, and nobody whom a rule of allocation keeps from the case (section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import joinedload

from qa_app.allocation import queries as allocation
from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy, Suggestion, Verdict
from qa_app.allocation.rules import check_assignment, suggest
from qa_app.allocation.words import PREFERENCE_WORDS
from qa_app.cases.models import Case
from qa_app.core.clock import add_working_days
from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries.one import round_of
from qa_app.people.models import Team
from qa_app.rounds.models import AuditType, Round
from qa_app.rounds.queries import audit_type
from qa_app.rounds.rules import REAUDIT, reference_of

SUGGESTIONS = 10
LEAST_DAYS = 5
"""Working days that a re-audit gets where it is scheduled after, or just before, its date."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where and when a re-audit would be done: its month's round, made already or not, and its date."""

    month: date
    due_on: date
    round: Round | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who may do the re-audit, and what speaks against it."""

    person_id: int
    name: str
    against: str


@dataclass(frozen=True, slots=True)
class Takers:
    """Everybody who audits, as they stand for one re-audit; the case as the rules see it."""

    case: CaseToAudit
    options: Mapping[int, AuditorOption]
    loads: Mapping[int, int]
    policy: Policy

    def verdicts(self, person_id: int) -> list[Verdict]:
        """Which hard rules giving it to this person would break."""
        return check_assignment(self.case, self.options[person_id], self.loads.get(person_id, 0), self.policy)

    def best(self, n: int = SUGGESTIONS) -> list[Suggestion]:
        """Those whom no rule is against, the best first."""
        return suggest(self.case, self.options.values(), self.loads, self.policy, n)


def case_of(process: ImprovementProcess) -> Case:
    """The case that is audited again."""
    return db.session.get_one(Case, process.audit.case_id, options=[joinedload(Case.team).joinedload(Team.service)])


def slot_for(due_on: date, today: date) -> Slot:
    """The round of the month in which it is due; of this month, where that one is over; and the date of the audit."""
    due = max(due_on, add_working_days(today, LEAST_DAYS)) if due_on <= add_working_days(today, 1) else due_on
    month = max(due_on, today).replace(day=1)
    return Slot(month, due, round_of(reference_of(month, REAUDIT)))


def takers_of(process: ImprovementProcess, case: Case, slot: Slot, today: date) -> Takers:
    """Everybody who audits, from today to the date of the re-audit."""
    loads = allocation.loads_in(slot.round.id) if slot.round else {}
    # A value to ask with, never saved: the days that count are those from today to this re-audit's own date.
    window = Round(month=slot.month, issue_on=today, due_on=slot.due_on)
    policy = _policy(slot.round.audit_type if slot.round else audit_type(REAUDIT), today)
    to_audit = replace(allocation.cases_to_audit([case])[0], first_auditor_id=process.audit.auditor_id)
    options = {one.person_id: one for one in allocation.auditor_options(window, loads)}
    return Takers(to_audit, options, loads, policy)


def _policy(kind: AuditType, today: date) -> Policy:
    return allocation.policy_of(Round(issue_on=today, audit_type=kind))


def suggestions(process: ImprovementProcess, case: Case, slot: Slot, today: date) -> list[Taker]:
    """Those who may do it, the best first; none where nobody has room."""
    return [
        Taker(one.auditor.person_id, one.auditor.name, against_in_words(one))
        for one in takers_of(process, case, slot, today).best()
    ]


def against_in_words(suggestion: Suggestion) -> str:
    """What speaks against somebody, in words."""
    return "; ".join(PREFERENCE_WORDS[paid.preference] for paid in suggestion.paid)
