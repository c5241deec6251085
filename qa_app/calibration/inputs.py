"""What the QA team says of a new calibration set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SetInput:
    """Its name, the case (by its own reference, or that of a submitted audit of it), who takes part, and by when."""

    name: str
    reference: str
    person_ids: Sequence[int]
    due_on: date | None
