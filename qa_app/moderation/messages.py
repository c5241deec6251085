"""Who is told by mail of a moderation (domain.md sections 7 and 10).

Every mail has the moderation as its subject, so that whatever settles it takes back what is not sent yet. No mail says
a grade, and nobody is mailed about their own act.
"""

from collections.abc import Iterable
from datetime import date, datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.presenters.words import path_of
from qa_app.core.clock import london_day
from qa_app.core.format import MONTHS
from qa_app.moderation.models import Moderation
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back
from qa_app.people.queries import deciders, stand_ins

TO_ANSWER = ("moderation_feedback", "moderation_changed")
"""What tells of a moderated grade that can be disputed."""


def subject_of(moderation: Moderation) -> str:
    """What the mails about a moderation are about."""
    return f"moderation:{moderation.id}"


def page_of(moderation: Moderation) -> str:
    """The moderation's page."""
    return path_of(moderation.audit).replace("/audits/", "/moderation/", 1)


def tell_moderator(moderation: Moderation, viewer: Viewer, now: datetime) -> int:
    """Whoever moderates hears that there is an audit to do, with the day's other mail; of one person, once."""
    if moderation.moderator_id is None:
        return 0
    readers = stand_ins([moderation.moderator_id], london_day(now)) if moderation.by_head else {}
    reader = readers.get(moderation.moderator_id, moderation.moderator_id)
    slot = f"given:{moderation.moderator_id}:{moderation.due_on}"
    return _tell("moderation_given", [reader], moderation, viewer, now, slot=slot, due_on=moderation.due_on)


def tell_of_result(moderation: Moderation, viewer: Viewer, now: datetime) -> int:
    """The auditor hears at once that there is feedback; the Head of Service, where the grade was changed."""
    audit, until = moderation.audit, moderation.dispute_until
    assert until is not None
    path = f"{path_of(audit)}/feedback"
    told = _tell(
        "moderation_feedback", [audit.auditor_id], moderation, viewer, now, slot="result", due_on=until, path=path
    )
    if moderation.moderated_grade == moderation.grade_before:
        return told
    heads = deciders(Role.HEAD_OF_SERVICE, london_day(now), audit.service_id, besides=audit.auditor_id)
    others = [person_id for person_id in heads if person_id != moderation.moderated_by_id]
    return told + _tell("moderation_changed", others, moderation, viewer, now, slot="result", due_on=until, path=path)


def tell_of_dispute(moderation: Moderation, viewer: Viewer, now: datetime) -> int:
    """The QA team hears at once that a dispute waits for the panel."""
    team = deciders(Role.QA_TEAM, london_day(now))
    take_back(subject_of(moderation), TO_ANSWER)
    return _tell(
        "moderation_disputed", team, moderation, viewer, now, slot="disputed", path=f"{page_of(moderation)}/panel"
    )


def tell_of_decision(moderation: Moderation, viewer: Viewer, now: datetime) -> int:
    """The auditor, the moderator and whoever disputed hear that the panel has decided."""
    take_back(subject_of(moderation))
    audit = moderation.audit
    feedback = f"{path_of(audit)}/feedback"
    told = _tell("moderation_decided", [audit.auditor_id], moderation, viewer, now, slot="decided", path=feedback)
    others = {moderation.moderator_id, moderation.moderated_by_id} - {audit.auditor_id}
    told += _tell("moderation_decided", others, moderation, viewer, now, slot="decided")
    disputed_by = {moderation.disputed_by_id} - others - {audit.auditor_id}
    return told + _tell("moderation_decided", disputed_by, moderation, viewer, now, slot="decided", path=feedback)


def nobody_need_act(moderation: Moderation) -> None:
    """Take back everything about a moderation that is not sent yet."""
    take_back(subject_of(moderation))


def auditor_has_read(moderation: Moderation) -> None:
    """Take back what asks the auditor to read the feedback."""
    take_back(subject_of(moderation), ["moderation_feedback"])


def _tell(  # noqa: PLR0913 - all but who, what and when are keyword-only
    message: str,
    person_ids: Iterable[int | None],
    moderation: Moderation,
    viewer: Viewer,
    now: datetime,
    *,
    slot: str,
    path: str = "",
    due_on: date | None = None,
) -> int:
    month = MONTHS[moderation.audit.round.month.month - 1]
    values: dict[str, Value] = {"month": month, "path": path or page_of(moderation)}
    if due_on is not None:
        values["due_on"] = due_on
    return queue(
        message,
        [person_id for person_id in person_ids if person_id is not None and person_id != viewer.person_id],
        subject_key=subject_of(moderation),
        slot=slot,
        now=now,
        variables=values,
    )
