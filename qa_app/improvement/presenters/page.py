"""One improvement process whole, and what it asks of this reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.states import ACTION, ActionState
from qa_app.audits.presenters import Happening
from qa_app.core.clock import london_day
from qa_app.core.format import clock_time, day, long_day
from qa_app.improvement.models import Concern, Correction, ImprovementProcess, Meeting, Stage
from qa_app.improvement.permissions import can_lead, may_name_worker
from qa_app.improvement.presenters.asked import Asked, asked_of
from qa_app.improvement.presenters.history import acting, history
from qa_app.improvement.presenters.line import line
from qa_app.improvement.presenters.words import (
    left_in_words,
    process_tag,
    stage_label,
    standing_of,
    standing_tag,
    worker_words,
)
from qa_app.improvement.queries.board import StagePoint
from qa_app.improvement.states import CONCERN_LABELS, ConcernAbout, Mark, Outcome, ProcessState, StageKind

Facts = list[tuple[str, str]]
Tag = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its date, where it is, who is responsible and who covers, how it was settled."""

    label: str
    due: str
    left: str
    late: bool
    tag: Tag
    who: str
    cover: str
    done: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlierRecord:
    """What a record said before it was corrected, and who corrected it why."""

    on: str
    by: str
    reason: str
    facts: Facts
    agreed: str
    next_step: str


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern about another professional, and what became of it."""

    id: int
    about: str
    what: str
    raised: str
    answer: str
    answered: str


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """Everything about one process that its reader may see."""

    reference: str
    path: str
    version: int
    title: str
    tag: Tag
    facts: Facts
    asked: Sequence[Asked]
    picture: Markup
    stages: Sequence[StageRow]
    uncovered: Sequence[str]
    caseload: str
    mark: str
    to_decide: bool
    reads_record: bool
    meeting: Facts
    agreed: str
    next_step: str
    corrects: bool
    earlier: Sequence[EarlierRecord]
    """What the record said before its corrections, the newest first."""
    actions: Sequence[tuple[str, str, str, str]]
    """What, the page of the action, who by when, and its state."""
    concerns: Sequence[ConcernRow]
    answers_concerns: bool
    skips: bool
    closed: str
    previous: str
    following: str
    history: Sequence[Happening]


MARKS = {
    Mark.RETURNED: "The audit was given back to its auditor. The clock of this process runs on meanwhile.",
    Mark.BETTER: "The audit has another grade now, which starts no improvement process. The Practice Lead decides"
    " whether this one goes on; until then its clock runs.",
}


def points(process: ImprovementProcess) -> list[StagePoint]:
    """The stages as the line shows them."""
    return [StagePoint(one.kind, one.number, one.due_on, one.done_on, one.outcome) for one in process.stages]


def process_page(
    process: ImprovementProcess,
    actions: Sequence[Action],
    following: ImprovementProcess | None,
    viewer: Viewer,
    today: date,
    *,
    obstacles: Sequence[str],
    audit_path: str | None,
) -> ProcessPage:
    """The page of a process. Names and free text are for those who need to know whose case it is."""
    named = may_name_worker(viewer, process.service_id, process.team_id)
    is_open, leads = process.state == ProcessState.OPEN, can_lead(viewer, process)
    ended = london_day(process.closed_at) if process.closed_at else None
    return ProcessPage(
        reference=process.reference,
        path=f"/improvement/{process.reference}",
        version=process.version,
        title=f"{process.reference}: {process.team.name}",
        tag=process_tag(process.state, process.close_outcome, process.next_due_on, today),
        facts=_facts(process, audit_path, named=named),
        asked=asked_of(process, viewer, today, obstacles) if is_open else (),
        picture=line(points(process), london_day(process.started_at), today, ended),
        stages=[_stage_row(stage, today, named=named) for stage in process.stages],
        uncovered=_uncovered(process),
        caseload=process.caseload_basis,
        mark=MARKS.get(Mark(process.mark), "") if process.mark and is_open else "",
        to_decide=is_open and leads and process.mark == Mark.BETTER,
        reads_record=named,
        meeting=_meeting(process) if named else [],
        agreed=process.meeting.agreed if process.meeting and named else "",
        next_step=process.meeting.next_step if process.meeting and named else "",
        corrects=is_open and leads and process.meeting is not None,
        earlier=_earlier(process.meeting) if process.meeting and named else [],
        actions=[_action(one) for one in actions] if named else [],
        concerns=[_concern(one) for one in process.concerns] if named else [],
        answers_concerns=is_open and leads,
        skips=is_open and leads,
        closed=process.close_note if named else "",
        previous=process.previous.reference if process.previous else "",
        following=following.reference if following else "",
        history=history(process),
    )


_LINK = Markup('<a class="govuk-link" href="{}">{}</a>')


def _facts(process: ImprovementProcess, audit_path: str | None, *, named: bool) -> Facts:
    reaudit, audit = process.reaudit, process.audit
    facts = [
        ("Social worker", worker_words(process.caseworker.name if process.caseworker else None, may_name=named)),
        ("Team", process.team.name),
        ("Service", process.service.name),
        ("Practice Lead", process.lead.name if process.lead else "Nobody holds this role"),
        ("Started", f"{long_day(process.started_at)}, {clock_time(process.started_at)}"),
        ("Audit", _LINK.format(audit_path, audit.reference) if audit_path else audit.reference),
    ]
    if reaudit is not None:
        auditor = reaudit.auditor.name if reaudit.auditor else "nobody"
        facts.append(("Re-audit", f"{reaudit.reference}, by {auditor}"))
    return facts


def _stage_row(stage: Stage, today: date, *, named: bool) -> StageRow:
    point = StagePoint(stage.kind, stage.number, stage.due_on, stage.done_on, stage.outcome)
    is_open = stage.outcome is None
    return StageRow(
        label=stage_label(stage.kind, stage.number),
        due=day(stage.due_on) or "After the re-audit",
        left=left_in_words(stage.due_on, today) if is_open else "",
        late=is_open and stage.due_on is not None and stage.due_on < today,
        tag=standing_tag(standing_of(point, today)),
        who=_who(stage),
        cover=_cover(stage) if is_open else "",
        done=_done(stage),
        note=stage.note if named or stage.kind == StageKind.NOTIFIED else "",
    )


def _who(stage: Stage) -> str:
    if stage.kind == StageKind.NOTIFIED:
        return "The system"
    return stage.owner.name if stage.owner else "Nobody holds this role"


def _cover(stage: Stage) -> str:
    if stage.uncovered_since is not None:
        return f"Nobody covers. {stage.turn_reason}"
    if stage.covered_since is not None and stage.cover is not None:
        return f"{stage.cover.name} covers since {day(stage.covered_since)}. {stage.turn_reason}"
    if stage.kind == StageKind.NOTIFIED or stage.due_on is None:
        return ""
    return f"Cover: {stage.cover.name}" if stage.cover else "No cover is named"


def _done(stage: Stage) -> str:
    if stage.outcome is None:
        return ""
    by = f" by {acting(stage.done_by, stage.done_for)}" if stage.done_by else ""
    words = {Outcome.NOT_YET: "Not effective yet, ", Outcome.SKIPPED: "Skipped ", Outcome.WAIVED: "Not required, "}
    done = f"{words.get(Outcome(stage.outcome), '')}{day(stage.done_on)}{by}"
    if stage.done_at and stage.done_on and london_day(stage.done_at) != stage.done_on:
        done += f", recorded {day(stage.done_at)}"
    return f"{done}. Authorised by {stage.authorised_by.name}" if stage.authorised_by else done


def _uncovered(process: ImprovementProcess) -> list[str]:
    if process.state != ProcessState.OPEN:
        return []
    return [
        f"{stage_label(stage.kind, stage.number)}, due {day(stage.due_on)}: {stage.turn_reason} Nobody covers."
        for stage in process.stages
        if stage.outcome is None and stage.uncovered_since is not None
    ]


def _meeting(process: ImprovementProcess) -> Facts:
    meeting = process.meeting
    if meeting is None:
        return []
    return [*_said(meeting), ("Recorded by", acting(meeting.recorded_by, meeting.recorded_for))]


def _said(record: Meeting | Correction) -> Facts:
    facts = [("Held", long_day(record.held_on)), ("Who was there", record.present)]
    if record.late_reason:
        facts.append(("Why it was late", record.late_reason))
    if record.no_action_reason:
        facts.append(("Why the plan has no action", record.no_action_reason))
    return facts


def _earlier(meeting: Meeting) -> list[EarlierRecord]:
    return [
        EarlierRecord(
            on=long_day(one.at),
            by=acting(one.by, one.on_behalf_of),
            reason=one.reason,
            facts=_said(one),
            agreed=one.agreed,
            next_step=one.next_step,
        )
        for one in reversed(meeting.corrections)
    ]


def _action(action: Action) -> tuple[str, str, str, str]:
    who = f"{action.owner.name}, by {long_day(action.due_on)}"
    return action.what, f"/actions/{action.reference}", who, ACTION.labels[ActionState(action.state)]


def _concern(concern: Concern) -> ConcernRow:
    answered = concern.answered_by.name if concern.answered_by else ""
    return ConcernRow(
        id=concern.id,
        about=CONCERN_LABELS[ConcernAbout(concern.about)],
        what=concern.what,
        raised=f"{concern.raised_by.name}, {long_day(concern.raised_at)}",
        answer=concern.answer,
        answered=f"{answered}, {long_day(concern.answered_at)}" if answered else "",
    )
