"""Mark a case as restricted, so that it is never sampled, or take the mark off (domain.md section 4)."""

from datetime import datetime

from sqlalchemy import update

from qa_app.access.viewer import Viewer
from qa_app.cases.events import RestrictionLifted
from qa_app.cases.models import Case
from qa_app.cases.permissions import check_can_import_cases
from qa_app.core import events
from qa_app.core.database import db
from qa_app.core.errors import BadInput, Stale
from qa_app.core.states import StateChange
from qa_app.trail import operations as trail

OPEN, RESTRICTED = "not restricted", "restricted"


def set_restricted(case: Case, restricted: bool, reason: str, viewer: Viewer, now: datetime) -> None:
    """Mark a case as restricted, or take the mark off, with the reason on record.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: no reason.
        Stale: it stands so already.
    """
    check_can_import_cases(viewer)
    if not reason.strip():
        raise BadInput("Enter the reason.", {"reason": "Enter the reason"})
    done = db.session.execute(
        update(Case).where(Case.id == case.id, Case.restricted.is_not(restricted)).values(restricted=restricted)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("Somebody else changed this case first. Look at it again before you go on.")
    states = (OPEN, RESTRICTED) if restricted else (RESTRICTED, OPEN)
    db.session.add(
        StateChange(
            subject_type="case",
            subject_id=case.id,
            move="restrict" if restricted else "unrestrict",
            from_state=states[0],
            to_state=states[1],
            at=now,
            person_id=viewer.person_id,
            reason=reason.strip(),
        )
    )
    name = "case:restricted" if restricted else "case:restriction-lifted"
    trail.append(name, viewer, now, ("case", case.id), reason=reason.strip())
    db.session.flush()
    if not restricted:
        events.record(RestrictionLifted(case.id))
