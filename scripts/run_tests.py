"""`make test`: everything, on SQLite and on PostgreSQL, the browser included.

What the machine lacks is installed when that is allowed (Debian or Ubuntu, as root); what cannot be run is said plainly
at the end, and then the exit status is not 0, so that a green run always means that all of it ran.
"""

# ruff: noqa: S603, T201 - starts programs named here and speaks to whoever ran it

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL_FOLDERS = ("/usr/lib/postgresql", "/usr/local/opt/postgresql", "/opt/homebrew/opt/postgresql")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DURABILITY_OFF = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def main() -> int:
    """Run every part; 0 only when all ran and passed."""
    _install_missing()
    missed: list[str] = []
    failed = [] if _pytest("tests", "-m", "not browser") else ["tests on SQLite"]
    tools = _postgresql_tools()
    if tools or os.environ.get("TEST_POSTGRESQL"):
        with _postgresql(tools) as url:
            passed = _pytest("tests/integration", "tests/guards", "-m", "not browser", TEST_POSTGRESQL=url)
            failed += [] if passed else ["tests on PostgreSQL"]
    else:
        missed.append("The PostgreSQL tests did not run: install PostgreSQL (Debian: apt-get install postgresql).")
    browser = _browser()
    if browser is None:
        missed.append("The browser tests did not run: install Chromium (Debian: apt-get install chromium).")
    elif not _pytest("tests/browser", "-m", "browser", BROWSER=browser):
        failed.append("browser tests")
    for line in [*missed, *(f"Failed: {part}" for part in failed)]:
        print(line, file=sys.stderr)
    return 1 if missed or failed else 0


def _pytest(*arguments: str, **environment: str) -> bool:
    print(
        f"\n== pytest {' '.join(arguments)}{' on PostgreSQL' if environment.get('TEST_POSTGRESQL') else ''}", flush=True
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    # 5: nothing was collected, which is no failure of a folder that holds nothing for this run.
    return result.returncode in (0, 5)


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _postgresql_tools() -> Path | None:
    """The folder of the newest `initdb` and `pg_ctl`."""
    found = [path.parent for folder in POSTGRESQL_FOLDERS for path in Path(folder).glob("**/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).parent)
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    digits = "".join(sign for sign in folder.parent.name if sign.isdigit())
    return int(digits or 0)


def _install_missing() -> None:
    wanted = [name for name, there in (("chromium", _browser()), ("postgresql", _postgresql_tools())) if there is None]
    if not wanted or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {' and '.join(wanted)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", *wanted]):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


@contextmanager
def _postgresql(tools: Path | None) -> Iterator[str]:
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


if __name__ == "__main__":
    sys.exit(main())
