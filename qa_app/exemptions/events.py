"""What exemptions tell of themselves; `reactions.py` says what follows."""

from dataclasses import dataclass
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.exemptions.models import ExemptionRequest


@dataclass(frozen=True, slots=True)
class ExemptionAsked:
    """Somebody asked. It waits for the Head of Service, or straight for the Director."""

    request: ExemptionRequest
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class ExemptionForwarded:
    """The Head of Service forwarded it to the Director."""

    request: ExemptionRequest
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class ExemptionDeclined:
    """The Head of Service declined it."""

    request: ExemptionRequest
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class ExemptionDecided:
    """The Director approved or refused it, as its state says."""

    request: ExemptionRequest
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class ExemptionWithdrawn:
    """The requester took it back before it was decided."""

    request: ExemptionRequest
    viewer: Viewer
    now: datetime
