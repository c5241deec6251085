"""What people say on a slippage notice."""

from dataclasses import dataclass
from datetime import date

from qa_app.slippage.states import Outcome


@dataclass(frozen=True, slots=True)
class RaiseInput:
    """What the auditor says: why, when it could be done, what would help."""

    reason: str
    could_be_done_on: date | None
    would_help: str = ""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The QA team's answer, with a sentence for the auditor, and the new auditor where it is reassigned."""

    outcome: Outcome
    note: str
    auditor_id: int | None = None
