"""What people's operations tell of themselves."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleLost:
    """A person may do less than before, from now on."""

    person_id: int
    now: datetime


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """A person's last day of work is over."""

    person_id: int
    now: datetime
