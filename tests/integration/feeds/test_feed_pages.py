"""The pages about the feed, and the command."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.feeds.commands import feed_command
from qa_app.feeds.models import FeedToken
from qa_app.feeds.operations import make_token, revoke_token
from qa_app.feeds.rules import LONGEST_NAME
from qa_app.trail.models import TrailEntry
from tests.factories.feeds import busy_council
from tests.factories.people import council
from tests.factories.rounds import viewer


@pytest.fixture
def people(database, now):
    made = council(database, now)
    database.commit()
    return made


@pytest.fixture
def head(people, sign_in):
    return sign_in(people.head_of_service.id)


def events(database):
    return database.scalars(
        select(TrailEntry.event).where(TrailEntry.event.like("feed:%")).order_by(TrailEntry.id)
    ).all()


def make(client, **data):
    return client.post("/feeds", data={"name": "Board report", "days": "90"} | data)


def shown(page):
    """The token on the page that shows it."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(page, "html.parser").select_one(".govuk-inset-text").get_text(strip=True)


def test_a_token_is_shown_once_and_works(head, client, database):
    assert "You have no token yet." in head.get("/feeds").text
    page = make(head)
    token = shown(page.text)
    assert client.get("/feed/teams", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    listed = head.get("/feeds").text
    assert token not in listed
    assert "Board report" in listed
    assert "Works until 15 September 2026" in listed
    kept = database.scalars(select(FeedToken)).one()
    assert token not in (kept.digest, kept.name)
    assert events(database) == ["feed:token-made", "feed:read"]


def test_a_token_that_is_revoked_stops_at_once(head, client, database):
    token = shown(make(head).text)
    kept = database.scalars(select(FeedToken)).one()
    assert head.post(f"/feeds/{kept.id}/revoke").status_code == 303
    assert client.get("/feed", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert "Revoked on 17 June 2026" in head.get("/feeds").text
    assert head.post(f"/feeds/{kept.id}/revoke").status_code == 409
    assert events(database) == ["feed:token-made", "feed:token-revoked"]


def test_what_is_typed_is_kept_where_it_cannot_be_used(head, database):
    page = make(head, name=" ", days="30")
    assert page.status_code == 422
    assert "Enter what the token is for" in page.text
    page = make(head, name="x" * 100)
    assert page.status_code == 422
    assert "x" * 100 in page.text
    assert make(head, days="7").status_code == 422
    assert database.scalars(select(FeedToken)).all() == []


def test_a_token_is_its_owners_alone(head, people, sign_in, database):
    make(head)
    kept = database.scalars(select(FeedToken)).one()
    other = sign_in(people.qa.id)
    assert "Board report" not in other.get("/feeds").text
    assert other.post(f"/feeds/{kept.id}/revoke").status_code == 404
    assert sign_in(people.auditor.id).get("/feeds").status_code == 404


def test_the_pages_say_how_to_connect_and_what_each_column_means(head):
    page = head.get("/feeds/connect").text
    assert "OData feed" in page
    assert "/feed/audits.csv" in page
    page = head.get("/feeds/dictionary").text
    assert "auditor_grade_is_inadequate" in page
    assert "teams.team_id" in page


def test_the_command_prints_what_the_feed_serves(database, now):
    busy_council(database, now)
    printed = CliRunner().invoke(feed_command, ["audits"])
    rows = json.loads(printed.output)
    assert {row["audit_state"] for row in rows} >= {"in_progress", "submitted"}
    printed = CliRunner().invoke(feed_command, ["people", "--format", "csv"])
    assert "person_id,person_name" in printed.output
    assert "Asha Okafor" in printed.output
    assert json.loads(CliRunner().invoke(feed_command, ["audits", "--since", "2999-01-01"]).output) == []
    assert events(database) == ["feed:read"] * 3


def test_the_command_says_what_it_cannot_do(database):
    printed = CliRunner().invoke(feed_command, ["cases"])
    assert printed.exit_code != 0
    assert "There is no table cases. Give one of: audits" in printed.output
    assert CliRunner().invoke(feed_command, ["audits", "--since", "soon"]).exit_code != 0


def test_who_may_have_a_token_and_of_what_kind(people, database, now):
    head = viewer(people.head_of_service, now)
    with pytest.raises(NotAllowed):
        make_token("Board report", 90, viewer(people.auditor, now), now)
    for name, days in ((" ", 90), ("x" * (LONGEST_NAME + 1), 90), ("Board report", 89)):
        with pytest.raises(BadInput):
            make_token(name, days, head, now)
    make_token("Board report", 90, head, now)
    token = database.scalars(select(FeedToken)).one()
    revoke_token(token, head, now)
    with pytest.raises(IllegalMove):
        revoke_token(token, head, now)
    assert events(database) == ["feed:token-made", "feed:token-revoked"]
