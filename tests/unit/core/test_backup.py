"""Backups are whole and marked; anything else is refused."""

import shutil
import sqlite3

import pytest

from qa_app.core.backup import backup, restore
from qa_app.core.errors import Refusal


@pytest.fixture
def live(tmp_path):
    """A database with a row that is only in its write-ahead log, and an open writer."""
    path = tmp_path / "live.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE thing (n)")
    connection.execute("INSERT INTO thing VALUES (1)")
    yield path, connection
    connection.close()


def url(path):
    return f"sqlite:///{path}"


def rows(path):
    connection = sqlite3.connect(path)
    found = [n for (n,) in connection.execute("SELECT n FROM thing ORDER BY n")]
    connection.close()
    return found


def test_a_backup_under_writing_is_whole_and_restores_on_an_empty_machine(live, tmp_path):
    path, connection = live
    backup(url(path), tmp_path / "a.backup")
    connection.execute("INSERT INTO thing VALUES (2)")
    restore(url(tmp_path / "new.sqlite"), tmp_path / "a.backup", replace=False)
    assert rows(tmp_path / "new.sqlite") == [1]
    assert (tmp_path / "a.backup").stat().st_mode & 0o077 == 0


def test_a_backup_is_never_written_over(live, tmp_path):
    backup(url(live[0]), tmp_path / "a.backup")
    with pytest.raises(Refusal, match="is there already"):
        backup(url(live[0]), tmp_path / "a.backup")


def test_restoring_over_a_database_must_be_said(live, tmp_path):
    backup(url(live[0]), tmp_path / "a.backup")
    live[1].execute("INSERT INTO thing VALUES (2)")
    with pytest.raises(Refusal, match="--replace"):
        restore(url(live[0]), tmp_path / "a.backup", replace=False)
    live[1].close()
    restore(url(live[0]), tmp_path / "a.backup", replace=True)
    assert rows(live[0]) == [1]


def test_a_plain_copy_is_refused(live, tmp_path):
    shutil.copyfile(live[0], tmp_path / "copy.sqlite")
    with pytest.raises(Refusal, match="not made by qa-app backup"):
        restore(url(tmp_path / "new.sqlite"), tmp_path / "copy.sqlite", replace=False)


def test_a_cut_backup_is_refused(live, tmp_path):
    for n in range(500):
        live[1].execute("INSERT INTO thing VALUES (?)", ("x" * n,))
    backup(url(live[0]), tmp_path / "a.backup")
    content = (tmp_path / "a.backup").read_bytes()
    (tmp_path / "a.backup").write_bytes(content[: len(content) // 2])
    with pytest.raises(Refusal, match="damaged or cut short"):
        restore(url(tmp_path / "new.sqlite"), tmp_path / "a.backup", replace=False)
    assert not (tmp_path / "new.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"hello"])
def test_other_files_are_refused(content, tmp_path):
    (tmp_path / "a.backup").write_bytes(content)
    with pytest.raises(Refusal):
        restore(url(tmp_path / "new.sqlite"), tmp_path / "a.backup", replace=False)


def test_absent_files_are_refused(tmp_path):
    with pytest.raises(Refusal, match="no file"):
        restore(url(tmp_path / "new.sqlite"), tmp_path / "a.backup", replace=False)
    with pytest.raises(Refusal, match="no database"):
        backup(url(tmp_path / "none.sqlite"), tmp_path / "a.backup")
