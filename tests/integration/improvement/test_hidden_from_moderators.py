"""Whoever moderates an audit blind learns nothing of it before their own grades: not from what it started either.

A matrix: every reader who could see it otherwise, in every place that tells of it, while it is hidden and afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.actions import operations as actions
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.models import Action
from qa_app.actions.queries.leavers import leavers
from qa_app.actions.queries.one import to_link, visible
from qa_app.actions.queries.waiting import TO_VERIFY, waiting_for
from qa_app.actions.states import ForWhom
from qa_app.audits.models import Audit
from qa_app.core.waiting import answers, together
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries import counts, places, whose_turns
from qa_app.improvement.queries.waiting import NOBODYS, waiting_steps
from qa_app.people.models import Person
from tests.factories import improvement as made
from tests.factories.audits import Scene

SignIn = Callable[[int], FlaskClient]
READERS = ("team_manager", "service_manager", "head_of_service", "qa", "director", "executive")
"""Everybody who reads this team's processes and actions by role, the Practice Lead apart: it is theirs to act on."""


@dataclass
class Told:
    """An inadequate audit of team A1, its own action, its process and an action of its plan."""

    scene: Scene
    process: ImprovementProcess
    own: Action
    planned: Action

    @property
    def references(self) -> tuple[str, ...]:
        return self.process.reference, self.own.reference, self.planned.reference

    def hide(self, person: Person | None, audit: Audit | None = None) -> None:
        (audit or self.scene.audit).blind_for_id = person.id if person else None


@pytest.fixture
def told(database: Any, now: datetime) -> Told:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    team_id = scene.council.team_a1.id
    found = database.scalars(select(Action).order_by(Action.id)).all()
    for one in (scene.audit, process, *found):
        one.team_id = team_id
    # Of nobody among the readers: what is theirs to do stays theirs.
    for one in found:
        one.owner_id = scene.council.lead_auditor.id
    for stage in process.stages:
        stage.owner_id = scene.council.practice_lead.id
    process.turn_id = scene.council.practice_lead.id
    own = next(one for one in found if one.source_type == "audit")
    planned = next(one for one in found if one.source_type == "improvement process")
    database.commit()
    return Told(scene, process, own, planned)


def cells(client: FlaskClient, path: str) -> str:
    """What a workbook says."""
    sheet = load_workbook(BytesIO(client.get(path).data), read_only=True).active
    assert sheet is not None
    return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


PLACES: dict[str, Callable[[Told, FlaskClient], bool]] = {
    "the audit's page": lambda t, c: c.get(t.scene.path).status_code == 200,
    "its story": lambda t, c: c.get(f"{t.scene.path}/story").status_code == 200,
    "its action": lambda t, c: c.get(f"/actions/{t.own.reference}").status_code == 200,
    "its plan's action": lambda t, c: c.get(f"/actions/{t.planned.reference}").status_code == 200,
    "the list of actions": lambda t, c: t.own.reference in c.get("/actions?whose=all").text,
    "the list, of the plan": lambda t, c: t.planned.reference in c.get("/actions?whose=all").text,
    "the actions' file": lambda t, c: t.own.reference in cells(c, "/actions/export?whose=all"),
    "the process": lambda t, c: c.get(f"/improvement/{t.process.reference}").status_code == 200,
    "the board": lambda t, c: t.process.reference in c.get("/improvement").text,
    "the board's heading": lambda t, c: "1 process open" in c.get("/improvement").text,
    "the board's file": lambda t, c: t.process.reference in cells(c, "/improvement/export"),
}


@pytest.mark.parametrize("reader", READERS)
def test_nothing_tells_of_it_until_own_grades_are_fixed(
    told: Told, database: Any, sign_in: SignIn, reader: str
) -> None:
    person = getattr(told.scene.council, reader)
    client = sign_in(person.id)
    told.hide(person)
    database.commit()
    assert [place for place, shows in PLACES.items() if shows(told, client)] == [], "hidden from this reader"
    home = client.get("/").text
    assert [reference for reference in told.references if reference in home] == []
    told.hide(None)
    database.commit()
    assert [place for place, shows in PLACES.items() if not shows(told, client)] == [], "own grades are fixed"


@pytest.mark.parametrize("reader", READERS)
def test_it_is_hidden_from_that_one_person_alone(told: Told, database: Any, sign_in: SignIn, reader: str) -> None:
    told.hide(told.scene.council.moderator)
    database.commit()
    client = sign_in(getattr(told.scene.council, reader).id)
    assert [place for place, shows in PLACES.items() if not shows(told, client)] == []


def test_what_is_ones_own_to_do_is_never_hidden(told: Told, database: Any, sign_in: SignIn) -> None:
    lead, worker = told.scene.council.practice_lead, told.scene.council.lead_auditor
    told.hide(lead)
    database.commit()
    assert sign_in(lead.id).get(f"/improvement/{told.process.reference}").status_code == 200, "a child waits for it"
    told.hide(worker)
    database.commit()
    assert sign_in(worker.id).get(f"/actions/{told.own.reference}").status_code == 200


def test_nothing_is_counted_or_asked_of_it(told: Told, database: Any, now: datetime) -> None:
    qa, scene = told.scene.council.qa, told.scene
    actions.report_done(told.own, "Seen.", scene.viewer(scene.council.lead_auditor), now)
    told.process.turn_id = None
    told.own.reported_at = now - timedelta(days=30)
    scene.council.lead_auditor.leaves_on = now.date() - timedelta(days=1)
    database.flush()
    today = now.date()

    def asked() -> list[bool]:
        steps = answers(together(waiting_steps(scene.qa, today)))
        return [
            TO_VERIFY in waiting_for(scene.qa, today),
            bool(leavers(scene.qa, today)),
            NOBODYS in steps,
            counts(scene.qa, {}, today).all == 1,
            bool(places(scene.qa)[0]),
        ]

    told.hide(qa)
    database.flush()
    assert asked() == [False] * 5
    assert whose_turns(scene.qa) == []
    told.hide(None)
    database.flush()
    assert asked() == [True] * 5


def test_a_hidden_finding_is_not_offered_to_link_nor_told_where_it_is_linked(
    told: Told, database: Any, now: datetime, sign_in: SignIn
) -> None:
    qa, scene = told.scene.council.qa, told.scene
    told.own.for_whom = ForWhom.TEAM
    here = (told.own.team_id, told.own.service_id)
    wanted = ActionInput("Train the team", scene.council.team_manager.id, now.date() + timedelta(days=7))
    other = actions.raise_action(Source("meeting", 7, "", "Team meeting", *here), wanted, scene.qa, now.date(), now)
    actions.link(other, Source("audit", scene.audit.id, "risk", "Audit of June", *here), scene.auditor, now)
    told.hide(qa)
    database.commit()
    offered = to_link(scene.qa, 0, told.own.team_id or 0, "audit", 0)
    assert told.own not in offered
    client = sign_in(qa.id)
    assert "Audit of June" not in client.get(f"/actions/{other.reference}").text
    told.hide(None)
    database.commit()
    assert told.own in to_link(scene.qa, 0, told.own.team_id or 0, "audit", 0)
    assert "Audit of June" in client.get(f"/actions/{other.reference}").text


def test_a_reaudit_s_moderator_learns_nothing_from_the_process_that_it_checks(
    told: Told, database: Any, now: datetime, sign_in: SignIn
) -> None:
    qa, scene, process = told.scene.council.qa, told.scene, told.process
    made.review(scene, process, now)
    audit = made.schedule(scene, process, now)
    made.reaudit(scene, process, now)
    told.hide(qa, audit)
    database.commit()
    client = sign_in(qa.id)
    assert client.get(f"/improvement/{process.reference}").status_code == 404
    assert process.reference not in client.get(f"{scene.path}/story").text
    assert process.reference not in client.get("/improvement").text
    told.hide(None, audit)
    database.commit()
    assert client.get(f"/improvement/{process.reference}").status_code == 200
    assert process.reference in client.get(f"{scene.path}/story").text


def test_the_system_sees_everything(told: Told, database: Any) -> None:
    told.hide(told.scene.council.qa)
    database.flush()
    assert len(database.scalars(select(Action).where(visible(system()))).all()) == 2
    assert counts(system(), {}, told.scene.now.date()).all == 1
