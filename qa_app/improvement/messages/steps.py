"""Who is told by mail of one stage of an improvement process (domain.md sections 8 and 10)."""

from datetime import datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.presenters.words import path_of
from qa_app.core.clock import london_day
from qa_app.core.format import MONTHS
from qa_app.improvement.messages.parts import NOBODY, owner_name, path_to, readers_of_lead, subject_of, tell_step
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries.one import people_named
from qa_app.improvement.states import StageKind
from qa_app.outbox.operations import queue, take_back
from qa_app.people.queries import deciders, stand_ins


def tell_cover(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """Whoever covers hears that a step is theirs now, and by when. The plan goes with its meeting."""
    if stage.kind == StageKind.IMPROVEMENT_PLAN or stage.cover_id is None:
        return 0
    slot = f"covered-{london_day(now).isoformat()}"
    return tell_step(
        "improvement_covered", [stage.cover_id], stage, process, None, now, slot=slot, person=owner_name(stage)
    )


def tell_uncovered(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """The Head of Service and the QA team hear that a step is nobody's while its owner is away."""
    if stage.kind == StageKind.IMPROVEMENT_PLAN:
        return 0
    today = london_day(now)
    people = [*deciders(Role.HEAD_OF_SERVICE, today, process.service_id), *deciders(Role.QA_TEAM, today)]
    slot = f"uncovered-{today.isoformat()}"
    return tell_step(
        "improvement_uncovered",
        people,
        stage,
        process,
        None,
        now,
        slot=slot,
        path=path_to(process),
        person=owner_name(stage),
    )


def remind(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """Whoever's turn it is hears that a step is due soon, or today."""
    slot = f"due-{london_day(now).isoformat()}"
    return tell_step("improvement_step_due", _readers(stage, now), stage, process, None, now, slot=slot)


def chase(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """Whoever's turn it is hears, once, that a step is late."""
    return tell_step("improvement_step_late", _readers(stage, now), stage, process, None, now, slot="late")


def escalate(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """The Head of Service hears, once, that a step is late and whose turn it is."""
    heads = deciders(Role.HEAD_OF_SERVICE, london_day(now), process.service_id)
    turn = people_named([stage.turn_id or 0]).get(stage.turn_id or 0, NOBODY)
    return tell_step(
        "improvement_step_escalated",
        heads,
        stage,
        process,
        None,
        now,
        slot="escalated",
        path=path_to(process),
        person=turn,
    )


def tell_reauditor(process: ImprovementProcess, viewer: Viewer, now: datetime) -> int:
    """The auditor of a re-audit hears of it, with its date."""
    reaudit = process.reaudit
    assert reaudit is not None
    assert reaudit.auditor_id is not None
    return queue(
        "reaudit_given",
        [] if reaudit.auditor_id == viewer.person_id else [reaudit.auditor_id],
        subject_key=f"audit:{reaudit.id}",
        slot=f"{reaudit.version}",
        now=now,
        variables={
            "month": MONTHS[reaudit.round.month.month - 1],
            "due_on": reaudit.due_on,
            "path": path_of(reaudit),
        },
    )


def tell_of_scheduling(process: ImprovementProcess, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """Practice Lead and QA team hear that the system scheduled the re-audit, and with whom."""
    assert process.reaudit is not None
    assert process.reaudit.auditor is not None
    people = [*readers_of_lead(process, now), *deciders(Role.QA_TEAM, london_day(now))]
    name, page = process.reaudit.auditor.name, path_to(process)
    return tell_step(
        "improvement_reaudit_scheduled", people, stage, process, viewer, now, slot=name, path=page, person=name
    )


def tell_unscheduled(process: ImprovementProcess, stage: Stage, now: datetime) -> int:
    """QA team, Practice Lead and Head of Service hear, once a week, that nobody can do a re-audit that is near."""
    today = london_day(now)
    heads = deciders(Role.HEAD_OF_SERVICE, today, process.service_id)
    people = [*readers_of_lead(process, now), *deciders(Role.QA_TEAM, today), *heads]
    slot = f"needed-{today.isocalendar().year}-{today.isocalendar().week}"
    return tell_step("improvement_reaudit_needed", people, stage, process, None, now, slot=slot)


def tell_of_skipped(process: ImprovementProcess, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """The Head of Service hears of every step that was skipped, and who skipped it: none is skipped quietly."""
    heads = deciders(Role.HEAD_OF_SERVICE, london_day(now), process.service_id)
    page = path_to(process)
    return tell_step(
        "improvement_skipped", heads, stage, process, viewer, now, slot="skipped", path=page, person=viewer.name
    )


def tell_authoriser(process: ImprovementProcess, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """Whoever is named as having authorised something reads that they are."""
    page, people = path_to(process), [stage.authorised_by_id] if stage.authorised_by_id else []
    return tell_step(
        "improvement_authorised", people, stage, process, viewer, now, slot="authorised", path=page, person=viewer.name
    )


def tell_of_further_review(process: ImprovementProcess, stage: Stage, viewer: Viewer, now: datetime) -> int:
    """Practice Lead and Head of Service hear that remedial actions are not effective yet."""
    people = [*readers_of_lead(process, now), *deciders(Role.HEAD_OF_SERVICE, london_day(now), process.service_id)]
    return tell_step(
        "improvement_review_again", people, stage, process, viewer, now, slot="again", path=path_to(process)
    )


def _readers(stage: Stage, now: datetime) -> list[int]:
    return list(stand_ins([stage.turn_id], london_day(now)).values()) if stage.turn_id else []


def settle(process: ImprovementProcess, stage: Stage) -> None:
    """Take back what asks for a step that is settled."""
    take_back(subject_of(process, stage))
