"""The outbox: once per person, message, subject and slot; pages for administrators only."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.operations import queue, take_back
from tests.factories import people

VARIABLES = {
    "month": "June",
    "audits": 1,
    "due_on": date(2026, 6, 30),
    "working_days": 9,
    "round": "2026-06",
    "path": "/my-audits",
}


@pytest.fixture
def council(database, now):
    return people.council(database, now)


def remind(person_ids, now, slot="2026-06-17", variables=VARIABLES):
    return queue("reminder", person_ids, subject_key="round:1", slot=slot, now=now, variables=variables)


def test_a_mail_is_queued_once_for_each_slot(database, council, now):
    ids = [council.auditor.id, council.auditor_b.id]
    assert remind(ids, now) == 2
    assert remind(ids, now) == 0
    assert remind([*ids, council.moderator.id], now) == 1
    assert remind(ids, now, slot="2026-06-18") == 2
    assert len(database.scalars(select(Mail)).all()) == 5


def test_the_same_person_twice_in_one_list_gets_one(council, now):
    assert remind([council.auditor.id, council.auditor.id], now) == 1


def test_each_person_has_their_own_name_and_variables(database, council, now):
    counts = {council.auditor.id: 1, council.auditor_b.id: 3}
    remind(list(counts), now, variables=lambda person_id: VARIABLES | {"audits": counts[person_id]})
    texts = {mail.person_id: mail.text for mail in database.scalars(select(Mail))}
    assert "Dear Asha Okafor," in texts[council.auditor.id]
    assert "Your June case audit is due" in texts[council.auditor.id]
    assert "Your 3 case audits for June are due" in texts[council.auditor_b.id]


def test_people_without_email_and_leavers_get_none(database, council, now):
    council.auditor.email = None
    council.auditor_b.leaves_on = (now - timedelta(days=1)).date()
    council.moderator.starts_on = (now + timedelta(days=1)).date()
    council.team_manager.leaves_on = now.date()  # the last day of work is a day of work
    database.flush()
    everyone = [council.auditor.id, council.auditor_b.id, council.moderator.id, council.team_manager.id]
    assert remind(everyone, now) == 1


def test_many_people_are_queued_in_batches(database, council, now):
    many = [people.person(database, now, f"Person {number}", account=False).id for number in range(1100)]
    assert remind(many, now) == 1100


def test_only_what_waits_is_taken_back(database, council, now):
    remind([council.auditor.id, council.auditor_b.id], now)
    database.scalars(select(Mail).where(Mail.person_id == council.auditor_b.id)).one().state = MailState.SENT
    database.flush()
    assert take_back("round:2") == 0
    assert take_back("round:1", ["audits_issued"]) == 0
    assert take_back("round:1") == 1
    assert [mail.person_id for mail in database.scalars(select(Mail))] == [council.auditor_b.id]


def test_an_unknown_message_is_refused(council, now):
    with pytest.raises(KeyError):
        queue("greeting", [council.auditor.id], subject_key="x", slot="y", now=now, variables={})


def test_an_administrator_reads_the_mails(database, council, now, sign_in):
    remind([council.auditor.id], now)
    mail = database.scalars(select(Mail)).one()
    client = sign_in(council.administrator.id)
    listed = client.get("/mail").get_data(as_text=True)
    assert "1 mail waiting" in listed
    assert "Mail is off: what is written waits here." in listed
    assert f"/mail/{mail.id}" in listed
    opened = client.get(f"/mail/{mail.id}").get_data(as_text=True)
    assert "Dear Asha Okafor," in opened
    assert "9 working days left" in opened
    assert client.get("/mail/999999").status_code == 404


def test_the_list_is_filtered_and_empty_lists_say_so(database, council, now, sign_in):
    remind([council.auditor.id, council.auditor_b.id], now)
    database.scalars(select(Mail).where(Mail.person_id == council.auditor_b.id)).one().state = MailState.SENT
    database.flush()
    client = sign_in(council.administrator.id)
    assert "Bryn" not in client.get("/mail?state=queued").get_data(as_text=True)
    assert "Bryn" in client.get("/mail?q=bryn&message=reminder").get_data(as_text=True)
    assert "No mail here" in client.get("/mail?q=nobody").get_data(as_text=True)
    fragment = client.get("/mail?state=sent&sort=-to", headers={"HX-Request": "true"})
    assert "<html" not in fragment.get_data(as_text=True)


@pytest.mark.parametrize("role", ["qa", "director", "auditor", "head_of_service", "scrutiny"])
def test_nobody_else_reads_mails(council, now, sign_in, role):
    remind([council.auditor.id], now)
    client = sign_in(getattr(council, role).id)
    assert client.get("/mail").status_code == 404
