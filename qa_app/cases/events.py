"""What the cases area tells of itself; `reactions.py` says what follows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestrictionLifted:
    """A case is not restricted any more, so more people may know of its audits."""

    case_id: int
