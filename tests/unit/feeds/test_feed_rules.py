"""The dictionary is sound, and what a reader may ask is read as it is meant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.errors import BadInput
from qa_app.feeds.dictionary import BY_NAME, TABLES, UPDATED_AT, Kind
from qa_app.feeds.presenters import feed_document
from qa_app.feeds.rules import Unsupported, asked, calendar, instant, last_day
from qa_app.feeds.writing import csv_text, json_text, plain

HEADS = BY_NAME["audits"].heads


def test_columns_that_are_no_keys_have_names_of_their_own():
    keys = {table.key.name for table in TABLES} | {UPDATED_AT}
    names = [column.name for table in TABLES for column in table.columns if column.name not in keys]
    assert sorted(names) == sorted(set(names))


def test_every_table_ends_with_when_it_changed_and_every_join_leads_to_a_key():
    for table in TABLES:
        assert table.columns[-1].name == UPDATED_AT
        assert table.columns[-1].kind is Kind.INSTANT
        for column in table.columns:
            if column.joins:
                target, _, name = column.joins.partition(".")
                assert BY_NAME[target].key.name == name
                assert BY_NAME[target].key.kind is column.kind


def test_no_column_is_of_a_child_a_case_or_free_text():
    words = ("child_name", "case_reference", "initials", "reasons", "comment", "note", "what")
    assert [c.name for t in TABLES for c in t.columns if any(word in c.name.split("__") for word in words)] == []


def test_the_document_says_every_column():
    document = feed_document()
    assert all(f"| `{column.name}` |" in document for table in TABLES for column in table.columns)


def test_asking_for_nothing_in_particular_is_asking_for_everything():
    found = asked({}, HEADS)
    assert (found.since, found.top, found.select) == (None, None, ())
    assert asked({"$select": "*", "$format": "json", "other": "x"}, HEADS).select == ()


def test_what_changed_since_some_rows_and_some_columns():
    found = asked({"$filter": " updated_at  gt 2026-06-17T09:30:00.123456Z ", "$top": "7"}, HEADS)
    assert found.since == datetime(2026, 6, 17, 9, 30, 0, 123456, tzinfo=UTC)
    assert found.top == 7
    assert asked({"$select": "audit_id, audit_state"}, HEADS).select == ("audit_id", "audit_state")


@pytest.mark.parametrize(
    "text", ["updated_at ge 2026-01-01", "audit_id gt 1", "updated_at gt", "not (updated_at gt 1)"]
)
def test_other_filters_are_not_offered(text):
    with pytest.raises(Unsupported):
        asked({"$filter": text}, HEADS)


@pytest.mark.parametrize("options", [{"$top": "-1"}, {"$top": "²"}, {"$top": ""}, {"$select": "secret"}])
def test_what_cannot_be_read_is_refused_in_words(options):
    with pytest.raises(BadInput) as refused:
        asked(options, HEADS)
    assert not isinstance(refused.value, Unsupported)


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds carry no zone
def test_an_instant_that_was_served_reads_as_itself(value):
    assert instant(plain(value)) == value


def test_an_instant_without_a_zone_is_utc_and_a_date_is_its_midnight():
    assert instant("2026-06-17T09:30:00") == datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
    assert instant("2026-06-17") == datetime(2026, 6, 17, tzinfo=UTC)
    assert instant("2026-06-17T10:30:00+01:00") == datetime(2026, 6, 17, 9, 30, tzinfo=UTC)


def test_a_token_of_thirty_days_works_until_the_thirtieth_day_after():
    assert last_day(date(2026, 6, 17), 30) == date(2026, 7, 17)


def test_the_calendar_has_every_day_once_with_its_year_and_quarter():
    rows = calendar(2027)
    days = [row[0] for row in rows]
    assert days == [date(2015, 1, 1) + timedelta(days=n) for n in range(len(days))]
    assert days[-1] == date(2027, 12, 31)
    by_day = {row[0]: dict(zip(BY_NAME["calendar"].heads, row, strict=True)) for row in rows}
    march, april, christmas = by_day[date(2026, 3, 31)], by_day[date(2026, 4, 1)], by_day[date(2026, 12, 25)]
    assert (march["financial_year"], march["financial_quarter"], march["calendar_quarter"]) == ("2025/26", 4, 1)
    assert (april["financial_year"], april["financial_quarter"], april["calendar_quarter"]) == ("2026/27", 1, 2)
    assert by_day[date(2100 - 74, 1, 1)]["financial_year"] == "2025/26"
    assert (christmas["is_working_day"], christmas["calendar_month_name"]) == (False, "December")


def test_a_years_days_appear_with_the_year_before_it():
    row = calendar(2027)[-1]
    assert row[-1] == datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/London"))


def test_text_stays_text_and_values_are_plain():
    table = BY_NAME["services"]
    when = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
    rows = [(1, '=HYPERLINK("x")', date(2026, 1, 2), when), (2, 'A "quoted", name', None, when)]
    text = "".join(csv_text(table, [rows]))
    assert "'=HYPERLINK" in text
    assert '"A ""quoted"", name",,2026-06-17T09:30:00.000000Z' in text
    assert "".join(json_text(table, [rows[:1], rows[1:]])).count("\n") == 4
