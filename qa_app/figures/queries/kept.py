"""The grades of twelve months without counting past months again: they hardly ever change (quality.md: dashboard).

What a month's rounds were counted as is kept in the process, under when anything in them was last written. Nothing can
go stale: whatever changes an audit moves that instant. A month that was written in the last minutes is counted anew
each time, since a transaction that began before may still be open. A test compares with the slow way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.content import read_scale
from qa_app.audits.models import Audit
from qa_app.audits.rules import Grade
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut, year_to
from qa_app.figures.model import AuditCount
from qa_app.figures.queries.audits import audit_counts, rounds_of
from qa_app.rounds.models import AuditType, Round
from qa_app.tools.models import ToolVersion

SETTLED = timedelta(minutes=5)
"""No transaction lasts as long."""
MOST = 5_000
"""Months kept for one scope, place and case type each; then it begins anew."""

_kept: dict[tuple[Any, ...], Mapping[str, int]] = {}


class YearOfGrades(NamedTuple):
    """The counts of a cut, the grades after moderation of the twelve months to its last one, and their scale."""

    counts: Sequence[AuditCount]
    after: Mapping[date, Mapping[str, int]]
    scale: Sequence[Grade]


def year_of_grades(cut: Cut, viewer: Viewer, now: datetime) -> YearOfGrades:
    """What `audit_counts` says of the cut, and of each month of its year by grade, with two statements."""
    whole = cut._replace(first=min(cut.first, year_to(cut.last).first))
    rounds = plain_rows(_stamps(whole))
    written: dict[date, tuple[Any, ...]] = {}
    for month, *stamp, _scale in rounds:
        written[month] = (*written.get(month, ()), *stamp)
    place = (cut[2:], viewer.scope(Permission.FIGURES_READ))
    after = {month: _kept[key] for month, stamp in written.items() if (key := (place, month, stamp)) in _kept}
    anew = [month for month in written if month not in after or cut.first <= month <= cut.last]
    counts = audit_counts(whole, viewer, anew)
    found: dict[date, Counter[str]] = {month: Counter() for month in anew}
    for row in counts:
        if row.after is not None:
            found[row.month][row.after] += row.n
    after |= found
    if len(_kept) > MOST:
        _kept.clear()
    _kept.update({(place, m, written[m]): found[m] for m in anew if _is_settled(written[m], now)})
    scale = read_scale(rounds[0][-1]) if rounds else []
    return YearOfGrades([row for row in counts if cut.first <= row.month <= cut.last], after, scale)


def _is_settled(stamp: tuple[Any, ...], now: datetime) -> bool:
    return all(one < now - SETTLED for one in stamp if isinstance(one, datetime))


@lru_cache(maxsize=256)
def _stamps(cut: Cut) -> Select[Any]:
    """Each round of a cut with when it and its audits were last written, the newest first, and its scale."""
    newest = select(func.max(Audit.updated_at)).where(Audit.round_id == Round.id).scalar_subquery()
    return (
        select(Round.month, Round.id, Round.updated_at, newest, ToolVersion.scale)
        .join(ToolVersion, ToolVersion.id == Round.tool_version_id)
        .join(AuditType)
        .where(rounds_of(cut))
        .order_by(Round.month.desc(), Round.id.desc())
    )
