"""Logs: one JSON line each, in UTC, with ids of the request and the person; never a name, an address or free text."""

import logging
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.tracebacks import ExceptionDictTransformer

log: Any = structlog.get_logger("qa_app")


def configure(app: Flask) -> None:
    """Write JSON lines to standard error and one line per request."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of variables, which may be names and what people wrote.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = uuid.uuid4().hex[:12]
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint not in ("health.alive", None):
        viewer = g.get("viewer")
        log.info(
            "request",
            request_id=g.get("request_id"),
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            person_id=viewer.person_id if viewer else None,
        )
    return response
