"""The staff import from upload to effect, by page and by command."""

import json
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from qa_app.access.roles import Role
from qa_app.people import queries
from qa_app.people.commands import import_people
from qa_app.people.models import Person, PersonImport, Team
from qa_app.people.operations import imports
from qa_app.trail.operations import verify
from tests.factories.people import Council, council

HEAD = "Name,Work email,Job title,Team,Service,Line manager email,Start,Leaving,Roles,Trained,Moderator,Expectation\n"
GOOD = HEAD + (
    "Una Vasquez,una@council.example,Team manager,Duty East,First Response,kavita.rowntree@council.example,01/09/2024,,"
    "Team manager,yes,yes,2\n"
    "Asha Okafor,asha.okafor@council.example,Senior practitioner,,,una@council.example,,,,,,\n"
    "Nia Fairclough,nia.fairclough@council.example,,,,,,,,,,\n"
    "Lorcan Baptiste,lorcan.baptiste@council.example,,,,,,31/05/2026,,,,\n"
    "Priya Langstone,priya.langstone@council.example,,,,,,,QA team; Head of Service: First Response,no,,\n"
)
BAD = HEAD + (
    "Una Vasquez,una@council.example,,Nowhere,,,,,,,,\n"
    "Asha Okafor,asha.okafor@council.example,Senior practitioner,,,,,,,,,\n"
)


@pytest.fixture
def made(database: Any, now: datetime) -> Council:
    return council(database, now)


@pytest.fixture
def admin(made: Council, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(made.administrator.id)


def upload(client: FlaskClient, text: str | bytes, name: str = "staff.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post("/people/import", data={"file": (BytesIO(content), name)}, content_type="multipart/form-data")


def seen_in(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def test_a_list_is_previewed_then_applied_as_a_whole(admin: FlaskClient, made: Council, database: Any) -> None:
    assert admin.get("/people/import").status_code == 200
    address = upload(admin, GOOD).headers["Location"]
    page = admin.get(address).get_data(as_text=True)
    assert "Check what will change" in page
    assert "New teams: Duty East (First Response)" in page
    assert queries.person_by_email("una@council.example") is None
    answer = admin.post(f"{address}/apply", data={"seen": seen_in(page)})
    assert answer.status_code == 303
    assert "1 person added, 3 changed" in admin.get("/people").get_data(as_text=True)

    una = queries.person_by_email("UNA@council.example")
    assert una is not None
    una = queries.whole_person(una.id)
    assert una.team is not None
    assert (una.team.name, una.team.service.name, una.team.manager_id) == ("Duty East", "First Response", una.id)
    assert una.line_manager_id == made.head_of_service.id
    assert una.starts_on == date(2024, 9, 1)
    assert una.auditor is not None
    assert (una.auditor.expectation, una.auditor.is_moderator) == (2, True)
    assert queries.roles_of(una.id) == {Role.TEAM_MANAGER, Role.AUDITOR, Role.MODERATOR}
    asha = queries.person(made.auditor.id)
    assert (asha.job_title, asha.line_manager_id, asha.team_id) == ("Senior practitioner", una.id, made.team_a1.id)
    assert queries.person(made.head_of_service_b.id).leaves_on == date(2026, 5, 31)
    assert queries.roles_of(made.executive.id) == {Role.QA_TEAM, Role.HEAD_OF_SERVICE}
    assert verify().faults == []
    kept = database.scalars(select(PersonImport)).one()
    assert kept.rows == []
    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}/apply", data={"seen": "x"}).status_code == 404


def test_the_same_list_again_changes_nothing(admin: FlaskClient, made: Council) -> None:
    address = upload(admin, GOOD).headers["Location"]
    admin.post(f"{address}/apply", data={"seen": seen_in(admin.get(address).get_data(as_text=True))})
    page = admin.get(upload(admin, GOOD).headers["Location"]).get_data(as_text=True)
    assert "The list changes nothing" in page


def test_a_list_with_an_error_is_refused_as_a_whole(admin: FlaskClient, made: Council, database: Any) -> None:
    address = upload(admin, BAD).headers["Location"]
    page = admin.get(address).get_data(as_text=True)
    assert "Mend 1 row first" in page
    assert "Team is not known: Nowhere" in page
    assert "Apply the list" not in page
    answer = admin.post(f"{address}/apply", data={"seen": "x"})
    assert answer.status_code == 422
    assert queries.person(made.auditor.id).job_title == "Advanced practitioner"
    rows = list(openpyxl.load_workbook(BytesIO(admin.get(f"{address}/errors").data)).active.values)
    assert rows[0][:3] == ("What to mend", "Row", "Name")
    assert rows[1][:3] == (
        "Team is not known: Nowhere. Name its service in the column Service to have it added",
        2,
        "Una Vasquez",
    )
    # Mended and uploaded again, with the two columns that the download added.
    upload(admin, BAD)
    assert database.scalar(select(func.count()).select_from(PersonImport)) == 1


def test_a_preview_that_is_no_longer_true_is_shown_anew(admin: FlaskClient, made: Council, database: Any) -> None:
    address = upload(admin, GOOD).headers["Location"]
    seen = seen_in(admin.get(address).get_data(as_text=True))
    made.auditor.job_title = "Something else"
    database.commit()
    assert admin.post(f"{address}/apply", data={"seen": seen}).status_code == 409
    assert queries.person_by_email("una@council.example") is None


def test_files_that_cannot_be_read_say_what_to_do(admin: FlaskClient) -> None:
    assert "Choose a file" in upload_nothing(admin)
    assert "PDF" in upload(admin, b"%PDF-1.4", "staff.pdf").get_data(as_text=True)
    assert "no column Work email" in upload(admin, "Name,Team\nA,B\n").get_data(as_text=True)
    assert "no rows" in upload(admin, HEAD).get_data(as_text=True)


def test_a_list_that_is_too_long_is_refused_and_the_one_before_stays(
    admin: FlaskClient, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(admin, BAD)
    monkeypatch.setattr(imports, "MOST_ROWS", 4)
    answer = upload(admin, GOOD)
    assert answer.status_code == 422
    assert "The list has more than 4 rows. Split it" in answer.get_data(as_text=True)
    assert len(database.scalars(select(PersonImport)).one().rows) == 2


def test_what_the_list_leaves_blank_of_an_auditor_stays(admin: FlaskClient, made: Council, database: Any) -> None:
    pool = {"pool_service_id": made.service_b.id, "expectation": 3}
    for person in (made.auditor, made.moderator):
        for name, value in pool.items():
            setattr(person.auditor, name, value)
    database.commit()
    rows = (
        "Asha Okafor,asha.okafor@council.example,,,,,,,,lapsed,,\n"
        "Carys Whitlock,carys.whitlock@council.example,,,,,,,,,,5\n"
        "Dele Marchetti,dele.marchetti@council.example,,,,,,,,,yes,\n"
    )
    address = upload(admin, HEAD + rows).headers["Location"]
    assert admin.post(f"{address}/apply", data={"seen": seen_in(admin.get(address).text)}).status_code == 303
    asha, carys, dele = (queries.whole_person(p.id).auditor for p in (made.auditor, made.moderator, made.lead_auditor))
    assert asha is not None and carys is not None and dele is not None
    assert (asha.training_status, asha.expectation, asha.pool_service_id) == ("lapsed", 3, made.service_b.id)
    assert (carys.training_status, carys.expectation, carys.is_moderator) == ("trained", 5, True)
    assert carys.trained_on is not None
    assert (dele.training_status, dele.expectation, dele.is_moderator) == ("trained", None, True)
    assert queries.roles_of(made.lead_auditor.id) == {Role.LEAD_AUDITOR, Role.AUDITOR, Role.MODERATOR}


def test_a_role_that_is_held_already_is_kept_beside_the_new_one(admin: FlaskClient, made: Council) -> None:
    roles = f"Head of Service: {made.service_a.name}; QA team"
    row = f"Kavita Rowntree,kavita.rowntree@council.example,,,,,,,{roles},,,\n"
    [held] = made.head_of_service.role_grants
    address = upload(admin, HEAD + row).headers["Location"]
    assert admin.post(f"{address}/apply", data={"seen": seen_in(admin.get(address).text)}).status_code == 303
    assert held in queries.whole_person(made.head_of_service.id).role_grants
    assert queries.roles_of(made.head_of_service.id) == {Role.HEAD_OF_SERVICE, Role.QA_TEAM}
    events = [line.event for line in queries.history_of(made.head_of_service.id)]
    assert events == ["person:role-given"]


def upload_nothing(client: FlaskClient) -> str:
    answer = client.post("/people/import", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    return str(answer.get_data(as_text=True))


def test_the_template_is_a_list_that_only_needs_rows(admin: FlaskClient) -> None:
    book = openpyxl.load_workbook(BytesIO(admin.get("/people/import/template").data))
    assert [cell.value for cell in book.active[1]] == HEAD.strip().split(",")
    book.active.append(["Una Vasquez", "una@council.example", *[None] * 4, datetime(2026, 6, 1), *[None] * 5])  # noqa: DTZ001
    buffer = BytesIO()
    book.save(buffer)
    page = admin.get(upload(admin, buffer.getvalue(), "staff.xlsx").headers["Location"]).get_data(as_text=True)
    assert "Start: 01/06/2026" in page


def test_only_administrators_import(made: Council, sign_in: Callable[[int], FlaskClient]) -> None:
    assert sign_in(made.qa.id).get("/people/import").status_code == 404


def test_the_command_says_first_and_does_when_told(app: Flask, made: Council, database: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text(BAD)
    database.commit()
    told = CliRunner().invoke(import_people, [str(good), "--json"])
    assert json.loads(told.output) == {
        "read": 5,
        "new": 1,
        "changed": 3,
        "unchanged": 1,
        "errors": [],
        "applied": False,
    }
    assert database.scalar(select(func.count()).select_from(Team)) == 4
    refused = CliRunner().invoke(import_people, [str(bad), "--apply"])
    assert refused.exit_code == 1
    assert "Nothing was applied" in refused.stderr
    told = CliRunner().invoke(import_people, [str(bad)])
    assert "Row 2: Team is not known: Nowhere" in told.output
    done = CliRunner().invoke(import_people, [str(good), "--apply"])
    assert done.exit_code == 0
    assert "Applied." in done.output
    assert database.scalar(select(func.count()).select_from(Person).where(Person.email == "una@council.example")) == 1
