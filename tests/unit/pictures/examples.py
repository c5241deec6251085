"""One picture of each kind, with all that it can show."""

from qa_app.pictures.specs import Bar, Bars, Phase, Point, Progress, Stacked, StackedRow, Trend

BARS = Bars(
    "Good or better, by service",
    "Fostering has the highest share, 60%.",
    (
        Bar("Safeguarding & <Support>", 24, "12 of 50 (24%)", 14, 37, "14% to 37%"),
        Bar("Assessment, permanence, adoption and pathway planning", 60, "6 of 10 (60%)", 31, 83, "31% to 83%"),
        Bar("Fostering", None, "fewer than 5"),
    ),
    "Service",
    "Good or better",
    100,
    40,
    "Target: at least 40%",
)
STACKED = Stacked(
    "Grades by service",
    "Most audits were graded Requires improvement.",
    ("Outstanding", "Good", "Requires improvement", "Inadequate"),
    (
        StackedRow("First Response", (1, 18, 122, 6)),
        StackedRow("Nobody", (0, 0, 0, 0)),
        StackedRow("Few", (None, 3, 4, None)),
    ),
)
TREND = Trend(
    "Inadequate, by month",
    "One month is above its limits.",
    (
        Point("Jan 26", 20, "10 of 50 (20%)", 11, 33, "11% to 33%", 18, 2, 34),
        Point("Feb 26", 40, "20 of 50 (40%)", 28, 54, "28% to 54%", 18, 2, 34, "above the upper limit"),
        Point("Mar 26", None, "no audits"),
        Point("Apr 26", 10, "3 of 30 (10%)", 3, 26, "3% to 26%", 18, 0, 39),
        Point("May 26", 12, "6 of 50 (12%)", 6, 24, "6% to 24%", 12, 0, 26),
        Point("Jun 26", 100, "4 of 4 (100%)", 51, 100, "51% to 100%", 12, 0, 61, "above the upper limit"),
    ),
    measure="Inadequate",
    unit="%",
    most=100,
    target=12,
    target_words="Target: at most 12%",
    phases=(Phase(0, ""), Phase(4, "the audit tool changed")),
)
PROGRESS = Progress("June", "61 of 92 audits are done.", 61, 92, "61 of 92 done", 70, "70 expected by today")
EVERY_KIND = (BARS, STACKED, TREND, PROGRESS)
