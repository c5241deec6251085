"""Signing in and out, throttling, sessions and their limits."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from qa_app.core.database import db
from qa_app.core.jobs import Done
from qa_app.jobs.forget_sign_ins import forget_old_sign_ins
from qa_app.jobs.schedule import tick
from qa_app.people.models import Person
from qa_app.signin import operations, passwords
from qa_app.signin.models import Account, FailedSignIn, SignInSession
from qa_app.signin.passwords import is_right, make_hash
from qa_app.signin.sessions import IDLE, IDLE_ADMINISTRATOR, LONGEST, start_session
from qa_app.trail.models import TrailEntry
from tests.factories.people import council

PASSWORD = "gravel tulip nineteen ferry"
HASH = make_hash(PASSWORD)


@pytest.fixture
def people(database, now):
    made = council(database, now)
    database.execute(update(Account).values(password_hash=HASH))
    database.commit()
    return made


def enter(client, person, password=PASSWORD, path="/sign-in", **options):
    return client.post(path, data={"email": person.email, "password": password}, **options)


def events(database):
    return list(database.scalars(select(TrailEntry.event).order_by(TrailEntry.id)))


def test_the_right_password_signs_in_and_leaves_it_in_the_trail(people, client, database):
    response = enter(client, people.auditor)
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/account").status_code == 200
    entry = database.scalars(select(TrailEntry)).one()
    assert (entry.event, entry.person_id, entry.subject_id) == (
        "signin:signed-in",
        people.auditor.id,
        people.auditor.id,
    )


def test_capitals_and_spaces_around_an_email_do_not_matter(people, client):
    response = client.post("/sign-in", data={"email": f"  {people.auditor.email.upper()} ", "password": PASSWORD})
    assert response.status_code == 303


@pytest.mark.parametrize("spoilt", [PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), PASSWORD[:-1]])
def test_a_password_is_exactly_what_was_typed(people, client, spoilt):
    assert enter(client, people.auditor, spoilt).status_code == 422


def test_a_long_password_is_not_cut_off():
    long = "a1" * 60
    digest = make_hash(long + "x")
    assert is_right(digest, long + "x")
    assert not is_right(digest, long + "y")
    assert not is_right(None, "nobody has this password")
    assert not is_right("no digest", "x")


def _answer(client, email, password):
    response = client.post("/sign-in", data={"email": email, "password": password})
    return response.status_code, without_tokens(response.text).replace(email, "EMAIL")


def without_tokens(page):
    """A page without its CSRF tokens, which say when they were made."""
    return re.sub(r"[\w-]{40,}\.[\w-]+\.[\w-]+", "TOKEN", page)


def test_unknown_wrong_disabled_left_and_not_yet_begun_get_the_same_answer(people, client, database, now):
    database.get(Account, people.auditor_b.id).disabled_at = now
    people.director.leaves_on = now.date() - timedelta(days=1)
    people.executive.starts_on = now.date() + timedelta(days=1)
    database.get(Account, people.moderator.id).password_hash = None
    database.commit()
    answers = {_answer(client, people.auditor.email, "wrong")}
    answers |= {
        _answer(client, email, PASSWORD)
        for email in (
            "nobody@council.example",
            people.auditor_b.email,
            people.director.email,
            people.executive.email,
            people.moderator.email,
        )
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_a_failure_is_in_the_trail_without_email_or_address(people, client, database):
    enter(client, people.auditor, "wrong")
    client.post("/sign-in", data={"email": "nobody@council.example", "password": "wrong"})
    entries = database.scalars(select(TrailEntry).order_by(TrailEntry.id)).all()
    assert [(e.event, e.person_id, e.subject_id) for e in entries] == [
        ("signin:failed", None, people.auditor.id),
        ("signin:failed", None, None),
    ]
    keys = " ".join(database.scalars(select(FailedSignIn.key)))
    assert "council" not in keys
    assert "127.0.0.1" not in keys


def test_an_empty_form_says_what_to_enter_and_counts_nothing(people, client, database):
    response = client.post("/sign-in", data={})
    assert response.status_code == 422
    assert "Enter your work email" in response.text
    assert database.scalar(select(func.count()).select_from(FailedSignIn)) == 0


def _fail(client, person, times, **options):
    return [enter(client, person, "wrong", **options).status_code for _ in range(times)]


def test_after_ten_failures_even_the_right_password_waits_and_then_works(people, client, clock):
    assert _fail(client, people.auditor, 10) == [422] * 10
    waiting = enter(client, people.auditor)
    assert waiting.status_code == 429
    assert int(waiting.headers["Retry-After"]) == 31
    assert "not locked" in waiting.text
    clock.now += timedelta(seconds=29)
    assert enter(client, people.auditor).status_code == 429
    clock.now += timedelta(seconds=2)
    assert enter(client, people.auditor).status_code == 303


def test_a_try_made_while_waiting_does_not_lengthen_the_wait(people, client, clock, database):
    _fail(client, people.auditor, 10)
    assert _fail(client, people.auditor, 5) == [429] * 5
    clock.now += timedelta(seconds=31)
    assert enter(client, people.auditor).status_code == 303


def test_success_forgets_the_failures_of_the_pair(people, client, database):
    _fail(client, people.auditor, 9)
    assert enter(client, people.auditor).status_code == 303
    client.post("/sign-out")
    assert database.scalar(select(func.count()).select_from(FailedSignIn)) == 0


def test_a_forged_forwarded_address_does_not_reset_the_count(people, client):
    for n in range(10):
        enter(client, people.auditor, "wrong", headers={"X-Forwarded-For": f"10.0.0.{n}"})
    assert enter(client, people.auditor, headers={"X-Forwarded-For": "10.0.0.99"}).status_code == 429


def test_a_stranger_elsewhere_cannot_lock_a_colleague_out(people, app, client):
    own, stranger = app.test_client(), app.test_client()
    enter(own, people.auditor)
    own.post("/sign-out")
    for n in range(60):
        stranger.post(
            "/sign-in",
            data={"email": people.auditor.email, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"198.51.100.{n}"},
        )
    assert enter(own, people.auditor).status_code == 303


def test_a_whole_office_behind_one_address_is_not_shut_out_by_one_person(people, app, client):
    _fail(client, people.auditor, 15)
    assert enter(app.test_client(), people.director).status_code == 303


def test_a_known_browser_is_still_throttled_for_its_own_failures(people, client):
    enter(client, people.auditor)
    client.post("/sign-out")
    _fail(client, people.auditor, 10)
    assert enter(client, people.auditor).status_code == 429


def test_a_forged_browser_cookie_counts_for_nothing(people, client):
    client.set_cookie("browser", "WzEsICJ4Il0.forged")
    assert _fail(client, people.auditor, 11)[-1] == 429


def test_every_answer_says_when_the_session_would_end_and_a_refresh_does_not_extend_it(people, sign_in, clock):
    client = sign_in(people.auditor.id)
    page = client.get("/account")
    assert page.headers["X-Signed-In-For"] == "3600"
    assert 'data-signed-in-for="3600" data-signed-in-most="43200"' in page.text
    clock.now += timedelta(minutes=40)
    asked = client.post("/account/stay", headers={"HX-Request": "true", "X-Live": "1"})
    assert asked.headers["X-Signed-In-For"] == "1200"
    assert client.post("/account/stay", headers={"HX-Request": "true"}).headers["X-Signed-In-For"] == "3600"
    assert sign_in(people.administrator.id).get("/account").headers["X-Signed-In-For"] == "1800"
    assert "X-Signed-In-For" not in client.post("/sign-out").headers


def test_old_failures_and_sessions_are_forgotten(people, client, clock, database):
    _fail(client, people.auditor, 2)
    start_session(people.auditor.id, clock.now)
    operations.forget_old(clock.now + timedelta(days=2))
    assert database.scalar(select(func.count()).select_from(FailedSignIn)) == 0
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_the_job_forgets_once_a_day_what_is_old_and_keeps_what_counts(people, client, clock, database):
    _fail(client, people.auditor, 1)
    start_session(people.auditor.id, clock.now)
    database.commit()
    rows = database.scalar(select(func.count()).select_from(FailedSignIn)) + 1
    morning = (clock.now + timedelta(days=2)).replace(hour=0, minute=30)  # half past one in London
    assert forget_old_sign_ins(morning - timedelta(days=1)) == Done()
    assert tick(morning)["forget-sign-ins"]["did"] == {"forgotten": rows}
    clock.now = morning - timedelta(hours=20)
    _fail(client, people.auditor, 1)
    assert tick(morning + timedelta(hours=20))["forget-sign-ins"]["did"] == {}
    assert database.scalar(select(func.count()).select_from(FailedSignIn)) == rows - 1


@pytest.mark.parametrize("going_to", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2Fevil.example"])
def test_sign_in_never_leads_to_another_site(people, client, going_to):
    response = client.post(
        "/sign-in", query_string={"next": going_to}, data={"email": people.auditor.email, "password": PASSWORD}
    )
    assert response.location == "/"


def test_sign_in_goes_on_to_where_one_was(people, client):
    refused = client.get("/account?tab=2")
    assert refused.status_code == 401
    assert "/sign-in?next=/account?tab%3D2" in refused.text
    assert enter(client, people.auditor, path="/sign-in?next=/account?tab%3D2").location == "/account?tab=2"
    assert client.get("/sign-in?next=/account").location == "/account"


def test_a_session_planted_before_sign_in_is_not_the_one_after(people, client, database, now):
    planted = start_session(people.auditor_b.id, now)
    database.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = planted
        cookie["left"] = "over"
    enter(client, people.auditor)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert "left" not in cookie


def test_sign_out_ends_the_row_and_clears_the_browser(people, client, database):
    enter(client, people.auditor)
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    response = client.post("/sign-out")
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "You have signed out" in client.get("/sign-in").text
    with client.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert client.get("/account").status_code == 401
    assert events(database) == ["signin:signed-in", "signin:signed-out"]


def test_sign_out_without_a_session_is_no_error(people, client):
    assert client.post("/sign-out").status_code == 303


def test_sign_out_everywhere_ends_the_other_browser_at_once(people, app, client):
    other = app.test_client()
    enter(client, people.auditor)
    enter(other, people.auditor)
    assert client.post("/sign-out-everywhere").status_code == 303
    assert (client.get("/account").status_code, other.get("/account").status_code) == (401, 401)


def test_one_other_browser_can_be_signed_out(people, app, client, database):
    other = app.test_client()
    enter(client, people.auditor, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/120.0"})
    enter(other, people.auditor)
    page = client.get("/account").text
    assert "Firefox on Windows" in page
    newest = database.scalar(select(func.max(SignInSession.id)))
    assert client.post(f"/account/sessions/{newest}/end").status_code == 303
    assert (client.get("/account").status_code, other.get("/account").status_code) == (200, 401)


def test_nobody_elses_session_can_be_ended(people, sign_in, database, now):
    theirs = sign_in(people.auditor_b.id)
    mine = sign_in(people.auditor.id)
    newest = database.scalar(select(SignInSession.id).where(SignInSession.person_id == people.auditor_b.id))
    refused, absent = mine.post(f"/account/sessions/{newest}/end"), mine.post("/account/sessions/999999/end")
    assert (refused.status_code, without_tokens(refused.text)) == (404, without_tokens(absent.text))
    assert theirs.get("/account").status_code == 200


@pytest.mark.parametrize(("who", "limit"), [("auditor", IDLE), ("administrator", IDLE_ADMINISTRATOR)])
def test_an_idle_session_ends_at_its_limit_and_not_before(people, sign_in, clock, who, limit):
    client = sign_in(getattr(people, who).id)
    clock.now += limit - timedelta(seconds=1)
    assert client.get("/account").status_code == 200
    clock.now += limit
    assert client.get("/account").status_code == 401


def test_an_idle_session_without_use_ends_one_second_after_the_limit(people, sign_in, clock):
    client = sign_in(people.auditor.id)
    clock.now += IDLE + timedelta(seconds=1)
    assert client.get("/account").status_code == 401


def test_use_keeps_a_session_but_not_beyond_twelve_hours(people, sign_in, clock):
    client = sign_in(people.auditor.id)
    began = clock.now
    while clock.now + IDLE < began + LONGEST:
        clock.now += IDLE - timedelta(minutes=1)
        assert client.post("/account/stay").status_code == 303
    clock.now = began + LONGEST - timedelta(seconds=1)
    assert client.get("/account").status_code == 200
    clock.now = began + LONGEST + timedelta(seconds=1)
    assert client.get("/account").status_code == 401


def test_autosave_does_not_keep_a_session_alive(people, sign_in, clock, database):
    client = sign_in(people.auditor.id)
    clock.now += timedelta(minutes=40)
    assert client.get("/account", headers={"X-Autosave": "1"}).status_code == 200
    clock.now += timedelta(minutes=21)
    assert client.get("/account").status_code == 401


def test_disabling_an_account_ends_its_sessions_at_once(people, sign_in, clock, database):
    client, administrator = sign_in(people.auditor.id), sign_in(people.administrator.id)
    assert administrator.post(f"/people/{people.auditor.id}/disable-account").status_code == 303
    assert client.get("/account").status_code == 401
    assert enter(client, people.auditor).status_code == 422
    administrator.post(f"/people/{people.auditor.id}/enable-account")
    assert enter(client, people.auditor).status_code == 303
    assert events(database)[0] == "account:disabled"


def test_a_leaver_is_out_the_day_after_the_last_day(people, sign_in, clock, database):
    people.auditor.leaves_on = clock.now.date()
    database.commit()
    client = sign_in(people.auditor.id)
    assert client.get("/account").status_code == 200
    clock.now = clock.now.replace(hour=23, minute=30)  # half past midnight in London
    assert sign_in(people.auditor.id).get("/account").status_code == 401


def test_an_expired_htmx_request_gets_a_fragment(people, client):
    response = client.get("/account", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["X-Fragment"], response.headers["HX-Retarget"]) == (
        401,
        "1",
        "#notice",
    )
    assert "<html" not in response.text


def test_an_outdated_digest_is_made_anew(people, client, database, monkeypatch):
    monkeypatch.setattr("qa_app.signin.authentication.is_outdated", lambda _hash: True)
    enter(client, people.auditor)
    digest = database.scalar(select(Account.password_hash).where(Account.person_id == people.auditor.id))
    assert digest != HASH
    assert is_right(digest, PASSWORD)


def test_the_demo_offers_one_person_for_each_role(people, client, database):
    page = client.get("/sign-in?next=/account").text
    for label in ("Auditor", "Head of Service", "QA team", "Director", "Scrutiny", "Administrator"):
        assert f">{label}</button>" in page
    assert people.auditor.name in page
    response = client.post("/demo-sign-in", data={"role": "director", "next": "/account"})
    assert response.location == "/account"
    assert people.director.name in client.get("/account").text
    assert client.post("/demo-sign-in", data={"role": "king"}).status_code == 404


def test_outside_the_demo_nobody_is_offered(people, app, client, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", False)
    assert people.director.name not in client.get("/sign-in").text
    assert client.post("/demo-sign-in", data={"role": "director"}).status_code == 404


def test_the_slow_check_holds_no_transaction(people, client, monkeypatch):
    seen = []

    def watch(password_hash, password):
        seen.append(db.session().in_transaction())
        return is_right(password_hash, password)

    monkeypatch.setattr("qa_app.signin.authentication.is_right", watch)
    enter(client, people.auditor)
    enter(client, people.auditor, "wrong")
    assert seen == [False, False]


def test_person_table_is_untouched_by_sign_in(people, client, database):
    before = database.scalar(select(Person.version).where(Person.id == people.auditor.id))
    enter(client, people.auditor)
    assert database.scalar(select(Person.version).where(Person.id == people.auditor.id)) == before


def test_unknown_people_cost_as_much_work_as_known_ones(people, client, monkeypatch):
    checked = []

    class Watch:
        def verify(self, digest, _password):
            checked.append(digest)
            return False

    passwords._nobodys_hash()
    monkeypatch.setattr(passwords, "_hasher", Watch())
    for email in ("nobody@council.example", people.auditor.email):
        client.post("/sign-in", data={"email": email, "password": "wrong"})
    assert len(checked) == 2
    assert {digest.rsplit("$", 2)[0] for digest in checked} == {"$argon2id$v=19$m=19456,t=2,p=1"}
