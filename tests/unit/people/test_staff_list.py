"""Reading a staff list and comparing it, without a database."""

from datetime import date
from typing import Any

import pytest

from qa_app.access.roles import Role
from qa_app.core.errors import BadInput
from qa_app.people.importing.comparing import Kind, Known, Register, compare, training_after
from qa_app.people.importing.reading import COLUMNS, RoleWanted, StaffRow, read_rows, unused_headings
from qa_app.people.presenters import IMPORT_COLUMNS
from qa_app.people.states import TrainingStatus

HEADINGS = list(COLUMNS.values())


def read(**cells: str) -> StaffRow:
    cells = {"name": "Una Vasquez", "email": "Una@Council.Example"} | cells
    (row,) = read_rows(HEADINGS, [(2, [cells.get(name, "") for name in COLUMNS])])
    return row


def known(number: int = 1, **values: Any) -> Known:
    facts: dict[str, Any] = {
        "name": "Una Vasquez",
        "email": "una@council.example",
        "job_title": "",
        "team": "",
        "line_manager": "",
        "starts_on": None,
        "leaves_on": None,
        "roles": frozenset(),
        "training": None,
        "moderator": False,
        "expectation": None,
    }
    return Known(id=number, **facts | values)


def register(*people: Known, without: dict[tuple[str, str], Known] | None = None) -> Register:
    return Register(
        people={one.email: one for one in people},
        without_email=without or {},
        teams={"north": ("North", "Safeguarding")},
        services={"safeguarding": "Safeguarding"},
    )


def test_the_help_names_every_column() -> None:
    assert [heading for heading, _ in IMPORT_COLUMNS] == HEADINGS


def test_a_full_row_is_read() -> None:
    row = read(
        starts_on="01/09/2024",
        leaves_on="2026-12-31",
        team="North",
        roles="team manager; Head of Service: Safeguarding ;QA team",
        trained="Yes",
        moderator="no",
        expectation="2",
    )
    assert row.errors == []
    assert row.email == "una@council.example"
    assert (row.starts_on, row.leaves_on) == (date(2024, 9, 1), date(2026, 12, 31))
    assert row.roles == (
        RoleWanted(Role.TEAM_MANAGER, "North"),
        RoleWanted(Role.HEAD_OF_SERVICE, "Safeguarding"),
        RoleWanted(Role.QA_TEAM),
    )
    assert (row.trained, row.moderator, row.expectation) == (TrainingStatus.TRAINED, False, 2)


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"name": ""}, "Name is empty"),
        ({"email": ""}, "Work email is empty"),
        ({"email": "una"}, "no email address"),
        ({"line_manager": "UNA@council.example"}, "person's own"),
        ({"starts_on": "soon"}, "Start is no date: soon"),
        ({"leaves_on": "31/02/2026"}, "Leaving is no date"),
        ({"starts_on": "2/1/2026", "leaves_on": "1/1/2026"}, "Leaving is before Start"),
        ({"roles": "Boss"}, "a role that there is not: Boss"),
        ({"roles": "Auditor"}, "use the columns Trained and Moderator"),
        ({"roles": "Head of Service"}, "of which service"),
        ({"roles": "Team manager"}, "of which team"),
        ({"trained": "maybe"}, "Trained is maybe"),
        ({"moderator": "maybe"}, "Moderator is maybe"),
        ({"expectation": "21"}, "between 0 and 20"),
        ({"expectation": "two"}, "between 0 and 20"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_its_row(cells: dict[str, str], error: str) -> None:
    (told,) = read(**cells).errors
    assert error in told


def test_the_same_email_twice_is_an_error_of_the_second() -> None:
    rows = read_rows(["Name", "Work email"], [(2, ["A", "a@b.example"]), (5, ["B", "A@b.example"])])
    assert rows[0].errors == []
    assert rows[1].errors == ["Work email is on row 2 too: a@b.example"]


def test_columns() -> None:
    with pytest.raises(BadInput, match="no column Work email"):
        read_rows(["Name"], [])
    with pytest.raises(BadInput, match="Team is there 2 times"):
        read_rows(["name", "WORK EMAIL", "Team", "team"], [])
    assert unused_headings(["Name", "Shoe size", ""]) == ["Shoe size"]


def test_new_changed_and_unchanged() -> None:
    rows = read_rows(
        ["Name", "Work email", "Team"],
        [
            (2, ["Una Vasquez", "una@council.example", "NORTH"]),
            (3, ["Ben", "ben@b.example", ""]),
            (4, ["Cy", "cy@b.example", ""]),
        ],
    )
    found = compare(
        rows,
        register(known(team="North"), known(2, name="Benjamin", email="ben@b.example"), known(9, email="z@b.example")),
    )
    assert [one.kind for one in found.rows] == [Kind.UNCHANGED, Kind.CHANGED, Kind.NEW]
    assert found.rows[1].changes == {"Name": ("Benjamin", "Ben")}
    assert found.not_in_list == 1


def test_a_blank_cell_leaves_what_is_known() -> None:
    before = known(job_title="Manager", team="North", roles=frozenset({RoleWanted(Role.QA_TEAM)}), expectation=3)
    (one,) = compare([read()], register(before)).rows
    assert one.kind is Kind.UNCHANGED


def test_a_colleague_of_the_case_list_is_recognised_by_name_and_team() -> None:
    before = known(7, email="", team="North")
    (one,) = compare([read(team="North")], register(without={("una vasquez", "north"): before})).rows
    assert one.known is before
    assert one.changes == {"Work email": ("none", "una@council.example")}


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"team": "East"}, "Team is not known: East"),
        ({"team": "North", "service": "Other"}, "belongs to Safeguarding, not to Other"),
        ({"line_manager": "nobody@b.example"}, "is nobody's"),
        ({"roles": "Head of Service: Nowhere"}, "of a service that is not known: Nowhere"),
        ({"roles": "Team manager: Nowhere"}, "of a team that is not known: Nowhere"),
        ({"moderator": "yes"}, "only a trained auditor can moderate"),
        ({"expectation": "1"}, "only for auditors"),
        ({"leaves_on": "01/01/2020"}, "before the first day of work that is known"),
    ],
)
def test_what_only_the_register_shows_is_an_error_too(cells: dict[str, str], error: str) -> None:
    (one,) = compare([read(**cells)], register(known(starts_on=date(2021, 1, 1)))).rows
    assert one.kind is Kind.ERROR
    assert any(error in told for told in one.row.errors)


def test_teams_and_services_that_are_named_together_are_new() -> None:
    found = compare([read(team="East", service="First Response", roles="Team manager; Service manager")], register())
    assert found.new_services == ["First Response"]
    assert found.new_teams == [("East", "First Response")]
    assert found.rows[0].kind is Kind.NEW


@pytest.mark.parametrize(
    ("trained", "before", "after"),
    [
        ("yes", None, TrainingStatus.TRAINED),
        ("no", TrainingStatus.TRAINED, TrainingStatus.IN_TRAINING),
        ("no", TrainingStatus.LAPSED, TrainingStatus.LAPSED),
        ("no", None, None),
        ("lapsed", TrainingStatus.TRAINED, TrainingStatus.LAPSED),
        ("", TrainingStatus.TRAINED, TrainingStatus.TRAINED),
    ],
)
def test_training_after_a_row(trained: str, before: TrainingStatus | None, after: TrainingStatus | None) -> None:
    assert training_after(read(trained=trained), known(training=before)) is after
    assert training_after(read(trained="yes"), None) is TrainingStatus.TRAINED


def test_the_last_administrator_is_not_taken_away() -> None:
    admin = known(roles=frozenset({RoleWanted(Role.ADMINISTRATOR)}))
    (one,) = compare([read(roles="QA team")], register(admin)).rows
    assert one.kind is Kind.ERROR
    (one,) = compare([read(leaves_on="01/01/2027")], register(admin)).rows
    assert one.kind is Kind.ERROR
    rows = read_rows(
        ["Name", "Work email", "Roles"],
        [(2, ["Una Vasquez", "una@council.example", "QA team"]), (3, ["B", "b@b.example", "Administrator"])],
    )
    assert not compare(rows, register(admin)).of(Kind.ERROR)
