"""The private feed: made, read, renewed, stopped; whose it is, and what it never says."""

import json
import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import insert, select

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.calendars import operations, queries
from qa_app.calendars.models import CalendarFeed
from qa_app.core.errors import NotFound
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import ExemptionState
from qa_app.people.models import Deputy
from qa_app.signin.models import Account
from qa_app.signin.rules import LIMITS, Counted
from qa_app.signin.sessions import digest
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.progress import round_in_flight, submit

ADDRESS = re.compile(r"/calendar/([\w-]+)\.ics")


@pytest.fixture
def scene(database, now):
    made = round_in_flight(database, now)
    database.commit()
    return made


def events(response):
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.data).walk("VEVENT")}


def make(client):
    page = client.post("/my/calendar")
    assert page.status_code == 200
    return ADDRESS.search(page.text)[0]


def test_somebody_makes_an_address_and_a_calendar_program_reads_it_without_signing_in(scene, client, sign_in):
    browser = sign_in(scene.council.auditor.id)
    assert "Make a private address" in browser.get("/my/calendar").text
    path = make(browser)
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    found = events(response)
    assert list(found) == ["3 case audits due: June 2026"]
    assert found["3 case audits due: June 2026"].decoded("DTSTART") == date(2026, 6, 30)
    assert path not in browser.get("/my/calendar").text


def test_it_names_no_case_and_no_child(scene, client, sign_in):
    text = client.get(make(sign_in(scene.council.auditor.id))).text
    for audit in scene.audits:
        assert audit.case_reference not in text
        assert audit.reference not in text


def test_what_is_done_leaves_the_calendar_and_the_rest_stays_the_same_event(scene, client, sign_in, now):
    path = make(sign_in(scene.council.auditor.id))
    [before] = events(client.get(path)).values()
    submit(scene, 1, now)
    submit(scene, 2, now)
    [after] = events(client.get(path)).values()
    assert (str(after["SUMMARY"]), after["UID"]) == ("Case audit due: June 2026", before["UID"])
    submit(scene, 3, now)
    assert events(client.get(path)) == {}


def test_a_program_that_has_it_already_gets_nothing_again(scene, client, sign_in, now):
    path = make(sign_in(scene.council.auditor.id))
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    submit(scene, 1, now)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_new_address_ends_the_one_before_and_stopping_ends_it(scene, client, sign_in):
    browser = sign_in(scene.council.auditor.id)
    old, new = make(browser), make(browser)
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert "has stopped working" in browser.post("/my/calendar/stop", follow_redirects=True).text
    assert client.get(new).status_code == 404
    assert browser.post("/my/calendar/stop").status_code == 303


def test_of_two_first_addresses_made_at_once_one_works(scene, client, database, monkeypatch):
    begin, other = database.begin_nested, []

    def begin_after_another_request():
        if not other:
            other.append("its-token")
            values = {"person_id": scene.council.auditor.id, "token_digest": digest("its-token"), "made_at": scene.now}
            database.execute(insert(CalendarFeed).values(**values))
        return begin()

    monkeypatch.setattr(database, "begin_nested", begin_after_another_request)
    token = operations.make_feed(scene.auditor, scene.now)
    monkeypatch.undo()
    database.commit()
    assert client.get(f"/calendar/{token}.ics").status_code == 200
    assert client.get("/calendar/its-token.ics").status_code == 404
    assert database.scalars(select(CalendarFeed.person_id)).all() == [scene.council.auditor.id]


def test_only_a_digest_is_kept_and_the_trail_holds_no_token(scene, client, sign_in, database):
    browser = sign_in(scene.council.auditor.id)
    tokens = [ADDRESS.search(make(browser))[1] for _ in range(2)]
    browser.post("/my/calendar/stop")
    entries = database.execute(
        select(TrailEntry.event, TrailDetail.detail)
        .outerjoin(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .where(TrailEntry.event.like("calendar:%"))
        .order_by(TrailEntry.id)
    ).all()
    assert [event for event, _ in entries] == ["calendar:made", "calendar:renewed", "calendar:stopped"]
    operations.make_feed(scene.auditor, scene.now)
    kept = json.dumps([detail for _, detail in entries]) + database.scalar(select(CalendarFeed.token_digest))
    assert not any(token in kept for token in tokens)


def test_the_log_has_no_token(scene, client, sign_in, capsys):
    path = make(sign_in(scene.council.auditor.id))
    client.get(path)
    client.get("/calendar/wrong-token.ics")
    logged = capsys.readouterr()
    assert ADDRESS.search(path)[1] not in logged.err + logged.out
    assert "wrong-token" not in logged.err + logged.out


@pytest.mark.parametrize("how", ["left", "disabled"])
def test_the_feed_of_whoever_may_not_sign_in_is_gone(scene, client, sign_in, database, how, now):
    path = make(sign_in(scene.council.auditor.id))
    if how == "left":
        scene.council.auditor.leaves_on = (now - timedelta(days=1)).date()
    else:
        database.get(Account, scene.council.auditor.id).disabled_at = now
    database.commit()
    assert client.get(path).status_code == 404


def test_whoever_tries_addresses_is_made_to_wait_and_real_feeds_go_on(scene, client, sign_in, clock, monkeypatch):
    monkeypatch.setitem(
        LIMITS, Counted.ADDRESS, LIMITS[Counted.ADDRESS].__class__(3, timedelta(minutes=1), timedelta(minutes=5))
    )
    path = make(sign_in(scene.council.auditor.id))
    tries = [client.get(f"/calendar/guess{number}.ics") for number in range(5)]
    assert [response.status_code for response in tries] == [404, 404, 404, 429, 429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert client.get(path).status_code == 200
    clock.now += timedelta(minutes=2)
    assert client.get("/calendar/guess.ics").status_code == 404


def test_the_file_is_the_same_calendar(scene, sign_in):
    response = sign_in(scene.council.auditor_b.id).get("/my/calendar/file")
    assert list(events(response)) == ["4 case audits due: June 2026"]
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_qa_team_sees_the_days_of_its_rounds(scene, sign_in):
    found = events(sign_in(scene.council.qa.id).get("/my/calendar/file"))
    assert {"Round 2026-06: audits due", "Round 2026-06: moderation due", "Round 2026-06: report due"} <= set(found)


def test_who_decides_sees_what_waits_and_so_does_the_deputy(scene, sign_in, database, now):
    people = scene.council
    database.add(
        ExemptionRequest(
            person_id=people.auditor.id, team_id=people.team_a1.id, service_id=people.service_a.id,
            first_month=date(2026, 6, 1), last_month=date(2026, 6, 1), category="other", statement="Two hearings.",
            timing="after_issue", state=ExemptionState.WITH_DIRECTOR, asked_at=now, head_answered_at=now,
            decided_at=None, withdrawn_at=None,
        )
    )  # fmt: skip
    day = now.date()
    database.add(Deputy(person_id=people.director.id, deputy_id=people.executive.id, starts_on=day, ends_on=day))
    database.commit()
    for person in (people.director, people.executive):
        [event] = events(sign_in(person.id).get("/my/calendar/file")).values()
        assert str(event["SUMMARY"]) == "1 exemption request waits for your answer"
        assert event.decoded("DTSTART") == date(2026, 6, 18)
    assert events(sign_in(people.head_of_service_b.id).get("/my/calendar/file")) == {}


def test_nothing_is_due_is_said(scene, sign_in):
    assert "Nothing is due from you now." in sign_in(scene.council.scrutiny.id).get("/my/calendar").text


def test_a_withdrawn_audit_is_not_due(scene, now):
    for audit in scene.audits[1:4]:
        audits.withdraw_audit(audit, "The case closed.", scene.qa, now)
    assert queries.entries(scene.auditor, now.date()) == []


def test_the_system_has_no_feed(scene, now):
    with pytest.raises(NotFound):
        operations.make_feed(system(), now)
