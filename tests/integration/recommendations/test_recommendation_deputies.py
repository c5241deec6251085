"""Whoever stands in for an owner answers for their recommendations, in their name, while they are away."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from qa_app.core.errors import NotAllowed, NotFound
from qa_app.core.waiting import answers, together
from qa_app.outbox.models import Mail
from qa_app.people.models import Deputy
from qa_app.reasons import REASONS
from qa_app.recommendations import operations, queries
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput
from qa_app.recommendations.models import Recommendation
from qa_app.recommendations.queries.lists import waiting_recommendations
from qa_app.recommendations.states import Outcome, RecommendationState
from qa_app.trail.models import TrailEntry
from tests.factories.recommendations import Followed, judged, published, report_of
from tests.factories.rounds import viewer

DAY = timedelta(days=1)
WEEK = 7 * DAY


@dataclass
class Away(Followed):
    """Two recommendations; the owner of one is away for a week, and an auditor elsewhere stands in."""

    @property
    def deputy(self):
        return self.council.auditor_b

    @property
    def managers(self) -> Recommendation:
        """The one whose owner, the team manager, is away."""
        return next(one for one in self.recommendations if one.owner_id == self.council.team_manager.id)

    @property
    def others(self) -> Recommendation:
        """The one of the service manager, who is there."""
        return next(one for one in self.recommendations if one.owner_id == self.council.service_manager.id)


@pytest.fixture
def away(database, now):
    followed = Away(**vars(report_of(database, now, 2)))
    followed.managers.due_on = now.date() + WEEK
    stands_in(database, followed.council.team_manager, followed.deputy, now.date(), now.date() + 6 * DAY)
    return followed


def stands_in(database, owner, deputy, first, last):
    database.add(Deputy(person_id=owner.id, deputy_id=deputy.id, starts_on=first, ends_on=last))
    database.flush()


def seen_by(away, person, at):
    who = viewer(person, at)
    try:
        report = queries.report_for(who, away.report.reference)
    except NotFound:
        return set()
    return {one.id for one in queries.recommendations_of(who, report)}


def asked_of(person, at):
    found = answers(together(waiting_recommendations(viewer(person, at), at.date())))
    return found["recommendations due"].number if "recommendations due" in found else 0


def test_the_deputy_sees_and_is_asked_what_the_owner_would_be(away, now):
    assert away.managers.id in seen_by(away, away.deputy, now)
    assert asked_of(away.deputy, now) == asked_of(away.council.team_manager, now) == 1
    assert seen_by(away, away.deputy, now + WEEK) == set(), "and no longer than the days that were named"
    assert asked_of(away.deputy, now + WEEK) == 0


def test_what_a_deputy_says_stands_in_both_names(away, database, now, sign_in):
    note = operations.describe(away.managers, "The rota is out.", away.viewer(away.deputy), now, is_done=True)
    assert (note.by_id, note.for_id) == (away.deputy.id, away.council.team_manager.id)
    assert away.managers.state == RecommendationState.SAID_DONE
    entry = database.scalars(select(TrailEntry).where(TrailEntry.event == "recommendation:said-done")).one()
    assert (entry.person_id, entry.on_behalf_of_id) == (away.deputy.id, away.council.team_manager.id)
    database.commit()
    page = sign_in(away.council.qa.id).get(f"{away.path}/{away.managers.number}").text
    assert "Bryn Pritchard, on behalf of Eleri Sandhu" in page


def test_an_owner_who_is_there_all_the_same_speaks_for_themselves(away, now):
    owner = away.council.team_manager
    note = operations.describe(away.managers, "Back for an hour.", away.viewer(owner), now, is_done=False)
    assert (note.by_id, note.for_id) == (owner.id, None)


def test_nobody_answers_for_an_owner_in_whose_place_they_are_not(away, now):
    people = away.council
    for who, one in ((away.deputy, away.others), (people.auditor, away.managers), (people.qa, away.managers)):
        with pytest.raises(NotAllowed):
            operations.describe(one, "Done.", away.viewer(who), now, is_done=True)
    with pytest.raises(NotAllowed):
        operations.describe(away.managers, "Done.", viewer(away.deputy, now + WEEK), now + WEEK, is_done=True)


def test_neither_a_deputy_who_spoke_nor_whom_they_spoke_for_judges(away, database, now):
    """An officer of the QA team stands in for an owner and speaks; later somebody else owns it."""
    people = away.council
    stands_in(database, people.service_manager, people.qa, now.date(), now.date())
    one = away.others
    operations.describe(one, "Begun.", away.qa, now, is_done=False)
    wanted = RecommendationInput(one.text, people.director.id)
    operations.change_recommendation(one, wanted, "Given up.", one.version, away.qa, now)
    assert queries.spoke_for([one.id])[one.id] == {people.qa.id, people.service_manager.id}
    judgement = queries.judgement_of(away.qa, operations.start_follow_up(away.report, away.qa, now), one.number)
    with pytest.raises(NotAllowed, match="somebody else must judge"):
        operations.save_judgement(judgement, JudgementInput(Outcome.FULLY, "Seen."), judgement.version, away.qa, now)


def mails(database, message):
    return database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id)).all()


def test_while_an_owner_is_away_their_deputy_hears_what_is_theirs_now(away, database, now):
    wanted = RecommendationInput("One more.", away.council.team_manager.id, now.date() + 13 * DAY)
    operations.add_recommendation(away.report, wanted, away.qa, now)
    given = mails(database, "recommendations_given")
    assert given[-1].person_id == away.deputy.id
    found = REASONS["recommendations_given"](given, now)
    assert found[given[-1].id]["recommendations"] == 2, "as many as whom they stand in for owns"


def test_a_reminder_goes_to_the_deputy_and_is_dropped_once_the_owner_is_back(away, database, now):
    away.managers.due_on = away.others.due_on = now.date() + 5 * DAY
    away.managers.due_on = now.date() - DAY
    operations.remind_owners(now)
    (mail,) = [one for one in mails(database, "recommendations_due") if one.person_id == away.deputy.id]
    assert away.council.team_manager.id not in {one.person_id for one in mails(database, "recommendations_due")}
    reason = REASONS["recommendations_due"]
    assert reason([mail], now)[mail.id]["recommendations"] == 1
    assert reason([mail], now + WEEK) == {}, "it is the owner's to do again"
    operations.describe(away.managers, "Done.", away.viewer(away.deputy), now, is_done=True)
    assert reason([mail], now) == {}


def test_of_a_publication_the_deputy_hears(away, database, now):
    published(away, (Outcome.FULLY, Outcome.NOT))
    people = away.council
    readers = {mail.person_id for mail in mails(database, "follow_up_published")}
    expected = (away.deputy, people.service_manager, people.head_of_service, people.director)
    assert readers == {one.id for one in expected}


def test_the_page_offers_the_deputy_the_words_and_not_the_judging(away, database, now, sign_in):
    judged(away, (None, None))
    database.commit()
    client, path = sign_in(away.deputy.id), f"{away.path}/{away.managers.number}"
    assert "Say what was done" in client.get(path).text
    sent = client.post(f"{path}/progress", data={"text": "The rota is out.", "is_done": "y"})
    assert sent.status_code == 303
    assert client.get(f"{away.path}/follow-ups/1").status_code == 404
