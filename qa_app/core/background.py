"""Long work in a process of its own, so that no request waits for it and no worker grows by it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread
from typing import ParamSpec, TypeVar

from flask import Response, after_this_request, current_app

P = ParamSpec("P")
T = TypeVar("T")


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


def apart(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Call a function in a process of its own and wait for what it gives.

    For libraries that a worker should not keep in memory for good. What goes in and out is pickled.
    """
    if current_app.testing and not current_app.config.get("APART"):
        return function(*arguments, **named)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments, **named).result()


def after_commit(begin: Callable[[], None]) -> None:
    """Begin something once this request has committed; not at all where it did not."""

    @after_this_request
    def start(response: Response) -> Response:
        if response.status_code < 400:
            begin()
        return response
