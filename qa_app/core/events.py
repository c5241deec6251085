"""Events: what an operation tells of itself. `reactions.py` says what follows; nothing else joins areas."""

from collections.abc import Callable
from typing import Any

_reactions: dict[type, tuple[Callable[[Any], object], ...]] = {}


def connect(table: dict[type, tuple[Callable[[Any], object], ...]]) -> None:
    """Install the table of reactions (called once, by the application factory)."""
    _reactions.clear()
    _reactions.update(table)


def record(event: object) -> None:
    """Run what follows an event, in the same transaction."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
