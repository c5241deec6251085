"""What a status word means, and which status a child has when a row or the lists disagree."""

from dataclasses import replace

import pytest

from qa_app.cases.rules import STATUS_WORDS, Evidence, Finding, StatusWord, Verdict, settle_status, status_word
from qa_app.cases.states import CaseType, Status

A, B, C, D, E = list(Status)[:5]
OPEN = Evidence(closure_date=False, closure_reason=False, in_care=False, on_plan=False, in_assessment=False)
CLOSED = replace(OPEN, closure_date=True, closure_reason=True)


@pytest.mark.parametrize("status", [A, B, C, D, E])
def test_a_code_in_full_is_known_whatever_its_case(status: Status) -> None:
    for text in (status.value, status.value.upper(), status.value[:2], status.value[0]):
        assert status_word(text) == StatusWord(status, True)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("CLA", A),
        ("LAC", A),
        ("CLA&CP", A),
        ("CLA & CPP", A),
        ("CP", B),
        ("CPP", B),
        ("CP Ext", B),
        ("CIN", C),
        ("CiN Plan", C),
        ("Child in need", C),
        ("Open asmt", D),
        ("Assessment", D),
        ("CF Assessment in progress", D),
        ("Closed", E),
        ("Care leaver", E),
        ("Closed - stepdown", E),
        ("Closed case", E),
    ],
)
def test_words_met_in_authorities_files_are_known(text: str, status: Status) -> None:
    assert status_word(text) == StatusWord(status, False)


@pytest.mark.parametrize(
    "text", ["", "Short breaks", "Pending transfer out", "c) Short breaks", "a) Child in need plan"]
)
def test_other_words_are_not_guessed(text: str) -> None:
    assert status_word(text).status is None


def test_an_authoritys_own_words_come_first() -> None:
    assert status_word("Closed", {"closed": C}).status is C
    assert "cin" in STATUS_WORDS


@pytest.mark.parametrize(
    ("word", "evidence", "status", "findings"),
    [
        ("a) Looked after child", replace(OPEN, in_care=True), A, ()),
        ("c) Child in need plan", OPEN, C, ()),
        ("e) Closed episode", CLOSED, E, ()),
        # the first status that applies wins
        ("b) Child Protection plan", replace(OPEN, in_care=True, on_plan=True), A, (Finding.FIRST_THAT_APPLIES,)),
        ("c) Child in need plan", replace(OPEN, on_plan=True), B, (Finding.FIRST_THAT_APPLIES,)),
        ("a) Looked after child", replace(OPEN, on_plan=True), A, (Finding.NOT_ON_ITS_LIST,)),
        ("LAC", replace(OPEN, on_plan=True), B, (Finding.FIRST_THAT_APPLIES,)),
        ("a) Looked after child", OPEN, A, (Finding.NOT_ON_ITS_LIST,)),
        ("a) Looked after child", replace(OPEN, in_care=None), A, ()),
        ("d) Open assessment", OPEN, D, ()),
        # closure needs two signs of three
        ("c) Child in need plan", CLOSED, E, (Finding.CLOSED_THOUGH_OPEN,)),
        ("c) Child in need plan", replace(OPEN, closure_date=True), C, (Finding.OPEN_THOUGH_DATED,)),
        (
            "c) Child in need plan",
            Evidence(closure_date=True),
            E,
            (Finding.CLOSED_THOUGH_OPEN,),
        ),
        ("c) Child in need plan", Evidence(closure_date=True, seen_later=True), C, (Finding.OPEN_THOUGH_DATED,)),
        ("e) Closed episode", replace(OPEN, closure_reason=True), E, (Finding.CLOSED_WITHOUT_DATE,)),
        ("e) Closed episode", OPEN, E, (Finding.CLOSED_WITHOUT_DATE,)),
        ("e) Closed episode", replace(OPEN, in_care=True), A, (Finding.OPEN_THOUGH_CLOSED,)),
        # a word out of place in a file of codes must be borne out
        ("CP", replace(OPEN, on_plan=True), B, (Finding.WORD_READ,)),
        ("CP", OPEN, None, (Finding.NOT_BORNE_OUT,)),
        ("CP", Evidence(closure_date=False), B, (Finding.WORD_READ,)),
        ("CIN", OPEN, C, (Finding.WORD_READ,)),
        ("CIN", replace(OPEN, in_assessment=True), None, (Finding.AMBIGUOUS_WORD,)),
        ("Assessment", replace(OPEN, in_assessment=True), D, (Finding.WORD_READ,)),
        ("Assessment", OPEN, None, (Finding.NOT_BORNE_OUT,)),
        ("Closed", CLOSED, E, (Finding.WORD_READ,)),
        ("Closed", OPEN, None, (Finding.NOT_BORNE_OUT,)),
        ("Closed", Evidence(closure_date=False), E, (Finding.WORD_READ, Finding.CLOSED_WITHOUT_DATE)),
        # an unknown word is read only from what the lists prove
        ("Short breaks", OPEN, None, (Finding.UNKNOWN_WORD,)),
        ("Short breaks", replace(OPEN, closure_date=True), None, (Finding.UNKNOWN_WORD,)),
        ("Short breaks", replace(OPEN, on_plan=True), B, (Finding.FROM_OTHER_LIST,)),
        ("Short breaks", replace(OPEN, on_plan=True, in_care=True), A, (Finding.FROM_OTHER_LIST,)),
        ("Short breaks", CLOSED, E, (Finding.CLOSED_UNKNOWN_WORD,)),
    ],
)
def test_the_status_in_a_file_of_codes(
    word: str, evidence: Evidence, status: Status | None, findings: tuple[Finding, ...]
) -> None:
    assert settle_status(status_word(word), True, evidence) == Verdict(status, findings)


@pytest.mark.parametrize(
    ("word", "evidence", "status", "findings"),
    [
        ("CIN", OPEN, C, ()),
        ("CIN", replace(OPEN, in_assessment=True), C, ()),
        ("CP", OPEN, B, (Finding.NOT_ON_ITS_LIST,)),
        ("Closed", OPEN, E, (Finding.CLOSED_WITHOUT_DATE,)),
        ("Closed", CLOSED, E, ()),
    ],
)
def test_the_status_in_a_file_of_words(
    word: str, evidence: Evidence, status: Status, findings: tuple[Finding, ...]
) -> None:
    assert settle_status(status_word(word), False, evidence) == Verdict(status, findings)


def test_each_open_status_is_a_kind_of_case() -> None:
    assert {status.case_type for status in Status if status is not E} == set(CaseType)
    assert E.case_type is None
