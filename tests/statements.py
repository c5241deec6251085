"""Which statements something takes, and which tables it changes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from qa_app.core.database import db
from qa_app.trail.kept import forget

MOST = 12
"""For a page, whatever the size of the data."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside when nothing is kept (`trail/kept.py`), savepoints of the test apart."""
    forget()
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
NO_ENTRY = {
    "calendar_feed",
    "case_import",
    "failed_sign_in",
    "heartbeat",
    "import_row",
    "mail",
    "person_import",
    "recommendation_import",
    "sign_in_session",
    "state_change",
}
"""Tables that change without an entry in the trail: who is signed in, when a calendar was read, what is looked at before
it is applied, mail on its way, and how a state moved, which goes with what moved. No page keeps anything of them
(`trail/kept.py`)."""
NO_CHANGE = "UPDATE audit SET last_activity_at"
"""When somebody was last at an audit, though they changed no word of it."""


@contextmanager
def leaving_an_entry() -> Iterator[None]:
    """Makes sure that whatever is committed inside leaves an entry in the trail, in the same transaction."""
    written: set[str] = set()
    silent: set[str] = set()

    def write(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        found = WRITES.match(statement)
        if found and cursor.rowcount and not statement.startswith(NO_CHANGE):
            written.add(found[1])

    def commit(_session: Any) -> None:
        silent.update(() if "trail_entry" in written else written - NO_ENTRY)
        written.clear()

    def undo(_session: Any) -> None:
        written.clear()

    heard = (
        (Engine, "after_cursor_execute", write),
        (db.session, "after_commit", commit),
        (db.session, "after_rollback", undo),
    )
    for one in heard:
        event.listen(*one)
    try:
        yield
    finally:
        for one in heard:
            event.remove(*one)
    assert not silent, f"changed without an entry in the trail: {sorted(silent)}"
