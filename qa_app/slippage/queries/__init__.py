"""Read slippage notices: one, lists, what waits for whom, and what the signs are read from."""

from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries.facts import Candidate, candidates, limits_on
from qa_app.slippage.queries.lists import (
    SORT_CLOCK,
    NoticeRow,
    count_notices,
    find_notices,
    foreseen_of,
    months,
    open_by_auditor,
    waiting_for,
)
from qa_app.slippage.queries.one import (
    History,
    audits_that_may_slip,
    chased_already,
    heads_named,
    heads_of,
    history_of,
    notice_for,
    notice_of,
    open_notice_of,
    open_notices,
    open_notices_of,
    reads_audit,
    service_of,
)
from qa_app.slippage.queries.takers import Taker, takers

__all__ = [
    "SORT_CLOCK",
    "Candidate",
    "History",
    "NoticeRow",
    "SlippageNotice",
    "Taker",
    "audits_that_may_slip",
    "candidates",
    "chased_already",
    "count_notices",
    "find_notices",
    "foreseen_of",
    "heads_named",
    "heads_of",
    "history_of",
    "limits_on",
    "months",
    "notice_for",
    "notice_of",
    "open_by_auditor",
    "open_notice_of",
    "open_notices",
    "open_notices_of",
    "reads_audit",
    "service_of",
    "takers",
    "waiting_for",
]
