"""What a page has read is kept until something happens, and not a moment longer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g

from qa_app.access.viewer import system
from qa_app.core.database import may_write
from qa_app.people.models import Service
from qa_app.trail.kept import kept
from qa_app.trail.operations import append
from tests.factories.people import council
from tests.statements import leaving_an_entry


@pytest.fixture
def look(app: Flask, database: Any) -> Callable[..., list[int]]:
    """Makes a request that asks for the same thing twice, and tells what it was answered."""
    asked: list[Any] = []

    def read(*about: Any) -> int:
        asked.append(about)
        return len(asked)

    def make(*about: Any, writes: bool = False) -> list[int]:
        with request(app, writes=writes):
            return [kept(read, *about), kept(read, *about)]

    return make


@contextmanager
def request(app: Flask, *, writes: bool) -> Iterator[None]:
    token = may_write.set(writes)
    g.pop("trail_digest", None)  # the tests' application context outlives a request
    try:
        with app.test_request_context():
            yield
    finally:
        may_write.reset(token)


def test_it_is_read_once_until_something_happens(look: Callable[..., list[int]], now: datetime) -> None:
    assert look("June") == [1, 1]
    assert look("June") == [1, 1]
    append("audit:viewed", system(), now, ("audit", 1))
    assert look("June") == [2, 2]


def test_each_question_has_its_own_answer(look: Callable[..., list[int]]) -> None:
    assert look("June", 1) == [1, 1]
    assert look("June", 2) == [2, 2]
    assert look("June", 1) == [1, 1]


def test_a_request_that_may_write_reads_for_itself(look: Callable[..., list[int]]) -> None:
    assert look("June") == [1, 1]
    assert look("June", writes=True) == [2, 3]
    assert look("June") == [1, 1]


def test_what_is_no_request_reads_for_itself(look: Callable[..., list[int]]) -> None:
    def ask() -> int:
        answered.append(1)
        return len(answered)

    answered: list[int] = []
    token = may_write.set(False)
    try:
        assert [kept(ask), kept(ask)] == [1, 2]
    finally:
        may_write.reset(token)


def test_what_is_undone_is_forgotten_with_it(look: Callable[..., list[int]], database: Any, now: datetime) -> None:
    assert look("June") == [1, 1]
    with database.begin_nested() as part:
        append("audit:viewed", system(), now, ("audit", 1))
        assert look("June") == [2, 2]
        part.rollback()
    assert look("June") == [3, 3]


def test_a_change_without_an_entry_is_caught(database: Any, now: datetime) -> None:
    """The promise that all of this stands on is checked in every request of every test (tests/conftest.py)."""
    with leaving_an_entry():
        council(database, now)
        database.rollback()
    database.add(Service(name="Another"))
    with pytest.raises(AssertionError, match="service"), leaving_an_entry():
        database.commit()
