"""What the mails share: what they are about, where they lead, and how they are queued."""

from collections.abc import Iterable
from datetime import datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.presenters.words import path_of
from qa_app.core.clock import london_day
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries.one import people_named
from qa_app.improvement.states import STAGE_LABELS, StageKind
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue
from qa_app.people.queries import deciders, stand_ins

NOBODY = "Nobody"


def path_to(process: ImprovementProcess) -> str:
    """The process's page."""
    return f"/improvement/{process.reference}"


_PAGES = {
    StageKind.DAY_THREE_MEETING: "/meeting",
    StageKind.IMPROVEMENT_PLAN: "/meeting",
    StageKind.SERVICE_MANAGER_REVIEW: "/review",
    StageKind.CASELOAD_REVIEW: "/caseload-review",
    StageKind.REAUDIT: "/re-audit",
    StageKind.CLOSING: "/close",
}


def page_for(process: ImprovementProcess, kind: StageKind) -> str:
    """The page on which a stage is done."""
    if kind is StageKind.REAUDIT and process.reaudit is not None:
        return path_of(process.reaudit)
    return path_to(process) + _PAGES.get(kind, "")


def step_words(stage: Stage) -> str:
    """A stage's name within a sentence."""
    return STAGE_LABELS[StageKind(stage.kind)].lower()


def subject_of(process: ImprovementProcess, stage: Stage | None = None) -> str:
    """What a mail is about."""
    return f"improvement:{process.id}" + (f":{stage.id}" if stage else "")


_WITHOUT_DATE = frozenset({"improvement_skipped", "improvement_authorised"})


def tell_step(  # noqa: PLR0913 - the facts of a mail
    message: str,
    person_ids: Iterable[int],
    stage: Stage,
    process: ImprovementProcess,
    viewer: Viewer | None,
    now: datetime,
    *,
    slot: str,
    path: str = "",
    **further: Value,
) -> int:
    """Queue a mail about a stage: to everybody but whoever acts, with a link to where it is done."""
    assert stage.due_on is not None or message in _WITHOUT_DATE
    dated: dict[str, Value] = {} if message in _WITHOUT_DATE else {"due_on": stage.due_on or london_day(now)}
    common: dict[str, Value] = {
        "reference": process.reference,
        "step": step_words(stage),
        "path": path or page_for(process, StageKind(stage.kind)),
    }
    return queue(
        message,
        [one for one in person_ids if viewer is None or one != viewer.person_id],
        subject_key=subject_of(process, stage),
        slot=slot,
        now=now,
        variables=common | dated | further,
    )


def tell(
    message: str,
    person_ids: Iterable[int],
    process: ImprovementProcess,
    viewer: Viewer,
    now: datetime,
    *,
    slot: str = "once",
    **further: Value,
) -> int:
    """Queue a mail about a whole process: to everybody but whoever acts."""
    variables: dict[str, Value] = {"reference": process.reference, "path": path_to(process)}
    return queue(
        message,
        [one for one in person_ids if one != viewer.person_id],
        subject_key=subject_of(process),
        slot=slot,
        now=now,
        variables=variables | further,
    )


def owner_name(stage: Stage) -> str:
    """The name of a stage's owner, for a mail."""
    return people_named([stage.owner_id or 0]).get(stage.owner_id or 0, NOBODY)


def readers_of_lead(process: ImprovementProcess, now: datetime) -> list[int]:
    """The Practice Lead, or their deputy; the QA team where there is none."""
    if process.lead_id is None:
        return deciders(Role.QA_TEAM, london_day(now))
    return list(stand_ins([process.lead_id], london_day(now)).values())
