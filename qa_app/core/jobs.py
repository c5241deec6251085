"""What a job says that it did, so that a run by hand and the administrators' page can tell why nothing happened."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Done:
    """Counts of one run of one job: for what was skipped, the reason in words; for what else it did, its name."""

    looked_at: int = 0
    queued: int = 0
    sent: int = 0
    why: Counter[str] = field(default_factory=Counter)
    did: Counter[str] = field(default_factory=Counter)

    def skip(self, why: str, count: int = 1) -> None:
        """Note what was looked at and left as it is."""
        self.why[why] += count

    def as_dict(self) -> dict[str, Any]:
        """As `tick --json` prints it."""
        return {
            "looked_at": self.looked_at,
            "queued": self.queued,
            "sent": self.sent,
            "skipped": self.why.total(),
            "why": dict(self.why),
            "did": dict(self.did),
        }
