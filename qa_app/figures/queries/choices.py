"""What figures can be narrowed by (pages of figures and of the dashboard)."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import RANDOM_SAMPLE
from qa_app.people.models import Service, Team
from qa_app.rounds.models import AuditType, Round
from qa_app.tools.models import Domain


class Choices(NamedTuple):
    """Pairs of value and words: services and teams inside the viewer's scope, by name; months, the newest first."""

    months: Sequence[date]
    audit_types: Sequence[tuple[str, str]]
    services: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, str]] = ()
    newest: Mapping[str, date] = MappingProxyType({})
    """The newest month of each audit type that has any: a re-audit may be issued in a later one than the sample."""


_RANDOM_SAMPLE_FIRST = case((AuditType.key == RANDOM_SAMPLE, 0), else_=1)
_TYPES_AND_MONTHS = (
    select(AuditType.key, AuditType.name, Round.month)
    .outerjoin(Round, and_(Round.audit_type_id == AuditType.id, Round.issued_at.is_not(None)))
    .group_by(AuditType.key, AuditType.name, Round.month)
    .order_by(_RANDOM_SAMPLE_FIRST, AuditType.name)
)
"""Together, since every page of figures needs both: each type with the months of its issued rounds."""
_PLACES = (
    select(Service.id, Service.name, Team.id, Team.name)
    .outerjoin(Team, Team.service_id == Service.id)
    .order_by(Service.name, Team.name)
)
_SECTIONS = (
    select(Domain.key, func.max(Domain.title)).group_by(Domain.key).order_by(func.max(Domain.position), Domain.key)
)


def choices(viewer: Viewer, *, sections: bool = False) -> Choices:
    """What the viewer can narrow figures by."""
    scope = viewer.scope(Permission.FIGURES_READ)
    services: dict[str, str] = {}
    teams: dict[str, str] = {}
    for service_id, service, team_id, team in plain_rows(_PLACES):
        if team_id is not None and scope.covers(service_id=service_id, team_id=team_id):
            services[str(service_id)], teams[str(team_id)] = service, team
    types: dict[str, str] = {}
    months: dict[date, None] = {}
    newest: dict[str, date] = {}
    for key, name, month in plain_rows(_TYPES_AND_MONTHS):
        types[key] = name
        if month is not None:
            months[month] = None
            newest[key] = max(month, newest.get(key, month))
    return Choices(
        sorted(months, reverse=True),
        list(types.items()),
        list(services.items()),
        list(teams.items()),
        [(key, title) for key, title in plain_rows(_SECTIONS)] if sections else (),
        newest,
    )


def service_names() -> dict[int, str]:
    """The name of each service by its id, in the order of the names."""
    return {key: name for key, name in plain_rows(select(Service.id, Service.name).order_by(Service.name))}


def team_names() -> dict[int, tuple[str, int]]:
    """The name and the service of each team by its id, in the order of the names."""
    rows = plain_rows(select(Team.id, Team.name, Team.service_id).order_by(Team.name))
    return {team_id: (name, service_id) for team_id, name, service_id in rows}
