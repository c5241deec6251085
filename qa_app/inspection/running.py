"""The edge that makes a pack: within the request where it is quick, in a process of its own where it is long."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from flask import current_app
from sqlalchemy import update

from qa_app.access.viewer import Viewer
from qa_app.core.background import after_commit, start_command
from qa_app.core.clock import london_day
from qa_app.core.database import db, only_reading, reading, transaction
from qa_app.core.errors import IllegalMove, NotAllowed, Stale
from qa_app.inspection import content, operations, queries
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.inspection.states import PackState
from qa_app.people import queries as people

MAKER_LIMIT = 15 * 60
"""Seconds that the making of a pack may take."""

QUICK = 1_000
"""Issued audits up to which a pack is made within the request: about a second."""

BROKEN = "Something went wrong, and it is our fault. Make it again; if it goes on, tell whoever runs this service."

Say = Callable[[int, int, int, datetime], None]


def start(window: Window, with_cases: bool, viewer: Viewer, now: datetime) -> InspectionPack | None:
    """Make a pack now where that is quick, else leave it to a process that begins after the commit.

    None where the same pack is being made already.

    Raises:
        NotAllowed: the viewer may not make it.
    """
    built = None
    if sum(row.issued for row in queries.counts(window)) <= QUICK:
        with only_reading():
            built = content.build(window, with_cases, viewer.name, now)
    pack = operations.begin(window, with_cases, viewer, now)
    if pack is None:
        return None
    if built is not None:
        operations.keep(pack, pack.version, built, viewer, now)
    else:
        pack_id = pack.id
        after_commit(lambda: current_app.config.get("START_MAKER", start_maker)(pack_id))
    return pack


def start_maker(pack_id: int) -> None:
    """Start a process that makes a pack."""
    start_command(["make-inspection-pack", str(pack_id)], MAKER_LIMIT)


def say_progress(pack_id: int, version: int, percent: int, now: datetime) -> None:
    """Say how far a making is, on a connection of its own, so that pages see it at once.

    Nothing is said of a pack that was begun again meanwhile: `version` is that of this making.
    """
    own = InspectionPack.id == pack_id, InspectionPack.version == version
    with db.engine.begin() as connection:
        connection.execute(update(InspectionPack).where(*own).values(progress=percent, progress_at=now))


def run_maker(pack_id: int, clock: Callable[[], datetime], say: Say = say_progress) -> None:
    """What the process does. While it reads, others write.

    It makes the pack as whoever asked for it may now, and keeps nothing where it was begun again meanwhile.
    """
    with reading():
        pack = db.session.get(InspectionPack, pack_id)
        if pack is None or pack.state != PackState.MAKING:
            return
        version = pack.version
        viewer = people.viewer_of(pack.made_by, london_day(clock()))
    with suppress(Stale, IllegalMove):
        try:
            _make(pack_id, version, viewer, clock, say)
        except NotAllowed as refused:
            _fail(pack_id, version, str(refused), viewer, clock())
        except (Stale, IllegalMove):
            raise
        except Exception:
            _fail(pack_id, version, BROKEN, viewer, clock())
            raise


def _make(pack_id: int, version: int, viewer: Viewer, clock: Callable[[], datetime], say: Say) -> None:
    now = clock()
    said = time.monotonic()

    def tell(percent: int) -> None:
        """Say at most once a second."""
        nonlocal said
        if time.monotonic() - said >= 1:
            said = time.monotonic()
            say(pack_id, version, percent, clock())

    with reading():
        pack = db.session.get_one(InspectionPack, pack_id)
        window, with_cases = Window(pack.first_month, pack.last_month), pack.with_cases
        operations.check_can_make(viewer, with_cases)
        operations.check_not_blind(window, viewer)
        built = content.build(window, with_cases, viewer.name, now, tell)
    with transaction():
        operations.keep(db.session.get_one(InspectionPack, pack_id), version, built, viewer, now)


def _fail(pack_id: int, version: int, sentence: str, viewer: Viewer, now: datetime) -> None:
    with transaction():
        operations.fail(db.session.get_one(InspectionPack, pack_id), version, sentence, viewer, now)
