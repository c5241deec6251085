"""How long it takes to queue a reminder to ten thousand people, as a multiple of inserting the same rows and no more.

`python -m bench.reminders`: on an empty SQLite database of its own, the median of three runs. The bar is 2.
"""

import os
import tempfile
import time
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from qa_app import create_app
from qa_app.config import read_config
from qa_app.core.database import db, transaction
from qa_app.outbox.models import Mail
from qa_app.outbox.operations import queue
from qa_app.people.models import Person
from qa_app.schema import upgrade

PEOPLE, ROUNDS, BATCH, BAR = 10_000, 3, 500, 2
NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
REMINDER = {"month": "June", "due_on": date(2026, 6, 30), "working_days": 9, "round": "2026-06", "path": "/my-audits"}


def queued(ids: list[int]) -> float:
    """Seconds to queue a reminder to each: rendered, named, and one of a slot."""
    began = time.perf_counter()
    with transaction():
        new = queue(
            "reminder",
            ids,
            subject_key="round:1",
            slot="before:9",
            now=NOW,
            variables=lambda person_id: REMINDER | {"audits": 1 + person_id % 3},
        )
    assert new == PEOPLE
    return time.perf_counter() - began


def inserted(rows: list[dict[str, Any]]) -> float:
    """Seconds to insert rows that are ready."""
    began = time.perf_counter()
    with transaction():
        for start in range(0, len(rows), BATCH):
            db.session.execute(insert(Mail.__table__), rows[start : start + BATCH])  # type: ignore[arg-type]
    return time.perf_counter() - began


def taken_out() -> list[dict[str, Any]]:
    """Every mail as a row, and none left."""
    with transaction():
        rows = [dict(row) for row in db.session.execute(select(Mail.__table__)).mappings()]
        db.session.execute(delete(Mail))
    return rows


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_config(os.environ | {"DATA_DIR": folder, "DATABASE_URL": "", "DEMO": "1"}))
        with app.app_context():
            upgrade()
            with transaction():
                made = [{"name": f"Person {n}", "email": f"person{n}@council.example"} for n in range(PEOPLE)]
                db.session.execute(insert(Person), made)
            ids = list(db.session.scalars(select(Person.id)))
            db.session.rollback()
            times = []
            for _ in range(ROUNDS):
                whole = queued(ids)
                alone = inserted(taken_out())
                taken_out()
                times.append((whole / alone, whole, alone))
            ratio, whole, alone = sorted(times)[ROUNDS // 2]
    print(f"{PEOPLE:,} reminders: {whole:.2f} s, the same rows alone {alone:.2f} s, ratio {ratio:.2f} (bar {BAR})")


if __name__ == "__main__":
    main()
