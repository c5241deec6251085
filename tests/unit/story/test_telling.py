"""How events are told: every one in words that read, and none that there is not."""

import re
from pathlib import Path

import pytest

import qa_app
from qa_app.story.telling import IN_PLACE, SAVES, TELLINGS, About
from qa_app.trail.operations import EVENT

APPENDED = re.compile(r'"([a-z_]+:[a-z-]+)"')
SOURCES = "\n".join(
    path.read_text() for path in Path(qa_app.__file__).parent.rglob("*.py") if "story" not in path.parts
)
DETAILS = [
    {},
    {"outcome": "no_capacity", "number": 2, "due_on": "2026-06-30", "before": "2026-06-30", "after": "2026-07-03"},
]
NOT_TOLD = {
    "audit:viewed", "audit:auditor-swapped",  # what follows it tells more
    "audit:own-exported", "exemption:own-exported", "slippage:exported", "moderation:selection-exported",  # lists
    "action:removed", "action:unlinked", "action:exported",  # drafts, and what was taken away
    "exemption:viewed", "exemption:ledger-exported",
    "moderation:done", "audit:grade-decided",  # what stands beside each says the same
    "moderation:grades-saved", "moderation:exported",
    "improvement:viewed", "improvement:exported",
    "improvement:concern-raised", "improvement:concern-answered",  # about a colleague: on the process's own page only
    "improvement:grade-changed",  # a grade, which the story never tells; what comes of it is told
}  # fmt: skip


@pytest.mark.parametrize("event", TELLINGS)
def test_an_event_is_told_in_words(event):
    telling = TELLINGS[event]
    for detail in DETAILS:
        words = telling.words if isinstance(telling.words, str) else telling.words(detail)
        assert words
        assert "None" not in words
        assert "_" not in words
        assert not words.endswith(".")
        assert ("{thing}" in words) is (telling.about in (About.ACTION, About.IMPROVEMENT)), words


def test_only_events_that_there_are_stand_in_the_table():
    known = set(APPENDED.findall(SOURCES))
    assert sorted({*TELLINGS, *SAVES} - known - {IN_PLACE}) == []
    assert all(EVENT.fullmatch(event) for event in TELLINGS)


def test_every_event_of_an_audit_is_told_or_left_out_on_purpose():
    """A new event of these areas is added to the table, or here."""
    areas = ("audit", "slippage", "exemption", "action", "moderation", "improvement")
    found = {event for event in APPENDED.findall(SOURCES) if event.split(":")[0] in areas}
    assert sorted(found - set(TELLINGS) - set(SAVES) - NOT_TOLD - PERMISSIONS) == []


PERMISSIONS = {
    "audit:conduct", "audit:manage", "audit:read", "action:manage", "action:read", "action:reassign", "action:verify",
    "exemption:ask", "exemption:decide", "exemption:forward", "exemption:read", "slippage:answer", "slippage:forward",
    "slippage:raise", "slippage:read", "improvement:authorise", "improvement:lead", "improvement:name", "improvement:read", "improvement:review",
    "improvement:schedule", "improvement:decide", "improvement:nobodys", "improvement:late", "moderation:dispute", "moderation:do", "moderation:manage", "moderation:read",
}  # fmt: skip
"""Named alike, and no events."""


@pytest.mark.parametrize(
    ("event", "detail", "words"),
    [
        ("audit:submitted", {"number": 1, "late": False}, "Submitted, in time"),
        ("audit:submitted", {"number": 1, "late": True}, "Submitted, late"),
        ("audit:submitted", {"number": 2, "late": True}, "Submitted again: version 2"),
        (
            "improvement:stage-settled",
            {"stage": "day_three_meeting", "outcome": "done"},
            "Day-three meeting: done ({thing})",
        ),
        (
            "improvement:stage-settled",
            {"stage": "notified", "outcome": "done"},
            "Managers were told that {thing} began",
        ),
        ("improvement:stage-settled", {"stage": "reaudit", "outcome": "skipped"}, "Re-audit: not done ({thing})"),
        ("improvement:closed", {"outcome": "improved"}, "{thing} closed after its re-audit"),
        ("improvement:closed", {}, "{thing} closed"),
        ("moderation:selected", {"selected": True}, "Chosen for moderation"),
        ("moderation:selected", {"selected": False}, "Not to be moderated"),
        ("slippage:resolved", {"outcome": "no_capacity"}, "Slippage notice closed: no capacity"),
        ("action:opened", {"due_on": "2026-06-24"}, "{thing} raised, due 24 June 2026"),
        (
            "action:revised",
            {"before": "2026-06-24", "after": "2026-07-01"},
            "{thing} put to another date: 1 July 2026, and not 24 June 2026",
        ),
        ("action:verified", {"outcome": "partially"}, "{thing} verified: partially implemented, so it is open again"),
        ("action:opened", {"due_on": "nonsense"}, "{thing} raised, due another day"),
    ],
)
def test_details_are_told(event, detail, words):
    assert TELLINGS[event].words(detail) == words
