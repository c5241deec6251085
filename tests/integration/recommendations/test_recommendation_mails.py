"""Who is told of what, once, and what is read again as it is sent."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from qa_app.outbox.models import Mail
from qa_app.reasons import REASONS
from qa_app.recommendations import operations
from qa_app.recommendations.inputs import RecommendationInput
from qa_app.recommendations.queries import recommendations_of
from qa_app.recommendations.states import Outcome
from qa_app.settings.operations import set_value
from tests.factories.recommendations import published, report_of


def mails(database, message):
    return database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id)).all()


def readers(database, message):
    return sorted(mail.person_id for mail in mails(database, message))


def test_an_owner_hears_once_however_many_are_theirs_and_how_many_is_counted_at_sending(database, now):
    followed = report_of(database, now, 5)
    people = followed.council
    assert readers(database, "recommendations_given") == sorted([people.team_manager.id, people.service_manager.id])
    waiting = mails(database, "recommendations_given")
    found = REASONS["recommendations_given"](waiting, now)
    by_reader = {mail.person_id: found[mail.id]["recommendations"] for mail in waiting}
    assert by_reader == {people.team_manager.id: 2, people.service_manager.id: 3}


def test_nobody_is_mailed_about_their_own_act(database, now):
    followed = report_of(database, now, 1)
    operations.add_recommendation(
        followed.report, RecommendationInput("Mine.", followed.council.qa.id), followed.qa, now
    )
    assert followed.council.qa.id not in readers(database, "recommendations_given")


def test_whoever_gets_it_later_hears_and_whoever_lost_it_is_not_told(database, now):
    followed = report_of(database, now, 1)
    (one,) = followed.recommendations
    wanted = RecommendationInput(one.text, followed.council.moderator.id)
    operations.change_recommendation(one, wanted, "x", one.version, followed.qa, now)
    waiting = mails(database, "recommendations_given")
    found = REASONS["recommendations_given"](waiting, now)
    assert [mail.person_id for mail in waiting if mail.id in found] == [followed.council.moderator.id]


DUE = date(2026, 6, 30)


@pytest.fixture
def due(database, now):
    """Two recommendations of the team manager, due on 30 June, and one without a date."""
    followed = report_of(database, now, 1)
    for text, day in (("One.", DUE), ("Two.", DUE), ("Three.", None)):
        wanted = RecommendationInput(text, followed.council.team_manager.id, day)
        operations.add_recommendation(followed.report, wanted, followed.qa, now)
    followed.recommendations[0].due_on = None
    database.flush()
    return followed


def reminded(database, at):
    operations.remind_owners(at)
    return [
        (mail.slot, mail.variables["recommendations"], mail.variables["working_days"])
        for mail in mails(database, "recommendations_due")
    ]


def test_owners_are_reminded_before_and_once_after(database, now, due):
    assert reminded(database, now.replace(day=1)) == []
    assert reminded(database, now.replace(day=2)) == [("due:2026-06-30:20", 2, 20)]
    assert len(reminded(database, now.replace(day=3))) == 1
    assert len(reminded(database, now.replace(day=22))) == 1
    assert reminded(database, now.replace(day=23))[1] == ("due:2026-06-30:5", 2, 5)
    assert len(reminded(database, now.replace(day=30))) == 2
    assert reminded(database, now + timedelta(days=14))[2] == ("due:2026-06-30:-1", 2, -1)
    assert len(reminded(database, now + timedelta(days=40))) == 3
    assert {mail.person_id for mail in mails(database, "recommendations_due")} == {due.council.team_manager.id}


def test_the_days_are_a_setting_and_weekends_rest(database, now, due):
    set_value("recommendation_reminder_days", [3], now.date(), due.viewer(due.council.administrator), now)
    assert reminded(database, now.replace(day=24)) == []
    assert reminded(database, now.replace(day=27)) == []
    assert reminded(database, now.replace(day=25)) == [("due:2026-06-30:3", 2, 3)]


def test_a_reminder_is_dropped_once_it_is_said_to_be_done(database, now, due):
    operations.remind_owners(now.replace(day=23))
    (mail,) = mails(database, "recommendations_due")
    reason = REASONS["recommendations_due"]
    later = now.replace(day=24)
    assert reason([mail], later)[mail.id]["working_days"] == 4
    own = [each for each in recommendations_of(due.qa, due.report) if each.due_on == DUE]
    manager = due.viewer(due.council.team_manager)
    operations.describe(own[0], "Done.", manager, later, is_done=True)
    assert reason([mail], later)[mail.id]["recommendations"] == 1
    operations.describe(own[1], "Done.", manager, later, is_done=True)
    assert reason([mail], later) == {}


def test_owners_heads_and_directors_hear_of_a_publication(database, now):
    followed = report_of(database, now, 2)
    published(followed, (Outcome.FULLY, Outcome.NOT))
    people = followed.council
    expected = [people.team_manager, people.service_manager, people.head_of_service, people.director]
    assert readers(database, "follow_up_published") == sorted(person.id for person in expected)
    assert all(
        mail.variables["path"] == f"{followed.path}/follow-ups/1" for mail in mails(database, "follow_up_published")
    )
    text = mails(database, "follow_up_published")[0].text
    assert "Improve step" not in text
    assert followed.report.title not in text


def test_of_the_whole_department_every_head_hears(database, now):
    followed = report_of(database, now, 1, department=True)
    published(followed, (Outcome.NOT,))
    assert followed.council.head_of_service_b.id in readers(database, "follow_up_published")
