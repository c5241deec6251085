"""A report with a block of every kind."""

from datetime import UTC, datetime

from qa_app.pictures.specs import to_json
from qa_app.reports.blocks import HIDDEN, Cell, Content, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.documents.facts import Facts
from tests.unit.pictures.examples import STACKED, TREND

FACTS = Facts(
    "Published 14 July 2026",
    "Case audits",
    datetime(2026, 7, 10, 13, 2, tzinfo=UTC),
    datetime(2026, 7, 14, 9, 0, tzinfo=UTC),
    audience="For leadership",
)
COMPLETION = Table(
    "Audits done, by service",
    ("Service", "Expected", "Done", "Share"),
    (
        (
            Cell("First Response"),
            Cell("1,204", 1204, href="/audits?service=1"),
            Cell("61", 61),
            Cell("5%", 0.0507, True),
        ),
        (Cell("Fostering & <adoption>"), Cell("4", 4), Cell(HIDDEN), Cell(HIDDEN)),
        (Cell("All"), Cell("1,208", 1208), Cell(HIDDEN), Cell("5.2%", 0.052, True)),
    ),
    note="[c]: hidden, so that nobody can be recognised.",
    has_total=True,
)
ACTIVITY = Table("Other activity", ("Activity", "When"), ((Cell("=1+1"), Cell("3 June 2026")),))
NOTHING = Table("Re-audits", ("Service", "Done"), ())
CONTENT = Content(
    "Monthly report: June 2026",
    "Safeguarding & support",
    ("61 of 92 audits were done by 30 June.", "No target was missed."),
    (
        Section("completion", "Completion", (Sentences(("Most were done.", "Two services are behind.")), COMPLETION)),
        Section(
            "grades",
            "Grades: before/after moderation, by domain and by service",
            (Picture(to_json(TREND)), Picture(to_json(STACKED)), Narrative("grades", "What explains the grades?")),
        ),
        Section("other", "Completion", (ACTIVITY, NOTHING, Narrative("other", "What else?"))),
    ),
    ("Counts are of the random sample alone.",),
)
NARRATIVES = {"grades": "=Two teams & <one> unit\nwere short of staff.\n\nThey have since recruited."}
