"""What happened on a process, and who did it on whose behalf."""

from qa_app.audits.presenters import Happening
from qa_app.core.clock import london_day
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.presenters.words import process_tag, stage_label
from qa_app.improvement.states import Outcome
from qa_app.people.models import Person


def acting(person: Person | None, on_behalf_of: Person | None) -> str:
    """A name, with on whose behalf."""
    name = person.name if person else ""
    return f"{name}, on behalf of {on_behalf_of.name}" if on_behalf_of else name


def history(process: ImprovementProcess) -> list[Happening]:
    """What happened when, oldest first."""
    steps = [Happening("The process started", process.started_at, "", "")]
    for stage in process.stages:
        label = stage_label(stage.kind, stage.number)
        if stage.done_at is not None:
            by = acting(stage.done_by, stage.done_for)
            steps.append(Happening(f"{label}: {_HOW[Outcome(stage.outcome or Outcome.DONE)]}", stage.done_at, by, ""))
        if stage.covered_since is not None and stage.cover is not None:
            steps.append(
                Happening(f"{label}: handed to {stage.cover.name}", stage.covered_since, "", stage.turn_reason)
            )
    for one in process.meeting.corrections if process.meeting else ():
        steps.append(Happening("Meeting record corrected", one.at, acting(one.by, one.on_behalf_of), ""))
    if process.closed_at is not None:
        by = acting(process.closed_by, process.closed_for)
        words = process_tag(process.state, process.close_outcome, None, london_day(process.closed_at))[0]
        steps.append(Happening(words, process.closed_at, by, ""))
    return sorted(steps, key=lambda one: one.at)


_HOW = {
    Outcome.DONE: "done",
    Outcome.NOT_YET: "not effective yet",
    Outcome.WAIVED: "criteria met, not required",
    Outcome.SKIPPED: "skipped",
}
