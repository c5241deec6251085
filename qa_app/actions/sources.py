"""How the pages of actions name what an action comes from, and lead there, without knowing any area above.

Actions stand below what raises them, so whoever stands above all says how (`qa_app/sources.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select

from qa_app.access.viewer import Viewer


@dataclass(frozen=True)
class SourceKind:
    """One kind of thing that raises actions: its plural, the page of one where the viewer may read it, and the ids of
    those that are hidden from a viewer as yet, since they would say what the viewer is to judge by themselves.
    """

    label: str
    address: Callable[[Viewer, int], str | None]
    hidden: Callable[[Viewer], Select[int]]


_kinds: dict[str, SourceKind] = {}


def connect(kinds: Mapping[str, SourceKind]) -> None:
    """Say which kinds there are (called once, by the application factory)."""
    _kinds.clear()
    _kinds.update(kinds)


def kinds() -> Mapping[str, SourceKind]:
    """Every kind that is known, by the name that actions use."""
    return _kinds


def address_of(viewer: Viewer, kind: str, source_id: int) -> str | None:
    """The page of a source, or None where there is none that the viewer may read."""
    known = _kinds.get(kind)
    return known.address(viewer, source_id) if known else None
