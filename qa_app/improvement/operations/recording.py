"""Record the day-three meeting with its plan, the service manager's review, a caseload review (domain.md section 8)."""

from datetime import date, datetime

from qa_app.access.viewer import Viewer
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.operations import raise_action
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import IllegalMove
from qa_app.improvement import messages
from qa_app.improvement.inputs import CaseloadInput, CorrectionInput, MeetingInput, PlannedAction, ReviewInput
from qa_app.improvement.models import Concern, ImprovementProcess, Meeting, Stage
from qa_app.improvement.operations.settling import check, day_fault, open_stage_of, settle
from qa_app.improvement.operations.turns import claim, give_turns
from qa_app.improvement.permissions import check_can_lead, check_can_review
from qa_app.improvement.queries.authorisers import possible_authorisers
from qa_app.improvement.queries.covers import covers
from qa_app.improvement.states import Outcome, StageKind
from qa_app.trail import operations as trail

SOURCE = "improvement process"
"""What actions of an improvement plan name as their source."""


def record_meeting(
    process: ImprovementProcess, given: MeetingInput, viewer: Viewer, now: datetime, version: int | None = None
) -> Meeting:
    """Write the record of the day-three meeting: the plan, its actions, and any concern about another role.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: it is recorded already, or the process was changed meanwhile.
        BadInput: something is missing; a meeting after its date needs a reason, and so does a plan without actions.
    """
    who = check_can_lead(viewer, process)
    claim(process, version)
    stage = open_stage_of(process, StageKind.DAY_THREE_MEETING)
    check(meeting_faults(process, stage, given, now))
    assert given.held_on is not None
    late = is_late(stage, given.held_on)
    meeting = Meeting(
        process_id=process.id,
        held_on=given.held_on,
        present=given.present.strip(),
        agreed=given.agreed.strip(),
        next_step=given.next_step.strip(),
        no_action_reason="" if given.actions else given.no_action_reason.strip(),
        late_reason=given.late_reason.strip() if late else "",
        recorded_at=now,
        recorded_by_id=who.person_id,
        recorded_for_id=who.on_behalf_of,
    )
    db.session.add(meeting)
    _raise_actions(process, given, who, now)
    settle(process, stage, Outcome.DONE, who, now, done_on=given.held_on, note=meeting.late_reason)
    plan = next((one for one in process.stages if one.kind == StageKind.IMPROVEMENT_PLAN), None)
    if plan is not None and plan.outcome is None:
        note = meeting.no_action_reason
        settle(process, plan, Outcome.DONE, who, now, done_on=given.held_on, note=note, actions=len(given.actions))
    if given.concern_about is not None:
        raise_concern(process, given, who, now)
    give_turns(process, covers(london_day(now)), who, now)
    return meeting


def meeting_faults(process: ImprovementProcess, stage: Stage, given: MeetingInput, now: datetime) -> dict[str, str]:
    """What is missing from a meeting's record, by field."""
    faults = record_faults(process, stage, given, now)
    if not given.actions and not given.no_action_reason.strip():
        faults["no_action_reason"] = "Add an action, or enter why the plan needs none"
    for action in given.actions:
        faults |= _action_faults(action, now)
    if given.concern_about is not None and not given.concern.strip():
        faults["concern"] = "Enter what the concern is"
    return faults


def record_faults(
    process: ImprovementProcess, stage: Stage, given: MeetingInput | CorrectionInput, now: datetime
) -> dict[str, str]:
    """What is missing from what a record says of the meeting itself, by field."""
    today, first = london_day(now), london_day(process.started_at)
    faults = {"held_on": day_fault(given.held_on, first, today, "the meeting")}
    if not given.present.strip():
        faults["present"] = "Enter who was there"
    if not given.agreed.strip():
        faults["agreed"] = "Enter what was agreed"
    if is_late(stage, given.held_on) and not given.late_reason.strip():
        faults["late_reason"] = "Enter why the meeting was held late"
    return {field: fault for field, fault in faults.items() if fault}


def is_late(stage: Stage, held_on: date | None) -> bool:
    """Whether a meeting on that day is after its date."""
    return held_on is not None and stage.due_on is not None and held_on > stage.due_on


def _action_faults(action: PlannedAction, now: datetime) -> dict[str, str]:
    n = action.row
    faults = {}
    if not action.what.strip():
        faults[f"what_{n}"] = f"Enter what should be done in action {n}"
    if action.owner_id is None:
        faults[f"owner_{n}"] = f"Choose who does action {n}"
    if action.due_on is None:
        faults[f"due_on_{n}"] = f"Enter the date by which action {n} is done"
    elif action.due_on < london_day(now):
        faults[f"due_on_{n}"] = f"The date of action {n} must be today or later"
    return faults


def _raise_actions(process: ImprovementProcess, given: MeetingInput, who: Viewer, now: datetime) -> None:
    for action in given.actions:
        assert action.owner_id is not None
        assert action.due_on is not None
        wanted = ActionInput(action.what, action.owner_id, action.due_on)
        raise_action(source_of(process), wanted, who, london_day(now), now)


def source_of(process: ImprovementProcess) -> Source:
    """What an action of a plan comes from, and what it is about."""
    label = f"Improvement process {process.reference}"
    return Source(
        SOURCE,
        process.id,
        label=label,
        team_id=process.team_id,
        service_id=process.service_id,
        case_id=process.audit.case_id,
    )


def raise_concern(process: ImprovementProcess, given: MeetingInput, who: Viewer, now: datetime) -> Concern:
    """Note a concern about another professional; the Head of Service hears of it."""
    assert given.concern_about is not None
    concern = Concern(
        process_id=process.id,
        about=given.concern_about,
        what=given.concern.strip(),
        raised_at=now,
        raised_by_id=who.person_id,
    )
    db.session.add(concern)
    db.session.flush()
    db.session.expire(process, ["concerns"])
    trail.append("improvement:concern-raised", who, now, ("improvement", process.id), about=given.concern_about)
    messages.tell_of_concern(process, concern.id, who, now)
    return concern


def answer_concern(process: ImprovementProcess, concern_id: int, answer: str, viewer: Viewer, now: datetime) -> None:
    """Write what became of a concern.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove: it is answered already. Stale: the process is closed. BadInput: no words.
    """
    who = check_can_lead(viewer, process)
    claim(process, None)
    concern = next((one for one in process.concerns if one.id == concern_id), None)
    if concern is None or concern.answered_at is not None:
        raise IllegalMove("This concern is answered already.")
    check({} if answer.strip() else {"answer": "Enter what became of the concern"})
    concern.answer, concern.answered_at, concern.answered_by_id = answer.strip(), now, who.person_id
    db.session.flush()
    trail.append("improvement:concern-answered", who, now, ("improvement", process.id), about=concern.about)


def record_review(
    process: ImprovementProcess, given: ReviewInput, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """The service manager confirms that remedial actions happen and are effective; or that a further review follows.

    Raises:
        NotAllowed: the viewer is not the service manager, nor covers.
        IllegalMove, Stale: it is given already, or the process was changed meanwhile.
        BadInput: no words, or no date of the further review.
    """
    who = check_can_review(viewer, process)
    claim(process, version)
    stage = open_stage_of(process, StageKind.SERVICE_MANAGER_REVIEW)
    today = london_day(now)
    faults = {} if given.note.strip() else {"note": "Enter what you looked at and what you found"}
    if not given.effective and (given.again_on is None or given.again_on <= today):
        faults["again_on"] = "Enter the date of the further review, after today"
    check(faults)
    outcome = Outcome.DONE if given.effective else Outcome.NOT_YET
    settle(process, stage, outcome, who, now, note=given.note)
    if not given.effective:
        process.stages.append(
            Stage(
                kind=stage.kind,
                number=stage.number + 1,
                position=stage.position,
                due_on=given.again_on,
                owner_id=stage.owner_id,
            )
        )
        db.session.flush()
        messages.tell_of_further_review(process, process.stages[-1], who, now)
    give_turns(process, covers(today), who, now)


def record_caseload_review(
    process: ImprovementProcess, given: CaseloadInput, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """A whole caseload review was held; or its criteria are met and it is not required, with who authorised that.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: it is settled already, or the process was changed meanwhile.
        BadInput: no result or reason, no date, or nobody else who may authorise it.
    """
    who = check_can_lead(viewer, process)
    claim(process, version)
    stage = open_stage_of(process, StageKind.CASELOAD_REVIEW)
    today = london_day(now)
    faults = {}
    if given.held:
        if not given.note.strip():
            faults["note"] = "Enter what the review found"
        if fault := day_fault(given.held_on, london_day(process.started_at), today, "the review"):
            faults["held_on"] = fault
        if not given.held_by.strip():
            faults["held_by"] = "Enter who reviewed the caseload"
    else:
        if not given.note.strip():
            faults["note"] = "Enter why a whole caseload review is not required"
        if given.authorised_by_id not in {one for one, _ in possible_authorisers(process, viewer, today)}:
            faults["authorised_by"] = "Choose who authorised it: a Head of Service or Director other than you"
    check(faults)
    if given.held:
        settle(
            process,
            stage,
            Outcome.DONE,
            who,
            now,
            done_on=given.held_on,
            note=f"By {given.held_by.strip()}. {given.note}",
        )
    else:
        authoriser = given.authorised_by_id
        settle(process, stage, Outcome.WAIVED, who, now, note=given.note, authorised_by_id=authoriser, by=authoriser)
        messages.tell_authoriser(process, stage, who, now)
    give_turns(process, covers(today), who, now)
