"""A backup made while people write, put in place on an empty machine by the printed steps, lacks only what came later."""

import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from qa_app.access.viewer import system
from qa_app.core.database import transaction
from qa_app.trail import operations as trail
from tests.conftest import NOW
from tests.faults.stores import Rows, Store, Stores

GUIDE = Path(__file__).parents[2] / "docs" / "deploy.md"


def printed_steps(backup: Path) -> Iterator[list[str]]:
    """The commands that the guide prints for an empty machine, for this backup."""
    after = GUIDE.read_text().split("On an empty machine", 1)[1]
    for line in re.findall(r"^    qa-app (.+)$", after, flags=re.MULTILINE)[:3]:
        words = line.split("#")[0].split()
        yield [str(backup) if word.endswith(".backup") else word for word in words]


class Busy:
    """Four people whose every act is in the trail; what was acknowledged is noted."""

    def __init__(self, store: Store) -> None:
        self.app = store.app  # made once, before there are threads that would each make one
        self.acknowledged: list[int] = []
        self.stopped = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They write until this ends."""
        threads = [threading.Thread(target=self._write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        while len(self.acknowledged) < 20:
            threads[0].join(0.01)
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def _write(self, number: int) -> None:
        while not self.stopped.is_set():
            with self.app.app_context():
                with transaction():
                    entry = trail.append("audit:viewed", system(), NOW, ("audit", number), writer=number)
                self.acknowledged.append(entry)
            self.stopped.wait(0.02)


def run(store: Store, *arguments: str) -> str:
    """Run a command that must go well, and return what it said."""
    command = store.command(*arguments)
    assert command.run() == 0, command.output()
    return command.output()


def test_what_was_acknowledged_before_the_backup_began_is_in_it(stores: Stores, store: Store) -> None:
    backup, busy = store.folder / "night.backup", Busy(store)
    with busy.at_work():
        before = set(busy.acknowledged)
        run(store, "backup", str(backup))
        assert len(busy.acknowledged) > len(before), "nobody wrote during the backup"
    machine = stores.empty()
    for step in printed_steps(backup):
        said = run(machine, *step)
    assert "The trail is whole." in said
    there, now = machine.rows(), store.rows()
    numbers = [entry["id"] for entry in there["trail_entry"]]
    assert before <= set(numbers)
    assert there["trail_entry"] == now["trail_entry"][: len(numbers)]
    assert without_trail(there) == without_trail(now)
    machine.check_whole()
    run(machine, "round", "issue", "2026-07")  # numbering goes on: work can begin
    machine.check_whole()
    stores.drop(machine)


def without_trail(rows: Rows) -> Rows:
    """All that nobody wrote to meanwhile."""
    return {name: table for name, table in rows.items() if not name.startswith("trail")}


def test_a_backup_of_an_existing_database_replaces_it_only_when_told(store: Store) -> None:
    backup = store.folder / "night.backup"
    run(store, "backup", str(backup))
    before = store.rows()
    store.close()
    run(store, "round", "issue", "2026-07")
    refused = store.command("restore", str(backup))
    assert refused.run() == 1, refused.output()
    assert "Traceback" not in refused.output()
    run(store, "restore", str(backup), "--replace")
    assert store.rows() == before
    store.check_whole()


def spoilt(store: Store, backup: Path) -> Sequence[tuple[str, Path]]:
    """Files that are no whole backup."""
    short = store.folder / "short.backup"
    short.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    found = [("cut short", short)]
    if store.url.startswith("sqlite"):
        copied = store.folder / "copied.backup"
        shutil.copyfile(store.folder / "qa.sqlite", copied)
        with sqlite3.connect(copied) as connection:
            connection.execute("PRAGMA wal_checkpoint")
        connection.close()
        found.append(("a plain copy", copied))
    return found


def test_no_file_but_a_whole_backup_is_put_in_place(stores: Stores, store: Store) -> None:
    backup = store.folder / "night.backup"
    run(store, "backup", str(backup))
    assert backup.stat().st_mode & 0o077 == 0, "others can read the backup"
    machine = stores.empty()
    for what, file in spoilt(store, backup):
        command = machine.command("restore", str(file))
        assert command.run() == 1, what
        assert "Traceback" not in command.output(), what
    for step in printed_steps(backup):
        run(machine, *step)
    stores.drop(machine)


def test_nothing_is_put_in_place_of_a_database_in_use(store: Store) -> None:
    """Runs in the half of the suite that is on SQLite, whose database is a file that somebody may hold open."""
    if not store.url.startswith("sqlite"):
        pytest.skip("PostgreSQL restores in a transaction, beside whoever is connected")
    backup = store.folder / "night.backup"
    run(store, "backup", str(backup))
    with store.session() as session:
        session.execute(text("SELECT 1"))
        command = store.command("restore", str(backup), "--replace")
        assert command.run() == 1
        assert "in use" in command.output()
    store.check_whole()
    store.close()
    assert command.run() == 0, command.output()
    assert [path.name for path in store.folder.glob("*.restoring")] == []


def test_a_damaged_database_can_be_replaced(store: Store) -> None:
    """Runs in the half of the suite that is on SQLite, whose file we can spoil; PostgreSQL guards its own."""
    if not store.url.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are its own")
    backup, before = store.folder / "night.backup", store.rows()
    run(store, "backup", str(backup))
    store.close()
    (store.folder / "qa.sqlite").write_bytes(b"not a database any more" * 1000)
    run(store, "restore", str(backup), "--replace")
    assert store.rows() == before


def test_a_backup_that_cannot_be_written_says_so(store: Store) -> None:
    command = store.command("backup", str(store.folder / "missing" / "night.backup"))
    assert command.run() == 1, command.output()
    assert "Traceback" not in command.output()
