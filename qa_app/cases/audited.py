"""How a case's page leads to the case's audits, without knowing the area above.

Cases stand below audits, so whoever stands above both says how (`qa_app/__init__.py`), as with `actions/sources.py`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from qa_app.access.viewer import Viewer


class CaseAudit(NamedTuple):
    """One audit of a case: its reference, its page, the month of its round, and how far it is in words."""

    reference: str
    address: str
    month: date
    state: str


Finder = Callable[[Viewer, int], Sequence[CaseAudit]]
_finders: list[Finder] = []


def connect(finder: Finder) -> None:
    """Say who knows the audits (called once, by the application factory)."""
    _finders[:] = [finder]


def audits_of(viewer: Viewer, case_id: int) -> list[CaseAudit]:
    """The case's audits that the viewer may read, the newest first."""
    return [audit for find in _finders for audit in find(viewer, case_id)]
