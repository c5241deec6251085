"""How much of the trail a reader sees (domain.md section 12)."""

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer

ADMINISTRATIVE = frozenset({"account", "people", "person", "service", "setting", "settings", "signin", "team", "trail"})
"""Areas of events that an administrator sees, who sees nothing of audits unless they hold another role."""


def areas_seen(viewer: Viewer) -> frozenset[str] | None:
    """The areas of events that a viewer may read; None: all of them."""
    if not viewer.can(Permission.TRAIL_READ):
        return frozenset()
    return None if viewer.is_system or Role.QA_TEAM in viewer.roles else ADMINISTRATIVE
