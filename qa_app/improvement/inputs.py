"""What people say on an improvement process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.improvement.states import ConcernAbout


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the improvement plan; any of it may be missing while it is typed. `row` is where it stands."""

    row: int
    what: str
    owner_id: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class MeetingInput:
    """The record of the day-three meeting."""

    held_on: date | None
    present: str
    agreed: str
    actions: Sequence[PlannedAction] = ()
    no_action_reason: str = ""
    late_reason: str = ""
    concern_about: ConcernAbout | None = None
    concern: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionInput:
    """What a meeting's record should say, and why it is corrected. Its actions are corrected where they are."""

    held_on: date | None
    present: str
    agreed: str
    next_step: str
    no_action_reason: str
    late_reason: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """What the service manager found: remedial actions happen and are effective, or not yet, and then again when."""

    effective: bool
    note: str
    again_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseloadInput:
    """A whole caseload review: held on a day by whom with what result; or not required, why, and who authorised it."""

    held: bool
    note: str
    held_on: date | None = None
    held_by: str = ""
    authorised_by_id: int | None = None
