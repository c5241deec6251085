"""What the pages about cases say."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from qa_app.cases.models import CASE_TYPE_LABELS, Case, CaseType
from qa_app.cases.queries import SORTS, CaseRow, Moment
from qa_app.core.format import long_day, short_day
from qa_app.core.lists import Choice, Column, Search
from qa_app.people.models import Service, Team


def kind_of_case(case_type: str) -> str:
    """A kind of case in words."""
    return CASE_TYPE_LABELS[CaseType(case_type)]


def tag(text: str, colour: str) -> Markup:
    """A status as a tag with words."""
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, text)


def marks(row: CaseRow | Case) -> Markup:
    """What is to be known about a case besides its facts."""
    found = []
    if row.closed_on:
        found.append(tag(f"Closed {short_day(row.closed_on)}", "grey"))
    if row.restricted:
        found.append(tag("Restricted", "red"))
    if row.being_audited:
        found.append(tag("Being audited", "blue"))
    return Markup(" ").join(found)


def case_columns() -> tuple[Column[CaseRow], ...]:
    """The case list."""
    return (
        Column("reference", "Reference", _case_link, SORTS["reference"], header=True, value=lambda row: row.reference),
        Column("kind", "Case type", lambda row: kind_of_case(row.case_type), SORTS["kind"]),
        Column("team", "Team", lambda row: row.team, SORTS["team"]),
        Column("worker", "Caseworker", lambda row: row.worker or "None", SORTS["worker"]),
        Column("opened", "Opened", lambda r: short_day(r.opened_on), SORTS["opened"], value=lambda r: r.opened_on),
        Column(
            "audited",
            "Last audited",
            lambda r: short_day(r.last_audited_on) or "Never",
            SORTS["audited"],
            value=lambda r: r.last_audited_on,
        ),
        Column("marks", "State", marks),
    )


def case_export_columns() -> tuple[Column[CaseRow], ...]:
    """The case list as a spreadsheet."""
    shown = case_columns()
    return (
        *shown[:2],
        Column("service", "Service", lambda row: row.service),
        *shown[2:6],
        Column("closed", "Closed", lambda row: row.closed_on),
        Column("restricted", "Restricted", lambda row: row.restricted),
        Column("being", "Being audited", lambda row: row.being_audited),
    )


def _case_link(row: CaseRow) -> Markup:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(url_for("cases.case", case_id=row.id), row.reference)


def case_filters(services: Sequence[Service], teams: Sequence[Team]) -> tuple[Any, ...]:
    """What the case list can be narrowed by."""
    return (
        Search("q", "Reference or caseworker"),
        Choice("kind", "Case type", [(kind.value, CASE_TYPE_LABELS[kind]) for kind in CaseType]),
        Choice("service", "Service", [(str(service.id), service.name) for service in services]),
        Choice("team", "Team", [(str(team.id), team.name) for team in teams]),
        Choice(
            "state",
            "State",
            [("open", "Open"), ("closed", "Closed"), ("restricted", "Restricted"), ("audited", "Being audited")],
        ),
    )


def case_facts(case: Case) -> list[tuple[str, Any]]:
    """A case in one strip."""
    return [
        ("Reference", case.reference),
        ("Case type", kind_of_case(case.case_type)),
        ("Team", case.team.name),
        ("Service", case.team.service.name),
        ("Caseworker", case.caseworker.name if case.caseworker else "None"),
        ("Opened", long_day(case.opened_on) or "Not known"),
        ("Last audited", long_day(case.last_audited_on) or "Never"),
    ]


def restriction_history(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """When a case was restricted and when not, for a timeline."""
    words = {"restricted": "Marked as restricted", "not restricted": "No longer restricted"}
    return [{"title": words[m.to_state], "at": m.at, "by": m.by or "the system", "text": m.reason} for m in moments]
