"""A small council for tests: two services of two teams, and a person for every role.

Whoever has an auditor's row holds the role Auditor too, beside their own, as the product would have it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qa_app.access.roles import Role
from qa_app.people.models import Auditor, Person, RoleGrant, Service, Team, TrainingStatus
from qa_app.signin.models import Account


@dataclass
class Council:
    """What `council` made. Every person but the caseworkers has an account."""

    service_a: Service
    service_b: Service
    team_a1: Team
    team_a2: Team
    team_b1: Team
    team_b2: Team
    auditor: Person
    auditor_b: Person
    moderator: Person
    lead_auditor: Person
    team_manager: Person
    team_manager_a2: Person
    team_manager_b1: Person
    team_manager_b2: Person
    service_manager: Person
    service_manager_b: Person
    head_of_service: Person
    head_of_service_b: Person
    practice_lead: Person
    qa: Person
    director: Person
    executive: Person
    scrutiny: Person
    administrator: Person
    caseworker: Person
    caseworker_b: Person

    @property
    def everyone(self) -> list[Person]:
        """All people, in the order of the fields."""
        return [value for value in vars(self).values() if isinstance(value, Person)]


# Field of Council: (name, job title, team's field, role, what the role is limited to, is an auditor)
_PEOPLE: dict[str, tuple[str, str, str | None, Role | None, str | None, bool]] = {
    "auditor": ("Asha Okafor", "Advanced practitioner", "team_a1", Role.AUDITOR, None, True),
    "auditor_b": ("Bryn Pritchard", "Advanced practitioner", "team_b1", Role.AUDITOR, None, True),
    "moderator": ("Carys Whitlock", "Principal social worker", "team_a2", Role.MODERATOR, None, True),
    "lead_auditor": ("Dele Marchetti", "Lead auditor", "team_a2", Role.LEAD_AUDITOR, "service_a", True),
    "team_manager": ("Eleri Sandhu", "Team manager", "team_a1", Role.TEAM_MANAGER, "team_a1", True),
    "team_manager_a2": ("Fergus Adeyemi", "Team manager", "team_a2", Role.TEAM_MANAGER, "team_a2", True),
    "team_manager_b1": ("Gwen Castellan", "Team manager", "team_b1", Role.TEAM_MANAGER, "team_b1", True),
    "team_manager_b2": ("Harun Lockhart", "Team manager", "team_b2", Role.TEAM_MANAGER, "team_b2", True),
    "service_manager": ("Imani Thorne", "Service manager", None, Role.SERVICE_MANAGER, "service_a", True),
    "service_manager_b": ("Joss Whelan", "Service manager", None, Role.SERVICE_MANAGER, "service_b", True),
    "head_of_service": ("Kavita Rowntree", "Head of Service", None, Role.HEAD_OF_SERVICE, "service_a", False),
    "head_of_service_b": ("Lorcan Baptiste", "Head of Service", None, Role.HEAD_OF_SERVICE, "service_b", False),
    "practice_lead": ("Morag Dunstan", "Practice Lead", None, Role.PRACTICE_LEAD, None, False),
    "qa": ("Nia Fairclough", "Quality assurance officer", None, Role.QA_TEAM, None, False),
    "director": ("Oren Hathersage", "Director of Children's Safeguarding", None, Role.DIRECTOR, None, False),
    "executive": ("Priya Langstone", "Director of Children's Services", None, Role.EXECUTIVE, None, False),
    "scrutiny": ("Quentin Amadi", "Committee member", None, Role.SCRUTINY, None, False),
    "administrator": ("Rhian Stoddart", "Systems officer", None, Role.ADMINISTRATOR, None, False),
    "caseworker": ("Sol Venables", "Social worker", "team_a1", None, None, False),
    "caseworker_b": ("Tamsin Oyelaran", "Social worker", "team_b1", None, None, False),
}
_WITHOUT_ACCOUNT = frozenset({"caseworker", "caseworker_b"})


def email_of(name: str) -> str:
    """The invented work email of a person."""
    return name.lower().replace(" ", ".").replace("'", "") + "@council.example"


def person(
    database: Any,
    now: datetime,
    name: str,
    *,
    role: Role | None = None,
    team: Team | None = None,
    service: Service | None = None,
    auditor: bool = False,
    account: bool = True,
    job_title: str = "Team manager",
) -> Person:
    """One more person; `service` limits the role where it needs one, `team` is where they work (and the limit)."""
    made = Person(
        name=name, email=email_of(name), job_title=job_title, team_id=team and team.id, starts_on=date(2020, 4, 1)
    )
    database.add(made)
    database.flush()
    limit = team.id if team and role is Role.TEAM_MANAGER else None
    database.add_all(_standing(made.id, now, role, service and service.id, limit, auditor=auditor, account=account))
    database.flush()
    return made


def _standing(
    person_id: int,
    now: datetime,
    role: Role | None,
    service_id: int | None,
    team_id: int | None,
    *,
    auditor: bool,
    account: bool,
) -> Iterator[RoleGrant | Auditor | Account]:
    """The rows beside a person's own: their role and its limit, that they are an auditor, that they can sign in."""
    if role:
        yield RoleGrant(person_id=person_id, role=role, service_id=service_id, team_id=team_id, granted_at=now)
    if auditor:
        yield trained_auditor(person_id, now, is_moderator=role is Role.MODERATOR)
        if role is not Role.AUDITOR:
            yield RoleGrant(person_id=person_id, role=Role.AUDITOR, granted_at=now)
    if account:
        yield Account(person_id=person_id, password_hash=None)


def trained_auditor(person_id: int, now: datetime, *, is_moderator: bool = False) -> Auditor:
    """A trained auditor's row, with the council's own expectation."""
    return Auditor(
        person_id=person_id,
        training_status=TrainingStatus.TRAINED,
        trained_on=(now - timedelta(days=400)).date(),
        expectation=None,
        is_moderator=is_moderator,
    )


def council(database: Any, now: datetime) -> Council:
    """Insert the council and return it. Nothing is committed."""
    things: dict[str, Any] = {
        "service_a": Service(name="Safeguarding and Support"),
        "service_b": Service(name="Children in Care"),
    }
    database.add_all(things.values())
    database.flush()
    teams = {
        "team_a1": ("North Safeguarding", "service_a"),
        "team_a2": ("South Safeguarding", "service_a"),
        "team_b1": ("Looked After East", "service_b"),
        "team_b2": ("Looked After West", "service_b"),
    }
    things |= {key: Team(name=name, service_id=things[of].id) for key, (name, of) in teams.items()}
    database.add_all(things[key] for key in teams)
    database.flush()
    # All at once: nearly every test makes a council, and a flush a person was half of what that cost.
    for field, (name, title, team, _role, _limit, _auditor) in _PEOPLE.items():
        things[field] = Person(
            name=name, email=email_of(name), job_title=title, team_id=things[team].id if team else None,
            starts_on=date(2020, 4, 1),
        )  # fmt: skip
    database.add_all(things[field] for field in _PEOPLE)
    database.flush()
    for field, (_name, _title, team, role, limit, auditor) in _PEOPLE.items():
        in_service = things[limit].id if limit and limit.startswith("service") else None
        in_team = things[team].id if team and role is Role.TEAM_MANAGER else None
        account = field not in _WITHOUT_ACCOUNT
        database.add_all(_standing(things[field].id, now, role, in_service, in_team, auditor=auditor, account=account))
    _managers(things)
    database.flush()
    return Council(**things)


def _managers(things: dict[str, Any]) -> None:
    """Team managers answer to their service's manager, who answers to the Head of Service."""
    for key, manager, above in (
        ("team_a1", "team_manager", "service_manager"),
        ("team_a2", "team_manager_a2", "service_manager"),
        ("team_b1", "team_manager_b1", "service_manager_b"),
        ("team_b2", "team_manager_b2", "service_manager_b"),
    ):
        things[key].manager_id = things[manager].id
        things[key].service_manager_id = things[above].id
        things[manager].line_manager_id = things[above].id
    things["service_manager"].line_manager_id = things["head_of_service"].id
    things["service_manager_b"].line_manager_id = things["head_of_service_b"].id
    for key, manager in (("auditor", "team_manager"), ("auditor_b", "team_manager_b1"), ("moderator", "team_manager_a2"),
                         ("lead_auditor", "service_manager"), ("caseworker", "team_manager"),
                         ("caseworker_b", "team_manager_b1")):  # fmt: skip
        things[key].line_manager_id = things[manager].id
