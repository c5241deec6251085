"""Small numbers in the QA team's own words."""

import pytest

from qa_app.reports.presenters.telling import small_numbers


@pytest.mark.parametrize(
    "sentence",
    [
        "In First Response 3 audits were inadequate.",
        "Two children were not seen alone.",
        "One child had to move.",
        "A single case was inadequate.",
        "There were four: all in one team.",
        "Inadequate: 1",
        "(2 of them re-audits)",
    ],
)
def test_a_small_count_is_found(sentence):
    assert small_numbers(f"All went well. {sentence}\nMost is better.", 5) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "12 audits were inadequate.",
        "On 3 June we met.",
        "It is 4% more than in the spring.",
        "3 per cent.",
        "Nobody, one of us thinks, was late.",
        "In 2026 it was 1,204.",
        "It rose from 3.5 to 4/10.",
        "Section 7 of the form.",
        "Nine audits.",
        "0 audits.",
        "",
    ],
)
def test_what_is_no_small_count_is_not(sentence):
    assert small_numbers(sentence, 5) == []


def test_the_threshold_decides():
    assert small_numbers("Nine audits.", 10) == ["Nine audits."]
    assert small_numbers("Nine audits.", 1) == []
