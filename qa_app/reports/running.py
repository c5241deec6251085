"""The edge that builds a report: within the request where it is quick, in a process of its own where it is long."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update

from qa_app.access.viewer import Viewer, system
from qa_app.audits.models import Audit
from qa_app.core.background import after_commit, start_command
from qa_app.core.clock import london_day
from qa_app.core.database import db, reading, transaction
from qa_app.figures.cuts import Cut, year_to
from qa_app.reports import operations
from qa_app.reports.building import build
from qa_app.reports.gathering import Progress, gather
from qa_app.reports.models import Edition
from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.rounds.models import Round

BUILDER_LIMIT = 15 * 60
"""Seconds that the building of a report may take."""

QUICK = 20_000
"""Audits of twelve months up to which a report is built within the request: about a second."""


def start(found: Edition, viewer: Viewer, now: datetime) -> None:
    """Build a report now where that is quick, else leave it to a process that begins after the commit.

    A scrutiny report always is: the solver that hides small numbers takes more memory than a web worker should keep.
    """
    if found.kind != ReportKind.SCRUTINY and _audits_of_year(found) <= QUICK:
        build_now(found, viewer, now)
    else:
        edition_id = found.id
        after_commit(lambda: current_app.config.get("START_BUILDER", start_builder)(edition_id))


def build_now(found: Edition, viewer: Viewer, now: datetime) -> None:
    """Read, build and keep, in the transaction that is open."""
    operations.keep_content(found, _content_of(found, now), viewer, now)


def _content_of(found: Edition, now: datetime, tell: Progress = lambda _: None) -> dict[str, Any]:
    cut = Cut(found.first_month, found.last_month)
    return content_now(ReportKind(found.kind), Audience(found.audience), cut, now, tell)


def content_now(
    kind: ReportKind, audience: Audience, cut: Cut, now: datetime, tell: Progress = lambda _: None
) -> dict[str, Any]:
    """A report of the figures as they are now; nothing is kept.

    Raises:
        BadInput: a scrutiny report that would give away what an earlier one has hidden.
    """
    return build(gather(kind, audience, cut, london_day(now), tell))


def start_builder(edition_id: int) -> None:
    """Start a process that builds a report."""
    start_command(["build-report", str(edition_id)], BUILDER_LIMIT)


def say_progress(edition_id: int, percent: int) -> None:
    """Say how far a building is, on a connection of its own, so that pages see it at once."""
    with db.engine.begin() as connection:
        connection.execute(update(Edition).where(Edition.id == edition_id).values(progress=percent))


def run_builder(edition_id: int, clock: Callable[[], datetime], say: Callable[[int, int], None] = say_progress) -> None:
    """What the process does. While it reads, others write."""
    now = clock()
    with reading():
        found = db.session.get(Edition, edition_id)
        if found is None or found.state != EditionState.BUILDING:
            return
        content = _content_of(found, now, lambda percent: say(edition_id, percent))
    with transaction():
        operations.keep_content(db.session.get_one(Edition, edition_id), content, system(), now)


def _audits_of_year(found: Edition) -> int:
    year = year_to(found.last_month)
    rounds = select(Round.id).where(Round.month.between(year.first, year.last))
    return db.session.scalar(select(func.count(Audit.id)).where(Audit.round_id.in_(rounds))) or 0
