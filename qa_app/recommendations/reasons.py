"""Whether what a mail on recommendations asks is still to be done, as it is about to be sent (domain.md section 10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from qa_app.core.clock import london_day, working_days_between
from qa_app.core.database import db
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.people.queries import stand_ins
from qa_app.recommendations.models import Recommendation
from qa_app.recommendations.states import RecommendationState

Found = Mapping[int, Mapping[str, Value]]


def still_theirs(mails: Sequence[Mail], now: datetime) -> Found:
    """Recommendations of a report that its reader has still to do, with how many these are now."""
    left = _open(mails, now)
    return {
        mail.id: dict(mail.variables) | {"recommendations": len(left[_key(mail)])} for mail in mails if left[_key(mail)]
    }


def still_due(mails: Sequence[Mail], now: datetime) -> Found:
    """Recommendations that are due on the day that the reminder was written for, and not said to be done."""
    left, today = _open(mails, now), london_day(now)
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        due_on = date.fromisoformat(mail.slot.split(":")[1])
        if count := sum(due == due_on for due in left[_key(mail)]):
            days = working_days_between(today, due_on)
            found[mail.id] = dict(mail.variables) | {
                "recommendations": count,
                "due_on": due_on,
                "working_days": days,
            }
    return found


def _key(mail: Mail) -> tuple[int, int]:
    return int(mail.subject_key.partition(":")[2]), mail.person_id


def _open(mails: Sequence[Mail], now: datetime) -> Mapping[tuple[int, int], list[date | None]]:
    """When the open recommendations are due, by report and by who answers for them: the owner, and their deputy too."""
    rows: Any = db.session.execute(
        select(Recommendation.report_id, Recommendation.owner_id, Recommendation.due_on).where(
            Recommendation.report_id.in_({_key(mail)[0] for mail in mails}),
            Recommendation.owner_id.is_not(None),
            Recommendation.state == RecommendationState.OPEN,
        )
    ).all()
    readers = stand_ins(sorted({owner_id for _, owner_id, _ in rows}), london_day(now))
    found: dict[tuple[int, int], list[date | None]] = defaultdict(list)
    for report_id, owner_id, due_on in rows:
        for person_id in {owner_id, readers[owner_id]}:
            found[report_id, person_id].append(due_on)
    return found
