"""A report's page: what it shows, in order, escaped and as sound HTML; and what its blocks are as JSON."""

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_app.reports.blocks import HIDDEN, Cell, Narrative, Section, Table, read_content
from qa_app.reports.presenters.blocks import report_page
from tests.pages import check_page
from tests.unit.reports.examples import COMPLETION, CONTENT, NARRATIVES
from tests.unit.reports.test_report_word import with_texts

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1>{% from "reports/_content.html" import content %}{{ content(page) }}</main></body></html>"""


@pytest.fixture(scope="module")
def shown(app):
    """The soup of a report's page, which went through the checks of every page."""
    template = app.jinja_env.from_string(PAGE)

    def show(content=CONTENT, narratives=NARRATIVES, writing=None):
        html = template.render(title="Report", page=report_page(content, narratives, writing or {}))
        check_page(html)
        return BeautifulSoup(html, "html.parser")

    return show


def words(elements):
    return [element.get_text() for element in elements]


def test_headlines_come_first_then_contents_then_the_sections(shown):
    page = shown()
    assert words(page.select("h2")) == [
        "Headlines",
        "Contents",
        "Completion",
        "Grades: before/after moderation, by domain and by service",
        "Completion",
        "About these figures",
    ]
    assert words(page.select("#headlines + ul li")) == list(CONTENT.headlines)
    links = [link["href"] for link in page.select("nav a")]
    assert links == ["#completion", "#grades", "#other", "#about"]
    assert all(page.select_one(link) for link in links)
    assert words(page.select("section[aria-labelledby=about] p")) == list(CONTENT.about)


def test_a_table_says_its_numbers_and_where_they_lead(shown):
    table = shown().select_one("section[aria-labelledby=completion] table")
    assert [words(row.select("th, td")) for row in table.select("tr")] == [
        ["Service", "Expected", "Done", "Share"],
        ["First Response", "1,204", "61", "5%"],
        ["Fostering & <adoption>", "4", HIDDEN, HIDDEN],
        ["All", "1,208", HIDDEN, "5.2%"],
    ]
    assert [cell["scope"] for cell in table.select("thead th")] == ["col"] * 4
    assert [cell["scope"] for cell in table.select("tbody th")] == ["row"] * 3
    assert [link["href"] for link in table.select("a")] == ["/audits?service=1"]
    assert [row.get("class") for row in table.select("tbody tr")] == [None, None, ["app-table__totals"]]
    assert words(table.select("caption")) == ["Audits done, by service"]
    region = table.parent
    assert (region["role"], region["tabindex"], region["aria-label"]) == ("region", "0", "Audits done, by service")


def test_words_stand_to_the_left_and_numbers_do_not(shown):
    completion, activity = shown().select(".app-report__table")
    assert [cell.get("class") for cell in completion.select("thead th")] == [["app-report__words"], None, None, None]
    assert [cell.get("class") for cell in activity.select("tbody tr > *")] == [["app-report__words"]] * 2


def test_numbers_hidden_in_a_whole_column_stand_as_numbers():
    table = Table("t", ("A", "B", "C"), [[Cell("x"), Cell(HIDDEN), Cell("y")], [Cell("z"), Cell(HIDDEN), Cell("")]])
    assert table.numeric == [False, True, False]
    assert Table("t", ("A", "B"), []).numeric == [False, False]


def test_a_hidden_cell_cannot_give_itself_away():
    assert Cell(HIDDEN).value is None
    for given_away in ({"value": 3}, {"value": 0}, {"href": "/audits?grade=4"}):
        with pytest.raises(ValueError, match="hidden"):
            Cell(HIDDEN, **given_away)


def test_pictures_are_drawn_with_ids_of_their_own(shown):
    page = shown()
    assert [picture["aria-labelledby"] for picture in page.select("svg")] == [
        "picture-grades-1-title picture-grades-1-desc",
        "picture-grades-2-title picture-grades-2-desc",
    ]
    assert words(page.select("figcaption")) == ["Inadequate, by month", "Grades by service"]


def test_the_teams_words_are_paragraphs_and_prompts_are_not_shown(shown):
    page = shown()
    assert words(page.select(".app-typed")) == [
        "=Two teams & <one> unit\nwere short of staff.",
        "They have since recruited.",
    ]
    assert "What explains the grades?" not in page.get_text()
    assert "What else?" not in page.get_text()


def test_who_writes_a_draft_sees_the_questions_and_where_to_write(shown):
    page = shown(writing={"grades": "/reports/1/grades", "other": "/reports/1/other"})
    links = {link["href"]: link.get_text() for link in page.select(".govuk-inset-text a")}
    assert links == {
        "/reports/1/grades": "Change: What explains the grades?",
        "/reports/1/other": "Write: What else?",
    }
    assert len(page.select(".app-typed")) == 2


def test_an_empty_table_says_so(shown):
    assert shown().find("h3", string="Re-audits").find_next("p").get_text() == "None."


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=40, deadline=None)
def test_nothing_that_anybody_typed_becomes_html(one, two):
    table = Table(one, (two, one), [[Cell(one), Cell(two, href=f"/{one}")], [Cell(two), Cell("<b>&\x00")]], note=two)
    content = replace(with_texts(one, two), sections=[Section("s", one, [table, Narrative("n", two)])])
    page = report_page(content, {"n": one}, {"n": f"/{two}"})
    soup = BeautifulSoup(
        "".join([page.headlines, page.about, *(shown.html for shown in page.sections[0].blocks)]), "html.parser"
    )
    assert {tag.name for tag in soup.find_all(True)} <= set(
        ["li", "p", "h3", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "span"]
    )
    assert len(soup.select("td, tbody th")) == 4


def test_the_fault_that_escaping_prevents_would_be_found(shown):
    table = replace(COMPLETION, title='"><script>x</script>', rows=[[Cell("<script>"), *[Cell("<img src=x>")] * 3]])
    page = shown(replace(CONTENT, sections=[Section("s", "S", [table])]))
    assert not page.select("script, img")
    assert words(page.select("td"))[0] == "<img src=x>"


def test_content_survives_the_journey_through_the_database(shown):
    kept = read_content(json.loads(json.dumps(CONTENT.as_json())))
    assert shown(kept) == shown()
    assert kept.as_json() == json.loads(json.dumps(CONTENT.as_json()))
