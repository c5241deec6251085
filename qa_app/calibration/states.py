"""The life of a calibration set (domain.md section 7)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class CalibrationState(StrEnum):
    """Where a calibration set is."""

    RUNNING = "running"
    REVEALED = "revealed"


S = CalibrationState
CALIBRATION = Workflow(
    name="calibration set",
    owners={S.RUNNING: "auditors who take part", S.REVEALED: "nobody"},
    labels={S.RUNNING: "Running", S.REVEALED: "Revealed"},
    moves={"reveal": Move(frozenset({S.RUNNING}), S.REVEALED)},
)
