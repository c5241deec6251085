"""The web server: gunicorn, with workers that suit the database."""

import ctypes
import gc
import os
import sqlite3
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

WAL_RESET_FAULT = ((3, 7, 0), (3, 51, 2))
"""SQLite versions whose write-ahead log can, rarely, be damaged when several processes write (sqlite.org/wal.html)."""


def has_wal_reset_fault() -> bool:
    """Whether this machine's SQLite should be written by one web process only."""
    first, last = WAL_RESET_FAULT
    return first <= sqlite3.sqlite_version_info <= last


def default_workers(database_url: str) -> int:
    """Processes that serve pages: one with SQLite (its threads share it), one more than the cores with PostgreSQL."""
    return 1 if database_url.startswith("sqlite") else (os.cpu_count() or 1) + 1


M_ARENA_MAX = -8


def _share_one_heap() -> None:
    """Let the threads of a process share one heap, where this is glibc (`mallopt`).

    Else each has its own with gaps of its own, 13 MB a worker, for nothing: one thread runs at a time.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


class Server(BaseApplication):
    """Gunicorn started from our own command, so that no configuration file is needed."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """The application to serve."""
        return self.app


def serve(app: Flask, *, host: str, port: int, workers: int) -> None:
    """Serve the application until it is told to stop; running requests may finish."""
    _share_one_heap()
    gc.freeze()  # what is loaded now stays: it is not looked through again each time that garbage is collected
    Server(
        app,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "graceful_timeout": 30,
            "timeout": 120,
            "max_requests": 20000,
            "max_requests_jitter": 2000,
            "control_socket_disable": True,
            "loglevel": "warning",
            "preload_app": False,
        },
    ).run()
