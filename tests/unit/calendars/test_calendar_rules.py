"""What a calendar program reads."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from qa_app.calendars.rules import Entry, as_ics

SITE = "https://audits.council.example"
SINCE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JUNE = Entry("audits-1-7", "Case audit due: June 2026", date(2026, 6, 30), "/my-audits", SINCE)


def test_an_entry_is_a_whole_day_with_a_link():
    calendar = Calendar.from_ical(as_ics([JUNE], "Case audits", SITE))
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-PUBLISHED-TTL"] == "PT4H"
    [event] = calendar.walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 6, 30), date(2026, 7, 1))
    assert event["UID"] == "audits-1-7@audits.council.example"
    assert event["URL"] == f"{SITE}/my-audits"
    assert (event["TRANSP"], event["CLASS"]) == ("TRANSPARENT", "PRIVATE")


def test_lines_are_as_the_standard_wants_them():
    text = as_ics([JUNE], "Case audits", SITE).decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in text
    assert "DTSTART;VALUE=DATE:20260630\r\n" in text
    assert "VTIMEZONE" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=90)
entries = st.builds(
    Entry,
    st.uuids().map(str),
    texts,
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.just("/my-audits"),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(st.lists(entries, max_size=6, unique_by=lambda entry: entry.key))
def test_whatever_is_in_it_it_is_read_as_written_and_the_order_changes_nothing(made):
    written = as_ics(made, "Case audits", SITE)
    assert written == as_ics(list(reversed(made)), "Case audits", SITE)
    read = {str(event["UID"]).split("@", maxsplit=1)[0]: event for event in Calendar.from_ical(written).walk("VEVENT")}
    assert len(read) == len(made)
    for entry in made:
        assert str(read[entry.key]["SUMMARY"]) == entry.summary
        assert read[entry.key].decoded("DTEND") == entry.due_on + timedelta(days=1)
