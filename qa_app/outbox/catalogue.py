"""Every mail that there is, with the only variables that it may be given (domain.md section 10).

To add one: a line here, and a folder `templates/emails/<message>/` with subject.txt, body.txt and body.html.
No variable may hold a case reference, a grade, a child or anything on health: a mail says what is asked, by when,
and where, and the page behind its link asks for sign-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

Value = str | int | date


class Section(IntEnum):
    """Where a mail stands in a digest, in this order."""

    OVERDUE = 1
    DUE_SOON = 2
    FOR_INFORMATION = 3


@dataclass(frozen=True)
class Message:
    """One kind of mail: its name for administrators, and the variables that its templates take.

    What somebody waits for goes at once; the rest waits for the day's digest.
    """

    label: str
    variables: frozenset[str]
    at_once: bool = True
    section: Section = Section.DUE_SOON
    further: tuple[tuple[str, str], ...] = ()
    """What else its reader may want to do at once, as words and a page; a digest shows these too."""


DIGEST = "digest"
"""The mail that holds several others of one person; `outbox.digests` makes it."""

TEST = "test"
"""What an administrator sends to themselves before mail is switched on."""

MESSAGES: dict[str, Message] = {
    "action_done": Message("Action to verify", frozenset({"reference", "due_on", "person", "path"}), at_once=False),
    "action_escalated": Message(
        "Action escalated",
        frozenset({"reference", "due_on", "person", "working_days", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "action_given": Message("Action given", frozenset({"reference", "due_on", "path"}), at_once=False),
    "action_immediate": Message("Immediate action", frozenset({"reference", "due_on", "path"})),
    "action_immediate_chased": Message(
        "Immediate action chased",
        frozenset({"reference", "due_on", "working_days", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "action_immediate_raised": Message(
        "Immediate action, to the manager", frozenset({"reference", "due_on", "person", "path"})
    ),
    "action_not_done": Message("Action not done", frozenset({"reference", "due_on", "person", "path"}), at_once=False),
    "action_overdue": Message(
        "Action overdue",
        frozenset({"reference", "due_on", "working_days", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "action_reopened": Message("Action re-opened", frozenset({"reference", "due_on", "path"})),
    "action_verified": Message(
        "Action verified",
        frozenset({"reference", "due_on", "path"}),
        at_once=False,
        section=Section.FOR_INFORMATION,
    ),
    "audit_commented": Message("Comment on an audit", frozenset({"month", "due_on", "path"}), at_once=False),
    "audit_given": Message("Audit given to another auditor", frozenset({"month", "due_on", "path"})),
    "audit_returned": Message("Audit returned", frozenset({"month", "due_on", "path"})),
    "audit_taken": Message(
        "Audit no longer yours",
        frozenset({"month", "due_on", "outcome", "path"}),
        section=Section.FOR_INFORMATION,
    ),
    "audit_overdue": Message(
        "Audit overdue",
        frozenset({"month", "audits", "due_on", "working_days", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "audits_issued": Message("Audits issued", frozenset({"month", "audits", "due_on", "round", "path"})),
    "calibration_asked": Message("Calibration set to grade", frozenset({"due_on", "path"})),
    "calibration_revealed": Message(
        "Calibration set revealed", frozenset({"path"}), at_once=False, section=Section.FOR_INFORMATION
    ),
    "case_replaced": Message("Case replaced", frozenset({"month", "due_on", "path"})),
    "declaration_answered": Message("Declaration answered", frozenset({"month", "due_on", "outcome", "path"})),
    "declaration_made": Message("Declaration to answer", frozenset({"month", "due_on", "path"})),
    "decisions_waiting": Message(
        "Decisions waiting", frozenset({"requests", "since", "path"}), at_once=False, section=Section.OVERDUE
    ),
    "exemption_asked": Message("Exemption to forward", frozenset({"month", "person", "path"})),
    "exemption_decided": Message("Exemption decided", frozenset({"month", "outcome", "path"})),
    "exemption_declined": Message("Exemption declined", frozenset({"month", "path"})),
    "exemption_forwarded": Message("Exemption to decide", frozenset({"month", "person", "path"})),
    "exemption_granted_audits": Message(
        "Audits of an exempt auditor", frozenset({"month", "person", "audits", "due_on", "path"})
    ),
    "follow_up_published": Message(
        "Follow-up audit published", frozenset({"report", "path"}), at_once=False, section=Section.FOR_INFORMATION
    ),
    "moderation_changed": Message(
        "Grade changed by moderation, to the Head of Service",
        frozenset({"month", "due_on", "path"}),
        at_once=False,
        section=Section.FOR_INFORMATION,
    ),
    "moderation_decided": Message("Panel has decided", frozenset({"month", "path"}), section=Section.FOR_INFORMATION),
    "moderation_disputed": Message("Dispute for the panel", frozenset({"month", "path"})),
    "moderation_due": Message(
        "Reminder, to the moderator", frozenset({"audits", "due_on", "working_days", "path"}), at_once=False
    ),
    "moderation_feedback": Message("Feedback on an audit", frozenset({"month", "due_on", "path"})),
    "moderation_given": Message("Audit to moderate", frozenset({"month", "due_on", "path"}), at_once=False),
    "improvement_authorised": Message(
        "Named as having authorised a step",
        frozenset({"reference", "step", "person", "path"}),
        section=Section.FOR_INFORMATION,
    ),
    "improvement_concern": Message("Concern about another professional", frozenset({"reference", "path"})),
    "improvement_covered": Message(
        "Improvement step to cover", frozenset({"reference", "step", "person", "due_on", "path"})
    ),
    "improvement_decide": Message("Improvement process to decide on", frozenset({"reference", "path"})),
    "improvement_reaudit_needed": Message(
        "Re-audit that nobody can do",
        frozenset({"reference", "step", "due_on", "path"}),
        section=Section.OVERDUE,
    ),
    "improvement_reaudit_scheduled": Message(
        "Re-audit scheduled by itself",
        frozenset({"reference", "step", "person", "due_on", "path"}),
        at_once=False,
        section=Section.FOR_INFORMATION,
    ),
    "improvement_repeat": Message("Repeat after a re-audit", frozenset({"reference", "previous", "path"})),
    "improvement_review_again": Message(
        "Further review of an improvement process", frozenset({"reference", "step", "due_on", "path"})
    ),
    "improvement_skipped": Message(
        "Improvement step skipped",
        frozenset({"reference", "step", "person", "path"}),
        section=Section.FOR_INFORMATION,
    ),
    "improvement_started": Message("Improvement process started", frozenset({"reference", "team", "due_on", "path"})),
    "improvement_step_due": Message(
        "Improvement step due", frozenset({"reference", "step", "due_on", "path"}), at_once=False
    ),
    "improvement_step_escalated": Message(
        "Improvement step escalated",
        frozenset({"reference", "step", "person", "due_on", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "improvement_step_late": Message(
        "Improvement step late",
        frozenset({"reference", "step", "due_on", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "improvement_uncovered": Message(
        "Improvement step that nobody covers",
        frozenset({"reference", "step", "person", "due_on", "path"}),
        section=Section.OVERDUE,
    ),
    "qa_daily": Message(
        "The QA team's day",
        frozenset(
            {"declarations", "notices", "exempt_audits", "unallocated", "moderations", "disputes", "audits", "path"}
        ),
        at_once=False,
    ),
    "recommendations_due": Message(
        "Recommendations due",
        frozenset({"report", "recommendations", "due_on", "working_days", "path"}),
        at_once=False,
    ),
    "recommendations_given": Message(
        "Recommendations to act on", frozenset({"report", "recommendations", "path"}), at_once=False
    ),
    "reaudit_given": Message("Re-audit given", frozenset({"month", "due_on", "path"})),
    "reminder": Message(
        "Reminder",
        frozenset({"month", "audits", "due_on", "working_days", "round", "path"}),
        at_once=False,
        further=(
            ("I may not finish in time", "/my/slippage?round={round}"),
            ("Ask for an exemption", "/exemptions/ask?month={round:.7}"),
        ),
    ),
    "reminder_copy": Message(
        "Reminder, to the manager",
        frozenset({"month", "audits", "people", "due_on", "working_days", "path"}),
        at_once=False,
        section=Section.FOR_INFORMATION,
    ),
    "reminder_for_absent": Message(
        "Reminder, to the deputy",
        frozenset({"month", "audits", "due_on", "working_days", "person", "path"}),
        at_once=False,
    ),
    "service_slippage": Message(
        "A service's week",
        frozenset({"service", "notices", "requests", "audits", "path"}),
        at_once=False,
        section=Section.FOR_INFORMATION,
    ),
    "team_outstanding": Message(
        "A team's week", frozenset({"people", "audits", "path"}), at_once=False, section=Section.FOR_INFORMATION
    ),
    "slippage_answered": Message("Slippage notice answered", frozenset({"month", "due_on", "outcome", "path"})),
    "slippage_chased": Message(
        "Slippage notice chased",
        frozenset({"month", "person", "due_on", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "slippage_escalated": Message(
        "Slippage notice escalated",
        frozenset({"month", "person", "due_on", "waits_for", "path"}),
        at_once=False,
        section=Section.OVERDUE,
    ),
    "slippage_foreseen": Message(
        "Slippage foreseen, for a Head of Service", frozenset({"month", "person", "due_on", "path"}), at_once=False
    ),
    "slippage_forwarded": Message("Slippage notice for the QA team", frozenset({"month", "person", "due_on", "path"})),
    "slippage_predicted": Message(
        "Slippage foreseen, for the auditor", frozenset({"month", "due_on", "path"}), at_once=False
    ),
    "slippage_raised": Message("Slippage notice raised", frozenset({"month", "person", "due_on", "path"})),
    DIGEST: Message("Digest", frozenset({"items", "path"})),
    TEST: Message("Test", frozenset({"path"}), section=Section.FOR_INFORMATION),
}
"""`month` is a month's name or a span of months, `person` a member of staff, `audits` a number, `due_on` a date,
`path` a page of this site. `outcome` is what became of an audit: `kept` with who declared something of it, `reassigned`
or `withdrawn`; or of an exemption: `approved` or `refused`; or how a
slippage notice was answered. `waits_for` is whose answer to it is missing: `head_of_service` or `qa_team`. `round` is a
round's reference; `reference` an action's or an improvement process's, `previous` that of the process before; `step`
is a stage of one; `report` is that of a report whose recommendations are followed up; `people`, `requests`, `notices`
and the like are numbers."""


def gathered() -> frozenset[str]:
    """The messages that wait for the day's digest."""
    return frozenset(key for key, message in MESSAGES.items() if not message.at_once)


def section_of(message: str, variables: Mapping[str, Any]) -> Section:
    """Where a mail stands in a digest: what is past its date is overdue, whatever it is."""
    days = variables.get("working_days")
    if isinstance(days, int) and days < 0:
        return Section.OVERDUE
    return MESSAGES[message].section if message in MESSAGES else Section.FOR_INFORMATION


def kept(variables: Mapping[str, Value]) -> dict[str, Any]:
    """Variables as the outbox keeps them: dates as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in sorted(variables.items())}


def checked(message: str, variables: Mapping[str, Value]) -> dict[str, Value]:
    """The variables, once they are exactly those of the message and hold only text, numbers and dates.

    Raises:
        KeyError: there is no such message.
        ValueError: a variable is missing, is not in the catalogue, is a thing instead of a value, or leads outside.
    """
    expected = MESSAGES[message].variables
    if set(variables) != expected:
        raise ValueError(f"{message} takes exactly {sorted(expected)}, not {sorted(variables)}")
    for name, value in variables.items():
        if not isinstance(value, (str, int, date)):
            raise ValueError(f"{message}: {name} must be text, a number or a date")
    path = str(variables["path"])
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"{message}: path must be a page of this site")
    return dict(variables)
