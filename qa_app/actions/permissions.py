"""Who may do what with an action (domain.md sections 8 and 12).

Its owner works on it, whatever their role, and so does whoever manages it by reach. Whether it was done well is for
somebody else to say: neither the owner, nor whoever reported it, nor anybody in the place of these.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.core.errors import NotAllowed

P = ParamSpec("P")


def _allowed(check: Callable[P, Viewer]) -> Callable[P, bool]:
    """The same question as a yes or no."""

    @wraps(check)
    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except NotAllowed:
            return False
        return True

    return can


def is_owner(viewer: Viewer, action: Action) -> bool:
    """Whether it is the viewer's own."""
    return viewer.person_id is not None and viewer.person_id == action.owner_id


def _stands_in(viewer: Viewer, action: Action) -> bool:
    """Whether the viewer stands in for its owner today."""
    return any(grant.on_behalf_of == action.owner_id for grant in viewer.grants)


def _reaches(viewer: Viewer, permission: Permission, action: Action) -> bool:
    return viewer.scope(permission).covers(service_id=action.service_id, team_id=action.team_id)


def _entitled(viewer: Viewer, permission: Permission, action: Action) -> Viewer:
    return viewer.entitled(permission, service_id=action.service_id, team_id=action.team_id)


def _without(viewer: Viewer, person_ids: set[int]) -> Viewer:
    """The viewer without what they hold in the place of these people; these themselves hold nothing."""
    if viewer.person_id in person_ids:
        return replace(viewer, grants=())
    return replace(viewer, grants=tuple(grant for grant in viewer.grants if grant.on_behalf_of not in person_ids))


def involved_in(action: Action) -> set[int]:
    """Who can't say whether it was done well: its owner and who reported it, for themselves or for somebody."""
    return {action.owner_id, action.reported_by_id, action.reported_for_id} - {None}  # type: ignore[return-value]


def check_can_work(viewer: Viewer, action: Action) -> Viewer:
    """Its owner, whoever stands in for them, and whoever manages it by reach.

    Returns the viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: for anybody else.
    """
    if is_owner(viewer, action):
        return viewer
    if _reaches(viewer, Permission.ACTION_MANAGE, action):
        return _entitled(viewer, Permission.ACTION_MANAGE, action)
    if _stands_in(viewer, action):
        return viewer.acting_for(action.owner_id)
    raise NotAllowed("Only the owner of this action, or somebody who manages it, can do this.")


def check_can_revise(viewer: Viewer, action: Action) -> Viewer:
    """Whoever works on it; where a child may be at risk now, only somebody who manages it and is not its owner.

    Raises:
        NotAllowed: for anybody else.
    """
    who = check_can_work(viewer, action)
    if not action.is_immediate:
        return who
    other = _without(viewer, {action.owner_id})
    if not _reaches(other, Permission.ACTION_MANAGE, action):
        raise NotAllowed("A child may be at risk now, so only a manager can give this action another date.")
    return _entitled(other, Permission.ACTION_MANAGE, action)


def check_can_verify(viewer: Viewer, action: Action) -> Viewer:
    """Somebody who may verify by reach, and had no part in it.

    Raises:
        NotAllowed: for the owner, for whoever reported it, for anybody in their place, and for anybody else.
    """
    involved = involved_in(action)
    if viewer.person_id in involved:
        raise NotAllowed("Nobody verifies their own action, or one that they reported: somebody else looks at it.")
    impartial = _without(viewer, involved)
    if not _reaches(impartial, Permission.ACTION_VERIFY, action):
        raise NotAllowed("Only a manager of this team or service, the Practice Lead or the QA team can verify this.")
    return _entitled(impartial, Permission.ACTION_VERIFY, action)


def check_can_reassign(viewer: Viewer, action: Action) -> Viewer:
    """Its managers by reach, and the QA team.

    Raises:
        NotAllowed: for anybody else.
    """
    if not _reaches(viewer, Permission.ACTION_REASSIGN, action):
        raise NotAllowed("Only a manager of this team or service, or the QA team, can give this action to another.")
    return _entitled(viewer, Permission.ACTION_REASSIGN, action)


can_work = _allowed(check_can_work)
can_revise = _allowed(check_can_revise)
can_verify = _allowed(check_can_verify)
can_reassign = _allowed(check_can_reassign)
