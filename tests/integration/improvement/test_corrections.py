"""The record of a meeting can be put right: the reason and the name stand beside it, and what it said stays readable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.improvement import operations
from qa_app.improvement.inputs import CorrectionInput
from qa_app.improvement.models import Correction, ImprovementProcess
from qa_app.improvement.queries import find_processes
from qa_app.improvement.states import StageKind
from qa_app.people.models import Deputy
from qa_app.trail.models import TrailEntry
from tests.factories import improvement as made
from tests.factories.audits import Scene

SignIn = Callable[[int], FlaskClient]
Met = tuple[Scene, ImprovementProcess]
K = StageKind
LATE = "The worker was ill."


@pytest.fixture
def met(database: Any, now: datetime) -> Met:
    """A process whose meeting was held and recorded on the day it was due."""
    scene, process = made.started(database, now)
    made.meet(scene, process, made.later(now, 3))
    return scene, process


def wish(process: ImprovementProcess, **changed: Any) -> CorrectionInput:
    """The record as it stands, with what should be different."""
    said = process.meeting
    assert said is not None
    same = CorrectionInput(
        said.held_on, said.present, said.agreed, said.next_step, said.no_action_reason, said.late_reason, "Mistyped."
    )
    return replace(same, **changed)


def correct(scene: Scene, process: ImprovementProcess, at: datetime, **changed: Any) -> Correction:
    lead = scene.viewer(scene.council.practice_lead)
    return operations.correct_meeting(process, wish(process, **changed), lead, at)


def faults(scene: Scene, process: ImprovementProcess, at: datetime, **changed: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as refused:
        correct(scene, process, at, **changed)
    return dict(refused.value.fields)


def test_the_correction_stands_and_the_first_version_stays(met: Met, now: datetime) -> None:
    scene, process = met
    at, record = made.later(now, 5), process.meeting
    assert record is not None
    held_on, before = record.held_on, record.held_on - timedelta(days=1)
    first = correct(scene, process, at, agreed=" See the father first. ", held_on=before)
    assert (record.agreed, record.held_on) == ("See the father first.", before)
    assert (first.agreed, first.held_on) == ("The risk assessment is done again with both parents.", held_on)
    assert (first.reason, first.by_id, first.at) == ("Mistyped.", scene.council.practice_lead.id, at)
    assert record.recorded_at == made.later(now, 3), "who recorded it first, and when, is not touched"
    second = correct(scene, process, at, present="Sol Venables")
    assert [one.id for one in record.corrections] == [first.id, second.id]
    assert second.agreed == "See the father first.", "each keeps what stood before it"


def test_a_corrected_day_decides_whether_the_meeting_was_in_time(met: Met, now: datetime) -> None:
    scene, process = met
    at, stage = made.later(now, 5), made.stage(process, K.DAY_THREE_MEETING)
    late_on = made.later(now, 4).date()
    assert faults(scene, process, at, held_on=late_on) == {"late_reason": "Enter why the meeting was held late"}
    correct(scene, process, at, held_on=late_on, late_reason=LATE)
    plan = made.stage(process, K.IMPROVEMENT_PLAN)
    assert (stage.done_on, stage.note, plan.done_on) == (late_on, LATE, late_on)
    assert stage.due_on is not None
    assert late_on > stage.due_on
    (row,) = find_processes(scene.qa, {}, (), at.date())
    assert {one.done_on for one in row.stages if one.kind in (K.DAY_THREE_MEETING, K.IMPROVEMENT_PLAN)} == {late_on}
    correct(scene, process, at, held_on=stage.due_on, late_reason=LATE)
    assert process.meeting is not None
    assert (process.meeting.late_reason, stage.note) == ("", ""), "held in time, it needs no reason"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": " ", "agreed": "Another plan."}, "reason"),
        ({}, "reason"),
        ({"present": " "}, "present"),
        ({"agreed": ""}, "agreed"),
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2026, 6, 16)}, "held_on"),
        ({"held_on": date(2026, 6, 25)}, "held_on"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_and_nothing_changes(
    met: Met, database: Any, now: datetime, changed: dict[str, Any], field: str
) -> None:
    scene, process = met
    before = wish(process)
    assert field in faults(scene, process, made.later(now, 5), **changed)
    assert wish(process) == before
    assert database.scalars(select(Correction)).all() == []


def test_a_plan_without_actions_keeps_saying_why(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now, actions=[], no_action_reason="All is done already.")
    assert list(faults(scene, process, now, no_action_reason="")) == ["no_action_reason"]
    correct(scene, process, now, no_action_reason="The child has moved.")
    assert made.stage(process, K.IMPROVEMENT_PLAN).note == "The child has moved."


def test_a_plan_that_was_left_out_is_not_done_by_a_correction(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    operations.skip_stage(process, K.IMPROVEMENT_PLAN, "Made at the strategy meeting.", lead, now)
    made.meet(scene, process, made.later(now, 1))
    correct(scene, process, made.later(now, 2), held_on=now.date())
    plan = made.stage(process, K.IMPROVEMENT_PLAN)
    assert (plan.outcome, plan.note) == ("skipped", "Made at the strategy meeting.")


def test_only_who_leads_corrects_and_only_while_it_is_open(met: Met, now: datetime) -> None:
    scene, process = met
    people = scene.council
    lead = scene.viewer(people.practice_lead)
    for who in (people.service_manager, people.head_of_service, people.qa, people.team_manager, people.director):
        with pytest.raises(NotAllowed):
            operations.correct_meeting(process, wish(process, agreed="x"), scene.viewer(who), now)
    with pytest.raises(Stale):
        operations.correct_meeting(process, wish(process, agreed="x"), lead, now, process.version - 1)
    other = made.submitted(scene, 1, now)
    with pytest.raises(IllegalMove, match="not recorded yet"):
        operations.correct_meeting(other, CorrectionInput(now.date(), "a", "b", "", "", "", "c"), lead, now)
    made.review(scene, process, now)
    operations.skip_stage(process, K.REAUDIT, "The case closed.", lead, now)
    operations.close_process(process, "It holds.", lead, now)
    with pytest.raises(Stale):
        correct(scene, process, now, agreed="x")


def test_a_deputy_corrects_on_behalf_of_the_lead_and_the_page_shows_both_versions(
    met: Met, database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    scene, process = met
    people = scene.council
    clock.now = made.later(now, 5)
    span = {"starts_on": clock.now.date(), "ends_on": clock.now.date()}
    database.add(Deputy(person_id=people.practice_lead.id, deputy_id=people.lead_auditor.id, **span))
    database.commit()
    client, path = sign_in(people.lead_auditor.id), f"/improvement/{process.reference}"
    assert client.get(path).text.count(f"{path}/meeting/correct") == 1
    sent = filled_in(client.get(f"{path}/meeting/correct").text, f"{path}/meeting/correct")
    assert (sent["present"], sent["held_on-day"]) == ("Sol Venables, Eleri Sandhu and Morag Dunstan", "22")
    wrong = client.post(f"{path}/meeting/correct", data=sent)
    assert wrong.status_code == 422
    assert "Enter why you correct the record" in wrong.text
    done = client.post(f"{path}/meeting/correct", data=sent | {"present": "Sol and Morag", "reason": "Eleri was ill."})
    assert done.status_code == 303
    page = words(client.get(path).text)
    assert "Corrected on 24 June 2026 by Dele Marchetti, on behalf of Morag Dunstan. Eleri was ill." in page
    assert "What it said before 24 June 2026" in page
    assert page.index("Sol and Morag") < page.index("Sol Venables, Eleri Sandhu and Morag Dunstan")
    assert "Meeting record corrected" in page
    executive = sign_in(people.executive.id).get(path).text
    for told in ("Eleri was ill", "Sol and Morag", "meeting/correct"):
        assert told not in executive, "the record is for those who work with this social worker"
    entry = database.scalars(select(TrailEntry).where(TrailEntry.event == "improvement:meeting-corrected")).one()
    assert (entry.person_id, entry.on_behalf_of_id) == (people.lead_auditor.id, people.practice_lead.id)


def filled_in(page: str, action: str) -> dict[str, str]:
    """What the form holds as it is shown."""
    form = BeautifulSoup(page, "html.parser").find("form", action=action)
    assert form is not None
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.find_all("input")}
    return sent | {str(one["name"]): one.get_text().strip() for one in form.find_all("textarea")}


def words(page: str) -> str:
    """What the page says."""
    main = BeautifulSoup(page, "html.parser").find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())
