"""Roles (domain.md section 2) and how far each reaches."""

from enum import StrEnum


class Role(StrEnum):
    """A role that a person may hold, perhaps limited to one service or team."""

    AUDITOR = "auditor"
    MODERATOR = "moderator"
    LEAD_AUDITOR = "lead_auditor"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    HEAD_OF_SERVICE = "head_of_service"
    PRACTICE_LEAD = "practice_lead"
    QA_TEAM = "qa_team"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    SCRUTINY = "scrutiny"
    ADMINISTRATOR = "administrator"


ROLE_LABELS = {
    Role.AUDITOR: "Auditor",
    Role.MODERATOR: "Moderator",
    Role.LEAD_AUDITOR: "Lead auditor",
    Role.TEAM_MANAGER: "Team manager",
    Role.SERVICE_MANAGER: "Service manager",
    Role.HEAD_OF_SERVICE: "Head of Service",
    Role.PRACTICE_LEAD: "Practice Lead",
    Role.QA_TEAM: "QA team",
    Role.DIRECTOR: "Director",
    Role.EXECUTIVE: "Executive",
    Role.SCRUTINY: "Scrutiny",
    Role.ADMINISTRATOR: "Administrator",
}

NEEDS_SERVICE = frozenset({Role.LEAD_AUDITOR, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})
NEEDS_TEAM = frozenset({Role.TEAM_MANAGER})
DEPUTISED = frozenset(
    {Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR, Role.PRACTICE_LEAD}
)
"""Roles that decide something, and so pass to the deputy while their holder is away."""
