"""What is done to a round: create, dates, sample, expectations, allocated, issue, close (domain.md section 3).

Each verb checks that the viewer may, moves the round in the statement that checks its state, and writes the trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from qa_app.access.viewer import Viewer
from qa_app.core import events
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.states import move
from qa_app.rounds import queries
from qa_app.rounds.events import RoundClosed, RoundIssued, SampleDrawn
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.rounds.permissions import check_can_manage_rounds
from qa_app.rounds.rules import (
    MONTHLY,
    REAUDIT,
    Deadlines,
    RoundDates,
    default_dates,
    is_over,
    reference_of,
    wrong_dates,
)
from qa_app.rounds.states import BEFORE_ISSUE, ROUND, RoundState
from qa_app.sampling import operations as sampling
from qa_app.sampling.model import SampleSize
from qa_app.sampling.models import SampleDraw
from qa_app.sampling.options import DrawRules, size_as_json
from qa_app.settings.queries import values_at
from qa_app.tools.operations import ensure_default_tool
from qa_app.tools.queries import published_version
from qa_app.trail import operations as trail

# key, name, whether it counts toward the monthly expectation (domain.md section 3).
AUDIT_TYPES = (
    (MONTHLY, "Monthly case audit", True),
    ("dip", "Dip sample", False),
    ("themed", "Themed audit", False),
    ("service-review", "Service review", False),
    ("multi-agency", "Multi-agency audit", False),
    (REAUDIT, "Re-audit", False),
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a round expects of one auditor: a number of audits, and where the auditor works then."""

    person_id: int
    team_id: int | None
    service_id: int | None
    expected: int
    exempted: int = 0


def ensure_audit_types(now: datetime) -> AuditType:
    """Make the audit types that are missing, with the default tool; return the monthly one. Safe to run again."""
    tool = ensure_default_tool(now)
    known = set(db.session.scalars(select(AuditType.key)))
    for key, name, counts in AUDIT_TYPES:
        if key not in known:
            db.session.add(AuditType(key=key, name=name, tool_id=tool.tool_id, counts_toward_expectation=counts))
    db.session.flush()  # the query below must see them
    return queries.audit_type(MONTHLY)


def create_round(  # noqa: PLR0913 - the facts of a round
    month: date,
    audit_type: AuditType,
    viewer: Viewer,
    now: datetime,
    issue_on: date | None = None,
    due_on: date | None = None,
    *,
    size: SampleSize | None = None,
    seed: str | None = None,
) -> Round:
    """Create the round of a month; its days follow from the settings where they are not given.

    `size` and `seed`, where given, are kept for its sample.

    Raises:
        BadInput: the month has a round of this type, the days are out of order, or its tool is not published.
    """
    check_can_manage_rounds(viewer)
    month = month.replace(day=1)
    reference = reference_of(month, audit_type.key)
    if db.session.scalar(select(Round.id).where(Round.reference == reference)):
        sentence = f"There is already a round {reference}. Choose another month."
        raise BadInput(sentence, {"month": sentence})
    dates = planned_dates(month, issue_on, due_on)
    _check_dates(dates)
    tool_version = published_version(audit_type.tool_id)
    if tool_version is None:
        raise BadInput(f"The audit tool of {audit_type.name} has no published version. Publish one first.")
    created = Round(
        reference=reference,
        audit_type=audit_type,
        tool_version_id=tool_version.id,
        month=month,
        sample_size=size_as_json(size) if size else None,
        sample_seed=seed,
        state=RoundState.PLANNED,
        **asdict(dates),
    )
    db.session.add(created)
    db.session.flush()  # the trail needs its id
    trail.append("round:created", viewer, now, ("round", created.id), reference=reference, **asdict(dates))
    return created


def planned_dates(month: date, issue_on: date | None = None, due_on: date | None = None) -> RoundDates:
    """A month's days by the settings in force when it is to be issued."""
    start = default_dates(month, Deadlines(0, 0), issue_on, due_on).issue_on
    values = values_at(["moderation_due_days", "report_due_days"], start)
    return default_dates(month, Deadlines(values["moderation_due_days"], values["report_due_days"]), issue_on, due_on)


def change_dates(round: Round, dates: RoundDates, version: int, viewer: Viewer, now: datetime) -> None:
    """Change a round's days, before it is issued: its audits carry the due date from then on.

    Raises:
        BadInput: the days are out of order. IllegalMove: it was issued. Stale: somebody else changed it first.
    """
    check_can_manage_rounds(viewer)
    if round.state not in BEFORE_ISSUE:
        raise IllegalMove("This round is issued, so its dates stay as they were told to the auditors.")
    _check_dates(dates)
    before = {field.name: getattr(round, field.name) for field in fields(RoundDates)}
    written = db.session.execute(
        update(Round)
        .where(Round.id == round.id, Round.version == version, Round.state.in_(BEFORE_ISSUE))
        .values(version=version + 1, **asdict(dates))
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This round was changed by somebody else. Look at it again before you change its dates.")
    db.session.refresh(round)
    trail.append("round:dates-changed", viewer, now, ("round", round.id), before=before, after=asdict(dates))


def _check_dates(dates: RoundDates) -> None:
    wrong = wrong_dates(dates)
    if wrong:
        raise BadInput(next(iter(wrong.values())), wrong)


def draw_sample(
    round: Round,
    size: SampleSize,
    seed: str | None,
    viewer: Viewer,
    now: datetime,
    reason: str = "",
    *,
    rules: DrawRules | None = None,
) -> SampleDraw:
    """Draw the round's sample, or draw it again as a whole, which needs a reason that stays on record.

    Raises:
        BadInput: the size, seed or list can't be used, or the reason for drawing again is missing.
        IllegalMove: the round was issued. Stale: somebody else moved it first.
    """
    check_can_manage_rounds(viewer)
    again = round.state != RoundState.PLANNED
    if again and round.state in BEFORE_ISSUE and not reason.strip():
        sentence = "Enter why the sample is drawn again"
        raise BadInput(sentence, {"reason": sentence})
    # The first move takes the round, so that of two people drawing at once the second is refused.
    move(
        round,
        ROUND,
        "draw_again" if again else "draw_sample",
        now=now,
        person_id=viewer.person_id,
        reason=reason.strip(),
    )
    request = sampling.DrawRequest(size, seed, rules, reason.strip())
    drawn = sampling.draw(round.id, request, viewer, now, queries.others_of_month(round))
    if again:
        db.session.execute(delete(RoundAuditor).where(RoundAuditor.round_id == round.id))
    events.record(SampleDrawn(round, again, viewer, now))
    return drawn


def set_expectations(round: Round, rows: Sequence[Expectation]) -> None:
    """Put what the round expects of each auditor in place of what it expected before.

    For the allocation, which has checked who may and moves the round in the same transaction.

    Raises:
        IllegalMove: the round was issued, so that its expectations are fixed.
    """
    if round.state not in BEFORE_ISSUE:
        raise IllegalMove("This round is issued, so what it expects of each auditor is fixed.")
    db.session.execute(delete(RoundAuditor).where(RoundAuditor.round_id == round.id))
    if rows:
        db.session.execute(insert(RoundAuditor), [{"round_id": round.id, **asdict(row)} for row in rows])


def exempt_auditor(person_id: int, first_month: date, last_month: date, viewer: Viewer, now: datetime) -> list[str]:
    """Expect nothing of somebody in the rounds of these months that are not over; the references of those changed.

    For an approved exemption, which has checked who may. A round that is closed, or whose due date has ended, never
    changes. The rounds are held first, so that an allocation or closing at the same time comes before or after.
    """
    running = (
        select(Round.id, Round.reference)
        .where(
            Round.month.between(first_month, last_month),
            Round.state.in_([*sorted(BEFORE_ISSUE), RoundState.ISSUED]),
            Round.due_on >= london_day(now),
        )
        .order_by(Round.id)
        .with_for_update(key_share=True)
    )
    changed = []
    for round_id, reference in db.session.execute(running).all():
        lowered = db.session.execute(
            update(RoundAuditor)
            .where(
                RoundAuditor.round_id == round_id,
                RoundAuditor.person_id == person_id,
                RoundAuditor.exempted != RoundAuditor.expected,
            )
            .values(exempted=RoundAuditor.expected)
        )
        if lowered.rowcount:  # type: ignore[attr-defined]
            trail.append("round:auditor-exempted", viewer, now, ("round", round_id), person=person_id)
            changed.append(reference)
    return changed


def mark_allocated(round: Round, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Note that each case of the sample has its auditor, as far as there is capacity."""
    check_can_manage_rounds(viewer)
    move(round, ROUND, "allocate", now=now, person_id=viewer.person_id, version=version)
    _note("round:allocated", round, viewer, now)


def issue_round(round: Round, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Issue the round: what follows (audits issued, auditors told) is in `reactions.py`.

    `version` is the one that the person saw before pressing the button.
    """
    check_can_manage_rounds(viewer)
    move(round, ROUND, "issue", now=now, person_id=viewer.person_id, version=version, issued_at=now)
    _note("round:issued", round, viewer, now)
    events.record(RoundIssued(round, viewer, now))


def issue_named_round(round: Round, viewer: Viewer, now: datetime) -> None:
    """Issue a round of re-audits, which has no sample: its audits are added one by one, each for a case that is named.

    Raises:
        IllegalMove: the cases of its type are drawn, or it was issued already.
    """
    check_can_manage_rounds(viewer)
    if round.audit_type.key != REAUDIT:
        raise IllegalMove("The cases of this round are drawn, so it needs a sample first.")
    move(round, ROUND, "issue_named", now=now, person_id=viewer.person_id, issued_at=now)
    _note("round:issued", round, viewer, now)
    events.record(RoundIssued(round, viewer, now))


def close_round(round: Round, viewer: Viewer, now: datetime) -> None:
    """Close the round. Whether an audit is late depends on the due date alone, not on when this runs."""
    check_can_manage_rounds(viewer)
    move(round, ROUND, "close", now=now, person_id=viewer.person_id, closed_at=now)
    _note("round:closed", round, viewer, now, before_due_date_ended=not is_over(round.due_on, now))
    events.record(RoundClosed(round, viewer, now))


def report_round(round: Round, viewer: Viewer, now: datetime) -> None:
    """Mark a closed round as reported: its figures are frozen in the month's report."""
    check_can_manage_rounds(viewer)
    move(round, ROUND, "report", now=now, person_id=viewer.person_id)
    _note("round:reported", round, viewer, now)


def _note(event: str, round: Round, viewer: Viewer, now: datetime, **detail: Any) -> None:
    facts: Mapping[str, Any] = {"reference": round.reference, **detail}
    trail.append(event, viewer, now, ("round", round.id), **facts)
