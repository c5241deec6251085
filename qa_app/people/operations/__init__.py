"""Everything that changes people and the organisation. Each leaves a trail entry; none commits."""

from qa_app.people.operations.absences import add_absence, end_deputy, name_deputy, remove_absence
from qa_app.people.operations.auditors import AuditorDetails, set_auditor, stop_auditing
from qa_app.people.operations.organisation import TeamDetails, add_service, add_team, change_service, change_team
from qa_app.people.operations.roles import grant_role, revoke_role
from qa_app.people.operations.staff import PersonDetails, add_person, change_person, set_last_day

__all__ = [
    "AuditorDetails",
    "PersonDetails",
    "TeamDetails",
    "add_absence",
    "add_person",
    "add_service",
    "add_team",
    "change_person",
    "change_service",
    "change_team",
    "end_deputy",
    "grant_role",
    "name_deputy",
    "remove_absence",
    "revoke_role",
    "set_auditor",
    "set_last_day",
    "stop_auditing",
]
