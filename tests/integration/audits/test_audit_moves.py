"""Every state x every move x every role: who can do what, when, and the refusal for all the rest."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qa_app.access.viewer import Viewer
from qa_app.audits import operations, queries
from qa_app.audits.inputs import SectionInput
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from tests.factories.audits import Scene, audit_at

STATES = ["allocated", "in_progress", "submitted", "withdrawn"]
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service",
    "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
]  # fmt: skip


def _save(scene: Scene, who: Viewer) -> Any:
    domain = queries.section_of(scene.audit, "impact").domain
    return operations.save_section(scene.audit, domain, SectionInput("good"), 0, who, scene.now)


VERBS: dict[str, tuple[Callable[[Scene, Viewer], Any], str, set[str]]] = {
    "save": (_save, "auditor", {"allocated", "in_progress"}),
    "submit": (
        lambda scene, who: operations.submit_audit(scene.audit, who, scene.now), "auditor",
        {"allocated", "in_progress"},
    ),
    "declare": (
        lambda scene, who: operations.declare(scene.audit, "conflict", "Kin", who, scene.now), "auditor",
        {"allocated", "in_progress"},
    ),
    "return": (lambda scene, who: operations.return_audit(scene.audit, "More", who, scene.now), "qa", {"submitted"}),
    "withdraw": (
        lambda scene, who: operations.withdraw_audit(scene.audit, "Moved", who, scene.now), "qa",
        {"allocated", "in_progress"},
    ),
    "reassign": (
        lambda scene, who: operations.reassign_audit(
            scene.audit, scene.council.moderator.id, "Ill", who, scene.now
        ), "qa", {"allocated", "in_progress"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_verb_by_every_role(database: Any, now: datetime, state: str) -> None:
    scene = audit_at(database, state, now)
    for name, (verb, role, states) in VERBS.items():
        for person in ROLES:
            who = scene.viewer(getattr(scene.council, person))
            point = database.begin_nested()
            if person != role:
                with pytest.raises(NotAllowed):
                    verb(scene, who)
            elif state not in states:
                with pytest.raises(IllegalMove):
                    verb(scene, who)
            elif name == "submit":
                with pytest.raises(BadInput):  # allowed, but not everything is answered
                    verb(scene, who)
            else:
                verb(scene, who)
            point.rollback()
            database.expire_all()


def test_nobody_writes_before_issue(database: Any, now: datetime) -> None:
    scene = audit_at(database, "unissued", now)
    with pytest.raises(NotAllowed, match="not issued"):
        _save(scene, scene.auditor)


@pytest.mark.parametrize("person", [role for role in ROLES if role != "qa"])
def test_only_the_qa_team_allocates_and_issues(database: Any, now: datetime, person: str) -> None:
    scene = audit_at(database, "unissued", now)
    who = scene.viewer(getattr(scene.council, person))
    for verb in (operations.issue_audits, lambda made, by, at: operations.allocate_audits(made, [], by, at)):
        with pytest.raises(NotAllowed, match="Only the QA team"):
            verb(scene.round, who, now)
    assert [audit.issued_at for audit in scene.audits] == [None] * len(scene.audits)
