"""`make run`: migrate, fill an empty database with the demonstration council, then serve with the scheduler beside.

The address is printed last, once the app answers. Ctrl-C stops everything; if one part ends, so does the other.
"""

# ruff: noqa: S603, T201 - starts programs named here and speaks to whoever ran it

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

QA_APP = str(Path(sys.executable).with_name("qa-app"))
STARTS_WITHIN = 60  # seconds
STOPS_WITHIN = 10  # seconds


class Stop(Exception):
    """Somebody asked to stop."""


def main() -> int:
    """Run until stopped; the exit status is 0 when a person stopped it."""
    signal.signal(signal.SIGTERM, _stop)
    os.environ.setdefault("PORT", "8000")
    # Without a setting this is the demonstration: everybody in it is invented and it answers on this machine only.
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{os.environ['PORT']}")
    parts: list[subprocess.Popen[bytes]] = []
    try:
        subprocess.run([QA_APP, "db", "upgrade"], check=True)
        if os.environ["DEMO"] == "1":
            subprocess.run([QA_APP, "demo"], check=True)
        # A session of their own: Ctrl-C reaches us alone, and we stop them in order.
        parts += [subprocess.Popen([QA_APP, name], start_new_session=True) for name in ("serve", "scheduler")]
        _wait_until_it_answers(os.environ["PORT"], parts)
        print(f"http://127.0.0.1:{os.environ['PORT']}", flush=True)
        return _wait_for_an_end(parts)
    except (KeyboardInterrupt, Stop):
        return 0
    except subprocess.CalledProcessError as error:
        return error.returncode
    finally:
        _end(parts)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _wait_until_it_answers(port: str, parts: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        for part in parts:
            if part.poll() is not None:
                sys.exit(f"{' '.join(part.args[1:])} ended before the app answered. Its last lines are above.")  # type: ignore[index, arg-type]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"The app did not answer on port {port} within {STARTS_WITHIN} seconds. Is something else using it?")


def _wait_for_an_end(parts: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for part in parts:
            status = part.poll()
            if status is not None:
                print(f"{' '.join(part.args[1:])} ended.", file=sys.stderr)  # type: ignore[index, arg-type]
                return status or 1
        time.sleep(0.5)


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for part in parts:
        if part.poll() is None:
            part.terminate()
    for part in parts:
        try:
            part.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            part.kill()


if __name__ == "__main__":
    sys.exit(main())
