"""One slippage notice whole, and the page on which an auditor raises it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.audits.models import Audit
from qa_app.audits.presenters import Happening, done_in_words, due_in_words, path_of
from qa_app.audits.presenters import state_tag as audit_tag
from qa_app.audits.states import OPEN_STATES as OPEN_AUDITS
from qa_app.core.format import day, long_day, month_name, plural
from qa_app.people.models import Person
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.presenters.words import outcome_words, state_tag
from qa_app.slippage.queries import History, Taker
from qa_app.slippage.states import OPEN_STATES, SlippageState, Source


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice with its audit, its auditor and what was done about it."""

    id: int
    version: int
    title: str
    state: str
    colour: str
    is_open: bool
    audit_reference: str
    audit_path: str
    swap_path: str
    facts: list[tuple[str, str]]
    signs: Sequence[str]
    reason: str
    could_be_done_on: str
    would_help: str
    head_note: str
    outcome_note: str
    outcome: str
    answered: bool
    history: list[tuple[str, str]]
    steps: list[Happening]
    auditor: str


def notice_page(notice: SlippageNotice, history: History, today: date, *, reads_audit: bool) -> NoticePage:
    """Everything about one notice. The case is named only to those who may read the audit."""
    audit = notice.audit
    state, colour = state_tag(notice.state, notice.outcome)
    return NoticePage(
        id=notice.id,
        version=notice.version,
        title=f"{notice.person.name}: {month_name(audit.round.month)} audit may be late",
        state=state,
        colour=colour,
        is_open=notice.state in OPEN_STATES,
        audit_reference=audit.reference,
        audit_path=path_of(audit) if reads_audit else "",
        swap_path=f"/rounds/{audit.round.reference}/allocation/{audit.number}",
        facts=_facts(notice, today, reads_audit=reads_audit),
        signs=notice.signs or (),
        reason=notice.reason,
        could_be_done_on=long_day(notice.could_be_done_on),
        would_help=notice.would_help,
        head_note=notice.head_note,
        outcome_note=notice.outcome_note,
        outcome=outcome_words(notice.outcome),
        answered=notice.state == SlippageState.RESOLVED,
        history=_history(history),
        steps=_steps(notice),
        auditor=notice.person.name,
    )


def _facts(notice: SlippageNotice, today: date, *, reads_audit: bool) -> list[tuple[str, str]]:
    audit = notice.audit
    state, _ = audit_tag(audit)
    if audit.state in OPEN_AUDITS:
        state = f"{state}, {done_in_words(audit)}"
    due = f"{day(audit.due_on)}, {due_in_words(audit, today)}" if audit.state in OPEN_AUDITS else day(audit.due_on)
    team = notice.person.team.name if notice.person.team else "None"
    now_with = audit.auditor.name if audit.auditor and audit.auditor_id != notice.person_id else ""
    return [
        ("Audit", audit.reference),
        *([("Case", audit.case_reference)] if reads_audit else []),
        ("Due", due),
        ("Audit's state", state),
        *([("Auditor now", now_with)] if now_with else []),
        ("Their team", team),
        ("Service", notice.service.name if notice.service else "None"),
    ]


def _history(history: History) -> list[tuple[str, str]]:
    return [
        ("Audits due", str(history.due)),
        ("In time", str(history.in_time)),
        ("Late", str(history.late)),
        ("Not done", str(history.not_done)),
        ("Earlier slippage notices", str(history.earlier_notices)),
    ]


def _steps(notice: SlippageNotice) -> list[Happening]:
    """What happened when, oldest first."""
    by_system = notice.source == Source.SYSTEM
    title = "Foreseen by the system" if by_system else "Raised by the auditor"
    steps = [Happening(title, notice.raised_at, "" if by_system else notice.person.name, "")]
    if notice.acknowledged_at:
        who = _acting(notice.acknowledged_by, notice.acknowledged_for)
        steps.append(Happening("Acknowledged", notice.acknowledged_at, who, ""))
    if notice.forwarded_at:
        who = _acting(notice.forwarded_by, notice.forwarded_for)
        why = "" if who else "No Head of Service to hear of it, so it went straight to the QA team."
        steps.append(Happening("Forwarded to the QA team", notice.forwarded_at, who, why))
    if notice.resolved_at:
        by = notice.resolved_by.name if notice.resolved_by else ""
        steps.append(Happening(f"Resolved: {outcome_words(notice.outcome).lower()}", notice.resolved_at, by, ""))
    return steps


def _acting(person: Person | None, on_behalf_of: Person | None) -> str:
    name = person.name if person else ""
    return f"{name}, on behalf of {on_behalf_of.name}" if on_behalf_of else name


def taker_words(takers: Sequence[Taker]) -> list[tuple[int, str]]:
    """Who could take the audit over, with what speaks against it."""
    return [(one.person_id, f"{one.name}: {one.against or 'nothing against it'}") for one in takers]


@dataclass(frozen=True, slots=True)
class RaisePage:
    """The audit that may not be finished in time, and what is known of it already."""

    reference: str
    path: str
    month: str
    due: str
    goes_to: str
    open_notice: int | None
    said: str
    said_on: str
    signs: Sequence[str]
    state: str
    colour: str


def raise_page(audit: Audit, notice: SlippageNotice | None, goes_to: str, today: date) -> RaisePage:
    """What the auditor reads before saying why."""
    state, colour = state_tag(notice.state, notice.outcome) if notice else ("", "")
    return RaisePage(
        reference=audit.reference,
        path=path_of(audit),
        month=f"{audit.round.month:%Y-%m}",
        due=f"{day(audit.due_on)}, {due_in_words(audit, today)}",
        goes_to=goes_to,
        open_notice=notice.id if notice else None,
        said=notice.reason if notice else "",
        said_on=long_day(notice.raised_at) if notice else "",
        signs=(notice.signs or ()) if notice else (),
        state=state,
        colour=colour,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several audits that may slip."""

    text: str
    href: str
    hint: str


def choices(audits: Sequence[Audit], today: date) -> list[Choice]:
    """The audits to choose from."""
    return [
        Choice(
            f"Audit {audit.reference}, {audit.team.name}",
            f"{path_of(audit)}/slippage",
            f"Due {day(audit.due_on)}, {due_in_words(audit, today)}. {done_in_words(audit)}",
        )
        for audit in audits
    ]


def said_by(count: int) -> str:
    """`Which of your 3 audits may be late?`."""
    return f"Which of your {plural(count, 'audit')} may be late?"
