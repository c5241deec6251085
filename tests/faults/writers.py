"""Writers at the same moment, each with a session and a transaction of its own, as requests have them."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits import queries
from qa_app.audits.models import Audit
from qa_app.core.clock import london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import Refusal
from qa_app.people.models import Person
from qa_app.people.queries import viewer_of
from qa_app.rounds.models import Round
from tests.conftest import NOW
from tests.faults.stores import Store

LIMIT = 60
Write = Callable[[], Any]


class Writers:
    """A number of threads that begin each piece of work together."""

    def __init__(self, store: Store, number: int) -> None:
        self.app = store.app
        self.barrier = threading.Barrier(number)
        self.pool = ThreadPoolExecutor(number)

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def do(self, writes: Sequence[Write]) -> list[Any]:
        """What each returned, or the refusal that it got. Anything else that is raised is raised here."""
        assert len(writes) == self.barrier.parties
        return [future.result(LIMIT) for future in [self.pool.submit(self._one, write) for write in writes]]

    def _one(self, write: Write) -> Any:
        with self.app.app_context():
            self.barrier.wait(LIMIT)
            try:
                with transaction():
                    return write()
            except Refusal as refusal:
                return refusal


def together(store: Store, writes: Sequence[Write]) -> list[Any]:
    """Do these at once, one time."""
    with Writers(store, len(writes)) as writers:
        return writers.do(writes)


def round_of(reference: str) -> Round:
    """A round, as the session of the moment sees it."""
    return db.session.execute(select(Round).where(Round.reference == reference)).scalar_one()


def audit_of(reference: str) -> Audit:
    """An audit, as the session of the moment sees it."""
    return db.session.execute(select(Audit).where(Audit.reference == reference)).scalar_one()


def section_of(audit: Audit, position: int) -> queries.Section:
    """A section of an audit, counted from 0."""
    return queries.sections_of(audit)[position]


def viewer(person_id: int, now: datetime = NOW) -> Viewer:
    """A person as a viewer."""
    return viewer_of(db.session.get_one(Person, person_id), london_day(now))


def auditor_of(audit: Audit) -> Viewer:
    """The person who does the audit."""
    assert audit.auditor_id is not None
    return viewer(audit.auditor_id)
