"""The page of the trail, and the command that verifies it."""

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text

from qa_app.access.viewer import Viewer, system
from qa_app.core.database import db
from qa_app.people.queries import viewer_of
from qa_app.trail import queries
from qa_app.trail.commands import verify_trail
from qa_app.trail.operations import append
from qa_app.trail.presenters import event_words, read_day
from tests.factories.people import council


@pytest.fixture
def people(database, now):
    made = council(database, now)
    auditor = viewer_of(made.auditor, now.date())
    deputy = viewer_of(made.director, now.date()).acting_for(made.head_of_service.id)
    append("signin:signed-in", auditor, now - timedelta(days=3), ("person", made.auditor.id), how="password")
    append(
        "person:role-given",
        viewer_of(made.administrator, now.date()),
        now - timedelta(days=2),
        ("person", made.qa.id),
        changes={"role": [None, "QA team"]},
        sure=True,
    )
    append("audit:viewed", deputy, now - timedelta(days=1), ("audit", 77), note='"><svg onload=alert(1)>')
    append("signin:failed", system(), now, ("person", None))
    database.commit()
    return made


def rows(response):
    return response.text.count('<tr class="govuk-table__row" role="row">') - 1


def test_the_qa_team_reads_everything_in_plain_words(people, sign_in):
    page = sign_in(people.qa.id).get("/trail")
    assert page.status_code == 200
    assert rows(page) == 4
    for words in (
        "Signed in",
        "Role given",
        "Role: QA team",
        "Audit viewed",
        "Oren Hathersage, for Kavita Rowntree",
        "Nobody signed in",
        "Sure: yes",
        "Asha Okafor",
    ):
        assert words in page.text
    assert "<svg onload" not in page.text
    assert page.text.index("Sign-in failed") < page.text.index("Audit viewed")


def test_an_administrator_reads_nothing_of_audits(people, sign_in):
    page = sign_in(people.administrator.id).get("/trail")
    assert rows(page) == 3
    assert "Audit viewed" not in page.text
    assert ">Audits</option>" not in page.text
    assert rows(sign_in(people.administrator.id).get("/trail?area=audit")) == 3


@pytest.mark.parametrize("who", ["auditor", "head_of_service", "director", "executive", "scrutiny", "practice_lead"])
def test_nobody_else_has_the_page(people, sign_in, who):
    assert sign_in(getattr(people, who).id).get("/trail").status_code == 404


def test_a_viewer_without_permission_finds_nothing(people):
    assert queries.entries(Viewer(1, "Nobody"), queries.Wanted(), [], 50, 0) == ([], 0)
    assert queries.history("person", people.auditor.id, Viewer(1, "Nobody")) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("person=okafor", 1), ("person=kavita", 1), ("person=nobody-of-that-name", 0), ("area=signin", 2), ("subject=Nia", 1),
        ("subject=2026-06/017", 0), ("from=2026-06-16", 2), ("to=15/6/2026", 2), ("from=15+June+2026&to=16+Jun+2026", 2), ("from=soon", 4), ("page=99", 0),
    ],
)  # fmt: skip
def test_the_search(people, sign_in, query, count):
    page = sign_in(people.qa.id).get(f"/trail?{query}")
    assert page.status_code == 200
    assert max(rows(page), 0) == count


def test_the_history_of_one_person(people, now):
    found = queries.history("person", people.auditor.id, viewer_of(people.qa, now.date()))
    assert [entry.event for entry in found] == ["signin:signed-in"]


def test_the_page_is_of_fifty_and_its_queries_do_not_grow(people, sign_in, now, database):
    for n in range(120):
        append(
            "person:changed", viewer_of(people.administrator, now.date()), now, ("person", people.everyone[n % 15].id)
        )
    database.commit()
    client = sign_in(people.qa.id)
    seen = []
    with _counting(seen):
        page = client.get("/trail")
    assert "Showing 1 to 50 of 124" in page.text
    assert len(seen) <= 12


@contextmanager
def _counting(seen):
    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield
    event.remove(db.engine, "before_cursor_execute", note)


def test_htmx_gets_the_list_alone(people, sign_in):
    response = sign_in(people.qa.id).get("/trail?area=signin", headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert 'id="results"' in response.text


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("1/6/2026", date(2026, 6, 1)),
        ("1 June 2026", date(2026, 6, 1)),
        ("1 Foo 2026", None),
        ("31/2/2026", None),
        ("", None),
        ("June", None),
    ],
)
def test_days_as_people_type_them(typed, day):
    assert read_day(typed) == day


def test_events_read_as_words():
    assert event_words("audit:submitted") == "Audit submitted"
    assert event_words("signin:signed-out") == "Signed out"


def run(app, *arguments):
    return app.test_cli_runner().invoke(verify_trail, arguments)


def test_the_command_says_that_the_trail_is_whole(app, people):
    result = run(app, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["entries"], found["whole"], found["faults"]) == (0, 4, True, [])
    assert run(app, "--anchor", f"4:{found['digest']}").exit_code == 0
    assert "The trail is whole." in run(app).stdout


def test_the_command_fails_on_a_fault(app, people, database):
    on = " ON trail_entry" if db.engine.dialect.name == "postgresql" else ""
    database.execute(text(f"DROP TRIGGER trail_entry_no_update{on}"))
    database.execute(text("UPDATE trail_entry SET event = 'x' WHERE id = 2"))
    result = run(app, "--json")
    assert result.exit_code == 1
    assert "Entry 2 does not follow" in json.loads(result.stdout)["faults"][0]
    assert "The trail is not whole" in result.stderr


def test_the_command_fails_on_another_anchor_and_refuses_one_that_cannot_be_read(app, people):
    assert run(app, "--anchor", "2:" + "0" * 64).exit_code == 1
    refused = run(app, "--anchor", "2")
    assert (refused.exit_code, refused.stderr.strip()[:13]) == (1, "Give --anchor")


def test_london_days_bound_the_search(people, database, now):
    append("person:changed", system(), datetime(2026, 6, 1, 23, 30, tzinfo=UTC), ("person", 1))
    found = queries.entries(
        viewer_of(people.qa, now.date()),
        queries.Wanted(first_day=date(2026, 6, 2), last_day=date(2026, 6, 2)),
        [],
        50,
        0,
    )
    assert found[1] == 1
