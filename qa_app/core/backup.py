"""Backup and restore of the whole database, consistent while people work.

SQLite is copied by `VACUUM INTO` and marked as a backup; PostgreSQL by its own `pg_dump` and `pg_restore`. A plain
copy of a live SQLite file silently loses what is still in its write-ahead log, so `restore` refuses one.
"""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from qa_app.core.errors import Refusal

MARK = 0x51414231
"""SQLite's `application_id` in files that `backup` wrote."""


def backup(database_url: str, target: Path) -> None:
    """Write a consistent copy of the database to `target`, readable by its owner alone.

    Raises:
        Refusal: the target exists, or the database's own tool failed; nothing is left behind.
    """
    if target.exists():
        raise Refusal(f"{target} is there already. Choose another name.")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        url = make_url(database_url)
        if url.get_backend_name() == "sqlite":
            _backup_sqlite(_sqlite_path(database_url), part)
        else:
            _run("pg_dump", "--format=custom", "--file", str(part), _libpq(database_url))
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal(f"{target} could not be written ({reason}). Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)


def restore(database_url: str, source: Path, *, replace: bool) -> None:
    """Put the backup in `source` in place of the database. Stop the app first.

    Raises:
        Refusal: not a whole backup made by `backup`, or the database holds data and `replace` was not said.
    """
    if not source.is_file():
        raise Refusal(f"There is no file {source}.")
    is_dump = source.read_bytes()[:5] == b"PGDMP"
    if make_url(database_url).get_backend_name() == "sqlite":
        if is_dump:
            raise Refusal("This backup is of a PostgreSQL database. Set DATABASE_URL to one, and restore it there.")
        _restore_sqlite(_sqlite_path(database_url), source, replace)
    elif not is_dump:
        raise Refusal("This is not a backup of a PostgreSQL database made by qa-app backup.")
    else:
        clean = ("--clean", "--if-exists") if replace else ()
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", *clean, "--dbname",
             _libpq(database_url), str(source))  # fmt: skip


def _sqlite_path(database_url: str) -> Path:
    return Path(make_url(database_url).database or "")


def _libpq(database_url: str) -> str:
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words only
    except FileNotFoundError:
        raise Refusal(f"{command[0]} is not on this machine. Install PostgreSQL's client programs.") from None
    except subprocess.CalledProcessError as error:
        raise Refusal(f"{command[0]} failed: {error.stderr.strip().splitlines()[-1]}") from None


def _backup_sqlite(database: Path, part: Path) -> None:
    if not database.is_file():
        raise Refusal(f"There is no database at {database}.")
    part.unlink()
    live = sqlite3.connect(database, isolation_level=None)
    live.execute("VACUUM INTO ?", (str(part),))
    live.close()
    part.chmod(0o600)
    copy = sqlite3.connect(part, isolation_level=None)
    copy.execute(f"PRAGMA application_id = {MARK}")
    copy.close()


def _restore_sqlite(database: Path, source: Path, replace: bool) -> None:
    _check_sqlite_backup(source)
    if database.exists() and not replace:
        raise Refusal("There is a database here already. Say --replace to put the backup in its place.")
    part = database.with_name(database.name + ".restoring")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    copy = sqlite3.connect(part, isolation_level=None)
    copy.execute("PRAGMA application_id = 0")
    copy.close()
    try:
        if database.exists():
            _take_out_of_use(database)
        part.replace(database)
    finally:
        part.unlink(missing_ok=True)


def _take_out_of_use(database: Path) -> None:
    """Bring the old database's log into it: it's whole until the new one is in its place, and no log outlives it.

    Whoever closes a database last removes its log: a log that stays says that somebody else has it open.
    """
    leftovers = [database.with_name(f"{database.name}-{suffix}") for suffix in ("wal", "shm")]
    old = sqlite3.connect(database, isolation_level=None)
    try:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:  # damaged, which may be why a backup is put in its place
        old.close()
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        return
    old.close()
    if any(leftover.exists() for leftover in leftovers):
        raise Refusal("The database is in use. Stop the web service and the scheduler, then restore again.")


def _check_sqlite_backup(source: Path) -> None:
    try:
        copy = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        mark = copy.execute("PRAGMA application_id").fetchone()[0]
        whole = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        copy.close()
    except sqlite3.DatabaseError:
        mark, whole = MARK, False
    if mark != MARK:
        raise Refusal("This file was not made by qa-app backup. A plain copy of a live one can lack what is newest.")
    if not whole:
        raise Refusal("This backup is damaged or cut short. Use an older one.")
