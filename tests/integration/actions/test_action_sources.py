"""Actions of an audit: drafts until it is submitted, then their owners'; linked instead of raised twice; of no other child."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from qa_app.actions import operations as actions
from qa_app.actions import queries as action_queries
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.models import Action, ActionLink
from qa_app.actions.states import ActionState, ForWhom
from qa_app.audits import operations, queries
from qa_app.audits.models import Audit, ConversationWith, Submission
from qa_app.cases.models import Case
from qa_app.core.errors import BadInput, IllegalMove, NotFound
from qa_app.outbox.models import Mail
from tests.factories.actions import raised
from tests.factories.audits import Scene, act, fill, issued_round
from tests.factories.people import council
from tests.factories.rounds import viewer
from tests.guards.test_scope import page as seen
from tests.integration.actions.test_action_pages import SignIn

CANARY = "CANARY-what-another-child-needs"
WEEK = timedelta(days=7)


def first_section(audit: Audit) -> Any:
    return queries.sections_of(audit)[0].domain


def states(database: Any, audit: Audit) -> list[str]:
    found = select(Action.state).where(Action.source_type == "audit", Action.source_id == audit.id).order_by(Action.id)
    return list(database.scalars(found))


def test_an_audits_actions_open_when_it_is_submitted(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    act(scene.audit, first_section(scene.audit), scene.auditor, now, "Review the safety plan")
    assert states(database, scene.audit) == [ActionState.DRAFT] * 2
    assert database.scalar(select(func.count()).select_from(Mail).where(Mail.message.startswith("action"))) == 0
    operations.submit_audit(scene.audit, scene.auditor, now)
    assert states(database, scene.audit) == [ActionState.OPEN] * 2
    for action in action_queries.actions_of("audit", scene.audit.id):
        database.refresh(action)
        assert (action.team_id, action.service_id, action.case_id) == (
            scene.audit.team_id, scene.audit.service_id, scene.audit.case_id,
        )  # fmt: skip
        assert (action.source_label, action.opened_at) == (f"Audit {scene.audit.reference}", now)
    # Both are immediate and the auditor's own, who is not mailed about their own act; the team manager is.
    told = set(database.execute(select(Mail.message, Mail.person_id).where(Mail.message.startswith("action"))))
    assert told == {("action_immediate_raised", scene.council.team_manager.id)}


def test_a_returned_audit_keeps_what_is_open_and_opens_what_is_added(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    operations.submit_audit(scene.audit, scene.auditor, now)
    [kept] = action_queries.actions_of("audit", scene.audit.id)
    operations.return_audit(scene.audit, "Say more", scene.qa, now)
    domain = first_section(scene.audit)
    with pytest.raises(IllegalMove):
        operations.remove_action(scene.audit, domain, kept, scene.auditor, now)
    with pytest.raises(NotFound):
        action_queries.action_of("audit", scene.audit.id, kept.id, domain.key)
    act(scene.audit, domain, scene.auditor, now, "Once more")
    assert states(database, scene.audit) == [ActionState.OPEN, ActionState.DRAFT]
    operations.submit_audit(scene.audit, scene.auditor, now)
    assert states(database, scene.audit) == [ActionState.OPEN] * 2


@pytest.mark.parametrize("submitted", [False, True])
def test_a_withdrawn_audit_loses_its_drafts_and_no_more(database: Any, now: datetime, submitted: bool) -> None:
    scene = issued_round(database, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    other = raised_on(scene, scene.audits[1], ForWhom.TEAM, team_id=scene.audit.team_id)
    if submitted:
        operations.submit_audit(scene.audit, scene.auditor, now)
        operations.return_audit(scene.audit, "Say more", scene.qa, now)
    act(scene.audit, first_section(scene.audit), scene.auditor, now)
    operations.link_action(scene.audit, first_section(scene.audit), other, scene.auditor, now)
    operations.withdraw_audit(scene.audit, "Moved", scene.qa, now)
    assert states(database, scene.audit) == ([ActionState.OPEN] if submitted else [])
    assert database.scalar(select(func.count()).select_from(ActionLink)) == 0


def test_a_removed_drafts_reference_is_never_given_again(database: Any, now: datetime) -> None:
    people = council(database, now)
    gone = raised(people, now, draft=True)
    reference = gone.reference
    actions.remove_action(gone, viewer(people.qa, now), now)
    database.expunge(gone)
    assert raised(people, now).reference != reference


def test_an_action_is_open_at_once_and_takes_its_place_from_its_owner(database: Any, now: datetime) -> None:
    people = council(database, now)
    wanted = ActionInput("Meet the school", people.auditor_b.id, now.date() + WEEK)
    who = viewer(people.practice_lead, now)
    action = actions.raise_action(Source("improvement process", 4), wanted, who, now.date(), now)
    assert action.state == ActionState.OPEN
    assert (action.team_id, action.service_id) == (people.team_b1.id, people.service_b.id)
    assert [found.id for found in action_queries.actions_of("improvement process", 4)] == [action.id]


@pytest.mark.parametrize(("what", "days", "field"), [("  ", 1, "what"), ("Meet", -1, "due_on")])
def test_an_action_without_anything_to_do_or_in_the_past_is_refused(
    database: Any, now: datetime, what: str, days: int, field: str
) -> None:
    people = council(database, now)
    wanted = ActionInput(what, people.auditor.id, now.date() + timedelta(days=days))
    with pytest.raises(BadInput) as refusal:
        actions.raise_action(Source("meeting", 1), wanted, viewer(people.qa, now), now.date(), now)
    assert set(refusal.value.fields) == {field}


def raised_on(
    scene: Scene, audit: Audit, for_whom: ForWhom = ForWhom.CHILD, *, team_id: int | None = None, what: str = CANARY
) -> Action:
    """An open action that another audit has found, of its case."""
    source = Source(
        "audit", audit.id, "risk", f"Audit {audit.reference}", team_id or audit.team_id, audit.service_id, audit.case_id
    )
    due_on: date = scene.now.date() + WEEK
    wanted = ActionInput(what, scene.council.team_manager.id, due_on, for_whom=for_whom)
    return actions.raise_action(source, wanted, scene.qa, scene.now.date(), scene.now)


def test_only_what_is_of_the_same_case_or_for_the_whole_team_is_offered(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = issued_round(database, now)
    audit, other = scene.audit, scene.audits[1]
    another_child = raised_on(scene, other, team_id=audit.team_id)
    for_team = raised_on(scene, other, ForWhom.TEAM, team_id=audit.team_id, what="Train the whole team in chronologies")
    same_case = raised_on(scene, other, what="See the father")
    same_case.case_id = audit.case_id
    elsewhere = raised_on(scene, scene.audits[-1], ForWhom.TEAM)
    database.commit()
    offered = {action.id for action in queries.actions_to_link(audit, scene.auditor)}
    assert offered == {for_team.id, same_case.id}
    client = sign_in(scene.council.auditor.id)
    path = f"{scene.path}/sections/{first_section(audit).key}/actions"
    page = client.get(f"{path}/new").text
    assert "See the father" in page
    assert CANARY not in page
    assert other.case_reference not in page
    for hidden in (another_child, elsewhere):
        assert client.post(f"{path}/{hidden.id}/link").status_code == 404


def test_a_finding_is_linked_instead_of_raised_twice(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = issued_round(database, now)
    audit = scene.audit
    known = raised_on(scene, scene.audits[1], ForWhom.TEAM, team_id=audit.team_id, what="Train the whole team")
    database.commit()
    client, domain = sign_in(scene.council.auditor.id), first_section(audit)
    section = f"{scene.path}/sections/{domain.key}"
    weak = operations.SectionInput("inadequate", "", "Nobody saw the father.", True)
    operations.save_section(audit, domain, weak, 0, scene.auditor, now)
    database.commit()
    done = audit.sections_done
    assert client.post(f"{section}/actions/{known.id}/link").status_code == 303
    assert client.post(f"{section}/actions/{known.id}/link").status_code == 404  # it stands there already
    database.expire_all()
    assert audit.sections_done == done + 1  # what affects the child now has its action
    assert "Train the whole team" in client.get(section).text
    # Until the audit is submitted nobody else sees that it found the same.
    manager = sign_in(scene.council.team_manager.id)
    assert audit.reference not in manager.get(f"/actions/{known.reference}").text
    assert client.post(f"{section}/actions/{known.id}/unlink").status_code == 303
    assert client.post(f"{section}/actions/{known.id}/unlink").status_code == 404
    database.expire_all()
    assert audit.sections_done == done
    client.post(f"{section}/actions/{known.id}/link")
    fill_rest(scene)
    operations.submit_audit(audit, scene.auditor, now)
    database.commit()
    page = manager.get(f"/actions/{known.reference}").text
    assert f"and also found in Audit {audit.reference}" in page
    content = database.scalar(select(Submission.content).where(Submission.audit_id == audit.id))
    whats = [action["what"] for part in content["sections"] for action in part["actions"]]
    assert whats == ["Train the whole team"]
    assert states(database, audit) == []
    assert actions_seen(database, audit) == {domain.key: 1}
    assert client.post(f"{section}/actions/{known.id}/unlink").status_code == 303  # not open to its auditor any more
    assert actions_seen(database, audit) == {domain.key: 1}


def actions_seen(database: Any, audit: Audit) -> dict[str, int]:
    database.expire_all()
    return action_queries.count_by_part("audit", audit.id)


def fill_rest(scene: Scene) -> None:
    audit, who, now = scene.audit, scene.auditor, scene.now
    for section in queries.sections_of(audit)[1:]:
        operations.save_section(audit, section.domain, operations.SectionInput("good", "Seen."), 0, who, now)
    fill_talks(scene)


def fill_talks(scene: Scene) -> None:
    audit, who, now = scene.audit, scene.auditor, scene.now
    talks = {whom: operations.ConversationInput(True, "", "Much") for whom in ConversationWith}
    operations.save_conversations(audit, talks, 0, who, now)
    operations.save_overall(audit, operations.OverallInput("good", "Safer"), audit.overall_version, who, now)


def test_what_is_done_meanwhile_cannot_be_linked_to(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    known = raised_on(scene, scene.audits[1], ForWhom.TEAM, team_id=scene.audit.team_id)
    actions.report_done(known, "Seen", scene.viewer(scene.council.team_manager), now)
    with pytest.raises(IllegalMove):
        operations.link_action(scene.audit, first_section(scene.audit), known, scene.auditor, now)


def test_an_action_on_a_restricted_case_is_its_owners_and_the_qa_teams(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = issued_round(database, now)
    action = raised_on(scene, scene.audit)
    database.get(Case, scene.audit.case_id).restricted = True
    database.commit()
    people, path = scene.council, f"/actions/{action.reference}"
    may = {"team_manager": True, "qa": True}  # the team manager owns it
    for name in ("team_manager", "qa", "service_manager", "head_of_service", "practice_lead", "director", "executive"):
        client = sign_in(getattr(people, name).id)
        answer, listed = client.get(path), client.get("/actions?whose=all").text
        assert (answer.status_code == 200) == (CANARY in listed) == may.get(name, False), name
        if not may.get(name):
            assert seen(answer) == seen(client.get("/actions/A-8888"))


@pytest.mark.parametrize("name", ["team_manager", "auditor", "service_manager", "auditor_b", "qa"])
def test_a_source_is_a_link_for_those_who_may_read_it(database: Any, now: datetime, sign_in: SignIn, name: str) -> None:
    scene = issued_round(database, now)
    action = raised_on(scene, scene.audit)
    action.owner_id = scene.council.auditor_b.id  # of another service, who may not read the audit
    database.commit()
    client = sign_in(getattr(scene.council, name).id)
    answer = client.get(f"/actions/{action.reference}")
    if name == "auditor":
        assert answer.status_code == 404
        return
    round_, number = scene.audit.reference.split("/")
    address = f'href="/audits/{round_}/{int(number)}"'
    assert (address in answer.text) == (name != "auditor_b")
    assert f"Audit {scene.audit.reference}" in answer.text
    assert scene.audit.case_reference not in answer.text
