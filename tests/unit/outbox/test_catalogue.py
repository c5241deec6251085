"""Mails hold what is asked, by when and where, and nothing of the case."""

from datetime import date
from pathlib import Path

import pytest

from qa_app.outbox.catalogue import MESSAGES, checked
from qa_app.outbox.rendering import NAME, render

EXAMPLES = {
    "month": "June",
    "person": "Asha Okafor",
    "audits": 2,
    "items": 3,
    "due_on": date(2026, 6, 30),
    "working_days": 9,
    "outcome": "kept",
    "waits_for": "qa_team",
    "round": "2026-06",
    "service": "Safeguarding and Support",
    "since": date(2026, 6, 25),
    "people": 3,
    "requests": 1,
    "report": "R-0003",
    "recommendations": 2,
    "notices": 2,
    "declarations": 1,
    "exempt_audits": 1,
    "reference": "A-0123",
    "unallocated": 1,
    "moderations": 1,
    "disputes": 2,
    "previous": "IP-0003",
    "step": "day-three meeting",
    "team": "North Safeguarding",
    "path": "/my-audits",
}
FORBIDDEN = ("case_reference", "case", "grade", "child", "health", "reason", "statement", "worker", "initials")
EMAILS = Path(__file__).parents[3] / "qa_app" / "templates" / "emails"


def example(message):
    return {name: EXAMPLES[name] for name in MESSAGES[message].variables}


def test_every_message_has_its_folder_and_every_folder_its_message():
    folders = {folder.name for folder in EMAILS.iterdir() if folder.is_dir()}
    assert folders == set(MESSAGES), "add a line to MESSAGES, or a folder to templates/emails"


@pytest.mark.parametrize("message", MESSAGES)
def test_no_message_takes_a_variable_about_the_case(message):
    for name in MESSAGES[message].variables:
        assert not any(word in name for word in FORBIDDEN), f"{message} may not be told {name}"


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_renders_whole(app, message):
    mail = render(message, example(message))
    for part in (mail.subject, mail.text, mail.html):
        assert "{{" not in part
        assert "None" not in part
    assert "\n" not in mail.subject
    assert len(mail.subject) <= 78
    assert app.config["BASE_URL"] + "/my-audits" in mail.text
    assert f'href="{app.config["BASE_URL"]}/my-audits"' in mail.html
    assert NAME in mail.text
    assert NAME in mail.html


@pytest.mark.parametrize(
    ("outcome", "words"), [("kept", "The audit stays with you"), ("reassigned", "It is no longer due from you")]
)
def test_an_answer_says_whose_the_audit_is(app, outcome, words):
    mail = render("declaration_answered", example("declaration_answered") | {"outcome": outcome})
    assert words in mail.text
    assert words in mail.html


@pytest.mark.parametrize("working_days", [9, 1, 0, -1, -3])
@pytest.mark.parametrize("audits", [1, 3])
def test_a_reminder_says_how_long_is_left(app, working_days, audits):
    mail = render("reminder", example("reminder") | {"working_days": working_days, "audits": audits})
    words = {9: "9 working days left", 1: "1 working day left", 0: "end of today"}.get(
        working_days, "not submitted yet"
    )
    assert words in " ".join(mail.text.split())
    assert words in mail.html


def test_a_name_is_put_in_as_text_and_never_as_markup(app):
    mail = render("reminder", example("reminder")).to("Bo <b>Tables</b>")
    assert "Dear Bo <b>Tables</b>," in mail.text
    assert "<b>" not in mail.html
    assert "Bo &lt;b&gt;Tables&lt;/b&gt;" in mail.html


def test_a_variable_outside_the_catalogue_is_refused():
    with pytest.raises(ValueError, match="takes exactly"):
        checked("reminder", example("reminder") | {"case_reference": "CANARY-1"})


def test_a_missing_variable_is_refused():
    with pytest.raises(ValueError, match="takes exactly"):
        checked("reminder", {"month": "June"})


def test_a_thing_is_refused_where_a_value_belongs():
    with pytest.raises(ValueError, match="must be text"):
        checked("reminder", example("reminder") | {"audits": [1]})


@pytest.mark.parametrize("path", ["https://elsewhere.example", "//elsewhere.example", "my-audits"])
def test_a_link_out_of_this_site_is_refused(path):
    with pytest.raises(ValueError, match="page of this site"):
        checked("reminder", example("reminder") | {"path": path})


@pytest.mark.parametrize("message", [name for name, message in MESSAGES.items() if message.further])
def test_what_else_one_can_do_is_made_of_the_mail_s_own_variables(message):
    known = dict.fromkeys(MESSAGES[message].variables, "2026-06-dip")
    pages = [page.format(**known) for _, page in MESSAGES[message].further]
    assert pages == ["/my/slippage?round=2026-06-dip", "/exemptions/ask?month=2026-06"]
