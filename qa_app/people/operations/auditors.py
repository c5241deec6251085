"""Make people auditors and moderators, and record their training."""

from dataclasses import dataclass
from datetime import date, datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.people.models import Auditor, Person
from qa_app.people.operations.changes import claim, differences, name_of_service
from qa_app.people.operations.roles import find_grant, remove_grant, write_grant
from qa_app.people.permissions import check_can_manage_auditors
from qa_app.people.rules import LARGEST_EXPECTATION
from qa_app.people.states import TRAINING_LABELS, TrainingStatus
from qa_app.trail import operations as trail


@dataclass(frozen=True, slots=True)
class AuditorDetails:
    """What makes a person an auditor. `expectation` None follows the council's number."""

    training_status: TrainingStatus = TrainingStatus.TRAINED
    trained_on: date | None = None
    expectation: int | None = None
    is_moderator: bool = False
    pool_service_id: int | None = None


def set_auditor(person: Person, details: AuditorDetails, version: int | None, viewer: Viewer, now: datetime) -> Auditor:
    """Make a person an auditor, or change how they audit; the roles Auditor and Moderator follow.

    Raises NotAllowed, Stale, or BadInput with what to mend by field.
    """
    check_can_manage_auditors(viewer)
    _check(details)
    claim(person, version)
    auditor = person.auditor
    before = _in_words(auditor) if auditor else {}
    if auditor is None:
        auditor = Auditor(person_id=person.id)
        person.auditor = auditor
    auditor.training_status = details.training_status
    auditor.trained_on = details.trained_on
    auditor.expectation = details.expectation
    auditor.is_moderator = details.is_moderator
    auditor.pool_service_id = details.pool_service_id
    db.session.flush()
    if changes := differences(before, _in_words(auditor)):
        trail.append("person:auditing-changed", viewer, now, ("person", person.id), changes=changes)
    _follow(person, Role.AUDITOR, True, viewer, now)
    _follow(person, Role.MODERATOR, details.is_moderator, viewer, now)
    return auditor


def stop_auditing(person: Person, version: int | None, viewer: Viewer, now: datetime) -> None:
    """Record that a person no longer audits. What they audited stays theirs. Raises NotAllowed or Stale."""
    check_can_manage_auditors(viewer)
    claim(person, version)
    if person.auditor is None:
        return
    before = _in_words(person.auditor)
    db.session.delete(person.auditor)
    db.session.flush()
    db.session.expire(person, ["auditor"])
    trail.append(
        "person:auditing-ended",
        viewer,
        now,
        ("person", person.id),
        changes=differences(before, dict.fromkeys(before)),
    )
    _follow(person, Role.AUDITOR, False, viewer, now)
    _follow(person, Role.MODERATOR, False, viewer, now)


def _check(details: AuditorDetails) -> None:
    faults: dict[str, str] = {}
    if details.expectation is not None and not 0 <= details.expectation <= LARGEST_EXPECTATION:
        faults["expectation"] = f"Enter a number of audits between 0 and {LARGEST_EXPECTATION}"
    if details.is_moderator and details.training_status is not TrainingStatus.TRAINED:
        faults["is_moderator"] = "Only a trained auditor can moderate: change the training, or take the tick away"
    if faults:
        raise BadInput(next(iter(faults.values())), faults)


def _follow(person: Person, role: Role, wanted: bool, viewer: Viewer, now: datetime) -> None:
    grant = find_grant(person.id, role, None, None)
    if wanted and grant is None:
        write_grant(person, role, viewer, now, service_id=None, team_id=None)
    elif grant is not None and not wanted:
        remove_grant(grant, viewer, now)


def _in_words(auditor: Auditor) -> dict[str, object]:
    return {
        "Training": TRAINING_LABELS[TrainingStatus(auditor.training_status)],
        "Trained on": auditor.trained_on,
        "Audits a month": "the council's number" if auditor.expectation is None else str(auditor.expectation),
        "Moderator": "yes" if auditor.is_moderator else "no",
        "Pool": name_of_service(auditor.pool_service_id),
    }
