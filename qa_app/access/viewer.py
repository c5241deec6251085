"""Who is asking: a value that every query and check takes. It knows ids, and no person table."""

from dataclasses import dataclass, replace

from qa_app.access.permissions import PERMISSIONS, Permission, Reach
from qa_app.access.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held now, where it reaches, and (for a deputy) in whose place."""

    role: Role
    service_id: int | None = None
    team_id: int | None = None
    on_behalf_of: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a permission covers: everything, or some services and teams, or only what is the viewer's own."""

    everything: bool = False
    service_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    own_of: int | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is covered."""
        return not (self.everything or self.service_ids or self.team_ids or self.own_of)

    def covers(self, *, service_id: int | None, team_id: int | None, person_id: int | None = None) -> bool:
        """Whether a thing of this service and team, belonging to this person, is inside."""
        return (
            self.everything
            or (service_id is not None and service_id in self.service_ids)
            or (team_id is not None and team_id in self.team_ids)
            or (self.own_of is not None and person_id == self.own_of)
        )


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, or the system itself (`person_id` None)."""

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    team_id: int | None = None
    on_behalf_of: int | None = None
    is_system: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now, as oneself or as a deputy."""
        return frozenset(g.role for g in self.grants)

    def can(self, permission: Permission) -> bool:
        """Whether any role carries the permission, however far."""
        return self.is_system or any(g.role in PERMISSIONS[permission] for g in self.grants)

    def reaches(self, permission: Permission, least: Reach) -> bool:
        """Whether some role carries the permission at least so far."""
        found = [PERMISSIONS[permission].get(grant.role) for grant in self.grants]
        return self.is_system or any(reach is not None and reach >= least for reach in found)

    def scope(self, permission: Permission) -> Scope:
        """How far the permission reaches for this viewer, all roles taken together."""
        if self.is_system:
            return Scope(everything=True)
        services: set[int] = set()
        teams: set[int] = set()
        everything = own = False
        for grant in self.grants:
            reach = PERMISSIONS[permission].get(grant.role)
            everything |= reach is Reach.ALL
            own |= reach is not None
            if reach is Reach.SERVICE and grant.service_id:
                services.add(grant.service_id)
            if reach is Reach.TEAM and (grant.team_id or self.team_id):
                teams.add(grant.team_id or self.team_id or 0)
        return Scope(everything, frozenset(services), frozenset(teams), self.person_id if own else None)

    def entitled(self, permission: Permission, *, service_id: int | None, team_id: int | None = None) -> "Viewer":
        """The same viewer, acting on the behalf of whoever's role lets them do this here: nobody's where it is theirs.

        Where no role does, the viewer unchanged: whether they may at all is another question.
        """
        if self.is_system:
            return self
        able = [
            grant.on_behalf_of
            for grant in self.grants
            if replace(self, grants=(grant,)).scope(permission).covers(service_id=service_id, team_id=team_id)
        ]
        return self if None in able or not able else self.acting_for(able[0])

    def acting_for(self, person_id: int | None) -> "Viewer":
        """The same viewer, with the record saying on whose behalf."""
        return replace(self, on_behalf_of=person_id)


def system(name: str = "The system") -> Viewer:
    """The named system actor that jobs act as."""
    return Viewer(person_id=None, name=name, is_system=True)
