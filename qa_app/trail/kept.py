"""What was read is so for as long as the trail stays as it is: every change leaves its entry (decision 0008).

For pages that read much and are looked at again and again. The digest at the head of the trail stands for everything
that happened up to it, so what was read under one digest is kept in the process under that digest.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import g, has_request_context
from sqlalchemy import select

from qa_app.core.database import may_write, plain_rows
from qa_app.trail.models import TrailHead

T = TypeVar("T")

MOST = 64
"""Answers kept in a process at a time; one is of up to some thousand rows."""

_DIGEST = select(TrailHead.digest)
_NOTHING: Any = object()


def kept(read: Callable[..., T], *about: Any) -> T:
    """`read(*about)`, read again only when something has happened since. `about` must say all that the answer depends
    on, the viewer and the day among it, and nobody may change the answer.

    For requests that only read. One that may write reads for itself, since what it has changed may have left no entry
    yet, and so does what is no request.
    """
    if may_write.get() or not has_request_context():
        return read(*about)
    if "trail_digest" not in g:
        ((g.trail_digest,),) = plain_rows(_DIGEST)
    answers, asked = _answers(g.trail_digest), (read, about)
    answer: T = answers.get(asked, _NOTHING)
    if answer is _NOTHING:
        answer = read(*about)
        if len(answers) >= MOST:
            answers.clear()
        answers[asked] = answer
    return answer


@lru_cache(maxsize=1)
def _answers(_digest: str) -> dict[Any, Any]:
    """What was answered under a digest; those under the one before can never hold again, and are let go."""
    return {}


forget = _answers.cache_clear
"""Forgets every answer: for tests, whose rows are undone without an entry."""
