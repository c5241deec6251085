"""How the trail's pages find and name people and things, without knowing any table but their own.

The trail stands below every area, so whoever stands above all of them says how (`qa_app/subjects.py`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SubjectKind:
    """One kind of thing that entries are about.

    `find` gives the ids that a typed reference or name means, `names` the name of each id that exists.
    """

    label: str
    find: Callable[[str], Sequence[int]]
    names: Callable[[Collection[int]], Mapping[int, str]]
    address: Callable[[int, str], str | None] = lambda _id, _name: None


PERSON = "person"
_kinds: dict[str, SubjectKind] = {}


def connect(kinds: Mapping[str, SubjectKind]) -> None:
    """Say how each kind of subject is found and named (called once, by the application factory)."""
    _kinds.clear()
    _kinds.update(kinds)


def kinds() -> Mapping[str, SubjectKind]:
    """Every kind that is known, by the name that entries use."""
    return _kinds


def names_of(subjects: Collection[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    """The name of each subject that still exists, with one query a kind."""
    found: dict[tuple[str, int | None], str] = {}
    for kind, how in _kinds.items():
        ids = {number for subject, number in subjects if subject == kind and number is not None}
        if ids:
            found |= {(kind, number): name for number, name in how.names(ids).items()}
    return found
