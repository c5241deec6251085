"""What follows what: the only file that joins areas. An event -> the functions that it calls, in the same transaction."""

from collections.abc import Callable
from typing import Any

REACTIONS: dict[type, tuple[Callable[[Any], None], ...]] = {}
