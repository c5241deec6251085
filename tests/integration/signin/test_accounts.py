"""Invitations, passwords, taking access away, and the first administrator."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qa_app.access.roles import Role
from qa_app.access.viewer import system
from qa_app.cli import main
from qa_app.core.errors import BadInput, NotAllowed, NotFound
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import viewer_of
from qa_app.signin import operations
from qa_app.signin.commands import create_admin
from qa_app.signin.models import Account
from qa_app.signin.passwords import is_right, make_hash
from qa_app.trail.models import TrailEntry
from tests.factories.people import council

PASSWORD = "gravel tulip nineteen ferry"
NEW = "walnut ombre thirteen kestrel"
HASH = make_hash(PASSWORD)


@pytest.fixture
def people(database, now):
    made = council(database, now)
    database.execute(update(Account).values(password_hash=HASH))
    database.commit()
    return made


@pytest.fixture
def token(people, database, now):
    made = operations.invite(people.auditor.id, system(), now)
    database.commit()
    return made


def test_an_administrator_makes_a_link_and_the_person_chooses_a_password(people, sign_in, client, database):
    page = sign_in(people.administrator.id).post(f"/people/{people.auditor.id}/invite").text
    path = page.split("http://127.0.0.1:8000")[1].split("<")[0]
    assert people.auditor.email in client.get(path).text
    response = client.post(path, data={"new_password": NEW})
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert client.post("/sign-in", data={"email": people.auditor.email, "password": NEW}).status_code == 303
    again = client.get(path)
    assert again.status_code == 404
    assert "This link no longer works" in again.text
    assert client.post(path, data={"new_password": PASSWORD}).status_code == 404


def test_only_the_digest_of_a_link_is_kept(token, people, database):
    assert token not in database.scalar(select(Account.invite_digest).where(Account.person_id == people.auditor.id))


def test_a_caseworker_without_an_account_can_be_given_one(people, database, now):
    token = operations.invite(people.caseworker.id, system(), now)
    assert operations.choose_password(token, HASH, now) == people.caseworker.id


@pytest.mark.parametrize(("after", "status"), [(timedelta(days=7, seconds=-1), 200), (timedelta(days=7), 404)])
def test_a_link_expires_after_seven_days(token, client, clock, after, status):
    clock.now += after
    assert client.get(f"/choose-password/{token}").status_code == status


def test_a_newer_link_replaces_the_older(token, people, client, database, now):
    operations.invite(people.auditor.id, system(), now)
    database.commit()
    assert client.get(f"/choose-password/{token}").status_code == 404


def test_a_link_ends_with_the_access(token, people, client, database, now):
    operations.disable_account(people.auditor.id, system(), now)
    database.commit()
    assert client.get(f"/choose-password/{token}").status_code == 404


def test_choosing_a_password_ends_the_sessions_of_before(token, people, sign_in, client):
    before = sign_in(people.auditor.id)
    client.post(f"/choose-password/{token}", data={"new_password": NEW})
    assert before.get("/account").status_code == 401


def test_a_guessable_password_is_refused_beside_its_field(token, client):
    response = client.post(f"/choose-password/{token}", data={"new_password": "AshaOkafor-Auditor-2026"})
    assert response.status_code == 422
    assert "Choose a password that is harder to guess" in response.text
    assert "Enter a new password" in client.post(f"/choose-password/{token}", data={}).text


def test_a_link_used_at_the_same_moment_twice_works_once(token, people, now):
    operations.choose_password(token, HASH, now)
    with pytest.raises(NotFound):
        operations.choose_password(token, HASH, now)


@pytest.mark.parametrize("change", [{"email": None}, {"leaves_on": "past"}])
def test_who_cannot_sign_in_gets_no_link(people, database, now, change):
    past = (now - timedelta(days=2)).date()
    for name, value in change.items():
        setattr(people.auditor, name, past if value == "past" else value)
    with pytest.raises(BadInput):
        operations.invite(people.auditor.id, system(), now)


def test_a_disabled_account_gets_no_link(people, now):
    operations.disable_account(people.auditor.id, system(), now)
    with pytest.raises(BadInput, match="Enable it first"):
        operations.invite(people.auditor.id, system(), now)


def test_nobody_else_decides_who_may_sign_in(people, now):
    viewer = viewer_of(people.qa, now.date())
    for operation in (operations.invite, operations.disable_account, operations.enable_account):
        with pytest.raises(NotAllowed):
            operation(people.auditor.id, viewer, now)


def test_nobody_disables_their_own_account_or_the_last_administrators(people, database, now):
    viewer = viewer_of(people.administrator, now.date())
    with pytest.raises(NotAllowed, match="your own"):
        operations.disable_account(people.administrator.id, viewer, now)
    with pytest.raises(NotAllowed, match="only administrator"):
        operations.disable_account(people.administrator.id, system(), now)
    database.add(RoleGrant(person_id=people.qa.id, role=Role.ADMINISTRATOR, granted_at=now))
    database.flush()
    operations.disable_account(people.administrator.id, system(), now)


def test_absent_people_and_accounts_are_not_found(people, now):
    for operation, who in (
        (operations.invite, 9999),
        (operations.disable_account, people.caseworker.id),
        (operations.enable_account, 9999),
    ):
        with pytest.raises(NotFound):
            operation(who, system(), now)


def test_disabling_twice_leaves_one_entry(people, database, now):
    for _ in range(2):
        operations.disable_account(people.auditor.id, system(), now)
    for _ in range(2):
        operations.enable_account(people.auditor.id, system(), now)
    assert list(database.scalars(select(TrailEntry.event))) == ["account:disabled", "account:enabled"]


def change(client, now_password, new_password):
    return client.post("/account/password", data={"password": now_password, "new_password": new_password})


def test_a_changed_password_signs_every_other_browser_out(people, sign_in, database):
    here, there = sign_in(people.auditor.id), sign_in(people.auditor.id)
    response = change(here, PASSWORD, NEW)
    assert (response.status_code, response.location) == (303, "/account")
    assert "Your password is changed" in here.get("/account").text
    assert there.get("/account").status_code == 401
    assert is_right(database.scalar(select(Account.password_hash).where(Account.person_id == people.auditor.id)), NEW)


def test_the_password_now_must_be_right_and_guessing_it_is_slowed(people, sign_in):
    client = sign_in(people.auditor.id)
    answers = [change(client, "wrong", NEW) for _ in range(11)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Enter the password that you use now" in answers[9].text
    assert "Too many tries" in answers[10].text


def test_a_short_new_password_is_refused(people, sign_in):
    response = change(sign_in(people.auditor.id), PASSWORD, "short")
    assert response.status_code == 422
    assert "Use 15 characters or more" in response.text


def run(app, *arguments, text=None):
    return app.test_cli_runner().invoke(create_admin, arguments, input=text)


def test_the_command_makes_the_first_administrator_and_prints_a_link(app, client, database):
    result = run(app, "--name", "Uma Vance", "--email", "Uma.Vance@Council.example", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    person = database.scalars(select(Person).where(Person.email == "uma.vance@council.example")).one()
    assert found["person_id"] == person.id
    assert [grant.role for grant in person.role_grants] == ["administrator"]
    path = found["link"].removeprefix(app.config["BASE_URL"])
    assert client.post(path, data={"new_password": NEW}).status_code == 303


def test_the_command_takes_a_password_from_standard_input(app, client, database):
    result = run(app, "--name", "Uma Vance", "--email", "uma@council.example", "--password-stdin", text=NEW + "\n")
    assert result.exit_code == 0, result.output
    assert client.post("/sign-in", data={"email": "uma@council.example", "password": NEW}).status_code == 303


def test_the_command_run_again_gives_a_new_link_and_no_second_role(app, people, database):
    for _ in range(2):
        assert run(app, "--name", "x", "--email", people.qa.email).exit_code == 0
    roles = list(database.scalars(select(RoleGrant.role).where(RoleGrant.person_id == people.qa.id)))
    assert sorted(roles) == ["administrator", "qa_team"]


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (("--email", "no email"), None, "Enter a work email"),
        (("--email", "u@c.example", "--password-stdin"), "short\n", "Use 15 characters"),
    ],
)
def test_the_command_says_what_to_mend(app, database, arguments, text, said):
    result = run(app, "--name", "Uma Vance", *arguments, text=text)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""


def test_the_commands_are_registered():
    assert {"create-admin", "verify-trail"} <= set(main.commands)


def test_the_system_has_no_password_and_no_session_of_its_own(people, database, now):
    with pytest.raises(NotFound):
        operations.change_password(system(), HASH, now)
    operations.sign_out_everywhere(system(), now)
    assert list(database.scalars(select(TrailEntry.event))) == []


def test_a_link_that_is_used_between_reading_and_writing_is_refused(token, people, monkeypatch, now):
    read = operations.queries.account_by_invitation(token, now)
    operations.choose_password(token, HASH, now)
    monkeypatch.setattr(operations.queries, "account_by_invitation", lambda *_: read)
    with pytest.raises(NotFound):
        operations.choose_password(token, HASH, now)


def test_someone_who_has_no_account_has_no_account_page(people, sign_in, database):
    client = sign_in(people.auditor.id)
    database.delete(database.get(Account, people.auditor.id))
    database.commit()
    assert client.get("/account").status_code == 401


@pytest.mark.parametrize(("role", "offered"), [("head_of_service", True), ("director", True), ("auditor", False)])
def test_those_who_decide_find_where_to_name_a_deputy(people, sign_in, role, offered):
    page = sign_in(getattr(people, role).id).get("/account").text
    assert ("/my/deputy" in page) is offered
