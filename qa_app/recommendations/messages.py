"""Who is told by mail of recommendations (domain.md sections 8 and 10). Nobody is mailed about their own act."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import cast

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day, working_days_between
from qa_app.outbox.operations import queue
from qa_app.people.queries import deciders, stand_ins
from qa_app.recommendations.models import FollowUp, Judgement, Recommendation


def subject_of(report_id: int) -> str:
    """What the mails about a report are about."""
    return f"recommendations:{report_id}"


def page_of(report_id: int) -> str:
    """The report's page."""
    return f"/recommendations/R-{report_id:04d}"


def tell_owner(found: Recommendation, viewer: Viewer, now: datetime) -> int:
    """The owner, or their deputy, hears with the day's mail that recommendations of a report are theirs.

    One mail, however many are: how many is counted as it is sent.
    """
    if found.owner_id is None:
        return 0
    return queue(
        "recommendations_given",
        _readers([found.owner_id], viewer, now),
        subject_key=subject_of(found.report_id),
        slot=f"given:{london_day(now)}",
        now=now,
        variables={"report": f"R-{found.report_id:04d}", "recommendations": 1, "path": page_of(found.report_id)},
    )


def _readers(people: Iterable[int], viewer: Viewer, now: datetime) -> list[int]:
    """These people, or their deputies while they are away; nobody hears of their own act."""
    able = sorted(person_id for person_id in people if person_id != viewer.person_id)
    return sorted(set(stand_ins(able, london_day(now)).values()) - {viewer.person_id or 0})


def remind(report_id: int, reader_id: int, due_on: date, step: int, open_ones: int, now: datetime) -> int:
    """Whoever answers for open recommendations of a report is reminded of those due on one day."""
    return queue(
        "recommendations_due",
        [reader_id],
        subject_key=subject_of(report_id),
        slot=f"due:{due_on}:{step}",
        now=now,
        variables={
            "report": f"R-{report_id:04d}",
            "recommendations": open_ones,
            "due_on": due_on,
            "working_days": working_days_between(london_day(now), due_on),
            "path": page_of(report_id),
        },
    )


def tell_of_follow_up(found: FollowUp, judgements: Sequence[Judgement], viewer: Viewer, now: datetime) -> int:
    """Owners, Heads of the service and Directors, or their deputies, hear that a follow-up is published."""
    today = london_day(now)
    owners = {each.recommendation.owner_id for each in judgements} - {None}
    people = {*_readers(cast(set[int], owners), viewer, now), *deciders(Role.DIRECTOR, today)}
    people |= set(deciders(Role.HEAD_OF_SERVICE, today, found.report.service_id))
    report_id = found.report_id
    return queue(
        "follow_up_published",
        sorted(people - {viewer.person_id or 0}),
        subject_key=subject_of(report_id),
        slot=f"published:{found.number}",
        now=now,
        variables={"report": f"R-{report_id:04d}", "path": f"{page_of(report_id)}/follow-ups/{found.number}"},
    )
