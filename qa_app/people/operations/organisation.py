"""Services and teams."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.people.models import Person, Service, Team
from qa_app.people.operations.changes import differences, name_of_person, name_of_service
from qa_app.people.operations.roles import find_grant, remove_grant, write_grant
from qa_app.people.permissions import check_can_manage_people
from qa_app.trail import operations as trail


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """What is known of a team. `ends_on` is the day from which it is closed."""

    name: str
    service_id: int
    manager_id: int | None = None
    service_manager_id: int | None = None
    ends_on: date | None = None


def add_service(name: str, viewer: Viewer, now: datetime) -> Service:
    """Add a service. Raises NotAllowed, or BadInput (no name, or one that is taken)."""
    check_can_manage_people(viewer)
    service = Service(name=_free_name(Service, name, None, "service"))
    db.session.add(service)
    db.session.flush()
    trail.append("service:added", viewer, now, ("service", service.id), changes=differences({}, {"Name": service.name}))
    return service


def change_service(service: Service, name: str, ends_on: date | None, viewer: Viewer, now: datetime) -> None:
    """Rename, close or re-open a service. Raises NotAllowed, or BadInput (name taken; teams that are still open)."""
    check_can_manage_people(viewer)
    if ends_on is not None:
        _check_no_open_team(service, ends_on)
    before = {"Name": service.name, "Closed from": service.ends_on}
    service.name = _free_name(Service, name, service.id, "service")
    service.ends_on = ends_on
    db.session.flush()
    if changes := differences(before, {"Name": service.name, "Closed from": ends_on}):
        trail.append("service:changed", viewer, now, ("service", service.id), changes=changes)


def add_team(details: TeamDetails, viewer: Viewer, now: datetime) -> Team:
    """Add a team; its manager gets the role Team manager for it. Raises NotAllowed or BadInput."""
    check_can_manage_people(viewer)
    team = Team(name=_free_name(Team, details.name, None, "team"), service_id=details.service_id)
    db.session.add(team)
    db.session.flush()
    _write(team, details, viewer, now)
    trail.append("team:added", viewer, now, ("team", team.id), changes=differences({}, _in_words(team)))
    return team


def change_team(team: Team, details: TeamDetails, viewer: Viewer, now: datetime) -> None:
    """Change a team. A new manager gets the role Team manager for it, and the one before loses it.

    Raises NotAllowed, or BadInput.
    """
    check_can_manage_people(viewer)
    before = _in_words(team)
    team.name = _free_name(Team, details.name, team.id, "team")
    team.service_id = details.service_id
    _write(team, details, viewer, now)
    if changes := differences(before, _in_words(team)):
        trail.append("team:changed", viewer, now, ("team", team.id), changes=changes)


def _write(team: Team, details: TeamDetails, viewer: Viewer, now: datetime) -> None:
    former = team.manager_id
    team.manager_id = details.manager_id
    team.service_manager_id = details.service_manager_id
    team.ends_on = details.ends_on
    db.session.flush()
    if former == details.manager_id:
        return
    if former is not None and (grant := find_grant(former, Role.TEAM_MANAGER, None, team.id)):
        remove_grant(grant, viewer, now)
    if details.manager_id is not None and not find_grant(details.manager_id, Role.TEAM_MANAGER, None, team.id):
        manager = db.session.get_one(Person, details.manager_id)
        write_grant(manager, Role.TEAM_MANAGER, viewer, now, service_id=None, team_id=team.id)


def _free_name(model: type[Service] | type[Team], name: str, own_id: int | None, what: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadInput(f"Enter the {what}'s name", {"name": f"Enter the {what}'s name"})
    # Compared here and not by the database, whose lower() knows only English letters on SQLite.
    taken = db.session.execute(select(model.id, model.name)).all()
    if any(other != own_id and text.casefold() == name.casefold() for other, text in taken):
        message = f"Enter another name: there is a {what} called {name} already"
        raise BadInput(message, {"name": message})
    return name


def _check_no_open_team(service: Service, day: date) -> None:
    still_open = db.session.scalars(
        select(Team.name)
        .where(Team.service_id == service.id, or_(Team.ends_on.is_(None), Team.ends_on > day))
        .order_by(func.lower(Team.name))
    ).all()
    if still_open:
        message = f"Close or move its teams first: {', '.join(still_open)}"
        raise BadInput(message, {"ends_on": message})


def _in_words(team: Team) -> dict[str, object]:
    return {
        "Name": team.name,
        "Service": name_of_service(team.service_id),
        "Team manager": name_of_person(team.manager_id),
        "Service manager": name_of_person(team.service_manager_id),
        "Closed from": team.ends_on,
    }
