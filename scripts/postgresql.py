"""A throwaway PostgreSQL server on a socket of its own, for the tests and the bench."""

# ruff: noqa: S603 - starts programs named here

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDERS = ("/usr/lib/postgresql", "/usr/local/opt/postgresql", "/opt/homebrew/opt/postgresql")
DURABILITY_OFF = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_tools() -> Path | None:
    """The folder of the newest `initdb` and `pg_ctl`."""
    found = [path.parent for folder in FOLDERS for path in Path(folder).glob("**/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).parent)
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    digits = "".join(sign for sign in folder.parent.name if sign.isdigit())
    return int(digits or 0)


@contextmanager
def postgresql(tools: Path | None) -> Iterator[str]:
    """A throwaway server on a socket of its own, or the one that TEST_POSTGRESQL names already."""
    given = os.environ.get("TEST_POSTGRESQL")
    if given or tools is None:
        yield given or ""
        return
    folder = Path(tempfile.mkdtemp(prefix="qa-pg-"))
    # PostgreSQL refuses to run as root, so there it runs as its own user, which its package has made.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses='' {DURABILITY_OFF}"
    initdb = [str(tools / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    control = [*user, str(tools / "pg_ctl"), "-D", data, "-w"]
    subprocess.run([*user, *initdb, "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    started = [*control, "-l", str(folder / "log"), "-o", options, "start"]
    subprocess.run(started, check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)
