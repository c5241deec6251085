"""The council that every other test begins with."""

from datetime import datetime
from typing import Any

from qa_app.access.permissions import Permission
from qa_app.core.clock import london_day
from qa_app.people.queries import viewer_of
from tests.factories.people import council


def test_the_council_has_a_person_for_every_role_and_their_scopes_hold(database: Any, now: datetime) -> None:
    made = council(database, now)
    today = london_day(now)
    assert len(made.everyone) == 20
    assert viewer_of(made.qa, today).scope(Permission.AUDIT_READ).everything
    assert viewer_of(made.head_of_service, today).scope(Permission.AUDIT_READ).service_ids == {made.service_a.id}
    assert viewer_of(made.team_manager_b1, today).scope(Permission.AUDIT_READ).team_ids == {made.team_b1.id}
    assert viewer_of(made.caseworker, today).grants == ()
