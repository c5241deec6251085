"""How the trail's pages find and name what entries are about: with `reactions.py`, the only file that joins areas."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from qa_app.actions.models import Action
from qa_app.actions.rules import id_of, reference_of
from qa_app.audits.models import Audit
from qa_app.calibration.models import CalibrationSet
from qa_app.cases.models import Case, CaseImport
from qa_app.core.database import db
from qa_app.exemptions.models import ExemptionRequest
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries import id_in
from qa_app.outbox.models import Mail
from qa_app.people.models import Person, Service, Team
from qa_app.recommendations.models import Report
from qa_app.rounds.models import Round
from qa_app.trail.subjects import PERSON, SubjectKind

MOST = 200
"""Things that one search may mean; nobody reads on beyond that."""


def _find(model: Any, where: Callable[[str], ColumnElement[bool]]) -> Callable[[str], list[int]]:
    return lambda text: list(db.session.scalars(select(model.id).where(where(text)).order_by(model.id).limit(MOST)))


def _names(model: Any, column: Any) -> Callable[[Collection[int]], dict[int, str]]:
    def names(ids: Collection[int]) -> dict[int, str]:
        return {key: name for key, name in db.session.execute(select(model.id, column).where(model.id.in_(ids)))}

    return names


def _kind(label: str, model: Any, address: str = "") -> SubjectKind:
    """Found by a part of its name, or by exactly its reference where it has one."""
    by_reference = hasattr(model, "reference")
    column = model.reference if by_reference else model.filename if hasattr(model, "filename") else model.name
    where: Callable[[str], ColumnElement[bool]] = (
        (lambda text: column == text) if by_reference else (lambda text: column.icontains(text, autoescape=True))
    )
    return SubjectKind(
        label,
        _find(model, where),
        _names(model, column),
        lambda key, name: address.format(key=key, name=name) or None,
    )


def _exemptions(text: str) -> list[int]:
    asked_by = select(ExemptionRequest.id).join(ExemptionRequest.person)
    named = asked_by.where(Person.name.icontains(text, autoescape=True))
    return list(db.session.scalars(named.order_by(ExemptionRequest.id).limit(MOST)))


def _who_asked(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(ExemptionRequest.id, Person.name).join(ExemptionRequest.person).where(ExemptionRequest.id.in_(ids))
    )
    return {key: name for key, name in rows}


def _improvements(text: str) -> list[int]:
    known = id_in(text.strip().upper())
    return list(db.session.scalars(select(ImprovementProcess.id).where(ImprovementProcess.id == known)))


def _mails(text: str) -> list[int]:
    found = select(Mail.id).where(Mail.subject.icontains(text, autoescape=True))
    return list(db.session.scalars(found.order_by(Mail.id).limit(MOST)))


def _mail_subjects(ids: Collection[int]) -> dict[int, str]:
    return {key: name for key, name in db.session.execute(select(Mail.id, Mail.subject).where(Mail.id.in_(ids)))}


def _actions(text: str) -> list[int]:
    found = id_of(text)
    return list(db.session.scalars(select(Action.id).where(Action.id == found))) if found else []


def _action_names(ids: Collection[int]) -> dict[int, str]:
    return {key: reference_of(key) for key in db.session.scalars(select(Action.id).where(Action.id.in_(ids)))}


def _reports(text: str) -> list[int]:
    """Found by a part of the title, or by exactly the reference."""
    number = text.removeprefix("R-")
    by_reference = Report.id == int(number) if number != text and number.isdigit() and len(number) < 10 else false()
    found = select(Report.id).where(or_(by_reference, Report.title.icontains(text, autoescape=True)))
    return list(db.session.scalars(found.order_by(Report.id).limit(MOST)))


def _report_titles(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(select(Report.id, Report.title).where(Report.id.in_(ids)))
    return {key: f"R-{key:04d}, {title}" for key, title in rows}


SUBJECTS = {
    PERSON: _kind("Person", Person, "/people/{key}"),
    "action": SubjectKind("Action", _actions, _action_names, lambda _key, name: f"/actions/{name}"),
    "audit": _kind("Audit", Audit, "/audits/{name}"),
    "calibration": _kind("Calibration set", CalibrationSet, "/calibration/{key}"),
    "case": _kind("Case", Case, "/cases/{key}"),
    "case import": _kind("Case list import", CaseImport, "/cases/imports/{key}"),
    "exemption": SubjectKind("Exemption request", _exemptions, _who_asked, lambda key, _name: f"/exemptions/{key}"),
    "improvement": SubjectKind(
        "Improvement process",
        _improvements,
        lambda ids: {key: f"IP-{key:04d}" for key in ids},
        lambda _key, name: f"/improvement/{name}",
    ),
    "inspection pack": SubjectKind(
        "Inspection pack",
        lambda text: [int(text)] if text.isascii() and text.isdigit() and len(text) < 10 else [],
        lambda ids: {key: f"Pack {key}" for key in ids},
        lambda _key, _name: "/inspection",
    ),
    "mail": SubjectKind("Mail", _mails, _mail_subjects, lambda key, _name: f"/mail/{key}"),
    "recommendation report": SubjectKind(
        "Report", _reports, _report_titles, lambda key, _name: f"/recommendations/R-{key:04d}"
    ),
    "round": _kind("Round", Round, "/rounds/{name}"),
    "service": _kind("Service", Service),
    "team": _kind("Team", Team),
}
