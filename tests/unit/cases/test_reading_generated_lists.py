"""Generated workbooks: every imported case is as the truth has it, and every spoiled cell is accounted for."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from qa_app.cases.reading import CaseList, Kind, read_case_list
from tests.unit.cases.checking import unaccounted, wrongly_read
from tests.unit.cases.conftest import DATA, Sample

CLEAN = [
    "--children 40 --seed 2",
    "--children 40 --seed 3 --layout template --edition 2019 --id-style leading-zero",
    "--children 40 --seed 4 --headings local --header-noise --footer --id-style text --same-name-workers 2",
    "--children 40 --seed 5 --lists 6,7,8,9 --header-noise --layout template",
    "--children 40 --seed 6 --lists 6",
]
MESSY = [
    "--children 100 --seed 7 --mess heavy --header-noise --footer --id-style leading-zero",
    "--children 100 --seed 8 --mess heavy --layout template --edition 2019 --headings local --id-style leading-zero",
    "--children 100 --seed 9 --mess heavy --id-style text --id-digits 6 --same-name-workers 2",
    "--children 100 --seed 10 --mess heavy --footer --id-style number --edition 2019",
    "--children 100 --seed 11 --mess heavy --lists 6,7,8,9 --id-style leading-zero",
    "--children 100 --seed 12 --mess light --header-noise --layout template --id-style leading-zero --id-digits 10",
]


@pytest.mark.parametrize("switches", CLEAN)
def test_a_clean_list_is_read_exactly_and_without_a_word(make_sample: Callable[[str], Sample], switches: str) -> None:
    sample = make_sample(switches)
    read = read_case_list(sample.path, teams=sample.teams)
    truth = [child for child in sample.open_truth if not switches.endswith("--lists 6") or child["in_list_6"] == "yes"]
    assert (read.unusable, read.repaired) == ([], [])
    assert read.open_by_status == Counter(child["case_status"] for child in truth)
    assert read.open_by_service == Counter(child["service"] for child in truth)
    assert read.open_by_team == Counter(child["team"] for child in truth)
    assert len(read.open_cases) == len(truth)


@pytest.mark.parametrize("switches", MESSY)
def test_a_messy_list_is_read_as_the_truth_or_reported(make_sample: Callable[[str], Sample], switches: str) -> None:
    sample = make_sample(switches)
    read = read_case_list(sample.path, teams=sample.teams)
    assert not wrongly_read(read, sample.truth)
    assert not unaccounted(read, sample.spoiled)
    assert len(read.open_cases) >= 0.94 * len(sample.open_truth)


def test_the_900_sample_falls_short_only_by_the_children_it_reports(official: Sample, official_read: CaseList) -> None:
    read = official_read
    assert not wrongly_read(read, official.truth)
    assert not unaccounted(read, official.spoiled)
    lost = {p.reference for p in read.unusable} - {case.reference for case in read.cases}
    truth = [child for child in official.open_truth if child["child_id"] not in lost]
    assert len(lost) == 4
    assert read.open_by_status == Counter(child["case_status"] for child in truth)
    assert read.open_by_service == Counter(child["service"] for child in truth)
    assert read.open_by_team == Counter(child["team"] for child in truth)
    assert {p.kind for p in read.unusable if p.reference in lost} == {
        Kind.STATUS_NOT_BORNE_OUT,
        Kind.STATUS_AMBIGUOUS,
    }


def test_every_problem_says_where_why_and_what_was_done(official_read: CaseList) -> None:
    for problem in (*official_read.unusable, *official_read.repaired):
        assert problem.sheet
        assert problem.row > 1
        for sentence in (problem.reason, problem.what_was_done):
            assert sentence[0].isupper() or sentence[0] == '"'
            assert "{" not in sentence
            assert "None" not in sentence


def test_reading_again_gives_the_same(make_sample: Callable[[str], Sample]) -> None:
    sample = make_sample(MESSY[0])
    assert read_case_list(sample.path, teams=sample.teams) == read_case_list(sample.path, teams=sample.teams)


def test_without_a_lookup_cases_have_teams_and_no_service(make_sample: Callable[[str], Sample]) -> None:
    sample = make_sample(CLEAN[0])
    read = read_case_list(sample.path, teams=None)
    assert read.open_by_service == {}
    assert read.open_by_team == Counter(child["team"] for child in sample.open_truth)


def test_plans_and_care_carry_their_start(make_sample: Callable[[str], Sample]) -> None:
    sample = make_sample(CLEAN[1])
    read = read_case_list(sample.path, teams=sample.teams)
    by_reference = {case.reference: case for case in read.cases}
    for row in sample.truth:
        case = by_reference[row["child_id"]]
        assert isinstance(case.plan_started_on, date) == (row["cp_plan_open"] == "yes")
        assert isinstance(case.care_started_on, date) == (row["looked_after"] == "yes")


def test_progress_is_told_and_ends_complete(make_sample: Callable[[str], Sample]) -> None:
    told: list[tuple[int, int]] = []
    read = read_case_list(
        make_sample(MESSY[0]).path, teams=None, progress=lambda done, expected: told.append((done, expected))
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= expected for done, expected in told)
    assert told[-1][0] == told[-1][1] >= read.read


def test_ofsteds_own_empty_template_is_read_as_an_empty_list() -> None:
    read = read_case_list(DATA / "annex_a_template_ofsted_2019.xlsx", teams=None)
    assert (read.cases, read.unusable, read.read) == ([], [], 0)
    assert read.columns_missing == {}
    assert read.columns_used["List_6"][0] == "Child Unique ID"
