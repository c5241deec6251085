"""Which database the tests run on. The run on PostgreSQL comes after the one on SQLite, of the same tests, and is there
for what the two do otherwise: so what does not touch the database is left to SQLite."""

import os

ON_POSTGRESQL = "TEST_POSTGRESQL" in os.environ


def examples(count: int) -> int:
    """How many examples of a walk through operations are tried: on PostgreSQL a third of those on SQLite."""
    return -(-count // 3) if ON_POSTGRESQL else count
