"""A command in a process of its own, which can be killed at a chosen statement or commit.

The processes are forks of one that has imported the application already, so that many are cheap. A kill is a real
SIGKILL of the process by itself: nothing of Python, SQLAlchemy or the driver gets to clean up.
"""

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.conftest import NOW

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "tests.faults.killing", "qa_app.cli", "qa_app.allocation.network"])

WRITES = ("INSERT", "UPDATE", "DELETE")
KILLED = -signal.SIGKILL
CRASHED = 70
LIMIT = 300
"""Seconds that a command may take on a busy machine."""


@dataclass(frozen=True)
class Point:
    """A moment in a command: just after its nth write, or just before or after its nth commit (n from 1)."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass(frozen=True)
class Command:
    """`qa-app ...` on a database. `kill_at` None: it runs through, and its points are written to `notes`."""

    arguments: Sequence[str]
    environ: dict[str, str]
    notes: Path
    kill_at: Point | None = None

    def start(self, barrier: Any = None) -> BaseProcess:
        """Start it; with a barrier, only once all who share it are ready."""
        process = PROCESSES.Process(target=_run, args=(self, barrier))
        process.start()
        return process

    def run(self) -> int:
        """Run it and return its exit code: 0, 1, or -9 where it was killed."""
        return finish(self.start())

    def points(self) -> list[Point]:
        """Run it through, and say every point at which it could have been killed."""
        assert self.run() == 0, self.output()
        return [
            Point(kind, int(number)) for kind, number in (line.split() for line in self.notes.read_text().split("\n"))
        ]

    def killed_at(self, point: Point) -> "Command":
        """The same, to be killed there."""
        return replace(self, kill_at=point)

    def output(self) -> str:
        """What it said."""
        path = _output(self)
        return path.read_text() if path.exists() else ""


def finish(process: BaseProcess) -> int:
    """Wait for a process; its exit code."""
    process.join(LIMIT)
    code = process.exitcode
    if code is None:
        process.kill()
        process.join()
        raise AssertionError(f"{process.name} did not end within {LIMIT} s")
    process.close()
    return code


def at_once(commands: Sequence[Command]) -> list[int]:
    """Start commands at the same moment and return their exit codes."""
    barrier = PROCESSES.Barrier(len(commands))
    return [finish(process) for process in [command.start(barrier) for command in commands]]


def _output(command: Command) -> Path:
    return command.notes.with_suffix(".out")


class _Watch:
    """Counts writes and commits, and kills the process at the point that was asked for."""

    def __init__(self, kill_at: Point | None) -> None:
        self.kill_at = kill_at
        self.seen: list[Point] = []
        self.writes = self.commits = 0
        event.listen(Engine, "after_cursor_execute", self._executed)
        event.listen(Engine, "commit", self._committing)
        event.listen(Session, "after_commit", self._committed)

    def _executed(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            self.writes += 1
            self._reach(Point("write", self.writes))

    def _committing(self, _connection: Any) -> None:
        self.commits += 1
        self._reach(Point("before-commit", self.commits))

    def _committed(self, _session: Any) -> None:
        self._reach(Point("after-commit", self.commits))

    def _reach(self, point: Point) -> None:
        self.seen.append(point)
        if point == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _run(command: Command, barrier: Any) -> None:
    import qa_app  # noqa: PLC0415 - in the fork, where it is imported already
    from qa_app.cli import main  # noqa: PLC0415

    os.environ.update(command.environ)
    qa_app.utc_now = lambda: NOW
    watch = _Watch(command.kill_at)
    with _output(command).open("w") as said, redirect_stdout(said), redirect_stderr(said):
        if barrier is not None:
            barrier.wait(LIMIT)
        try:
            main(list(command.arguments))
        except SystemExit as ended:
            code = ended.code
        except Exception:
            traceback.print_exc()
            code = CRASHED
    command.notes.write_text("\n".join(map(str, watch.seen)))
    sys.exit(code)
