"""What rounds tell of themselves; `reactions.py` says what follows."""

from dataclasses import dataclass
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.rounds.models import Round


@dataclass(frozen=True)
class SampleDrawn:
    """A sample was drawn for a round. What stood on an earlier one (audits not yet issued) is void."""

    round: Round
    again: bool
    viewer: Viewer
    now: datetime


@dataclass(frozen=True)
class RoundIssued:
    """A round was issued: its auditors are told and progress is live."""

    round: Round
    viewer: Viewer
    now: datetime


@dataclass(frozen=True)
class RoundClosed:
    """A round was closed."""

    round: Round
    viewer: Viewer
    now: datetime
