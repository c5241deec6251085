"""Tables of the feed about people and time: rounds, what they expect, people, roles, teams, services and removals.

A reader of one service sees its people: those of its teams, and those who hold a role in it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, select, true

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.feeds.models import FeedRemoval
from qa_app.feeds.queries.source import Source, covers_all, later, within
from qa_app.people.models import Person, RoleGrant, Service, Team
from qa_app.rounds.models import AuditType, Round, RoundAuditor


def _expectations(viewer: Viewer) -> Source:
    R = RoundAuditor  # noqa: N806
    return Source(
        R.id,
        later(R.updated_at, Round.updated_at),  # they are served from the round's issue on
        (R.round_id, R.person_id, R.team_id, R.service_id, R.expected, R.exempted),
        R.__table__.join(Round, Round.id == R.round_id),
        and_(Round.issued_at.is_not(None), within(viewer, R.service_id)),
    )


def _people_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Those of a team or with a role of the services covered."""
    if covers_all(viewer):
        return true()
    teams = select(Team.id).where(within(viewer, Team.service_id))
    holds = or_(within(viewer, RoleGrant.service_id), RoleGrant.team_id.in_(teams))
    return or_(Person.team_id.in_(teams), Person.id.in_(select(RoleGrant.person_id).where(holds)))


def _people(viewer: Viewer) -> Source:
    name = Person.name if viewer.can(Permission.PERSON_READ) else literal(None)
    here = within(viewer, Team.service_id)  # not so of somebody who holds a role here and works elsewhere
    return Source(
        Person.id,
        later(Person.updated_at, case((Team.id.is_(None), Person.updated_at), else_=Team.updated_at)),
        (name, case((here, Person.team_id)), case((here, Team.service_id)), Person.leaves_on),
        Person.__table__.outerjoin(Team, Team.id == Person.team_id),
        _people_seen(viewer),
    )


def _roles(viewer: Viewer) -> Source:
    G = RoleGrant  # noqa: N806
    everything = covers_all(viewer)
    return Source(
        G.id,
        later(G.updated_at, Person.updated_at),  # whoever moves into a service brings their roles
        (G.person_id, G.role, G.team_id, G.service_id, G.granted_at),
        G.__table__.join(Person, Person.id == G.person_id),
        true() if everything else and_(_people_seen(viewer), _of_services(viewer)),
    )


def _of_services(viewer: Viewer) -> ColumnElement[bool]:
    """Roles that are limited to nothing outside the services covered."""
    teams = select(Team.id).where(within(viewer, Team.service_id))
    return and_(
        or_(RoleGrant.service_id.is_(None), within(viewer, RoleGrant.service_id)),
        or_(RoleGrant.team_id.is_(None), RoleGrant.team_id.in_(teams)),
    )


def _teams(viewer: Viewer) -> Source:
    columns = (Team.name, Team.service_id, Team.ends_on)
    return Source(Team.id, Team.updated_at, columns, Team.__table__, within(viewer, Team.service_id))


def _services(viewer: Viewer) -> Source:
    columns = (Service.name, Service.ends_on)
    return Source(Service.id, Service.updated_at, columns, Service.__table__, within(viewer, Service.id))


def _rounds(viewer: Viewer) -> Source:
    R = Round  # noqa: N806
    return Source(
        R.id,
        R.updated_at,
        (
            R.reference, AuditType.key, AuditType.name, AuditType.counts_toward_expectation, R.month, R.issue_on,
            R.due_on, R.moderation_due_on, R.report_due_on, R.state, R.issued_at, R.closed_at,
        ),
        R.__table__.join(AuditType, AuditType.id == R.audit_type_id),
        true() if not viewer.scope(Permission.FEED_MANAGE).empty else false(),
    )  # fmt: skip


def _removals(viewer: Viewer) -> Source:
    return Source(
        FeedRemoval.id,
        FeedRemoval.updated_at,
        (FeedRemoval.removed_from, FeedRemoval.removed_id),
        FeedRemoval.__table__.join(Person, Person.id == FeedRemoval.person_id),
        _people_seen(viewer),
    )


ORGANISATION: Mapping[str, Callable[[Viewer], Source]] = {
    "expectations": _expectations,
    "people": _people,
    "roles": _roles,
    "teams": _teams,
    "services": _services,
    "rounds": _rounds,
    "removals": _removals,
}
