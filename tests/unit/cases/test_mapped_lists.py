"""Plain tables with a column mapping, and the team lookup."""

from pathlib import Path

import pytest

from qa_app.cases.reading import (
    ColumnMapping,
    Kind,
    MappingNeeded,
    TeamEntry,
    TeamLookup,
    WrongFile,
    guess_mapping,
    read_case_list,
)
from qa_app.cases.states import Status
from tests.unit.cases.conftest import PlainWorkbook

OWN = ColumnMapping(
    {
        "reference": "No.",
        "status": "Kind",
        "team": "Held by",
        "worker": "SW",
        "started": "From",
        "ended": "To",
        "seen": "Seen",
    },
    {"Support": Status.CHILD_IN_NEED_PLAN},
)


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_with_usual_headings_is_read_without_a_mapping(tmp_path: Path) -> None:
    text = (
        "Child ID;Case type;Team;Social worker;Start date\nA1;CP;North;Siân Lee;03/04/2025\nA2;Leaving care;North;;\n"
    )
    read = read_case_list(csv_file(tmp_path, text, "cp1252"), teams=None)
    assert [(case.reference, case.status, case.worker) for case in read.cases] == [
        ("A1", Status.PROTECTION_PLAN, "Siân Lee"),
        ("A2", Status.CARE_LEAVER, None),
    ]
    assert read.columns_used == {"CSV": ("Child ID", "Case type", "Team", "Social worker", "Start date")}
    assert [problem.column for problem in read.repaired] == ["Start date", "Social worker"]


def test_an_authoritys_own_headings_and_words(workbook: PlainWorkbook) -> None:
    heads = ["No.", "Kind", "Held by", "SW", "From", "To", "Seen"]
    path = workbook({"Cases": [heads, ["A1", "support", "North", "Ann Lee", 45000, None, "1 May 2025"]]})
    (case,) = read_case_list(path, teams=None, mapping=OWN).cases
    assert (case.status, case.sheet, case.row) == (Status.CHILD_IN_NEED_PLAN, "Cases", 2)
    assert (str(case.opened_on), str(case.last_seen_on)) == ("2023-03-15", "2025-05-01")


def test_csv_references_that_lost_their_zeros_get_them_back(tmp_path: Path) -> None:
    text = "Child ID,Status,Team\n00123456,CIN,North\n234567,CIN,North\n"
    read = read_case_list(csv_file(tmp_path, text), teams=None)
    assert [case.reference for case in read.cases] == ["00123456", "00234567"]
    assert Kind.ID_LOST_ZEROS in {problem.kind for problem in read.repaired}


def test_a_closed_row_by_annex_a_definition_where_there_is_no_reason(tmp_path: Path) -> None:
    text = "Child ID,Status,Team,Closed on\nA1,CIN,North,01/02/2025\nA2,CIN,North,\n"
    read = read_case_list(csv_file(tmp_path, text), teams=None)
    assert [case.is_open for case in read.cases] == [False, True]


def test_unknown_headings_ask_for_a_mapping_with_what_could_be_told(tmp_path: Path) -> None:
    with pytest.raises(MappingNeeded, match="case reference, case status") as asked:
        read_case_list(csv_file(tmp_path, "No.,Kind,Team\n1,x,North\n"), teams=None)
    assert asked.value.headings == ("No.", "Kind", "Team")
    assert asked.value.guess == ColumnMapping({"team": "Team"})
    assert asked.value.guess.missing == ("reference", "status")


def test_a_mapping_that_does_not_fit_the_file_says_which_heading(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match='no column headed "SW", which the mapping uses for worker'):
        read_case_list(csv_file(tmp_path, "No.,Kind,Held by\n1,x,North\n"), teams=None, mapping=OWN)


def test_the_guess_takes_headings_whatever_their_case() -> None:
    guess = guess_mapping(["CHILD  ID", "Case_Status", "Allocated Team", "Shoe size"])
    assert guess.headings == {"reference": "CHILD  ID", "status": "Case_Status", "team": "Allocated Team"}


def test_progress_is_told_for_a_table(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = csv_file(tmp_path, "Child ID,Status,Team\nA1,CIN,North\n")
    read_case_list(path, teams=None, progress=lambda *numbers: told.append(numbers))
    assert told == [(1, 1)]


def test_a_lookup_finds_teams_whatever_their_case_and_spaces(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Team Name,Service,Team manager\nNorth Team,Care,Mo Khan\n,,\nSouth,Care,\n")
    lookup = TeamLookup.from_file(path)
    assert lookup.find(" NORTH\u00a0team") == TeamEntry("North Team", "Care", "Mo Khan")
    assert lookup.find("East") is None
    assert [entry.manager for entry in lookup.entries] == ["Mo Khan", None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Team,Boss\nNorth,Mo\n", 'one headed "service"'),
        ("Team,Service\nNorth,\n", 'Row 2 of the team lookup has no service for "North"'),
        ("Team,Service\nNorth,A\nnorth,B\n", "two services"),
    ],
)
def test_a_lookup_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WrongFile, match=says):
        TeamLookup.from_file(csv_file(tmp_path, text))
