"""Who is told by mail of a whole improvement process: that it starts, repeats, is in doubt, or raises a concern."""

from datetime import date, datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.improvement.messages.parts import readers_of_lead, subject_of, tell
from qa_app.improvement.messages.steps import settle
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries.one import people_named
from qa_app.improvement.states import StageKind
from qa_app.outbox.operations import take_back
from qa_app.people.queries import deciders, stand_ins


def told_at_start(process: ImprovementProcess, today: date) -> list[tuple[str, int | None, int | None]]:
    """Who hears of a new process: the role, who holds it, and who reads it in their place while they are away."""
    team = process.team
    holders: list[tuple[str, int | None]] = [
        ("Team manager", team.manager_id),
        ("Service manager", _owner(process, StageKind.SERVICE_MANAGER_REVIEW)),
        ("Practice Lead", process.lead_id),
    ]
    readers = stand_ins([person_id for _, person_id in holders if person_id], today)
    told = [(role, person_id, readers.get(person_id or 0)) for role, person_id in holders]
    heads = deciders(Role.HEAD_OF_SERVICE, today, process.service_id)
    if not heads:
        return [*told, ("Head of Service", None, None)]
    return [*told, *(("Head of Service", head, head) for head in heads)]


def _owner(process: ImprovementProcess, kind: StageKind) -> int | None:
    return next((stage.owner_id for stage in process.stages if stage.kind == kind), None)


def tell_start(process: ImprovementProcess, viewer: Viewer, now: datetime) -> str:
    """Tell team manager, service manager, Practice Lead and Head of Service at once; who was told, as a sentence."""
    told = told_at_start(process, london_day(now))
    readers = [reader for _, _, reader in told if reader is not None]
    meeting = next(stage for stage in process.stages if stage.kind == StageKind.DAY_THREE_MEETING)
    assert meeting.due_on is not None
    tell("improvement_started", readers, process, viewer, now, due_on=meeting.due_on, team=process.team.name)
    return _told_in_words(told)


def _told_in_words(told: list[tuple[str, int | None, int | None]]) -> str:
    names = people_named({one for _, *ids in told for one in ids if one is not None})
    words = []
    for role, holder, reader in told:
        if reader is None:
            words.append(f"{role}: nobody holds this role")
        elif holder is not None and reader != holder:
            words.append(f"{role}: {names[reader]}, for {names[holder]}")
        else:
            words.append(f"{role}: {names[reader]}")
    return ". ".join(words) + "."


def tell_of_repeat(process: ImprovementProcess, viewer: Viewer, now: datetime) -> int:
    """Head of Service and Director hear that the same case did not improve."""
    today = london_day(now)
    people = [*deciders(Role.HEAD_OF_SERVICE, today, process.service_id), *deciders(Role.DIRECTOR, today)]
    assert process.previous is not None
    return tell("improvement_repeat", people, process, viewer, now, previous=process.previous.reference)


def tell_to_decide(process: ImprovementProcess, viewer: Viewer, now: datetime) -> int:
    """The Practice Lead hears that the grade changed, so that they decide whether the process goes on."""
    slot = f"decide-{london_day(now).isoformat()}"
    return tell("improvement_decide", readers_of_lead(process, now), process, viewer, now, slot=slot)


def tell_of_concern(process: ImprovementProcess, concern_id: int, viewer: Viewer, now: datetime) -> int:
    """The Head of Service hears of a concern about another professional."""
    heads = deciders(Role.HEAD_OF_SERVICE, london_day(now), process.service_id)
    return tell("improvement_concern", heads, process, viewer, now, slot=f"concern-{concern_id}")


def settle_all(process: ImprovementProcess) -> None:
    """Take back everything that asks for something on a process that is over."""
    take_back(subject_of(process), ("improvement_started", "improvement_decide"))
    for stage in process.stages:
        settle(process, stage)
