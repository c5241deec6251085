"""What somebody says when they ask for an exemption."""

from dataclasses import dataclass
from datetime import date

from qa_app.exemptions.states import Category


@dataclass(frozen=True, slots=True)
class AskInput:
    """The months (each its first day), why, and in the last week why only now."""

    first_month: date
    last_month: date
    category: Category | None
    statement: str
    late_reason: str = ""
