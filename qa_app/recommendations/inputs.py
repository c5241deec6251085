"""What people type about reports, recommendations and follow-ups."""

from dataclasses import dataclass
from datetime import date

from qa_app.recommendations.models import ReportKind
from qa_app.recommendations.states import Outcome


@dataclass(frozen=True, slots=True)
class ReportInput:
    """A report. Without a service it is of the whole department."""

    title: str
    kind: ReportKind
    dated: date | None
    service_id: int | None = None
    objective: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationInput:
    """One recommendation. Without a number it gets the next."""

    text: str
    owner_id: int | None = None
    due_on: date | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class JudgementInput:
    """How far a recommendation is implemented and what shows it, as far as it is typed."""

    outcome: Outcome | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SummaryInput:
    """What a follow-up says as a whole, with the figures of its period where somebody has typed them."""

    dated: date | None = None
    period: str = ""
    audits: int | None = None
    inadequate: int | None = None
    repeat_inadequate: int | None = None
    summary: str = ""
