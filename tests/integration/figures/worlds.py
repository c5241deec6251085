"""A council of random facts, for comparing figures with plain Python over the rows.

The rounds, people and requests are walked there by the operations; then every audit is given a random standing, grades
and answers, so that all combinations come up.
"""

import random
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from qa_app.actions.models import Action
from qa_app.audits.models import Audit, Conversation, ConversationWith, SectionAnswer
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import StageKind
from qa_app.rounds.models import AuditType, Round
from qa_app.settings.models import PolicySetting
from tests.simulation.council import Span

GRADES = ("outstanding", "good", "requires_improvement", "inadequate", "inadequate_critical")
MONTHS = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
END = datetime(2026, 5, 20, 12, tzinfo=UTC)


def random_council(database, seed):
    """Three months, one of them a themed round that must never mix with the random sample."""
    rng = random.Random(seed)
    span = Span(database, MONTHS[0], list(MONTHS), seed)
    setting = PolicySetting(name="moderated_share", value=60, from_date=MONTHS[0], set_at=END - timedelta(days=200))
    database.add(setting)
    for day in range((END.date() - MONTHS[0]).days):
        span.at(datetime.combine(MONTHS[0] + timedelta(days=day), time(20), tzinfo=UTC))
    scatter(database, rng)
    improve(database, rng)
    theme = database.scalars(select(AuditType).where(AuditType.key == "themed")).one()
    last = database.scalars(select(Round).order_by(Round.month.desc())).first()
    last.audit_type_id, last.reference = theme.id, "2026-04-themed"
    database.flush()
    return span


def scatter(database, rng):
    """Give every audit a random standing, grades, sections and conversations."""
    for audit in database.scalars(select(Audit).order_by(Audit.id)).all():
        submitted = rng.random() < 0.7
        audit.state = rng.choice(("submitted", "moderated", "final") if submitted else ("allocated", "in_progress"))
        audit.state = "withdrawn" if rng.random() < 0.05 else audit.state
        audit.is_late = submitted and rng.random() < 0.2
        audit.first_submitted_at = audit.submitted_at = END - timedelta(days=rng.randint(1, 60)) if submitted else None
        audit.overall_grade = rng.choice(GRADES) if submitted or rng.random() < 0.3 else None
        audit.final_grade = rng.choice(GRADES) if audit.state in ("moderated", "final") else None
        audit.case_type = rng.choice(("cin", "cp", "cla"))
        domains = audit.round.tool_version.domains
        database.query(SectionAnswer).filter_by(audit_id=audit.id).delete()
        database.query(Conversation).filter_by(audit_id=audit.id).delete()
        for domain in domains:
            if rng.random() < 0.9:
                grade = rng.choice((*GRADES, "not_applicable", None))
                database.add(SectionAnswer(
                    audit_id=audit.id, domain_id=domain.id, grade=grade, saved_at=END, saved_by_id=audit.auditor_id
                ))  # fmt: skip
        for whom in ConversationWith:
            held = rng.choice((True, False, None))
            database.add(Conversation(
                audit_id=audit.id, with_whom=whom, held=held, saved_at=END, saved_by_id=audit.auditor_id
            ))  # fmt: skip
    database.flush()


def improve(database, rng):
    """Processes, stages and actions of every kind, settled in time, late or not yet."""
    for audit in database.scalars(select(Audit).order_by(Audit.id)).all()[::4]:
        started = END - timedelta(days=rng.randint(10, 110))
        place = {"team_id": audit.team_id, "service_id": audit.service_id}
        closed = rng.choice((None, started + timedelta(days=rng.randint(5, 60))))
        process = ImprovementProcess(
            audit_id=audit.id, grade="inadequate", started_at=started, closed_at=closed, lead_id=None, **place
        )
        database.add(process)
        database.flush()
        for position, kind in enumerate(StageKind):
            due = rng.choice((None, started.date() + timedelta(days=rng.randint(1, 60))))
            done = rng.choice((None, started.date() + timedelta(days=rng.randint(1, 70))))
            outcome = rng.choice(("done", "waived", "skipped")) if done else None
            database.add(Stage(
                process_id=process.id, kind=kind, position=position, due_on=due, outcome=outcome, done_on=done,
                owner_id=audit.auditor_id,
            ))  # fmt: skip
        promised = started.date() + timedelta(days=rng.randint(1, 60))
        reported = rng.choice((None, started + timedelta(days=rng.randint(1, 70))))
        database.add(Action(
            source_type="audit", source_id=audit.id, what="See the father", owner_id=audit.auditor_id,
            first_due_on=promised, due_on=promised + timedelta(days=rng.choice((0, 14))), is_immediate=rng.random() < 0.2,
            state=rng.choice(("done", "verified", "not_done")) if reported else "open", created_at=started,
            created_by_id=audit.auditor_id, opened_at=started, reported_at=reported, **place,
        ))  # fmt: skip
    database.flush()
