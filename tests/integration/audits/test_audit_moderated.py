"""What moderation leaves on an audit: its final grade, who hears of it, and from whom its words are hidden meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from qa_app.audits import operations
from qa_app.audits.events import AuditFinal, AuditModerated
from qa_app.audits.models import Audit
from qa_app.audits.states import AuditState
from qa_app.core import events
from qa_app.core.errors import IllegalMove, Stale
from qa_app.people.models import RoleGrant
from tests.factories.audits import Scene, audit_at

LATER = timedelta(hours=3)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, str | None]]:
    """The grades before and after, as `AuditModerated` tells them; ("final", grade) for `AuditFinal`."""
    found: list[tuple[str | None, str | None]] = []
    monkeypatch.setitem(events._reactions, AuditModerated, (lambda event: found.append((event.before, event.after)),))
    monkeypatch.setitem(
        events._reactions, AuditFinal, (lambda event: found.append(("final", event.audit.final_grade)),)
    )
    return found


def test_the_moderated_grade_stands_and_the_panel_s_after_it(database: Any, now: datetime, heard: Any) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    audit, who = scene.audit, scene.viewer(scene.council.moderator)
    operations.moderate_audit(audit, "inadequate", who, now + LATER)
    assert (audit.state, audit.overall_grade, audit.final_grade) == ("moderated", "good", "inadequate")
    assert audit.moderated_at == now + LATER
    operations.decide_grade(audit, "requires_improvement", scene.qa, now + LATER)
    operations.finalise_audit(audit, scene.qa, now + LATER)
    assert (audit.state, audit.final_grade, audit.final_at) == ("final", "requires_improvement", now + LATER)
    assert heard == [
        ("good", "inadequate"),
        ("inadequate", "requires_improvement"),
        ("final", "requires_improvement"),
    ]


def test_nobody_moderated_it_so_its_own_grade_is_final(database: Any, now: datetime, heard: Any) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    operations.finalise_audit(scene.audit, scene.qa, now)
    assert (scene.audit.final_grade, scene.audit.moderated_at) == ("good", None)
    assert heard == [("final", "good")]


@pytest.mark.parametrize("state", ["allocated", "in_progress", "returned", "withdrawn"])
def test_what_is_not_submitted_can_t_be_moderated_or_final(database: Any, now: datetime, state: str) -> None:
    scene = audit_at(database, state, now)
    for refused in (
        lambda: operations.moderate_audit(scene.audit, "good", scene.qa, now),
        lambda: operations.decide_grade(scene.audit, "good", scene.qa, now),
        lambda: operations.finalise_audit(scene.audit, scene.qa, now),
    ):
        with pytest.raises(IllegalMove):
            refused()


def test_a_decision_on_an_audit_that_changed_meanwhile_is_refused(database: Any, now: datetime) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    operations.moderate_audit(scene.audit, "good", scene.qa, now)
    database.execute(Audit.__table__.update().values(version=99))
    with pytest.raises(Stale):
        operations.decide_grade(scene.audit, "inadequate", scene.qa, now)


def _also_manages_the_team(database: Any, scene: Scene) -> Any:
    """The team manager of another team, who reads this service's audits as its service manager too."""
    person = scene.council.team_manager_a2
    service = scene.council.service_a.id
    database.add(RoleGrant(person_id=person.id, role="service_manager", service_id=service, granted_at=scene.now))
    database.flush()
    return person


def test_from_whom_it_is_hidden_it_is_hidden_everywhere(database: Any, now: datetime, sign_in: Any) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now, grade="outstanding")
    person = _also_manages_the_team(database, scene)
    operations.hide_grades(scene.audit, person.id)
    database.commit()
    client = sign_in(person.id)
    for page in (scene.path, f"{scene.path}/versions/1"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, scene.path.replace("audits", "moderation"))
        assert "Outstanding" not in answer.text
        assert "Outstanding" in sign_in(scene.council.team_manager.id).get(page).text
    operations.hide_grades(scene.audit, None)
    database.commit()
    assert "Outstanding" in client.get(scene.path).text


def test_readers_see_both_grades(database: Any, now: datetime, sign_in: Any) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    operations.moderate_audit(scene.audit, "inadequate", scene.viewer(scene.council.moderator), now)
    database.commit()
    page = sign_in(scene.council.auditor.id).get(scene.path).text
    assert "<strong>Good</strong>, after moderation <strong>Inadequate</strong>" in page


def test_the_past_list_shows_the_final_grade_and_leads_to_the_feedback(
    database: Any, now: datetime, sign_in: Any
) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    assert "/feedback" not in client.get("/my-audits").text
    operations.moderate_audit(scene.audit, "inadequate", scene.viewer(scene.council.moderator), now)
    database.commit()
    page = client.get("/my-audits").text
    assert "Inadequate" in page
    assert f'href="{scene.path}/feedback"' in page


def test_hidden_from_the_same_person_again_it_stays_hidden(database: Any, now: datetime) -> None:
    scene = audit_at(database, AuditState.SUBMITTED, now)
    moderator = scene.council.moderator.id
    for _ in range(2):
        operations.hide_grades(scene.audit, moderator)
        assert scene.audit.blind_for_id == moderator
    operations.hide_grades(scene.audit, None)
    assert scene.audit.blind_for_id is None
