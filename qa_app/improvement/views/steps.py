"""A page for each step: the meeting, the reviews, the re-audit, leaving a step out, closing."""

from flask import g, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.web import see_other
from qa_app.improvement import operations, presenters, queries
from qa_app.improvement.forms import (
    CaseloadForm,
    CloseForm,
    CorrectionForm,
    ReauditForm,
    ReviewForm,
    SkipForm,
    meeting_form,
)
from qa_app.improvement.operations.closing import close_obstacles
from qa_app.improvement.permissions import can_lead, can_review, can_schedule
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.improvement.views.room import MEANWHILE, act, found, improvement, page, path_of


def _is_open(process: queries.ImprovementProcess, kind: StageKind) -> bool:
    return process.state == ProcessState.OPEN and any(
        stage.kind == kind and stage.outcome is None for stage in process.stages
    )


@improvement.route("/improvement/<string:reference>/meeting", methods=["GET", "POST"])
@commits
def meeting(reference: str) -> ResponseReturnValue:
    """The record of the day-three meeting, with the plan and its actions."""
    process, kind = found(reference, can_lead), StageKind.DAY_THREE_MEETING
    if not _is_open(process, kind):
        return see_other(path_of(process), MEANWHILE)
    sent = request.form if request.method == "POST" else None
    form = meeting_form(queries.possible_owners(process, g.today), sent)
    task = presenters.task_page(process, kind, g.viewer, g.today)
    if sent is None:
        form.version.data, form.held_on.data, form.concern_about.data = str(process.version), g.today, "none"

    def again() -> ResponseReturnValue:
        return page("improvement/meeting.html", form, task=task)

    if sent is None or "more" in sent:
        return again()
    return act(
        process,
        form,
        lambda: operations.record_meeting(process, form.typed(), g.viewer, g.now, form.seen),
        "The meeting is recorded. The owners of the actions see them in their lists.",
        again,
    )


@improvement.route("/improvement/<string:reference>/meeting/correct", methods=["GET", "POST"])
@commits
def correct(reference: str) -> ResponseReturnValue:
    """Put right what the record of the meeting says; what it said before stays readable."""
    process = found(reference, can_lead)
    record = process.meeting
    if record is None or process.state != ProcessState.OPEN:
        return see_other(path_of(process), MEANWHILE)
    form = CorrectionForm(obj=record, data={"version": process.version})
    task = presenters.task_page(process, StageKind.DAY_THREE_MEETING, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        return page("improvement/correct.html", form, task=task, without_actions=bool(record.no_action_reason))

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.correct_meeting(process, form.typed(), g.viewer, g.now, form.seen),
        "The record is corrected. What it said before stays below it, with your reason.",
        again,
    )


@improvement.route("/improvement/<string:reference>/review", methods=["GET", "POST"])
@commits
def review(reference: str) -> ResponseReturnValue:
    """The service manager's review."""
    process, kind = found(reference, can_review), StageKind.SERVICE_MANAGER_REVIEW
    if not _is_open(process, kind):
        return see_other(path_of(process), MEANWHILE)
    form = ReviewForm(data={"version": process.version})
    task = presenters.task_page(process, kind, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        return page("improvement/review.html", form, task=task)

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.record_review(process, form.typed(), g.viewer, g.now, form.seen),
        "Your review is recorded.",
        again,
    )


@improvement.route("/improvement/<string:reference>/caseload-review", methods=["GET", "POST"])
@commits
def caseload_review(reference: str) -> ResponseReturnValue:
    """The whole caseload review: held, or not required with who authorised that."""
    process, kind = found(reference, can_lead), StageKind.CASELOAD_REVIEW
    if not _is_open(process, kind):
        return see_other(path_of(process), MEANWHILE)
    form = CaseloadForm(queries.possible_authorisers(process, g.viewer, g.today), data={"version": process.version})
    task = presenters.task_page(process, kind, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        return page("improvement/caseload.html", form, task=task)

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.record_caseload_review(process, form.typed(), g.viewer, g.now, form.seen),
        "Recorded. Whoever authorised something is told by mail.",
        again,
    )


@improvement.route("/improvement/<string:reference>/re-audit", methods=["GET", "POST"])
@commits
def reaudit(reference: str) -> ResponseReturnValue:
    """Give the case to a different auditor, the best suggestion first."""
    process, kind = found(reference, can_schedule), StageKind.REAUDIT
    stage = next((one for one in process.stages if one.kind == kind and one.outcome is None), None)
    if process.reaudit_id is not None or stage is None or stage.due_on is None or process.state != ProcessState.OPEN:
        return see_other(path_of(process), MEANWHILE)
    slot = queries.slot_for(stage.due_on, g.today)
    case = queries.case_of(process)
    takers = queries.suggestions(process, case, slot, g.today)
    form = ReauditForm(presenters.taker_words(takers), data={"version": process.version})
    task = presenters.task_page(process, kind, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        if request.method == "GET" and takers:
            form.auditor.data = str(takers[0].person_id)
        closed = case.closed_on is not None
        return page("improvement/reaudit.html", form, task=task, slot=slot, takers=takers, closed=closed)

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.schedule_reaudit(process, int(form.auditor.data), g.viewer, g.now, form.seen),
        "The re-audit is scheduled, and its auditor is told by mail.",
        again,
    )


@improvement.route("/improvement/<string:reference>/skip", methods=["GET", "POST"])
@commits
def skip(reference: str) -> ResponseReturnValue:
    """Leave a step out, with a reason and one's name."""
    process = found(reference, can_lead)
    stages = presenters.stages_to_skip(process)
    if process.state != ProcessState.OPEN or not stages:
        return see_other(path_of(process), MEANWHILE)
    form = SkipForm(stages, data={"version": process.version})
    task = presenters.task_page(process, StageKind.CLOSING, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        return page("improvement/skip.html", form, task=task)

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.skip_stage(process, form.kind, form.reason.data or "", g.viewer, g.now, form.seen),
        "The step is left out. The Head of Service is told, with your name and the reason on this page.",
        again,
    )


@improvement.route("/improvement/<string:reference>/close", methods=["GET", "POST"])
@commits
def close(reference: str) -> ResponseReturnValue:
    """Close the process once every step is settled."""
    process = found(reference, can_lead)
    if process.state != ProcessState.OPEN:
        return see_other(path_of(process), MEANWHILE)
    form = CloseForm(data={"version": process.version})
    task = presenters.task_page(process, StageKind.CLOSING, g.viewer, g.today)

    def again() -> ResponseReturnValue:
        return page("improvement/close.html", form, task=task, obstacles=close_obstacles(process))

    if request.method == "GET":
        return again()
    return act(
        process,
        form,
        lambda: operations.close_process(process, form.note.data or "", g.viewer, g.now, form.seen),
        f"{process.reference} is closed.",
        again,
    )
