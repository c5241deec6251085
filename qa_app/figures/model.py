"""What the queries of figures give to the rules: counts of like things, and rows of things. Values alone."""

from datetime import date
from typing import NamedTuple


class Standing:
    """Where an issued audit is, as progress by manager counts it (domain.md section 6)."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    ON_TIME = "on_time"
    LATE = "late"


class AuditCount(NamedTuple):
    """How many audits of one month are alike. Team, service and case type are the case's, then.

    `before` is the auditor's grade and `after` the final one (the auditor's until there is another); both None while
    the audit is not submitted. `is_final` says whether nothing can change it any more.
    """

    month: date
    service_id: int
    team_id: int
    case_type: str
    standing: str
    before: str | None
    after: str | None
    is_final: bool
    n: int


class Completion(NamedTuple):
    """What was expected of the auditors of one team in one month, and what became of it. The team is theirs, then."""

    month: date
    service_id: int | None
    team_id: int | None
    expected: int = 0
    exempted: int = 0
    not_started: int = 0
    in_progress: int = 0
    on_time: int = 0
    late: int = 0


class Workers(NamedTuple):
    """How many people's work the figures of one service are: whose cases were audited, and who was to audit."""

    service_id: int
    caseworkers: int = 0
    auditors: int = 0


class SectionCount(NamedTuple):
    """How many submitted audits with the same final grade have the same grade in one section (by its key)."""

    key: str
    title: str
    position: int
    grade: str
    after: str | None
    n: int


class ConversationCount(NamedTuple):
    """How many submitted audits say the same of the conversation with somebody: held, or not."""

    with_whom: str
    held: bool
    n: int


class ExemptionCount(NamedTuple):
    """How many requests for these months, of one service, were asked for at the same time and stand alike."""

    service_id: int | None
    timing: str
    state: str
    n: int


class SlippageCount(NamedTuple):
    """How many slippage notices on these audits, of one service, came from the same side and ended alike."""

    service_id: int | None
    source: str
    outcome: str | None
    n: int


class StageRow(NamedTuple):
    """One stage of an improvement process that was due in the period, or settled in it without a date."""

    service_id: int
    team_id: int
    manager_id: int | None
    manager: str
    kind: str
    started_on: date
    due_on: date
    done_on: date | None
    outcome: str | None


class ProcessRow(NamedTuple):
    """One improvement process that was open at some time of the period."""

    service_id: int
    team_id: int
    grade: str
    started_on: date
    closed_on: date | None
    outcome: str | None
    is_repeat: bool


class ActionRow(NamedTuple):
    """One action that was due, opened or reported in the period, or was still open at its end."""

    service_id: int | None
    team_id: int | None
    is_immediate: bool
    state: str
    opened_on: date
    first_due_on: date
    due_on: date
    reported_on: date | None
    outcome: str | None


class ModerationRow(NamedTuple):
    """One moderation with a result: the auditor's grade, the moderator's own, the final one, and why it was selected.

    `share` is the per cent of the other audits that were drawn, in force then: what weighs those drawn by chance.
    """

    service_id: int
    team_id: int
    reason: str
    share: int
    is_blind: bool
    is_late: bool
    is_disputed: bool
    before: str
    own: str | None
    final: str


class Capacity(NamedTuple):
    """Who can audit on a day."""

    trained: int
    in_training: int
    lapsed: int
    moderators: int


class OtherActivity(NamedTuple):
    """Audits of one type beside the random sample: how many were issued and how many of them submitted."""

    key: str
    name: str
    issued: int
    submitted: int
