"""Settings: operations, and the pages in each of their states."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.errors import BadInput, NotAllowed, NotFound
from qa_app.people.queries import viewer_of
from qa_app.settings import operations, queries
from qa_app.settings.definitions import DEFINITIONS, GRADE_SCALE
from qa_app.settings.models import PolicySetting
from qa_app.settings.queries import value_at
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.people import Council, council


@pytest.fixture
def made(database: Any, now: datetime) -> Council:
    return council(database, now)


@pytest.fixture
def today(now: datetime) -> date:
    return london_day(now)


@pytest.fixture
def admin(made: Council, today: date) -> Viewer:
    return viewer_of(made.administrator, today)


@pytest.fixture
def client(made: Council, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(made.administrator.id)


def dated(day: date) -> dict[str, Any]:
    return {"from_date-day": day.day, "from_date-month": day.month, "from_date-year": day.year}


def test_a_value_holds_from_its_day_on_and_the_past_stays(
    database: Any, admin: Viewer, now: datetime, today: date
) -> None:
    operations.set_value("expectation", 2, today - timedelta(days=30), admin, now)
    operations.set_value("expectation", 3, today + timedelta(days=10), admin, now)
    assert [value_at("expectation", today + timedelta(days=n)) for n in (-31, -30, 0, 9, 10)] == [1, 2, 2, 2, 3]
    with pytest.raises(BadInput, match="what held in the past never changes"):
        operations.set_value("expectation", 9, today - timedelta(days=1), admin, now)
    row = operations.set_value("expectation", 4, today + timedelta(days=10), admin, now)
    assert value_at("expectation", today + timedelta(days=10)) == 4
    entry = database.scalars(
        select(TrailDetail.detail)
        .join(TrailEntry, TrailEntry.id == TrailDetail.entry_id)
        .where(TrailEntry.subject_type == "setting", TrailEntry.subject_id == row.id)
        .order_by(TrailEntry.id.desc())
    ).first()
    assert entry == {
        "setting": "Audits a month from each auditor",
        "value": "4",
        "from_date": (today + timedelta(days=10)).isoformat(),
        "instead_of": "3",
    }


def test_only_what_has_not_begun_is_taken_back(admin: Viewer, now: datetime, today: date) -> None:
    later = today + timedelta(days=5)
    operations.set_value("expectation", 2, today, admin, now)
    operations.set_value("expectation", 3, later, admin, now)
    operations.cancel_planned("expectation", later, admin, now)
    assert value_at("expectation", later) == 2
    with pytest.raises(BadInput, match="has begun"):
        operations.cancel_planned("expectation", today, admin, now)
    with pytest.raises(NotFound):
        operations.cancel_planned("expectation", later, admin, now)


def test_refusals(made: Council, admin: Viewer, now: datetime, today: date) -> None:
    with pytest.raises(NotAllowed):
        operations.set_value("expectation", 2, today, viewer_of(made.qa, today), now)
    with pytest.raises(NotFound):
        operations.set_value("nonsense", 2, today, admin, now)
    with pytest.raises(NotFound):
        operations.keep_default("report_due_days", admin, now)
    with pytest.raises(NotFound):
        queries.setting_on("nonsense", today)


def test_decisions_are_made_by_keeping_or_planning(database: Any, admin: Viewer, now: datetime, today: date) -> None:
    before = queries.unconfirmed(today)
    assert before == [d for d in DEFINITIONS if d.to_confirm]
    operations.keep_default("expectation", admin, now)
    operations.keep_default("expectation", admin, now)
    operations.set_value("moderated_share", 30, today + timedelta(days=9), admin, now)
    left = {d.name for d in queries.unconfirmed(today)}
    assert left == {d.name for d in before} - {"expectation", "moderated_share"}
    assert len(database.scalars(select(PolicySetting).where(PolicySetting.name == "expectation")).all()) == 1


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: d.name)
def test_every_setting_has_its_page(client: FlaskClient, definition: Any) -> None:
    assert escape(definition.label) in client.get(f"/settings/{definition.name}").get_data(as_text=True)
    answer = client.post(f"/settings/{definition.name}", data={"from_date-day": "", "from_date-month": ""})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("expectation", {"value": "2"}, "2"),
        ("moderated_share", {"value": "35"}, "35%"),
        ("moderation_is_blind", {"value": "sighted"}, "Sighted"),
        ("left_out_case_types", {"value": ["care_leaver", "assessment"]}, "Open assessment, Care leaver"),
        ("reminder_days", {"value": "7, 3 0"}, "7, 3, 0"),
        ("sample_size", {"kind": "percent", "value": "5"}, "5% of open cases"),
    ],
)
def test_a_value_of_each_kind_is_saved(
    client: FlaskClient, today: date, name: str, data: dict[str, Any], words: str
) -> None:
    answer = client.post(f"/settings/{name}", data=data | dated(today))
    assert answer.status_code == 303
    page = client.get(f"/settings/{name}").get_data(as_text=True)
    assert words in page
    assert "Saved. The new value holds now." in page
    assert "Since 17 June 2026" in client.get("/settings").get_data(as_text=True)


def test_what_is_wrong_is_said_beside_its_field(client: FlaskClient, today: date) -> None:
    wrong = client.post("/settings/expectation", data={"value": "99"} | dated(today))
    assert wrong.status_code == 422
    assert "between 0 and 20" in wrong.get_data(as_text=True)
    wrong = client.post("/settings/sample_size", data={"kind": "percent", "value": "500"} | dated(today))
    assert "between 1 and 100" in wrong.get_data(as_text=True)
    client.post("/settings/expectation", data={"value": "2"} | dated(today))
    wrong = client.post("/settings/expectation", data={"value": "3"} | dated(today - timedelta(days=1)))
    assert "Enter today or a later date" in wrong.get_data(as_text=True)


def test_a_planned_value_is_shown_and_taken_back(client: FlaskClient, today: date) -> None:
    later = today + timedelta(days=14)
    client.post("/settings/expectation", data={"value": "2"} | dated(today))
    client.post("/settings/expectation", data={"value": "3"} | dated(later))
    page = client.get("/settings/expectation").get_data(as_text=True)
    assert "Planned: 3. From 1 July 2026" in page
    assert "Planned: 3 from 1 July 2026" in client.get("/settings").get_data(as_text=True)
    assert client.post(f"/settings/expectation/planned/{later}/cancel").status_code == 303
    assert client.post(f"/settings/expectation/planned/{later}/cancel").status_code == 404
    assert client.post("/settings/expectation/planned/nonsense/cancel").status_code == 404
    assert client.post(f"/settings/expectation/planned/{today}/cancel").status_code == 422
    assert "Planned" not in client.get("/settings").get_data(as_text=True)


def scale_form(today: date, **changes: str) -> dict[str, Any]:
    data: dict[str, Any] = dated(today)
    for number, grade in enumerate(GRADE_SCALE, 1):
        data |= {f"key-{number}": grade["key"], f"label-{number}": grade["label"], f"order-{number}": str(number)}
        data |= {
            f"{flag}-{number}": "1" for flag in ("good_or_better", "inadequate", "starts_improvement") if grade[flag]
        }
    return data | changes


def test_the_scale_is_changed_and_checked(client: FlaskClient, today: date) -> None:
    data = scale_form(today, **{"label-5": "", "label-6": "Exemplary", "good_or_better-6": "1", "order-6": "0"})
    assert client.post("/settings/grade_scale", data=data).status_code == 303
    assert [grade["label"] for grade in value_at("grade_scale", today)] == [
        "Exemplary",
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
    ]
    wrong = client.post("/settings/grade_scale", data=scale_form(today, **{"order-1": "9"}))
    assert wrong.status_code == 422
    text = wrong.get_data(as_text=True)
    assert "best grade first" in text
    assert 'href="#value"' in text


def test_first_run_keeps_and_counts_down(client: FlaskClient, today: date) -> None:
    names = [definition.name for definition in queries.unconfirmed(today)]
    page = client.get("/settings/first-run").get_data(as_text=True)
    assert f"{len(names)} decisions to confirm" in page
    assert f"{len(names)} decisions to confirm" in client.get("/settings").get_data(as_text=True)
    for name in names:
        assert client.post(f"/settings/{name}/keep").status_code == 303
    assert "Every decision is made" in client.get("/settings/first-run").get_data(as_text=True)
    assert client.post("/settings/report_due_days/keep").status_code == 404


def test_settings_are_the_administrators(made: Council, sign_in: Callable[[int], FlaskClient]) -> None:
    for person in (made.qa, made.director, made.auditor):
        assert sign_in(person.id).get("/settings").status_code == 404
