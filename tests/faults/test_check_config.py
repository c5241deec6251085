"""The service does not start on what would lose data or let people in: `check-config` and `serve` say what to mend."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from qa_app.core.database import transaction
from tests.faults.killing import Command
from tests.faults.stores import Store, Stores

REAL = {"BASE_URL": "https://audits.example.gov.uk", "DEMO": ""}
COMMANDS = pytest.mark.parametrize("arguments", [("check-config",), ("serve", "--port", "1")], ids=" ".join)


def with_environ(command: Command, **environ: str) -> Command:
    """The command with these variables too."""
    return replace(command, environ={**command.environ, **environ})


def drop_triggers(store: Store) -> None:
    """Take away what keeps the trail append-only."""
    with store.session() as session, transaction():
        on_sqlite = session.get_bind().dialect.name == "sqlite"
        found = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'"
            if on_sqlite
            else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'trail_entry'::regclass AND NOT tgisinternal"
        )
        names = session.execute(text(found)).scalars().all()
        assert names
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}" + ("" if on_sqlite else " ON trail_entry")))


def test_a_sound_installation_is_ready(store: Store) -> None:
    command = with_environ(store.command("check-config"), **REAL)
    assert command.run() == 0, command.output()
    assert "Mend" not in command.output()


@COMMANDS
def test_a_database_without_its_tables_is_refused(stores: Stores, arguments: tuple[str, ...]) -> None:
    store = stores.empty()
    command = with_environ(store.command(*arguments), **REAL)
    assert command.run() == 1
    assert "qa-app db upgrade" in command.output()
    stores.drop(store)


@COMMANDS
def test_a_database_of_another_version_is_refused(store: Store, arguments: tuple[str, ...]) -> None:
    with store.session() as session, transaction():
        session.execute(text("UPDATE alembic_version SET version_num = '000'"))
    command = with_environ(store.command(*arguments), **REAL)
    assert command.run() == 1
    assert "qa-app db upgrade" in command.output()


@COMMANDS
def test_a_trail_that_could_be_rewritten_is_refused(store: Store, arguments: tuple[str, ...]) -> None:
    drop_triggers(store)
    command = with_environ(store.command(*arguments), **REAL)
    assert command.run() == 1
    assert "append-only" in command.output()


@COMMANDS
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"BASE_URL": "http://audits.example.gov.uk", "DEMO": ""}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "https://audits.example.gov.uk", "DEMO": "1"}, "DEMO=1"),
        ({**REAL, "SECRET_KEY": "short"}, "SECRET_KEY"),
    ],
    ids=["plain http", "demo in the open", "short key"],
)
def test_settings_that_let_others_in_are_refused(
    store: Store, arguments: tuple[str, ...], environ: dict[str, str], said: str
) -> None:
    command = with_environ(store.command(*arguments), **environ)
    assert command.run() == 1
    assert said in command.output()
