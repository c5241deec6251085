"""Lines and cards of lists of audits."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from qa_app.audits.content import grade_label, read_scale
from qa_app.audits.models import Audit, Declaration, DeclarationKind
from qa_app.audits.presenters.words import (
    case_type_label,
    done_in_words,
    due_in_words,
    path_of,
    state_tag,
)
from qa_app.audits.queries import PastAudit
from qa_app.audits.states import AuditState
from qa_app.core.format import long_day, month_name, short_day
from qa_app.core.lists import Column

_KINDS = {DeclarationKind.CONFLICT: "Conflict of interest", DeclarationKind.UNSUITABLE: "Unsuitable case"}


@dataclass(frozen=True, slots=True)
class Card:
    """One audit that is to be done."""

    reference: str
    month: str
    path: str
    facts: list[tuple[str, str]]
    due_on: date
    days: str
    is_late: bool
    progress: str
    done: int
    total: int
    button: str
    state: str
    colour: str
    may_slip: bool
    exemption_path: str


def card(audit: Audit, today: date) -> Card:
    """What the auditor needs to know of an audit before going on with it."""
    state, colour = state_tag(audit)
    returned = audit.first_submitted_at is not None
    return Card(
        reference=audit.reference,
        month=month_name(audit.round.month),
        path=path_of(audit),
        facts=[
            ("Case", audit.case_reference),
            ("Case type", case_type_label(audit.case_type)),
            ("Team", audit.team.name),
            ("Worker", audit.caseworker.name if audit.caseworker else "None recorded"),
        ],
        due_on=audit.due_on,
        days=due_in_words(audit, today),
        is_late=audit.due_on < today and not returned,
        progress=done_in_words(audit),
        done=audit.sections_done,
        total=audit.sections_total,
        button="Start" if audit.state == AuditState.ALLOCATED else "Continue",
        state="Returned to you" if returned else state,
        colour="orange" if returned else colour,
        may_slip=not returned,
        exemption_path=f"/exemptions/ask?month={audit.round.month:%Y-%m}",
    )


def _link(audit: PastAudit) -> Markup:
    html = f'<a class="govuk-link" href="{path_of(audit)}">{escape(audit.reference)}</a>'
    return Markup(html)  # noqa: S704 - every value is escaped or ours


def _state(audit: PastAudit) -> Markup:
    words, colour = state_tag(audit)
    late = ' <strong class="govuk-tag govuk-tag--orange">Late</strong>' if audit.is_late else ""
    html = f'<strong class="govuk-tag govuk-tag--{colour}">{words}</strong>{late}'
    return Markup(html)  # noqa: S704 - every value is a constant


def _grade(audit: PastAudit) -> str:
    return "" if audit.submitted_at is None else grade_label(audit.overall_grade, read_scale(audit.scale))


def _final(audit: PastAudit) -> str:
    return grade_label(audit.final_grade, read_scale(audit.scale)) if audit.final_grade else ""


def _feedback(audit: PastAudit) -> Markup | str:
    if audit.moderated_at is None:
        return ""
    hidden = f'<span class="govuk-visually-hidden"> on {escape(audit.reference)}</span>'
    html = f'<a class="govuk-link" href="{path_of(audit)}/feedback">Feedback{hidden}</a>'
    return Markup(html)  # noqa: S704 - every value is escaped or ours


PAST_COLUMNS: tuple[Column[PastAudit], ...] = (
    Column("reference", "Audit", _link, header=True),
    Column("month", "Month", lambda audit: month_name(audit.month)),
    Column("case", "Case", lambda audit: audit.case_reference),
    Column("team", "Team", lambda audit: audit.team),
    Column("submitted", "Submitted", lambda audit: short_day(audit.submitted_at)),
    Column("grade", "Overall grade", _grade),
    Column("final", "Final grade", _final),
    Column("feedback", "Feedback", _feedback),
    Column("state", "State", _state),
)
"""An auditor's past audits, newest first."""


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """One declaration, for the QA team."""

    id: int
    reference: str
    path: str
    kind: str
    reason: str
    by: str
    made_on: str
    team: str
    due_on: date
    state: str


def declaration_row(declaration: Declaration) -> DeclarationRow:
    """What the QA team needs to know to answer."""
    audit = declaration.audit
    return DeclarationRow(
        id=declaration.id,
        reference=audit.reference,
        path=path_of(audit),
        kind=_KINDS[DeclarationKind(declaration.kind)],
        reason=declaration.reason,
        by=audit.auditor.name if audit.auditor else "",
        made_on=long_day(declaration.made_at),
        team=audit.team.name,
        due_on=audit.due_on,
        state=f"{state_tag(audit)[0]}, {done_in_words(audit)}",
    )
