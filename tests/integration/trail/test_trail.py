"""The trail is append-only, chained and verified."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from qa_app.access.viewer import system
from qa_app.core.database import db
from qa_app.trail.models import TrailDetail, TrailEntry, TrailHead
from qa_app.trail.operations import append, entry_digest, verify


@pytest.fixture
def chain(database, now):
    for n in range(5):
        append("audit:viewed", system(), now + timedelta(seconds=n), ("audit", n), note=f"é {n}")
    database.commit()
    return now


def test_a_whole_chain_verifies(chain):
    verdict = verify()
    assert (verdict.entries, verdict.faults, verdict.erased) == (5, [], 0)


@pytest.mark.parametrize("event", ["submitted", "audit:", "Audit:submitted", "audit:Submitted", "audit: submitted", ""])
def test_an_event_is_named_by_its_area_and_what_happened_or_is_not_written(chain, event):
    with pytest.raises(ValueError, match="must be named like audit:submitted"):
        append(event, system(), chain, ("audit", 1))
    assert (verify().entries, verify().faults) == (5, [])


@pytest.mark.parametrize(
    "statement",
    [update(TrailEntry).values(event="x"), delete(TrailEntry), update(TrailDetail).values(detail={})],
    ids=["change an entry", "delete an entry", "change a detail"],
)
def test_the_database_refuses(chain, database, statement):
    with pytest.raises(DBAPIError, match="append-only"), database.begin_nested():
        database.execute(statement)


def test_a_detail_can_be_erased_and_the_chain_stays_whole(chain, database):
    database.execute(delete(TrailDetail).where(TrailDetail.entry_id == 3))
    assert (verify().faults, verify().erased) == ([], 1)


@pytest.fixture
def unguarded(chain, database):
    """Someone with the database in hand takes the triggers away first."""
    for table, verb in (("trail_entry", "update"), ("trail_entry", "delete"), ("trail_detail", "update")):
        on = f" ON {table}" if db.engine.dialect.name == "postgresql" else ""
        database.execute(text(f"DROP TRIGGER {table}_no_{verb}{on}"))


def _remove(database, number):
    database.execute(delete(TrailDetail).where(TrailDetail.entry_id == number))
    database.execute(delete(TrailEntry).where(TrailEntry.id == number))


def _swap(database, _now):
    database.execute(update(TrailEntry).where(TrailEntry.id == 2).values(event="audit:submitted"))


def _insert(database, now):
    database.execute(
        insert(TrailEntry),
        {
            "id": 6,
            "at": now,
            "event": "x",
            "subject_type": "audit",
            "detail_digest": "",
            "previous_digest": "",
            "digest": "x",
        },
    )


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_swap, "Entry 2 does not follow"),
        (lambda database, _now: _remove(database, 3), "Entry 3 is missing"),
        (lambda database, _now: _remove(database, 5), "5 entries were written"),
        (_insert, "Entry 6 does not follow"),
        (
            lambda database, _now: database.execute(
                update(TrailDetail).where(TrailDetail.entry_id == 1).values(detail={"a": 1})
            ),
            "detail of entry 1",
        ),
    ],
    ids=["changed", "removed", "cut off", "inserted", "detail changed"],
)
def test_damage_is_found(unguarded, database, now, damage, said):
    damage(database, now)
    assert any(said in fault for fault in verify().faults)


def test_a_chain_that_was_cut_and_sealed_again_is_found_by_a_noted_digest(unguarded, database):
    noted = {5: verify().digest}
    _remove(database, 5)
    fourth = database.get(TrailEntry, 4)
    database.execute(update(TrailHead).values(last_id=4, digest=fourth.digest))
    assert verify().faults == []
    assert verify(noted).faults == ["Entry 5, noted outside, is missing."]


def test_digest_covers_every_column(now):
    entry = {
        "id": 1,
        "at": now,
        "person_id": 1,
        "on_behalf_of_id": None,
        "event": "e",
        "subject_type": "t",
        "subject_id": 1,
        "detail_digest": "d",
        "previous_digest": "p",
    }
    digests = {entry_digest(entry | {key: "other"}) for key in entry}
    assert len(digests | {entry_digest(entry)}) == len(entry) + 1
