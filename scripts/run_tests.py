"""`make test`: everything, on SQLite and on PostgreSQL, the browser included.

What the machine lacks is installed when that is allowed (Debian or Ubuntu, as root); what cannot be run is said plainly
at the end, and then the exit status is not 0, so that a green run always means that all of it ran.
"""

# ruff: noqa: S603, T201 - starts programs named here and speaks to whoever ran it

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgresql import find_tools, postgresql

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SIDE_BY_SIDE = ("-n", "2")
ONE_MORE = ("-n", "3")
"""Where no database server takes a core, and tests that wait for something leave theirs free."""
ON_BOTH = (
    "tests/integration",
    "tests/faults",
    "tests/guards/test_scope.py",
    "tests/guards/test_odd_requests.py",
    "tests/guards/test_structure.py::test_models_are_what_the_migrations_make",
)
"""What runs on PostgreSQL as well as on SQLite: what the database has a say in."""


def main() -> int:
    """Run every part; 0 only when all ran and passed."""
    missed: list[str] = []
    with _installing_what_is_missing():
        failed = [] if _pytest("tests", "-m", "not browser", *ONE_MORE) else ["tests on SQLite"]
    tools = find_tools()
    if tools or os.environ.get("TEST_POSTGRESQL"):
        with postgresql(tools) as url:
            # The folder of the server's tools holds pg_dump and pg_restore too, for the tests of backups.
            path = os.pathsep.join(filter(None, [os.environ.get("PATH"), str(tools or "")]))
            passed = _pytest(*ON_BOTH, "-m", "not browser", *SIDE_BY_SIDE, TEST_POSTGRESQL=url, PATH=path)
            failed += [] if passed else ["tests on PostgreSQL"]
    else:
        missed.append("The PostgreSQL tests did not run: install PostgreSQL (Debian: apt-get install postgresql).")
    browser = _browser()
    if browser is None:
        missed.append("The browser tests did not run: install Chromium (Debian: apt-get install chromium).")
    elif not _pytest("tests/browser", "-m", "browser", *SIDE_BY_SIDE, BROWSER=browser):
        failed.append("browser tests")
    for line in [*missed, *(f"Failed: {part}" for part in failed)]:
        print(line, file=sys.stderr)
    return 1 if missed or failed else 0


def _pytest(*arguments: str, **environment: str) -> bool:
    print(
        f"\n== pytest {' '.join(arguments)}{' on PostgreSQL' if environment.get('TEST_POSTGRESQL') else ''}", flush=True
    )
    env = {**os.environ, **environment}
    command = [sys.executable, "-m", "pytest", *arguments]
    result = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if result.returncode == 1:
        # On a crowded machine a story can run out of time. Once more, alone; what then fails is a fault.
        print("\n== what failed, once more and one at a time", flush=True)
        alone = [part for part in command if part not in (*SIDE_BY_SIDE, *ONE_MORE)]
        result = subprocess.run([*alone, "--last-failed"], cwd=ROOT, env=env, check=False)
    # 5: nothing was collected, which is no failure of a folder that holds nothing for this run.
    return result.returncode in (0, 5)


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def _installing_what_is_missing() -> Iterator[None]:
    """Install the browser and the database server beside what is done inside, which needs neither."""
    wanted = [name for name, there in (("chromium", _browser()), ("postgresql", find_tools())) if there is None]
    if not wanted or os.geteuid() != 0 or shutil.which("apt-get") is None:
        yield
        return
    print(f"Installing {' and '.join(wanted)}", flush=True)
    command = f"apt-get update -q && apt-get install -qy --no-install-recommends {' '.join(wanted)}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with subprocess.Popen(["/bin/sh", "-c", command], env=environment, stdout=subprocess.DEVNULL):
        yield


if __name__ == "__main__":
    sys.exit(main())
