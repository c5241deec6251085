"""A child on several lists is one case: small lists, one mess each."""

from datetime import date

import pytest

from qa_app.cases.reading import CaseList, Kind, ListedCase, TeamEntry, TeamLookup, WrongFile, read_case_list
from qa_app.cases.states import Status
from tests.unit.cases.annex_rows import BORN, LIST_6, LIST_7, LIST_8, LIST_9, child, on_list
from tests.unit.cases.conftest import PlainWorkbook

TEAMS = TeamLookup([TeamEntry("North", "Safeguarding", "Mo Khan"), TeamEntry("South", "Care", None)])


@pytest.fixture
def read(workbook: PlainWorkbook):
    def reading(
        *, six: list, seven: list = (), eight: list = (), nine: list = (), teams: TeamLookup | None = TEAMS
    ) -> CaseList:
        sheets = {
            "List 6": [LIST_6, *six],
            "List 7": [LIST_7, *seven],
            "List 8": [LIST_8, *eight],
            "List 9": [LIST_9, *nine],
        }
        return read_case_list(workbook(sheets), teams=teams)

    return reading


def only(read: CaseList) -> ListedCase:
    (case,) = read.cases
    return case


def kinds(read: CaseList) -> tuple[list[Kind], list[Kind]]:
    return [problem.kind for problem in read.unusable], [problem.kind for problem in read.repaired]


def test_a_child_on_three_lists_is_one_case(read) -> None:
    found = read(
        six=[child("A1", status="a) Looked after child")],
        seven=[on_list("A1")],
        eight=[on_list("A1", started=date(2025, 3, 1))],
    )
    case = only(found)
    assert kinds(found) == ([], [])
    assert (case.status, case.service, case.manager) == (Status.LOOKED_AFTER, "Safeguarding", "Mo Khan")
    assert (case.plan_started_on, case.care_started_on) == (date(2025, 2, 3), date(2025, 3, 1))


def test_list_6_wins_over_another_worker_elsewhere(read) -> None:
    found = read(six=[child("A1", status="b) Child Protection plan")], seven=[on_list("A1", "South", "Bo Fox")])
    assert (only(found).team, only(found).worker) == ("North", "Ann Lee")
    assert kinds(found) == ([], [Kind.OTHER_WORKER])
    assert found.repaired[0].reason == "This list names Bo Fox in South; List 6 names Ann Lee in North."


def test_a_worker_elsewhere_whose_team_is_not_told_does_not_fill_a_blank(read) -> None:
    row = child("A1", status="b) Child Protection plan", worker=None)
    found = read(six=[row], seven=[on_list("A1", None, "Bo Fox")])
    assert only(found).worker is None
    assert kinds(found)[1] == [Kind.NO_WORKER, Kind.BLANK_ON_LIST, Kind.OTHER_WORKER]


def test_repeated_rows_keep_the_one_that_another_list_names(read) -> None:
    rows = [child("A1", status="b) Child Protection plan", team="South", worker="Bo Fox")]
    rows.append(child("A1", status="b) Child Protection plan"))
    found = read(six=rows, seven=[on_list("A1")])
    assert (only(found).row, only(found).worker) == (3, "Ann Lee")
    assert kinds(found) == ([Kind.DUPLICATE_NOT_USED], [Kind.DUPLICATE_KEPT])
    assert "row 3 was kept" in found.unusable[0].what_was_done


@pytest.mark.parametrize(
    ("first", "kept"),
    [({"worker": None}, 3), ({"team": "Unallocated"}, 3), ({}, 2), ({"team": "South", "worker": "Bo Fox"}, 2)],
)
def test_repeated_rows_keep_the_complete_one_and_else_the_first(read, first: dict[str, object], kept: int) -> None:
    found = read(six=[child("A1", **first), child("A1")])
    assert only(found).row == kept
    assert [problem.row for problem in found.unusable] == [5 - kept]


def test_one_reference_with_two_birth_dates_is_two_children_and_cannot_be_used(read) -> None:
    found = read(six=[child("A1"), child("A1", born=date(2015, 1, 1))])
    assert found.cases == []
    assert kinds(found)[0] == [Kind.ID_CLASH, Kind.ID_CLASH]


def test_a_row_of_another_child_on_list_7_is_no_evidence(read) -> None:
    found = read(six=[child("A1")], seven=[on_list("A1", born=date(2015, 1, 1))])
    assert only(found).status is Status.CHILD_IN_NEED_PLAN
    assert kinds(found)[0] == [Kind.OTHER_BIRTH_DATE]


def test_a_blank_team_comes_from_the_list_that_names_the_worker(read) -> None:
    found = read(six=[child("A1", status="b) Child Protection plan", team=None)], seven=[on_list("A1")])
    assert only(found).team == "North"
    assert found.repaired[0].what_was_done == "Taken from another list: North (List 7, row 2)."


def test_a_blank_team_comes_from_the_workers_other_cases(read) -> None:
    found = read(six=[child("A1", team="#N/A"), child("A2")])
    assert {case.team for case in found.cases} == {"North"}
    assert kinds(found)[1] == [Kind.ERROR_CELL, Kind.TEAM_FROM_WORKER]


def test_a_blank_team_of_a_worker_in_two_teams_cannot_be_told(read) -> None:
    found = read(six=[child("A1", team=" "), child("A2"), child("A3", team="South")])
    assert [case.reference for case in found.cases] == ["A2", "A3"]
    assert found.unusable[0].kind is Kind.NO_TEAM
    assert found.unusable[0].what_was_done == "Not imported. Enter the team and import again."


def test_a_blank_team_and_worker_come_from_the_one_other_list(read) -> None:
    row = child("A1", status="a) Looked after child", team=None, worker="Unallocated")
    found = read(six=[row], eight=[on_list("A1", "South", "Bo Fox")])
    assert (only(found).team, only(found).worker) == ("South", "Bo Fox")
    assert kinds(found)[1] == [Kind.TEAM_FROM_LIST, Kind.WORKER_FROM_LIST]


def test_a_closed_episode_needs_no_team_and_a_blank_worker_is_nobody(read) -> None:
    closed = child("A1", status="e) Closed episode", ended=date(2025, 8, 1), reason="RC7", team=None, worker=None)
    found = read(six=[closed, child("A2", worker=None)])
    assert [(case.is_open, case.team, case.worker) for case in found.cases] == [
        (False, None, None),
        (True, "North", None),
    ]
    assert sorted(kinds(found)[1]) == sorted([Kind.NO_TEAM_CLOSED, Kind.NO_WORKER, Kind.NO_WORKER])


def test_a_team_outside_the_lookup_cannot_be_placed(read) -> None:
    found = read(six=[child("A1", team="East"), child("A2", team=" NORTH ")])
    assert only(found).team == "North"
    assert kinds(found) == ([Kind.TEAM_UNKNOWN], [Kind.SPACES, Kind.TEAM_SPELLING])


def test_care_leavers_come_from_list_9_unless_open_in_list_6(read) -> None:
    closed = child("A2", status="e) Closed episode", ended=date(2025, 8, 1), reason="RC7")
    nine = [["A1", BORN, "South", "Bo Fox"], ["A2", BORN, "South", "Bo Fox"], ["A3", BORN, "South", "Bo Fox"]]
    found = read(
        six=[child("A1"), closed, child("A4", status="Care leaver")], nine=[*nine, ["A4", BORN, "South", "Bo Fox"]]
    )
    assert {case.reference: case.status for case in found.cases} == {
        "A1": Status.CHILD_IN_NEED_PLAN,
        "A2": Status.CARE_LEAVER,
        "A3": Status.CARE_LEAVER,
        "A4": Status.CARE_LEAVER,
    }
    assert Kind.CARE_LEAVER in kinds(found)[1]


def test_a_child_in_care_whom_list_6_lacks_is_reported(read) -> None:
    found = read(six=[child("A1")], eight=[on_list("A9"), on_list("A8", ended=date(2025, 6, 1))])
    assert [(problem.kind, problem.reference) for problem in found.unusable] == [(Kind.NOT_IN_LIST_6, "A9")]


def test_two_workers_of_one_name_in_two_teams_stay_two_and_spellings_become_one(read) -> None:
    names = ["Ann Lee", "LEE, Ann", "Ann Lee (SW)", "ann lee", "ANN LEE", "A. Lee"]
    rows = [child(f"A{number}", worker=name) for number, name in enumerate(names)]
    found = read(six=[*rows, child("B1", team="South"), child("B2", team="South", worker="A. Fox")])
    assert {(case.team, case.worker) for case in found.cases} == {
        ("North", "Ann Lee"),
        ("South", "Ann Lee"),
        ("South", "A. Fox"),
    }
    assert kinds(found)[1] == [Kind.NAME_SPELLING] * 5 + [Kind.NAME_UNCLEAR]


def test_spellings_are_settled_from_elsewhere_only_when_certain(read) -> None:
    rows = [child("A1", worker="Lee, Ann"), child("A2", worker="BO FOX"), child("A3", team="South", worker="Bo Fox")]
    rows += [child("A4", team=None, worker="A. Cox"), child("A5", worker="Al Cox"), child("A6", worker="jo day")]
    found = read(six=rows)
    names = [case.worker for case in found.cases]
    assert names == ["Ann Lee", "Bo Fox", "Bo Fox", "Al Cox", "Al Cox", "jo day"]
    assert found.cases[3].team == "North"


def test_an_initial_that_fits_two_people_is_left_as_written(read) -> None:
    rows = [child("A1"), child("A2", worker="Amy Lee"), child("A3", worker="A. Lee")]
    found = read(six=rows)
    assert [case.worker for case in found.cases] == ["Ann Lee", "Amy Lee", "A. Lee"]
    assert kinds(found)[1] == [Kind.NAME_UNCLEAR]


def test_references_that_became_numbers_get_their_zeros_back(read) -> None:
    found = read(six=[child("00123456"), child(234567), child(98765432)])
    assert [case.reference for case in found.cases] == ["00123456", "00234567", "98765432"]
    assert kinds(found)[1] == [Kind.ID_LOST_ZEROS, Kind.ID_AS_NUMBER]


def test_a_number_that_could_be_two_references_is_told_apart_by_the_other_lists_or_not_used(read) -> None:
    six = [child("0012"), child("000345"), child(77, status="b) Child Protection plan"), child(88)]
    found = read(six=six, seven=[on_list("0077")])
    assert [case.reference for case in found.cases] == ["0012", "000345", "0077"]
    assert [(problem.kind, problem.written) for problem in found.unusable] == [(Kind.ID_AMBIGUOUS, "88")]
    assert found.unusable[0].used == "88 or 0088 or 000088"


def test_a_restored_reference_of_a_child_with_another_birth_date_is_not_used(read) -> None:
    found = read(six=[child("0012"), child(12, born=date(2015, 1, 1))])
    assert [case.reference for case in found.cases] == ["0012"]
    assert kinds(found)[0] == [Kind.ID_CLASH]


def test_numbers_stay_numbers_where_references_are_numbers(read) -> None:
    found = read(six=[child(12), child(345.0), child(6789)])
    assert [case.reference for case in found.cases] == ["12", "345", "6789"]
    assert kinds(found) == ([], [])


def test_rows_without_a_usable_reference_are_reported_and_footers_are_not_rows(read) -> None:
    blank_row: list[object] = [None] * len(LIST_6)
    found = read(six=[child(None), child("#N/A"), child("=A1"), child("x" * 65), child(1.5), blank_row, ["Total", 5]])
    assert found.cases == []
    assert kinds(found)[0] == [Kind.NO_REFERENCE] * 3 + [Kind.LONG_TEXT, Kind.NO_REFERENCE]
    assert found.read == 5


def test_a_formula_is_never_worked_out(read) -> None:
    found = read(six=[child("A1", worker="=1+1", started="=TODAY()", ended="=B2")])
    assert kinds(found)[1].count(Kind.FORMULA) == 3
    assert (only(found).worker, only(found).opened_on, only(found).is_open) == (None, None, True)


def test_a_closure_date_that_cannot_be_read_is_said(read) -> None:
    found = read(six=[child("A1", ended="soon", reason="RC7")])
    assert only(found).status is Status.CLOSED
    assert Kind.UNREADABLE_DATE in kinds(found)[1]


def test_status_words_are_counted_for_the_preview(read) -> None:
    found = read(six=[child("A1", status="CIN"), child("A2", status="CIN"), child("A3", status="Holiday")])
    assert found.status_words == {"CIN": (Status.CHILD_IN_NEED_PLAN, 2), "Holiday": (None, 1)}


@pytest.mark.parametrize("name", ["List 6", "List_6", "LIST 06", "list6", "Annex A List 6 - CIN"])
def test_list_6_is_found_by_any_usual_name(workbook: PlainWorkbook, name: str) -> None:
    found = read_case_list(workbook({name: [["List 6: Children in Need"], LIST_6, child("A1")]}), teams=None)
    assert len(found.cases) == 1


def test_lists_that_cannot_be_understood_are_refused(workbook: PlainWorkbook) -> None:
    with pytest.raises(WrongFile, match='no column headed "Case status", "Allocated Worker"'):
        read_case_list(workbook({"List 6": [["Child Unique ID", "Allocated Team"], ["A1", "North"]]}), teams=None)
    with pytest.raises(WrongFile, match='Several sheets are List 6: "List 6" and "List_6"'):
        read_case_list(workbook({"List 6": [LIST_6], "List_6": [LIST_6]}), teams=None)
    with pytest.raises(WrongFile, match="no List 6"):
        read_case_list(workbook({"List 7": [LIST_7], "List 66": [LIST_6]}), teams=None)
