"""A copy of the prepared database for each test."""

from collections.abc import Iterator

import pytest

from tests.faults.stores import Store, Stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """What makes the copies."""
    made = Stores(tmp_path_factory.mktemp("faults"))
    yield made
    made.drop(made.template)


@pytest.fixture
def store(stores: Stores) -> Iterator[Store]:
    """A database of the test's own, with a council and three rounds (stores.prepare)."""
    copy = stores.copy()
    yield copy
    stores.drop(copy)
