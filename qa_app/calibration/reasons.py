"""Whether what a mail on a calibration set asks is still to be done, as it is about to be sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from qa_app.calibration.models import CalibrationPart, CalibrationSet
from qa_app.calibration.states import CalibrationState
from qa_app.core.database import db
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail


def still_to_grade(mails: Sequence[Mail], now: datetime) -> Mapping[int, Mapping[str, Value]]:
    """Sets that are running and of which the reader has not handed in their part."""
    ids = {int(mail.subject_key.partition(":")[2]) for mail in mails}
    rows = db.session.execute(
        select(CalibrationPart.set_id, CalibrationPart.person_id)
        .join(CalibrationSet, CalibrationSet.id == CalibrationPart.set_id)
        .where(
            CalibrationPart.set_id.in_(ids),
            CalibrationPart.handed_in_at.is_(None),
            CalibrationSet.state == CalibrationState.RUNNING,
        )
    )
    waiting = {(set_id, person_id) for set_id, person_id in rows}
    return {
        mail.id: mail.variables
        for mail in mails
        if (int(mail.subject_key.partition(":")[2]), mail.person_id) in waiting
    }
