"""How each event of the trail is told on an audit's story, and who may read it. Pure: a table, and words from facts.

To tell of a further event: a line in `TELLINGS`; of a further kind of thing that belongs to an audit: a branch in
`queries.belongings`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qa_app.core.format import long_day


class About(StrEnum):
    """What an event is about. Whoever may read that thing reads the event; the audit's own are its readers'.

    Of a moderation only its course stands under its own name: what came of it is for every reader of the audit.
    """

    AUDIT = "audit"
    ROUND = "round"
    NOTICE = "slippage notice"
    EXEMPTION = "exemption"
    ACTION = "action"
    MODERATION = "moderation"
    IMPROVEMENT = "improvement"


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the trail that belongs to an audit. `thing` is the id of what it is about."""

    number: int
    event: str
    at: datetime
    by_id: int | None
    for_id: int | None
    about: About
    thing: int
    detail: Mapping[str, Any] = field(default_factory=dict)


Words = str | Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Telling:
    """An event in words; `{thing}` in them stands for what it is about. `text` names what of its detail is told too.

    Where the text is not for all, it is for the QA team and for whoever did it. `person` names the detail that holds
    the id of the person whom it concerns, whose name is told with it. What `follows` from an auditor's act comes by
    itself: the auditor has not done it.
    """

    about: About
    words: Words
    text: str = ""
    text_for_all: bool = True
    person: str = ""
    follows: bool = False


def _submitted(detail: Mapping[str, Any]) -> str:
    number = detail.get("number", 1)
    if number > 1:
        return f"Submitted again: version {number}"
    return "Submitted, late" if detail.get("late") else "Submitted, in time"


_DECLARED = {
    "reassigned": "What the auditor declared was answered: another auditor does it",
    "replaced": "What the auditor declared was answered: another case in its place",
    "kept": "What the auditor declared was answered: the audit stays with them",
}
_OUTCOMES = {
    "reassigned": "reassigned",
    "capacity_found": "capacity found",
    "no_capacity": "no capacity",
    "back_on_track": "back on track",
    "submitted_in_time": "submitted in time",
    "submitted_late": "submitted late",
    "withdrawn": "audit withdrawn",
}
_VERIFIED = {
    "fully": "fully implemented",
    "substantially": "substantially implemented",
    "partially": "partially implemented, so it is open again",
    "not_implemented": "not implemented, so it is open again",
}


def _resolved(detail: Mapping[str, Any]) -> str:
    return f"Slippage notice closed: {_OUTCOMES.get(detail.get('outcome', ''), 'resolved')}"


def _verified(detail: Mapping[str, Any]) -> str:
    return "{thing} verified: " + f"{_VERIFIED.get(detail.get('outcome', ''), 'looked at')}"


def _revised(detail: Mapping[str, Any]) -> str:
    return "{thing} put to another date: " + f"{_day(detail.get('after'))}, and not {_day(detail.get('before'))}"


_STAGES = {
    "notified": "Managers were told",
    "day_three_meeting": "Day-three meeting",
    "improvement_plan": "Improvement plan",
    "service_manager_review": "Service manager review",
    "caseload_review": "Whole caseload review",
    "reaudit": "Re-audit",
    "closing": "Closing",
}
_SETTLED = {
    "done": "done",
    "not_yet": "not effective yet, so a further review follows",
    "waived": "criteria met, not required",
    "skipped": "not done",
}
_CLOSED = {
    "improved": "{thing} closed after its re-audit",
    "without_reaudit": "{thing} closed without a re-audit",
    "repeat_inadequate": "{thing} goes on as another after its re-audit",
}


def _stage(detail: Mapping[str, Any]) -> str:
    return _STAGES.get(detail.get("stage", ""), "A stage")


def _settled(detail: Mapping[str, Any]) -> str:
    if detail.get("stage") == "notified":
        return "Managers were told that {thing} began"
    return f"{_stage(detail)}: {_SETTLED.get(detail.get('outcome', ''), 'settled')} ({{thing}})"


def _closed(detail: Mapping[str, Any]) -> str:
    return _CLOSED.get(detail.get("outcome", ""), "{thing} closed")


def _day(text: Any) -> str:
    try:
        return long_day(date.fromisoformat(str(text)))
    except ValueError:
        return "another day"


A = About
IN_PLACE = "audit:in-place"
"""How this audit came to be, where it was taken in the place of another: told from that one's entry."""

TELLINGS: dict[str, Telling] = {
    IN_PLACE: Telling(A.AUDIT, "Taken in the place of another case"),
    "audit:added": Telling(A.AUDIT, "Given out as a re-audit", person="auditor"),
    "audit:allocated": Telling(A.ROUND, "Allocated with its round"),
    "audit:issued": Telling(A.ROUND, "Issued to its auditor"),
    "audit:case-replaced": Telling(A.AUDIT, "Another case was taken in its place"),
    "audit:declaration-answered": Telling(A.AUDIT, lambda d: _DECLARED.get(d.get("outcome", ""), _DECLARED["kept"])),
    "audit:commented": Telling(A.AUDIT, "Commented on"),
    "audit:declared": Telling(
        A.AUDIT, "The auditor said that they can't audit this case", text="reason", text_for_all=False
    ),
    "audit:final": Telling(A.AUDIT, "Made final", follows=True),
    "audit:moderated": Telling(A.AUDIT, "Moderated"),
    "audit:reassigned": Telling(A.AUDIT, "Given to another auditor", text="reason", person="auditor"),
    "audit:returned": Telling(A.AUDIT, "Returned to the auditor", text="comment"),
    "audit:started": Telling(A.AUDIT, "Begun"),
    "audit:submitted": Telling(A.AUDIT, _submitted),
    "audit:withdrawn": Telling(A.AUDIT, "Withdrawn", text="reason"),
    "slippage:acknowledged": Telling(A.NOTICE, "Slippage notice acknowledged"),
    "slippage:added": Telling(A.NOTICE, "The auditor added to the slippage notice"),
    "slippage:chased": Telling(A.NOTICE, "Slippage notice chased: nobody had answered"),
    "slippage:escalated": Telling(A.NOTICE, "Slippage notice escalated to the Director"),
    "slippage:foreseen": Telling(A.NOTICE, "Slippage foreseen: it may be late"),
    "slippage:forwarded": Telling(A.NOTICE, "Slippage notice forwarded to the QA team"),
    "slippage:raised": Telling(A.NOTICE, "The auditor said that it may be late"),
    "slippage:resolved": Telling(A.NOTICE, _resolved),
    "improvement:audit-returned": Telling(A.IMPROVEMENT, "{thing} goes on while the audit is with its auditor"),
    "improvement:closed": Telling(A.IMPROVEMENT, _closed),
    "improvement:ended": Telling(A.IMPROVEMENT, "{thing} ended before its time"),
    "improvement:goes-on": Telling(A.IMPROVEMENT, "{thing} goes on"),
    "improvement:handed-back": Telling(A.IMPROVEMENT, lambda d: f"{_stage(d)}: back with whose it is ({{thing}})"),
    "improvement:handed-to-cover": Telling(
        A.IMPROVEMENT, lambda d: f"{_stage(d)}: handed to cover ({{thing}})", person="cover"
    ),
    "improvement:meeting-corrected": Telling(
        A.IMPROVEMENT, "The record of the day-three meeting was corrected ({thing})"
    ),
    "improvement:not-covered": Telling(A.IMPROVEMENT, lambda d: f"{_stage(d)}: nobody covers ({{thing}})"),
    "improvement:reaudit-reopened": Telling(A.IMPROVEMENT, "Re-audit returned, so it is to be done again ({thing})"),
    "improvement:reaudit-scheduled": Telling(
        A.IMPROVEMENT, lambda d: f"Re-audit planned for {_day(d.get('due_on'))} ({{thing}})", person="auditor"
    ),
    "improvement:reaudit-unscheduled": Telling(A.IMPROVEMENT, "Re-audit is to be planned again ({thing})"),
    "improvement:stage-settled": Telling(A.IMPROVEMENT, _settled),
    "improvement:started": Telling(A.IMPROVEMENT, "{thing} began", follows=True),
    "moderation:accepted": Telling(A.AUDIT, "The moderated grade stands", follows=True),
    "moderation:acknowledged": Telling(A.AUDIT, "The auditor read the moderator's feedback"),
    "moderation:cancelled": Telling(A.MODERATION, "No longer to be moderated"),
    "moderation:decided": Telling(A.AUDIT, "The moderation panel decided the grade"),
    "moderation:disputed": Telling(A.AUDIT, "The moderated grade was disputed"),
    "moderation:given": Telling(A.MODERATION, "Given to a moderator", person="after", follows=True),
    "moderation:grades-locked": Telling(A.MODERATION, "The moderator fixed their own grades"),
    "moderation:held": Telling(A.MODERATION, "Moderation put on hold until it comes back"),
    "moderation:resumed": Telling(A.MODERATION, "Moderation taken up again", follows=True),
    "moderation:selected": Telling(
        A.MODERATION, lambda d: "Chosen for moderation" if d.get("selected") else "Not to be moderated", follows=True
    ),
    "moderation:started": Telling(A.MODERATION, "The moderator began"),
    "exemption:approved": Telling(A.EXEMPTION, "The auditor is exempt for this month"),
    "exemption:asked": Telling(A.EXEMPTION, "The auditor asked for an exemption"),
    "exemption:declined": Telling(A.EXEMPTION, "The exemption was not forwarded"),
    "exemption:forwarded": Telling(A.EXEMPTION, "The exemption was forwarded to the Director"),
    "exemption:refused": Telling(A.EXEMPTION, "The exemption was refused"),
    "exemption:withdrawn": Telling(A.EXEMPTION, "The auditor took the exemption request back"),
    "action:chased": Telling(A.ACTION, "{thing} overdue: its owner was reminded"),
    "action:linked": Telling(A.ACTION, "Linked to {thing}, which was open already"),
    "action:done": Telling(A.ACTION, "{thing} reported as done"),
    "action:escalated": Telling(A.ACTION, "{thing} overdue: the Head of Service was told"),
    "action:not-done": Telling(A.ACTION, "{thing} reported as not done"),
    "action:noted": Telling(A.ACTION, "Note on {thing}"),
    "action:opened": Telling(A.ACTION, lambda d: "{thing} raised, due " + _day(d.get("due_on"))),
    "action:raised": Telling(A.ACTION, "{thing} raised"),
    "action:reassigned": Telling(A.ACTION, "{thing} given to another owner", person="owner"),
    "action:reopened": Telling(A.ACTION, lambda d: "{thing} opened again, due " + _day(d.get("due_on"))),
    "action:revised": Telling(A.ACTION, _revised),
    "action:verified": Telling(A.ACTION, _verified),
}
"""Event -> how it is told. What stands nowhere here is not told: who looked, drafts, mails, exports."""

OF_THE_AUDIT = frozenset({A.AUDIT, A.NOTICE, A.MODERATION})
"""What the trail writes with the audit itself as the subject."""

SAVES = {
    "audit:section-saved": "section",
    "audit:conversations-saved": "the conversations",
    "audit:overall-saved": "the overall grade",
}
"""Saves, which are told once a day and person."""
