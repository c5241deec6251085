"""What the pages on which a stage is done say before one begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.access.viewer import Viewer
from qa_app.core.format import day
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.permissions import may_name_worker
from qa_app.improvement.presenters.words import left_in_words, stage_label, worker_words
from qa_app.improvement.queries import Taker
from qa_app.improvement.rules import NEVER_SKIPPED
from qa_app.improvement.states import StageKind


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A stage to do: of which process, whose case, by when."""

    reference: str
    path: str
    facts: list[tuple[str, str]]
    due: str
    late: bool
    basis: str


def task_page(process: ImprovementProcess, kind: StageKind, viewer: Viewer, today: date) -> TaskPage:
    """The page of one stage."""
    stage = max((one for one in process.stages if one.kind == kind), key=lambda one: one.number, default=None)
    due_on = stage.due_on if stage else None
    named = may_name_worker(viewer, process.service_id, process.team_id)
    is_open = stage is not None and stage.outcome is None
    due = ", ".join(filter(None, (day(due_on), left_in_words(due_on, today) if is_open else "")))
    return TaskPage(
        reference=process.reference,
        path=f"/improvement/{process.reference}",
        facts=[
            ("Process", process.reference),
            ("Social worker", worker_words(process.caseworker.name if process.caseworker else None, may_name=named)),
            ("Team", process.team.name),
            *([("Due", due)] if due else []),
        ],
        due=due,
        late=due_on is not None and due_on < today,
        basis=process.caseload_basis,
    )


def stages_to_skip(process: ImprovementProcess) -> list[tuple[str, str]]:
    """The open stages that may be skipped, as choices."""
    return [
        (stage.kind, stage_label(stage.kind, stage.number))
        for stage in process.stages
        if stage.outcome is None and StageKind(stage.kind) not in NEVER_SKIPPED
    ]


def taker_words(takers: Sequence[Taker]) -> list[tuple[int, str]]:
    """Who could do the re-audit, with what speaks against it."""
    return [(one.person_id, f"{one.name}: {one.against or 'nothing against it'}") for one in takers]
