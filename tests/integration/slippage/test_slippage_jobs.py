"""The system foresees and chases: once each, with its reasons, and never where it was settled."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.core.jobs import Done
from qa_app.outbox.models import Mail
from qa_app.people.models import Absence
from qa_app.slippage import operations
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations import chasing, predicting
from qa_app.slippage.queries import candidates, limits_on, open_notices
from qa_app.slippage.states import OPEN_STATES, Outcome, SlippageState, Source
from qa_app.trail.models import TrailEntry
from tests.factories.audits import Scene, issued_round
from tests.factories.progress import begin
from tests.factories.slippage import WISH, notice_at, raised, walk_to

FIVE_LEFT = timedelta(days=6)  # Tuesday 23 June, audits are due on Tuesday 30 June


def notices(database: Any) -> list[SlippageNotice]:
    return list(database.scalars(select(SlippageNotice).order_by(SlippageNotice.id)))


def mails(database: Any, *messages: str) -> list[tuple[str, int]]:
    wanted = select(Mail.message, Mail.person_id).where(Mail.message.in_(messages)).order_by(Mail.message, Mail.id)
    return [(message, person_id) for message, person_id in database.execute(wanted)]


def events(database: Any, name: str) -> int:
    return len(database.scalars(select(TrailEntry.id).where(TrailEntry.event == name)).all())


def own(scene: Scene, name: str) -> list[Audit]:
    return [audit for audit in scene.audits if audit.auditor_id == getattr(scene.council, name).id]


def withdraw_all_but_the_first(database: Any, scene: Scene) -> None:
    for audit in scene.audits[1:]:
        audit.state = "withdrawn"
    database.flush()


def test_six_days_before_nothing_is_foreseen(database: Any, now: datetime) -> None:
    issued_round(database, now)
    assert operations.predict(now).queued == 0
    assert notices(database) == []


def test_not_started_with_five_days_left_both_hear_of_it_once(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    later = now + FIVE_LEFT
    done = operations.predict(later)
    assert (done.looked_at, done.queued) == (1, 2)
    (notice,) = notices(database)
    assert notice.source == Source.SYSTEM
    assert notice.signs == ["Not started, and 5 working days are left."]
    assert (notice.person_id, notice.service_id) == (scene.council.auditor.id, scene.council.service_a.id)
    told = mails(database, "slippage_foreseen", "slippage_predicted", "slippage_raised")
    assert told == [
        ("slippage_foreseen", scene.council.head_of_service.id),
        ("slippage_predicted", scene.council.auditor.id),
    ]
    mail = database.scalars(select(Mail).where(Mail.message == "slippage_predicted")).one()
    assert f"{scene.path}/slippage\n" in mail.text
    assert operations.predict(later).as_dict() == Done().as_dict()
    assert len(notices(database)) == 1
    assert events(database, "slippage:foreseen") == 1


def test_on_a_day_without_work_nothing_is_foreseen_or_chased(database: Any, now: datetime) -> None:
    scene, _ = notice_at(database, SlippageState.RAISED, now)
    saturday = now + timedelta(days=10)
    assert operations.predict(saturday).why == {"no working day": 1}
    assert operations.chase(saturday).why == {"no working day": 1}
    assert len(notices(database)) == 1
    assert scene.audit.state == "allocated"


def test_an_audit_that_was_begun_is_not_foreseen(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    begin(scene, 0, now)
    assert operations.predict(now + FIVE_LEFT).looked_at == 0


def test_an_absence_is_seen_long_before(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    begin(scene, 0, now)
    database.add(Absence(person_id=scene.council.auditor.id, starts_on=date(2026, 6, 18), ends_on=date(2026, 6, 29)))
    database.flush()
    operations.predict(now)
    found = notices(database)
    assert {notice.person_id for notice in found} == {scene.council.auditor.id}
    assert len(found) == len(own(scene, "auditor"))


def test_a_poor_run_is_seen_ten_days_before(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    for number, audit in enumerate(scene.audits[1:4], 1):
        past = audit
        past.auditor_id, past.state, past.is_late = scene.council.auditor.id, "submitted", True
        past.due_on, past.first_submitted_at = date(2026, 6, 1) - timedelta(days=number), now
    database.flush()
    assert operations.predict(now).queued == 0  # one round of the past, however many of its audits were late


def test_a_settled_one_is_left_in_peace_for_three_working_days(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    later = now + FIVE_LEFT
    operations.predict(later)
    operations.back_on_track(notices(database)[0], "", scene.auditor, later)
    for days in (0, 1, 2):
        assert operations.predict(later + timedelta(days=days)).queued == 0
    assert operations.predict(later + timedelta(days=6)).queued == 2  # the third working day after
    assert [notice.outcome for notice in notices(database)] == [Outcome.BACK_ON_TRACK, None]


def test_where_there_is_no_capacity_it_is_not_said_again(database: Any, now: datetime) -> None:
    scene, _ = notice_at(database, SlippageState.RESOLVED, now)
    withdraw_all_but_the_first(database, scene)
    assert operations.predict(now + FIVE_LEFT).queued == 0


def test_the_auditor_adds_to_what_was_foreseen_and_the_head_hears_at_once(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    later = now + FIVE_LEFT
    operations.predict(later)
    made = operations.raise_notice(scene.audit, WISH, scene.auditor, later)
    assert [made] == notices(database)
    assert (made.source, made.reason) == (Source.SYSTEM, WISH.reason)
    assert mails(database, "slippage_raised") == [("slippage_raised", scene.council.head_of_service.id)]


def test_a_head_who_does_not_act_is_chased_once_then_the_director_hears_once(database: Any, now: datetime) -> None:
    scene, _ = notice_at(database, SlippageState.RAISED, now)
    messages = ("slippage_chased", "slippage_escalated")
    chased = [("slippage_chased", scene.council.head_of_service.id)]
    assert operations.chase(now + timedelta(days=1)).why == {"not waiting for long enough": 1}
    assert mails(database, *messages) == []
    for days in (2, 2, 5):  # Friday, again, Monday
        operations.chase(now + timedelta(days=days))
        assert mails(database, *messages) == chased
    for days in (6, 7, 12):
        operations.chase(now + timedelta(days=days))
        assert mails(database, *messages) == [*chased, ("slippage_escalated", scene.council.director.id)]
    assert (events(database, "slippage:chased"), events(database, "slippage:escalated")) == (1, 1)
    mail = database.scalars(select(Mail).where(Mail.message == "slippage_escalated")).one()
    assert "the Head of Service" in mail.text


def test_the_qa_team_is_chased_in_its_turn(database: Any, now: datetime) -> None:
    scene, _ = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    operations.chase(now + timedelta(days=6))
    assert mails(database, "slippage_chased", "slippage_escalated") == [
        ("slippage_chased", scene.council.qa.id),
        ("slippage_escalated", scene.council.director.id),
    ]


def test_acknowledging_begins_the_clock_anew_and_takes_back_what_waits(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    two_days = now + timedelta(days=2)
    operations.chase(two_days)
    operations.acknowledge(notice, "", scene.viewer(scene.council.head_of_service), two_days)
    assert mails(database, "slippage_raised", "slippage_chased") == []
    assert operations.chase(two_days + timedelta(days=3)).queued == 0
    assert operations.chase(two_days + timedelta(days=4)).queued == 1


def test_where_nobody_is_left_to_tell_the_job_says_so(database: Any, now: datetime) -> None:
    scene, _ = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    for person in (scene.council.qa, scene.council.director):
        person.leaves_on = now.date()
    database.commit()
    done = operations.chase(now + timedelta(days=6))
    assert (done.looked_at, done.queued, done.why) == (1, 0, {"nobody to tell": 2})
    assert mails(database, "slippage_chased", "slippage_escalated") == []
    assert (events(database, "slippage:chased"), events(database, "slippage:escalated")) == (0, 0)


def test_what_was_resolved_between_reading_and_chasing_is_left_alone(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    found = open_notices()
    operations.back_on_track(notice, "", scene.auditor, now)
    database.commit()
    monkeypatch.setattr(chasing, "open_notices", lambda: found)
    done = operations.chase(now + timedelta(days=12))
    assert (done.looked_at, done.queued, done.why) == (1, 0, {"changed meanwhile": 1})
    assert mails(database, "slippage_chased", "slippage_escalated") == []


@pytest.mark.parametrize("how", ["begun", "withdrawn", "said by the auditor"])
def test_what_changed_between_reading_and_foreseeing_is_left_alone(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    scene = issued_round(database, now)
    withdraw_all_but_the_first(database, scene)
    later = now + FIVE_LEFT
    found = list(candidates(later.date(), limits_on(later.date())))
    if how == "begun":
        begin(scene, 0, now)
    elif how == "withdrawn":
        audits.withdraw_audit(scene.audit, "Moved", scene.qa, now)
    else:
        raised(scene)
    database.commit()
    monkeypatch.setattr(predicting, "candidates", lambda *_: iter(found))
    done = operations.predict(later)
    assert (done.looked_at, done.queued, done.why) == (1, 0, {"changed meanwhile": 1})
    assert [notice.source for notice in notices(database)] == [Source.AUDITOR] * (how == "said by the auditor")
    assert mails(database, "slippage_foreseen", "slippage_predicted") == []


def test_what_was_resolved_is_not_chased(database: Any, now: datetime) -> None:
    notice_at(database, SlippageState.RESOLVED, now)
    assert operations.chase(now + timedelta(days=20)).looked_at == 0


def test_one_audit_has_at_most_one_open_notice(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    for step in range(3):
        raised(scene)
        operations.predict(now + FIVE_LEFT + timedelta(days=step))
    found = [notice.audit_id for notice in notices(database) if notice.state in OPEN_STATES]
    assert len(found) == len(set(found)) == len(scene.audits)


def test_a_notice_whose_head_acted_is_not_asked_of_the_head(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    walk_to(scene, raised(scene), SlippageState.WITH_QA_TEAM)
    assert mails(database, "slippage_raised") == []
    assert mails(database, "slippage_forwarded") == [("slippage_forwarded", scene.council.qa.id)]
