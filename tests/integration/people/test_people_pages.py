"""Pages about people in each of their states. The client checks every page's HTML."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from qa_app.access.roles import Role
from qa_app.core.clock import london_day
from qa_app.people import operations, queries
from qa_app.people.models import Person
from qa_app.people.queries import viewer_of
from tests.factories.people import Council, council, person


@pytest.fixture
def made(database: Any, now: datetime) -> Council:
    return council(database, now)


@pytest.fixture
def admin(made: Council, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(made.administrator.id)


@pytest.fixture
def qa(made: Council, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(made.qa.id)


def dated(name: str, text: str) -> dict[str, str]:
    day, month, year = text.split() if text else ("", "", "")
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def details(person: Person, **changes: Any) -> dict[str, Any]:
    values = {
        "name": person.name,
        "email": person.email,
        "job_title": person.job_title,
        "team_id": person.team_id or "",
        "line_manager_id": person.line_manager_id or "",
        "version": person.version,
    }
    return values | changes


def test_people_are_listed_filtered_and_exported(admin: FlaskClient, made: Council) -> None:
    page = admin.get("/people").get_data(as_text=True)
    assert "Asha Okafor" in page
    part = admin.get("/people?q=okafor", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Asha Okafor" in part
    assert "Bryn" not in part
    assert "<html" not in part
    assert "Nobody matches" in admin.get("/people?q=zzzz").get_data(as_text=True)
    book = openpyxl.load_workbook(BytesIO(admin.get("/people/export?q=okafor").data))
    rows = list(book.active.values)
    assert len(rows) == 2
    assert rows[1][:2] == ("Asha Okafor", "asha.okafor@council.example")


def test_a_list_of_people_costs_the_same_queries_however_long(admin: FlaskClient, made: Council, database: Any) -> None:
    def count() -> int:
        database.commit()
        database.expunge_all()
        statements: list[str] = []
        bind = database.get_bind()

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(bind, "before_cursor_execute", note)
        admin.get("/people")
        event.remove(bind, "before_cursor_execute", note)
        return len([s for s in statements if s.startswith("SELECT")])

    few = count()
    database.add_all(Person(name=f"Person {n}") for n in range(200))
    assert count() == few <= 12


@pytest.mark.parametrize("who", ["auditor", "moderator", "head_of_service", "caseworker", "director", "administrator"])
def test_a_persons_page_opens_for_everyone(admin: FlaskClient, qa: FlaskClient, made: Council, who: str) -> None:
    person = getattr(made, who)
    for client in (admin, qa):
        page = client.get(f"/people/{person.id}").get_data(as_text=True)
        assert person.name in page
    assert admin.get("/people/99999").status_code == 404


def test_the_qa_team_changes_auditing_but_not_roles(qa: FlaskClient, made: Council) -> None:
    page = qa.get(f"/people/{made.auditor.id}").get_data(as_text=True)
    assert "Change auditing" in page
    assert "Give a role" not in page
    assert qa.get(f"/people/{made.auditor.id}/roles/add").status_code == 404


def test_a_person_is_added_and_refused_by_field(admin: FlaskClient, made: Council) -> None:
    assert admin.get("/people/add").status_code == 200
    wrong = admin.post("/people/add", data={"name": "", "email": "nonsense"})
    assert wrong.status_code == 422
    text = wrong.get_data(as_text=True)
    assert "Enter the person&#39;s name" in text
    assert "Enter an email address with an @" in text
    taken = admin.post("/people/add", data={"name": "X", "email": made.qa.email})
    assert "belongs to Nia Fairclough" in taken.get_data(as_text=True)
    answer = admin.post(
        "/people/add",
        data={"name": "Una Vasquez", "email": "una@council.example", "team_id": made.team_a1.id}
        | dated("starts_on", "1 6 2026"),
    )
    assert answer.status_code == 303
    assert "Una Vasquez added" in admin.get(answer.headers["Location"]).get_data(as_text=True)


def test_details_change_and_an_old_page_is_refused(admin: FlaskClient, made: Council) -> None:
    person = made.caseworker
    address = f"/people/{person.id}/details"
    assert admin.get(address).status_code == 200
    first = details(person, job_title="Senior social worker")
    assert admin.post(address, data=first).status_code == 303
    assert admin.post(address, data=first).status_code == 409
    assert admin.post(address, data=details(person, version="x")).status_code == 409
    assert "Social worker, now Senior social worker" in admin.get(f"/people/{person.id}").get_data(as_text=True)


def test_a_leaver(admin: FlaskClient, made: Council) -> None:
    address = f"/people/{made.team_manager.id}/leaving"
    assert admin.get(address).status_code == 200
    version = made.team_manager.version
    assert admin.post(address, data={"version": version} | dated("last_day", "31 2 2026")).status_code == 422
    assert admin.post(address, data={"version": version} | dated("last_day", "1 6 2026")).status_code == 303
    page = admin.get(f"/people/{made.team_manager.id}").get_data(as_text=True)
    assert "Left 1 June 2026" in page
    assert "Choose another manager under Services and teams" in page
    last = admin.post(
        f"/people/{made.administrator.id}/leaving",
        data={"version": made.administrator.version} | dated("last_day", "1 6 2027"),
    )
    assert last.status_code == 422
    assert "last administrator" in last.get_data(as_text=True)
    version = made.team_manager.version
    assert admin.post(address, data={"version": version} | dated("last_day", "")).status_code == 303
    assert "No last day is recorded now" in admin.get(f"/people/{made.team_manager.id}").get_data(as_text=True)


def test_roles_are_given_and_taken(admin: FlaskClient, made: Council) -> None:
    address = f"/people/{made.auditor.id}/roles/add"
    assert admin.get(address).status_code == 200
    assert "Choose a role" in admin.post(address, data={}).get_data(as_text=True)
    missing = admin.post(address, data={"role": "head_of_service"})
    assert "Choose the service of this Head of Service" in missing.get_data(as_text=True)
    given = {"role": "head_of_service", "service_id": made.service_b.id}
    assert admin.post(address, data=given).status_code == 303
    again = admin.post(address, data=given)
    assert "holds this role already" in again.get_data(as_text=True)
    (grant,) = [g for g in queries.whole_person(made.auditor.id).role_grants if g.role == Role.HEAD_OF_SERVICE]
    page = f"/people/{made.auditor.id}/roles/{grant.id}/remove"
    assert "Take away the role Head of Service, Children in Care" in admin.get(page).get_data(as_text=True)
    assert admin.get(f"/people/{made.qa.id}/roles/{grant.id}/remove").status_code == 404
    assert admin.post(page).status_code == 303
    assert admin.get(page).status_code == 404
    (own,) = queries.whole_person(made.administrator.id).role_grants
    last = admin.post(f"/people/{made.administrator.id}/roles/{own.id}/remove")
    assert last.status_code == 422
    assert "last administrator" in last.get_data(as_text=True)


def test_auditing(qa: FlaskClient, made: Council) -> None:
    person = made.caseworker
    address = f"/people/{person.id}/auditing"
    assert qa.get(address).status_code == 200
    wrong = qa.post(address, data={"training_status": "in_training", "is_moderator": "y", "version": person.version})
    assert "Only a trained auditor can moderate" in wrong.get_data(as_text=True)
    wrong = qa.post(address, data={"training_status": "trained", "expectation": "99", "version": person.version})
    assert "between 0 and 20" in wrong.get_data(as_text=True)
    right = {"training_status": "trained", "expectation": "2", "version": person.version, "is_moderator": "y"}
    assert qa.post(address, data=right).status_code == 303
    assert "Moderator" in qa.get(f"/people/{person.id}").get_data(as_text=True)
    assert qa.get(address).status_code == 200
    assert qa.get(f"{address}/end").status_code == 200
    version = queries.person(person.id).version
    assert qa.post(f"{address}/end", data={"version": version}).status_code == 303
    assert "Not an auditor" in qa.get(f"/people/{person.id}").get_data(as_text=True)


def test_absences(qa: FlaskClient, made: Council) -> None:
    address = f"/people/{made.auditor.id}/absences/add"
    assert qa.get(address).status_code == 200
    assert qa.post(address, data=dated("starts_on", "1 7 2026")).status_code == 422
    data = dated("starts_on", "1 7 2026") | dated("ends_on", "9 7 2026")
    assert qa.post(address, data=data).status_code == 303
    assert "do not overlap" in qa.post(address, data=data).get_data(as_text=True)
    assert "1 July 2026 to 9 July 2026" in qa.get(f"/people/{made.auditor.id}").get_data(as_text=True)
    (row,) = queries.whole_person(made.auditor.id).absences
    assert qa.post(f"/people/{made.auditor.id}/absences/{row.id}/remove").status_code == 303
    assert qa.post(f"/people/{made.auditor.id}/absences/{row.id}/remove").status_code == 404


def test_a_deputy_named_by_the_administrator(admin: FlaskClient, made: Council) -> None:
    address = f"/people/{made.practice_lead.id}/deputies/add"
    assert admin.get(address).status_code == 200
    assert "Choose who stands in" in admin.post(address, data={}).get_data(as_text=True)
    data = {"deputy_id": made.qa.id} | dated("starts_on", "20 6 2026") | dated("ends_on", "29 6 2026")
    assert admin.post(address, data=data).status_code == 303
    (row,) = queries.whole_person(made.practice_lead.id).deputies
    end = f"/people/{made.practice_lead.id}/deputies/{row.id}/end"
    assert "Nia Fairclough, 20 June 2026 to 29 June 2026" in admin.get(f"/people/{made.practice_lead.id}").get_data(
        as_text=True
    )
    assert admin.get(end).status_code == 200
    assert admin.post(end).status_code == 303


def test_my_deputy(made: Council, sign_in: Callable[[int], FlaskClient], now: datetime) -> None:
    director = sign_in(made.director.id)
    today = london_day(now)
    operations.add_absence(made.director, today, today + timedelta(days=3), viewer_of(made.qa, today), now)
    assert "20 June 2026" in director.get("/my/deputy").get_data(as_text=True)
    assert director.post("/my/deputy", data={}).status_code == 422
    data = {"deputy_id": made.practice_lead.id} | dated("starts_on", "17 6 2026") | dated("ends_on", "29 6 2026")
    assert director.post("/my/deputy", data=data).status_code == 303
    assert "Morag Dunstan, 17 June 2026 to 29 June 2026" in director.get("/my/deputy").get_data(as_text=True)
    # The deputy holds the Director's role for now, but does not name deputies for the Director.
    (row,) = queries.whole_person(made.director.id).deputies
    assert sign_in(made.practice_lead.id).post(f"/my/deputy/{row.id}/end").status_code == 404
    assert director.post(f"/my/deputy/{row.id}/end").status_code == 303
    assert sign_in(made.auditor.id).get("/my/deputy").status_code == 404


def test_the_organisation(admin: FlaskClient, qa: FlaskClient, made: Council) -> None:
    page = admin.get("/people/organisation").get_data(as_text=True)
    assert "North Safeguarding" in page
    assert "Add a team" not in qa.get("/people/organisation").get_data(as_text=True)
    assert admin.get("/people/organisation/services/add").status_code == 200
    assert admin.post("/people/organisation/services/add", data={"name": ""}).status_code == 422
    assert admin.post("/people/organisation/services/add", data={"name": "First Response"}).status_code == 303
    address = f"/people/organisation/services/{made.service_a.id}"
    assert admin.get(address).status_code == 200
    closing = admin.post(address, data={"name": "S"} | dated("ends_on", "1 7 2026"))
    assert "Close or move its teams first" in closing.get_data(as_text=True)
    assert admin.get("/people/organisation/teams/add").status_code == 200
    assert "Choose the team&#39;s service" in admin.post("/people/organisation/teams/add", data={"name": "T"}).get_data(
        as_text=True
    )
    data = {"name": "New East", "service_id": made.service_b.id, "manager_id": made.caseworker.id}
    assert admin.post("/people/organisation/teams/add", data=data).status_code == 303
    address = f"/people/organisation/teams/{made.team_a1.id}"
    assert admin.get(address).status_code == 200
    data = {"name": "Old North", "service_id": made.service_a.id} | dated("ends_on", "1 7 2026")
    assert admin.post(address, data=data).status_code == 303
    assert "Closed from 1 July 2026" in admin.get("/people/organisation").get_data(as_text=True)
    assert admin.get("/people/organisation/teams/999").status_code == 404


def test_an_empty_council_says_what_to_do(database: Any, now: datetime, sign_in: Callable[[int], FlaskClient]) -> None:
    administrator = person(database, now, "Rhian Stoddart", role=Role.ADMINISTRATOR)
    client = sign_in(administrator.id)
    assert "There is no service yet" in client.get("/people/organisation").get_data(as_text=True)
    assert client.get("/people/add").status_code == 200
