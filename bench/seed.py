"""Rows for the bench, put in by the thousand: 200 managers in 30 teams, N audits in rounds of 200, the newest in flight.
A million are ten years of a very large council, in rounds of more than eight thousand.

One audit in 8 is moderated, one in 48 started an improvement process; the newest of both are open.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from qa_app.access.roles import Role
from qa_app.actions.models import Action
from qa_app.audits.models import Audit, SectionAnswer
from qa_app.cases.models import Case, CaseImport, CaseType
from qa_app.core.clock import last_day_of_month, months_before
from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import CloseOutcome, Outcome, ProcessState, StageKind
from qa_app.installation import prepare
from qa_app.moderation.models import Moderation
from qa_app.people.models import Auditor, Person, RoleGrant, Service, Team
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.signin.models import Account
from qa_app.tools.models import Domain, ToolVersion

MANAGERS, TEAMS, SERVICES = 200, 30, 6
ACTIONS = 20_000
TEN_YEARS = 120
QA, LEAD, MANAGER = 201, 202, 1
WORKERS = range(203, 503)
MODERATED, PROCESSES, OPEN = 8, 48, 60
NOW = datetime.now(UTC)
WRITTEN = NOW - timedelta(days=2)
"""When rounds and audits were last written: months that were counted once are not counted again."""
TODAY = NOW.date()
TYPES = list(CaseType)


def put(model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows ten thousand at a time."""
    rows = iter(rows)
    while batch := list(islice(rows, 10_000)):
        db.session.execute(insert(model), batch)


def seed(audits: int) -> None:
    """Fill an empty, migrated database with that many audits."""
    prepare(NOW)
    db.session.flush()
    version = db.session.query(ToolVersion).one()
    domains = [d.id for d in db.session.query(Domain).order_by(Domain.position)]
    audit_type = db.session.query(AuditType).first()
    organisation()
    rounds = TEN_YEARS if audits >= 1_000_000 else max(1, audits // MANAGERS)
    months = [months_before(TODAY.replace(day=1), n) for n in reversed(range(rounds))]
    put(Round, (round_row(n, month, audit_type.id, version.id, rounds) for n, month in enumerate(months, 1)))
    put(RoundAuditor, (
        {"round_id": n, "person_id": p, "team_id": team_of(p), "service_id": service_of(p), "expected": 1}
        for n in range(1, rounds + 1) for p in range(1, MANAGERS + 1)
    ))  # fmt: skip
    put(Audit, audit_rows(audits, months, len(domains)))
    put(SectionAnswer, answer_rows(audits, domains))
    put(Action, action_rows(audits))
    put(Moderation, moderation_rows(audits))
    put(ImprovementProcess, process_rows(audits))
    put(Stage, stage_rows(audits))
    db.session.commit()
    analyse()


def analyse() -> None:
    """Let the planner know the sizes, as both databases do by themselves in time."""
    db.session.connection().exec_driver_sql("ANALYZE")
    db.session.commit()


def team_of(person: int) -> int:
    """A person's team."""
    return person % TEAMS + 1


def service_of(person: int) -> int:
    """A person's service."""
    return team_of(person) % SERVICES + 1


def worker_of(case: int) -> int:
    """Whose case it is."""
    return WORKERS[case % len(WORKERS)]


def organisation() -> None:
    """Services, teams, managers with accounts and roles, one of the QA team, the Practice Lead, social workers, and cases."""
    put(Service, ({"id": n, "name": f"Service {n}"} for n in range(1, SERVICES + 1)))
    put(Team, ({"id": n, "name": f"Team {n}", "service_id": n % SERVICES + 1} for n in range(1, TEAMS + 1)))
    put(Person, (
        {"id": p, "name": f"Manager {p}", "email": f"m{p}@example.org", "job_title": "Team manager", "team_id": team_of(p)}
        for p in (*range(1, LEAD + 1), *WORKERS)
    ))  # fmt: skip
    put(Account, ({"person_id": p} for p in range(1, LEAD + 1)))
    put(Auditor, ({"person_id": p, "training_status": "trained"} for p in range(1, MANAGERS + 1)))
    roles = [{"person_id": p, "role": Role.AUDITOR, "granted_at": NOW} for p in range(1, MANAGERS + 1)]
    others = ((QA, Role.QA_TEAM), (LEAD, Role.PRACTICE_LEAD))
    put(RoleGrant, [*roles, *({"person_id": p, "role": role, "granted_at": NOW} for p, role in others)])
    put(
        CaseImport,
        [{"id": 1, "filename": "list.xlsx", "digest": "", "state": "applied", "counts": {}, "uploaded_at": NOW}],
    )
    put(Case, (
        {"id": n, "reference": f"{n:08d}", "case_type": TYPES[n % 5], "team_id": n % TEAMS + 1, "caseworker_id": worker_of(n), "opened_on": date(2025, 1, 6),
         "last_import_id": 1} for n in range(1, 5001)
    ))  # fmt: skip


def round_row(n: int, month: date, type_id: int, version_id: int, rounds: int) -> dict[str, Any]:
    """A round; the newest is issued, the others closed."""
    due = last_day_of_month(month)
    return {
        "id": n, "reference": f"{month:%Y-%m}", "audit_type_id": type_id, "tool_version_id": version_id, "month": month,
        "issue_on": month, "due_on": due, "moderation_due_on": due + timedelta(9), "report_due_on": due + timedelta(14),
        "state": "issued" if n == rounds else "closed", "issued_at": NOW, "updated_at": WRITTEN,
    }  # fmt: skip


def audit_rows(audits: int, months: list[date], sections: int) -> Iterator[dict[str, Any]]:
    """Audits: the past submitted (one in nine late), the newest round in every state."""
    for k in range(audits):
        n, number = divmod(k, -(-audits // len(months)))
        person, past = k % MANAGERS + 1, n < len(months) - 1
        state = (
            "submitted"
            if past or number % 3 == 0
            else ("in_progress" if number % 3 == 1 or number == 0 else "allocated")
        )
        state = "in_progress" if not past and person == MANAGER else state
        case = k % 5000 + 1
        team = case % TEAMS + 1
        started = state != "allocated"
        yield {
            "id": k + 1, "reference": f"{months[n]:%Y-%m}/{number + 1:03d}", "round_id": n + 1, "number": number + 1,
            "case_id": case, "case_reference": f"{case:08d}", "case_type": TYPES[case % 5], "team_id": team,
            "service_id": team % SERVICES + 1, "caseworker_id": worker_of(case), "auditor_id": person, "state": state, "due_on": last_day_of_month(months[n]),
            "updated_at": WRITTEN, "allocated_at": NOW, "issued_at": NOW, "started_at": NOW if started else None,
            "submitted_at": NOW if state == "submitted" else None,
            "first_submitted_at": NOW if state == "submitted" else None, "is_late": state == "submitted" and k % 9 == 0,
            "last_activity_at": NOW if started else None, "sections_done": 4 if started else 0, "sections_total": sections,
            "overall_grade": ("good", "requires_improvement", "inadequate")[k % 3] if state == "submitted" else None,
        }  # fmt: skip


def answer_rows(audits: int, domains: list[int]) -> Iterator[dict[str, Any]]:
    """Four answered sections of each audit that was started (a row each, so that the table is long)."""
    text = "The chronology is current, the plan is specific, and the child's own words are used throughout. " * 3
    for audit in range(1, audits + 1):
        for domain in domains[:4]:
            yield {
                "audit_id": audit, "domain_id": domain, "grade": "good", "strengths": text, "improvements": text,
                "affects_child_now": False, "saved_at": NOW, "saved_by_id": 1,
            }  # fmt: skip


def action_rows(audits: int) -> Iterator[dict[str, Any]]:
    """Actions of past audits: a fifth is open, some of these overdue; the rest is done, not done or verified."""
    what = "Visit this week, see the child alone, and record what they say in their own words. "
    for n in range(1, ACTIONS + 1):
        audit, owner = n % audits + 1, n % MANAGERS + 1
        case = (audit - 1) % 5000 + 1
        team = case % TEAMS + 1
        state = ("open", "verified", "verified", "done", "not_done")[n % 5]
        due_on = TODAY + timedelta(n % 90 - 30) if state == "open" else TODAY - timedelta(n % 700 + 10)
        reported = None if state == "open" else NOW
        yield {
            "id": n, "source_type": "audit", "source_id": audit, "source_part": "risk", "source_label": f"Audit {audit}",
            "team_id": team, "service_id": team % SERVICES + 1, "case_id": case, "what": what * 2, "for_whom": "child",
            "owner_id": owner, "due_on": due_on, "first_due_on": due_on, "is_immediate": n % 50 == 0, "state": state,
            "created_at": NOW, "created_by_id": owner, "opened_at": NOW, "reported_at": reported,
            "reported_by_id": None if reported is None else owner, "evidence": "" if reported is None else what,
            "verified_at": NOW if state == "verified" else None, "outcome": "fully" if state == "verified" else None,
        }  # fmt: skip


def every(step: int, audits: int) -> Iterator[tuple[int, int, bool]]:
    """The id of one past audit in so many, with a number of its own, and whether it is among the newest."""
    ids = range(step, max(audits - MANAGERS, step) + 1, step)
    for n, audit in enumerate(ids, 1):
        yield n, audit, n > len(ids) - OPEN


def moderation_rows(audits: int) -> Iterator[dict[str, Any]]:
    """Moderations: the newest wait for their moderator, some late; the others are accepted."""
    for n, audit, new in every(MODERATED, audits):
        moderator, due_on = n % MANAGERS + 1, TODAY + timedelta(n % 20 - 10)
        yield {
            "id": n, "audit_id": audit, "reason": "share", "by_head": False, "is_blind": n % 2 == 0, "moderator_id": moderator,
            "state": "waiting" if new else "accepted", "selected_at": NOW, "due_on": due_on if new else TODAY - timedelta(n),
            "dispute_days": 10, "grade_before": None if new else "good", "moderated_grade": None if new else "good",
            "moderated_at": None if new else NOW, "moderated_by_id": None if new else moderator, "own_grade": None if new else "good",
            "accepted_at": None if new else NOW,
        }  # fmt: skip


def process_rows(audits: int) -> Iterator[dict[str, Any]]:
    """Improvement processes: of the newest the service manager's review is next, of some it is late."""
    for n, audit, new in every(PROCESSES, audits):
        team, due_on = (audit - 1) % 5000 % TEAMS + 1, TODAY + timedelta(n % 20 - 5)
        yield {
            "id": n, "audit_id": audit, "team_id": team, "service_id": team % SERVICES + 1, "caseworker_id": worker_of((audit - 1) % 5000 + 1),
            "lead_id": LEAD, "grade": "inadequate", "started_at": NOW - timedelta(9 if new else 200),
            "state": ProcessState.OPEN if new else ProcessState.CLOSED, "next_due_on": due_on if new else None,
            "next_kind": StageKind.SERVICE_MANAGER_REVIEW if new else "", "turn_id": n % MANAGERS + 1 if new else None,
            "closed_at": None if new else NOW, "closed_by_id": None if new else LEAD,
            "close_outcome": None if new else CloseOutcome.IMPROVED,
        }  # fmt: skip


def stage_rows(audits: int) -> Iterator[dict[str, Any]]:
    """The stages of every process, as far as it is."""
    kinds = [kind for kind in StageKind if kind is not StageKind.CASELOAD_REVIEW]
    for n, _, new in every(PROCESSES, audits):
        start = TODAY - timedelta(9 if new else 200)
        for position, kind in enumerate(kinds):
            open_ = new and position > kinds.index(StageKind.IMPROVEMENT_PLAN)
            due_on = start + timedelta((0, 3, 3, 14, 84, 94)[position])
            due_on = TODAY + timedelta(n % 20 - 5) if new and kind is StageKind.SERVICE_MANAGER_REVIEW else due_on
            yield {
                "process_id": n, "kind": kind, "position": position, "due_on": due_on, "owner_id": LEAD,
                "outcome": None if open_ else Outcome.DONE, "done_on": None if open_ else due_on,
                "done_at": None if open_ else NOW, "done_by_id": None if open_ else LEAD,
            }  # fmt: skip
