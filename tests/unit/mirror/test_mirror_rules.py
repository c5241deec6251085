"""An auditor's mirror: what is counted, and what is shown of how few."""

from datetime import date

import pytest

from qa_app.audits.rules import Grade
from qa_app.figures.model import Standing
from qa_app.mirror.presenters import mirror_page
from qa_app.mirror.rules import AuditCount, Moderated, Moved, mirror
from qa_app.statistics.proportions import Share

SCALE = [
    Grade("good", "Good", True, False),
    Grade("fair", "Requires improvement", False, False),
    Grade("poor", "Inadequate", False, True, True),
]
TODAY = date(2026, 6, 17)


def own(n, grade="good", standing=Standing.ON_TIME, missed=False, is_own=True):
    return AuditCount(is_own, standing, missed, grade, n)


def others(n, grade="fair", standing=Standing.ON_TIME):
    return own(n, grade, standing, is_own=False)


def page(rows, moved=(), auditors=9):
    return mirror_page(mirror(rows, auditors, moved, SCALE, 5), TODAY)


def part(shown, name):
    (found,) = [one for one in shown.parts if one.name == name]
    return found


def test_own_grades_stand_beside_those_of_all_auditors_oneself_among_them():
    found = mirror([own(4), own(2, "poor"), others(30), others(10, "good")], 9, [], SCALE, 5)
    assert (found.own.grades, found.own.base) == ({"good": 4, "fair": 0, "poor": 2}, 6)
    assert (found.everyone.grades, found.everyone.base) == ({"good": 14, "fair": 30, "poor": 2}, 46)


@pytest.mark.parametrize(("auditors", "shown"), [(4, False), (5, True)])
def test_of_few_other_auditors_nothing_is_shown(auditors, shown):
    found = mirror([own(6), others(30)], auditors, [], SCALE, 5)
    assert (found.everyone is not None) is shown


def test_in_time_is_of_what_was_submitted_or_missed():
    rows = [
        own(5),
        own(1, standing=Standing.LATE),
        own(2, None, Standing.NOT_STARTED, True),
        own(3, None, Standing.IN_PROGRESS),
    ]
    assert mirror(rows, 9, [], SCALE, 5).own.on_time == Share(5, 8)


def test_moderation_keeps_raises_or_lowers_and_a_grade_off_the_scale_counts_nowhere():
    moved = [
        Moved("good", "good"),
        Moved("fair", "good"),
        Moved("fair", "poor"),
        Moved("poor", "fair"),
        Moved("x", "good"),
    ]
    found = mirror([], 9, moved, SCALE, 5).moderated
    assert found == Moderated(agreed=1, up=2, down=1)
    assert found.base == 4


def test_without_a_threshold_nothing_at_all_is_still_not_shown():
    found = mirror([], 0, [], SCALE, 0)
    assert found.least == 1 and not found.shows(0) and found.everyone is None


def test_the_page_says_counts_shares_and_intervals():
    moved = [Moved("good", "good")] * 6 + [Moved("fair", "poor")] * 2
    shown = page([own(4), own(2, "poor"), others(40)], moved)
    assert shown.months == "July 2025 to June 2026" and not shown.is_empty
    grades = part(shown, "grades")
    assert grades.words.startswith("Good or better: you 4 of 6 (67%); all auditors 4 of 46 (9%).")
    assert grades.picture.table.rows == (("You", "4", "0", "2"), ("All auditors", "4", "40", "2"))
    moderated = part(shown, "moderated")
    assert moderated.words.startswith("Moderation kept 6 of 8 (75%) of your grades, made 0 better and 2 worse.")
    assert moderated.picture.table.rows[0] == ("The same grade", "6 of 8 (75%)", "41% to 93%")
    assert part(shown, "on-time").picture.table.rows == (
        ("You", "6 of 6 (100%)", "61% to 100%"),
        ("All auditors", "46 of 46 (100%)", "92% to 100%"),
    )


def test_a_small_base_is_said_and_not_shown():
    shown = page([own(4), others(40)], [Moved("good", "good")] * 4)
    assert [one.picture for one in shown.parts] == [None, None, None]
    assert part(shown, "grades").words == (
        "You have 4 audits of these months with an overall grade. That is too few to see more than chance: from 5 on it is shown."
    )
    assert "%" not in " ".join(one.words for one in shown.parts)


def test_without_others_one_sees_oneself_alone():
    shown = page([own(6), others(40)], auditors=2)
    assert part(shown, "grades").picture.table.rows == (("You", "6", "0", "0"),)
    assert len(part(shown, "on-time").picture.bars) == 1
    assert part(shown, "moderated").words == "You have no audits of these months that have been moderated."


def test_who_has_no_audits_is_told_so():
    assert page([others(40)]).is_empty
    assert not page([own(1, None, Standing.NOT_STARTED, True)]).is_empty
