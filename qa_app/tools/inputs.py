"""What may be changed in a draft version of a tool."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainInput:
    """What may be changed in one section of a draft version."""

    title: str
    prompt: str
    looks_good: Sequence[str]
    questions: Sequence[str]
    guidance: dict[str, str]
    may_be_not_applicable: bool
