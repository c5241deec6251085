"""Comments on an audit: who may write and read them, in which state, and who hears of it."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.comments.inputs import MOST_CHARACTERS
from qa_app.comments.models import AuditComment
from qa_app.comments.operations import comment
from qa_app.comments.permissions import Part, part_in
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.moderation.models import Moderation
from qa_app.outbox.models import Mail
from qa_app.people.models import Deputy
from qa_app.signin.models import Account
from qa_app.trail.models import TrailEntry
from tests.factories.audits import audit_at, issued_round
from tests.factories.rounds import viewer

STATES = ["unissued", "allocated", "in_progress", "submitted", "withdrawn"]
MAY = {"auditor": Part.AUDITOR, "caseworker": Part.CASEWORKER, "team_manager": Part.MANAGER}
READ = {"qa", "practice_lead", "director", "executive", "head_of_service", "service_manager"}


def everyone(scene):
    return {name: value for name, value in vars(scene.council).items() if hasattr(value, "job_title")}


def with_accounts(database, scene):
    """Caseworkers have accounts here."""
    held = set(database.scalars(select(Account.person_id)))
    database.add_all(Account(person_id=p.id) for p in everyone(scene).values() if p.id not in held)
    database.flush()
    return scene


@pytest.mark.parametrize("state", STATES)
def test_who_may_comment_in_which_state(database, now, state):
    scene = audit_at(database, state, now)
    for name, person in everyone(scene).items():
        who = viewer(person, now)
        if name in MAY and state not in ("unissued", "withdrawn"):
            assert comment(scene.audit, f"From {name}.", who, now).said_as == MAY[name]
        else:
            with pytest.raises(IllegalMove if name in MAY and state == "withdrawn" else NotAllowed):
                comment(scene.audit, "Mine.", who, now)


@pytest.mark.parametrize("state", [AuditState.MODERATED, AuditState.FINAL])
def test_a_moderated_audit_can_be_commented_on_and_a_final_one_not(database, now, state):
    scene = audit_at(database, "submitted", now)
    scene.audit.state = state
    who = viewer(scene.council.caseworker, now)
    if state == AuditState.MODERATED:
        assert comment(scene.audit, "The plan has changed since.", who, now).id
    else:
        with pytest.raises(IllegalMove, match="no more comments"):
            comment(scene.audit, "Too late.", who, now)


def test_whoever_has_no_part_in_it_sees_nothing(database, now, sign_in):
    scene = with_accounts(database, issued_round(database, now))
    comment(scene.audit, "Look at the chronology.", viewer(scene.council.caseworker, now), now)
    reached = {}
    for name, person in everyone(scene).items():
        answer = sign_in(person.id).get(f"{scene.path}/comments")
        reached[name] = answer.status_code
        assert ("Look at the chronology." in answer.get_data(as_text=True)) == (answer.status_code == 200)
    seen = {name for name, status in reached.items() if status == 200}
    assert seen == set(MAY) | READ
    assert set(reached.values()) == {200, 404}


def test_a_restricted_case_is_the_caseworkers_alone(database, now, sign_in):
    scene = with_accounts(database, issued_round(database, now))
    scene.council.caseworker.line_manager_id = scene.council.director.id
    database.get(Case, scene.audit.case_id).restricted = True
    database.flush()
    seen = {
        name for name, p in everyone(scene).items() if sign_in(p.id).get(f"{scene.path}/comments").status_code == 200
    }
    assert seen == {"auditor", "caseworker", "qa"}


def test_the_line_manager_comments_as_manager(database, now):
    scene = issued_round(database, now)
    scene.council.caseworker.line_manager_id = scene.council.scrutiny.id
    database.flush()
    made = comment(scene.audit, "She carried it alone.", viewer(scene.council.scrutiny, now), now)
    assert made.said_as == Part.MANAGER


def test_a_deputy_comments_on_behalf_of_the_team_manager(database, now):
    scene = issued_round(database, now)
    people = scene.council
    day = now.date()
    database.add(Deputy(person_id=people.team_manager.id, deputy_id=people.lead_auditor.id, starts_on=day, ends_on=day))
    database.flush()
    made = comment(scene.audit, "The team was short.", viewer(people.lead_auditor, now), now)
    assert (made.said_as, made.by_id, made.for_id) == (Part.MANAGER, people.lead_auditor.id, people.team_manager.id)


@pytest.mark.parametrize(
    ("text", "wrong"), [("", "Enter your comment"), ("  ", "Enter"), ("x" * (MOST_CHARACTERS + 1), "4,000 characters")]
)
def test_nothing_and_too_much_are_said_so(database, now, text, wrong):
    scene = issued_round(database, now)
    with pytest.raises(BadInput) as refused:
        comment(scene.audit, text, viewer(scene.council.caseworker, now), now)
    assert wrong in refused.value.fields["text"]


def test_a_double_click_is_one_comment(database, now):
    scene = issued_round(database, now)
    who = viewer(scene.council.caseworker, now)
    first = comment(scene.audit, "Once.", who, now)
    assert comment(scene.audit, " Once. ", who, now).id == first.id
    assert len(database.scalars(select(AuditComment)).all()) == 1


def test_the_auditor_hears_of_a_comment_and_whoever_commented_of_the_answer(database, now):
    scene = issued_round(database, now)
    people, audit = scene.council, scene.audit

    def told():
        rows = database.scalars(select(Mail).where(Mail.message == "audit_commented").order_by(Mail.id)).all()
        return [mail.person_id for mail in rows]

    comment(audit, "Look at the chronology.", viewer(people.caseworker, now), now)
    assert told() == [people.auditor.id]
    comment(audit, "I have, thank you.", scene.auditor, now)
    assert told() == [people.auditor.id, people.caseworker.id]
    mail = database.scalars(select(Mail).where(Mail.person_id == people.caseworker.id)).one()
    assert audit.case_reference not in mail.text + mail.subject + mail.html
    assert "chronology" not in mail.text


def test_a_comment_is_in_the_trail_and_on_the_page(database, now, sign_in):
    scene = with_accounts(database, issued_round(database, now))
    browser = sign_in(scene.council.caseworker.id)
    home = BeautifulSoup(browser.get("/").get_data(as_text=True), "html.parser").main
    assert (
        "of your cases are being audited" in home.get_text(" ") or "A case of yours is being audited" in home.get_text()
    )
    assert scene.audit.reference in browser.get("/my/cases-audited").get_data(as_text=True)
    assert browser.post(f"{scene.path}/comments", data={"text": ""}).status_code == 422
    assert browser.post(f"{scene.path}/comments", data={"text": "<b>Look</b> at it."}).status_code == 303
    page = browser.get(f"{scene.path}/comments").get_data(as_text=True)
    assert "&lt;b&gt;Look&lt;/b&gt; at it." in page
    entry = database.scalars(select(TrailEntry).where(TrailEntry.event == "audit:commented")).one()
    assert (entry.subject_id, entry.person_id) == (scene.audit.id, scene.council.caseworker.id)


def test_a_final_audit_takes_none_from_a_stale_page(database, now, sign_in):
    scene = with_accounts(database, audit_at(database, "submitted", now))
    scene.audit.state = AuditState.FINAL
    database.flush()
    answer = sign_in(scene.council.caseworker.id).post(f"{scene.path}/comments", data={"text": "Late words."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "takes no more comments" in page
    assert "Late words." in page, "what was typed is not lost"


def test_a_blind_moderator_does_not_see_what_may_give_the_grade_away(database, now, sign_in):
    scene = audit_at(database, "submitted", now, grade="inadequate")
    comment(scene.audit, "This is inadequate?", viewer(scene.council.team_manager, now), now)
    moderation = database.scalars(select(Moderation).where(Moderation.audit_id == scene.audit.id)).one()
    assert moderation.moderator_id is not None
    assert scene.audit.blind_for_id == moderation.moderator_id
    assert sign_in(moderation.moderator_id).get(f"{scene.path}/comments").status_code == 404


def test_the_system_is_nothing_to_an_audit(database, now):
    scene = audit_at(database, AuditState.SUBMITTED, now)
    scene.audit.caseworker_id = None
    with pytest.raises(NotAllowed):
        comment(scene.audit, "By itself.", system(), now)
    assert part_in(system(), scene.audit) is None
