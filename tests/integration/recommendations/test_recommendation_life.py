"""From a report to a re-follow-up: the summary is right, nothing is lost, nobody judges what they own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, Stale
from qa_app.recommendations import operations, queries
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput, ReportInput, SummaryInput
from qa_app.recommendations.models import FollowUp, Judgement, Recommendation, ReportKind
from qa_app.recommendations.rules import Counts, count
from qa_app.recommendations.states import FollowUpState, Outcome, RecommendationState
from qa_app.trail.models import TrailEntry
from tests.databases import examples
from tests.factories.recommendations import LIKE_THE_SOURCE, judged, published, report_of, summed_up

R = RecommendationState


def judgement(followed, found, number):
    return queries.judgement_of(followed.qa, found, number)


def row_counts(followed):
    rows, _ = queries.find_reports(followed.qa, {}, [])
    return rows[0].counts


def test_two_one_four_four(database, now):
    followed = report_of(database, now)
    found = published(followed, LIKE_THE_SOURCE)
    assert row_counts(followed) == Counts(2, 1, 4, 4, 0)
    assert queries.published_counts(followed.qa, followed.report) == {found.number: Counts(2, 1, 4, 4, 0)}
    states = [each.state for each in queries.recommendations_of(followed.qa, followed.report)]
    assert states == [R.IMPLEMENTED] * 2 + [R.OPEN] * 9


def test_a_re_follow_up_takes_up_what_is_less_than_fully_implemented(database, now):
    followed = report_of(database, now)
    published(followed, LIKE_THE_SOURCE)
    again = operations.start_follow_up(followed.report, followed.qa, now)
    assert again.number == 2
    taken = [each.recommendation.number for each in queries.judgements_of(followed.qa, again)]
    assert taken == list(range(3, 12))
    summed_up(followed, judged(followed, (Outcome.FULLY,) * 6 + (Outcome.NOT,) * 3, again))
    operations.publish(again, followed.qa, now)
    assert row_counts(followed) == Counts(8, 0, 0, 3, 0)
    assert queries.published_counts(followed.qa, followed.report) == {
        1: Counts(2, 1, 4, 4, 0), 2: Counts(6, 0, 0, 3, 0),
    }  # fmt: skip
    third = operations.start_follow_up(followed.report, followed.qa, now)
    summed_up(followed, judged(followed, (Outcome.FULLY,) * 3, third))
    operations.publish(third, followed.qa, now)
    with pytest.raises(IllegalMove, match="nothing to follow up"):
        operations.start_follow_up(followed.report, followed.qa, now)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(list(Outcome)), min_size=6, max_size=6), min_size=1, max_size=3))
def test_whatever_is_found_the_figures_are_those_of_the_rows(database, now, found):
    """Recomputed in plain Python from the newest published judgement of each."""
    point = database.begin_nested()
    try:
        followed = report_of(database, now, 6)
        newest = {}
        for outcomes in found:
            left = [n for n in range(1, 7) if newest.get(n) is not Outcome.FULLY]
            if not left:
                break
            draft = published(followed, outcomes[: len(left)])
            newest |= dict(zip(left, outcomes, strict=False))
            counts = queries.published_counts(followed.qa, followed.report)[draft.number]
            assert counts == count(outcomes[: len(left)])
            assert row_counts(followed) == count(newest.get(n) for n in range(1, 7))
            shown = {each.number: each.outcome for each in queries.recommendations_of(followed.qa, followed.report)}
            assert shown == newest
    finally:
        point.rollback()
        database.expire_all()


def test_a_draft_is_there_once_however_often_it_is_begun(database, now):
    followed = report_of(database, now, 2)
    first = operations.start_follow_up(followed.report, followed.qa, now)
    assert operations.start_follow_up(followed.report, followed.qa, now).id == first.id
    database.add(FollowUp(report_id=followed.report.id, number=9, started_at=now))
    with pytest.raises(IntegrityError):
        database.flush()
    database.rollback()


@pytest.mark.parametrize("lacking", ["outcome", "evidence", "summary", "date"])
def test_nothing_incomplete_is_published(database, now, lacking):
    followed = report_of(database, now, 2)
    found = summed_up(followed, judged(followed, (Outcome.FULLY, Outcome.NOT)))
    if lacking in ("outcome", "evidence"):
        each = judgement(followed, found, 1)
        typed = JudgementInput(None, "x") if lacking == "outcome" else JudgementInput(Outcome.FULLY, " ")
        operations.save_judgement(each, typed, each.version, followed.qa, now)
    else:
        typed = SummaryInput(None, summary="x") if lacking == "date" else SummaryInput(now.date())
        operations.save_summary(found, typed, found.version, followed.qa, now)
    with pytest.raises(BadInput, match="Complete what is missing"):
        operations.publish(found, followed.qa, now)
    assert found.state == FollowUpState.DRAFT
    assert {each.outcome for each in followed.recommendations} == {None}


def test_a_published_follow_up_never_changes(database, now):
    followed = report_of(database, now, 2)
    found = published(followed, (Outcome.FULLY, Outcome.NOT))
    each = judgement(followed, found, 2)
    with pytest.raises(IllegalMove, match="fixed"):
        operations.save_judgement(each, JudgementInput(Outcome.FULLY, "x"), each.version, followed.qa, now)
    with pytest.raises(IllegalMove, match="fixed"):
        operations.save_summary(found, SummaryInput(now.date(), summary="x"), found.version, followed.qa, now)
    with pytest.raises(IllegalMove, match="fixed"):
        operations.publish(found, followed.qa, now)
    wanted = RecommendationInput("Other words.", followed.recommendations[1].owner_id)
    with pytest.raises(IllegalMove, match="words are fixed"):
        operations.change_recommendation(
            followed.recommendations[1], wanted, "", followed.recommendations[1].version, followed.qa, now
        )


def test_whose_it_was_when_it_was_judged_stays(database, now):
    followed = report_of(database, now, 1)
    found = published(followed, (Outcome.NOT,))
    (one,) = followed.recommendations
    was = one.owner_id
    wanted = RecommendationInput(one.text, followed.council.moderator.id, one.due_on)
    operations.change_recommendation(one, wanted, "", one.version, followed.qa, now)
    assert judgement(followed, found, 1).owner_id == was


def own(followed, number, person, now):
    one = followed.recommendations[number - 1]
    wanted = RecommendationInput(one.text, person.id, one.due_on)
    operations.change_recommendation(one, wanted, "", one.version, followed.qa, now)
    return one


def test_nobody_judges_what_they_own(database, now):
    followed = report_of(database, now, 2)
    found = operations.start_follow_up(followed.report, followed.qa, now)
    own(followed, 1, followed.council.qa, now)
    each = judgement(followed, found, 1)
    with pytest.raises(NotAllowed, match="somebody else must judge it"):
        operations.save_judgement(each, JudgementInput(Outcome.FULLY, "I did it."), 0, followed.qa, now)
    assert each.version == 0


def test_nor_what_they_have_spoken_for_and_handed_on(database, now):
    followed = report_of(database, now, 2)
    found = operations.start_follow_up(followed.report, followed.qa, now)
    one = own(followed, 1, followed.council.qa, now)
    operations.describe(one, "I did it.", followed.qa, now, is_done=True)
    own(followed, 1, followed.council.team_manager, now)
    with pytest.raises(NotAllowed, match="somebody else must judge it"):
        operations.save_judgement(
            judgement(followed, found, 1), JudgementInput(Outcome.FULLY, "x"), 0, followed.qa, now
        )


def test_what_was_judged_by_whoever_owns_it_now_must_be_judged_again(database, now):
    """The owner changes after the judgement: somebody else says the same words, and they are theirs then."""
    followed = report_of(database, now, 1)
    found = summed_up(followed, judged(followed, (Outcome.FULLY,)))
    own(followed, 1, followed.council.qa, now)
    with pytest.raises(BadInput, match="Recommendation 1 was judged by its owner"):
        operations.publish(found, followed.qa, now)
    other = replace(followed.qa, person_id=followed.council.executive.id)
    each = judgement(followed, found, 1)
    typed = JudgementInput(Outcome(each.outcome), each.evidence)
    operations.save_judgement(each, typed, each.version, other, now)
    assert each.saved_by_id == followed.council.executive.id
    operations.publish(found, followed.qa, now)
    assert found.state == FollowUpState.PUBLISHED


def test_two_who_judge_at_once_see_each_other(database, now):
    followed = report_of(database, now, 1)
    found = operations.start_follow_up(followed.report, followed.qa, now)
    each = judgement(followed, found, 1)
    typed = JudgementInput(Outcome.PARTIALLY, "Half of it.")
    assert operations.save_judgement(each, typed, 0, followed.qa, now) == 1
    assert operations.save_judgement(each, typed, 0, followed.qa, now) == 1, "the same words are no conflict"
    with pytest.raises(operations.Changed) as changed:
        operations.save_judgement(each, JudgementInput(Outcome.FULLY, "All of it."), 0, followed.qa, now)
    assert (changed.value.version, each.outcome) == (1, Outcome.PARTIALLY)
    summary = SummaryInput(now.date(), summary="One.")
    version = found.version
    operations.save_summary(found, summary, version, followed.qa, now)
    with pytest.raises(operations.Changed):
        operations.save_summary(found, replace(summary, summary="Two."), version, followed.qa, now)


def test_an_owner_says_what_was_done_and_it_stays_in_sight(database, now):
    followed = report_of(database, now, 2)
    one = followed.recommendations[0]
    owner = followed.viewer(one.owner)
    operations.describe(one, "Trained everybody.", owner, now, is_done=False)
    operations.describe(one, "All of it works.", owner, now, is_done=True)
    operations.describe(one, "All of it works.", owner, now, is_done=True)
    assert one.state == R.SAID_DONE
    assert [note.text for note in queries.notes_on(one)] == ["Trained everybody.", "All of it works."]
    operations.describe(one, "Not quite.", owner, now, is_done=False)
    assert one.state == R.OPEN
    published(followed, (Outcome.FULLY, Outcome.PARTIALLY))
    with pytest.raises(IllegalMove, match="fully implemented"):
        operations.describe(one, "More.", owner, now, is_done=False)
    with pytest.raises(BadInput):
        operations.describe(
            followed.recommendations[1], " ", followed.viewer(followed.council.team_manager), now, is_done=True
        )


def test_the_first_date_is_never_overwritten_and_another_needs_a_reason(database, now):
    followed = report_of(database, now, 2)
    one = followed.recommendations[0]
    first = one.due_on
    later = RecommendationInput(one.text, one.owner_id, first + timedelta(days=30))
    with pytest.raises(BadInput) as refused:
        operations.change_recommendation(one, later, " ", one.version, followed.qa, now)
    assert refused.value.fields == {"reason": "Enter why the date changes"}
    operations.change_recommendation(one, later, "The system changes in July.", one.version, followed.qa, now)
    assert (one.due_on, one.first_due_on) == (later.due_on, first)
    without = followed.recommendations[1]
    dated = RecommendationInput(without.text, without.owner_id, date(2026, 9, 1))
    operations.change_recommendation(without, dated, "", without.version, followed.qa, now)
    assert without.first_due_on == date(2026, 9, 1)
    with pytest.raises(Stale):
        operations.change_recommendation(one, dated, "x", 1, followed.qa, now)


def test_only_what_nobody_spoke_of_is_removed(database, now):
    followed = report_of(database, now, 3)
    one, two, _ = followed.recommendations
    operations.describe(one, "Done.", followed.viewer(one.owner), now, is_done=False)
    with pytest.raises(IllegalMove):
        operations.remove_recommendation(one, followed.qa, now)
    operations.remove_recommendation(two, followed.qa, now)
    assert [each.number for each in queries.recommendations_of(followed.qa, followed.report)] == [1, 3]
    operations.start_follow_up(followed.report, followed.qa, now)
    with pytest.raises(IllegalMove):
        operations.remove_recommendation(database.get(Recommendation, followed.recommendations[2].id), followed.qa, now)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (RecommendationInput(" "), "text"),
        (RecommendationInput("x", number=3), "number"),
        (RecommendationInput("x", number=1000), "number"),
        (RecommendationInput("x", owner_id=999_999), "owner"),
    ],
)
def test_what_cannot_be_added_is_said(database, now, wanted, field):
    followed = report_of(database, now, 3)
    with pytest.raises(BadInput) as refused:
        operations.add_recommendation(followed.report, wanted, followed.qa, now)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("who", ["caseworker", "scrutiny", "administrator"])
def test_whoever_cannot_read_it_cannot_own_it(database, now, who):
    followed = report_of(database, now, 1)
    wanted = RecommendationInput("x", getattr(followed.council, who).id)
    with pytest.raises(BadInput):
        operations.add_recommendation(followed.report, wanted, followed.qa, now)


def test_every_step_is_in_the_trail(database, now):
    followed = report_of(database, now, 1)
    one = followed.recommendations[0]
    operations.describe(one, "Done.", followed.viewer(one.owner), now, is_done=True)
    published(followed, (Outcome.FULLY,))
    events = database.scalars(
        select(TrailEntry.event).where(TrailEntry.subject_type == "recommendation report").order_by(TrailEntry.id)
    ).all()
    assert events == [
        "recommendation:report-added", "recommendation:added", "recommendation:said-done",
        "recommendation:follow-up-started", "recommendation:judged", "recommendation:summary-saved",
        "recommendation:follow-up-published",
    ]  # fmt: skip
    assert database.scalars(select(Judgement)).one().saved_by_id == followed.council.qa.id


def test_what_is_gone_meanwhile_is_not_found(database, now):
    followed = report_of(database, now, 2)
    one = followed.recommendations[0]
    found = operations.start_follow_up(followed.report, followed.qa, now)
    database.query(Judgement).delete()
    database.query(FollowUp).delete()
    database.query(Recommendation).delete()
    with pytest.raises(NotFound):
        operations.describe(one, "Done.", followed.viewer(followed.council.service_manager), now, is_done=True)
    with pytest.raises(NotFound):
        operations.publish(found, followed.qa, now)
    database.query(type(followed.report)).delete()
    with pytest.raises(NotFound):
        operations.start_follow_up(followed.report, followed.qa, now)


def test_a_summary_says_nothing_of_days_to_come_and_the_same_words_are_no_save(database, now):
    followed = report_of(database, now, 1)
    found = operations.start_follow_up(followed.report, followed.qa, now)
    with pytest.raises(BadInput) as refused:
        operations.save_summary(found, SummaryInput(date(2026, 6, 18)), found.version, followed.qa, now)
    assert refused.value.fields == {"dated": "The follow-up's date must be today or earlier"}
    typed = SummaryInput(now.date(), summary="Well.")
    version = operations.save_summary(found, typed, found.version, followed.qa, now)
    assert operations.save_summary(found, typed, 0, followed.qa, now) == version


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"dated": None}, "dated"),
        ({"dated": date(2026, 6, 18)}, "dated"),
        ({"service_id": 99}, "service"),
    ],
)
def test_a_report_that_cannot_be_is_refused(database, now, changes, field):
    followed = report_of(database, now, 1)
    report = followed.report
    wanted = ReportInput(report.title, ReportKind(report.kind), report.dated, report.service_id)
    with pytest.raises(BadInput) as refused:
        operations.change_report(report, replace(wanted, **changes), report.version, followed.qa, now)
    assert list(refused.value.fields) == [field]


def test_saving_a_recommendation_as_it_is_changes_nothing(database, now):
    followed = report_of(database, now, 1)
    (one,) = followed.recommendations
    before = database.scalar(select(TrailEntry.id).order_by(TrailEntry.id.desc()).limit(1))
    same = RecommendationInput(one.text, one.owner_id, one.due_on)
    operations.change_recommendation(one, same, "", one.version, followed.qa, now)
    assert one.version == 1
    assert database.scalar(select(TrailEntry.id).order_by(TrailEntry.id.desc()).limit(1)) == before
