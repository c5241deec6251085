"""Read what is due from a person, for their calendar, and whose feed an address is."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.calendars.models import CalendarFeed
from qa_app.calendars.rules import Entry
from qa_app.core.clock import add_working_days, london_day, start_of_day
from qa_app.core.database import db
from qa_app.core.format import MONTHS, plural
from qa_app.exemptions import queries as exemptions
from qa_app.people.models import Person
from qa_app.people.queries import viewer_of
from qa_app.rounds.models import Round
from qa_app.rounds.states import RoundState
from qa_app.signin.models import Account
from qa_app.signin.sessions import digest
from qa_app.slippage import queries as slippage


def feed_of(person_id: int) -> CalendarFeed | None:
    """A person's feed, if there is one."""
    return db.session.get(CalendarFeed, person_id, populate_existing=True)


def viewer_by_token(token: str, today: date) -> Viewer | None:
    """The person whose feed has this token, as they are today; nobody's once they left or may not sign in any more."""
    person = db.session.scalar(
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(CalendarFeed.token_digest == digest(token), Account.disabled_at.is_(None))
    )
    return viewer_of(person, today) if person is not None and person.works_on(today) else None


def entries(viewer: Viewer, today: date) -> list[Entry]:
    """What is due from a person: their own audits, the rounds that they run, and what waits for their answer."""
    return [*_own_audits(viewer), *_rounds(viewer), *_answers(viewer, today)]


def _own_audits(viewer: Viewer) -> Iterator[Entry]:
    if not viewer.can(Permission.AUDIT_CONDUCT):
        return
    rows = db.session.execute(
        select(Round.id, Round.month, Audit.due_on, func.count(Audit.id), func.min(Audit.issued_at))
        .join(Audit, Audit.round_id == Round.id)
        .where(Audit.auditor_id == viewer.person_id, Audit.issued_at.is_not(None), Audit.state.in_(OPEN_STATES))
        .group_by(Round.id, Round.month, Audit.due_on)
        .order_by(Audit.due_on, Round.id)
    )
    for round_id, month, due_on, audits, since in rows:
        what = "Case audit due" if audits == 1 else f"{plural(audits, 'case audit')} due"
        key = f"audits-{round_id}-{viewer.person_id}"
        yield Entry(key, f"{what}: {_month(month)}", due_on, "/my-audits", since or start_of_day(month))


def _rounds(viewer: Viewer) -> Iterator[Entry]:
    """For the QA team, every round that is not reported."""
    if not viewer.can(Permission.ROUND_MANAGE):
        return
    rounds = db.session.scalars(
        select(Round).where(Round.state != RoundState.REPORTED).order_by(Round.due_on, Round.id)
    )
    for round_ in rounds:
        path = f"/rounds/{round_.reference}"
        since = round_.issued_at or start_of_day(round_.month)
        days = [("due", "audits due", round_.due_on), ("moderation", "moderation due", round_.moderation_due_on),
                ("report", "report due", round_.report_due_on)]  # fmt: skip
        if round_.issued_at is None:
            days.insert(0, ("issue", "to be issued", round_.issue_on))
        for key, what, day in days:
            yield Entry(f"round-{round_.id}-{key}", f"Round {round_.reference}: {what}", day, path, since)


def _answers(viewer: Viewer, today: date) -> Iterator[Entry]:
    """Requests and notices that wait for this person, on the working day after the oldest came."""
    requests = exemptions.waiting_for(viewer, today)
    if requests:
        since = min(request.head_answered_at or request.asked_at for request in requests)
        what = plural(len(requests), "exemption request waits", "exemption requests wait")
        yield _answer("exemptions", f"{what} for your answer", since, viewer)
    notices = slippage.waiting_for(viewer, today)
    if notices:
        since = min(notice.forwarded_at or notice.raised_at for notice in notices)
        what = plural(len(notices), "slippage notice waits", "slippage notices wait")
        yield _answer("slippage", f"{what} for your answer", since, viewer)


def _answer(key: str, summary: str, since: datetime, viewer: Viewer) -> Entry:
    due_on = add_working_days(london_day(since), 1)
    return Entry(f"{key}-{viewer.person_id}", summary, due_on, "/", since)


def _month(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"
