"""Who is told by mail of a calibration set (domain.md sections 7 and 10)."""

from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.calibration.models import CalibrationSet
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back


def subject_of(found: CalibrationSet) -> str:
    """What the mails about a set are about."""
    return f"calibration:{found.id}"


def page_of(found: CalibrationSet) -> str:
    """The set's page."""
    return f"/calibration/{found.id}"


def ask_to_grade(found: CalibrationSet, viewer: Viewer, now: datetime) -> int:
    """Those who take part are asked for their grades."""
    asked = [part.person_id for part in found.parts if part.person_id != viewer.person_id]
    values: dict[str, Value] = {"due_on": found.due_on, "path": page_of(found)}
    return queue("calibration_asked", asked, subject_key=subject_of(found), slot="asked", now=now, variables=values)


def tell_of_reveal(found: CalibrationSet, viewer: Viewer, now: datetime) -> int:
    """Those who handed in hear that they can compare."""
    take_back(subject_of(found))
    graded = [part.person_id for part in found.parts if part.handed_in_at and part.person_id != viewer.person_id]
    values = {"path": page_of(found)}
    return queue(
        "calibration_revealed", graded, subject_key=subject_of(found), slot="revealed", now=now, variables=values
    )
