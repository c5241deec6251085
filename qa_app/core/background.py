"""Long work in a process of its own, so that no request waits for it and no worker grows by it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from threading import Thread

from flask import Response, after_this_request, current_app


def start_command(arguments: Sequence[str], limit: int) -> None:
    """Start one of our own commands, and end it when it takes more than `limit` seconds."""
    config = current_app.config
    environ = os.environ | {
        "DATA_DIR": str(config["DATA_DIR"]),
        "DATABASE_URL": str(config["SQLALCHEMY_DATABASE_URI"]),
        "OPENBLAS_NUM_THREADS": "1",  # else it reserves memory for every core, which counts against the process
    }
    code = "from qa_app.cli import main; main()"
    process = subprocess.Popen(  # noqa: S603 - our own command, with arguments of our own
        [sys.executable, "-c", code, *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=_wait, args=(process, limit), daemon=True).start()


def _wait(process: subprocess.Popen[bytes], limit: int) -> None:
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def after_commit(begin: Callable[[], None]) -> None:
    """Begin something once this request has committed; not at all where it did not."""

    @after_this_request
    def start(response: Response) -> Response:
        if response.status_code < 400:
            begin()
        return response
