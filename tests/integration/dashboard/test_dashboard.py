"""The dashboard: its figures are those of the room of figures, each opens into as many things, and scope holds."""

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.audits.models import Audit
from qa_app.dashboard.presenters import dashboard_of
from qa_app.dashboard.queries import gather
from qa_app.figures import queries, rules
from qa_app.figures.cuts import Cut, month_of
from tests.conftest import undone
from tests.databases import ON_POSTGRESQL
from tests.integration.dashboard.statements import statements
from tests.integration.figures.worlds import END, MONTHS, random_council
from tests.statements import MOST

on_sqlite = pytest.mark.skipif(
    ON_POSTGRESQL, reason="the lists that figures open into are tested on both by their rooms"
)


TODAY = END.date()
MONTH = f"{MONTHS[1]:%Y-%m}"


@pytest.fixture(scope="module")
def made(app):
    """The council of all tests here: to make it takes longer than they do."""
    with undone(app) as database:
        made = random_council(database, 7)
        for audit in database.scalars(select(Audit).order_by(Audit.id)).all()[::3]:
            audit.service_id, audit.team_id = made.people.service_b.id, made.people.team_b1.id
        database.commit()
        for one in vars(made.people).values():
            database.refresh(one)  # so that each test knows their ids
        yield made


@pytest.fixture
def span(made, database, clock):
    clock.now = END
    return made


def shown(cut, viewer):
    return dashboard_of(gather(cut, queries.choices(viewer), viewer, END.date()))


def part(page, title):
    return next(one for one in page.parts if one.title == title)


def soup(client, address):
    return BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")


def how_many(page):
    """How many things a list page says that it holds."""
    if page.select_one(".app-list-actions p") is None:
        return 0
    showing = page.select_one(".app-list-actions p").text
    more = re.search(r"(\d+) audits? more counted", page.text)
    last = re.findall(r"[\d,]+", showing)[-1]
    return int(last.replace(",", "")) + (int(more[1]) if more else 0)


def opened(page):
    """Each number of the dashboard that leads to a list, with its address."""
    links = page.select("#dashboard td a")
    boxes = [(box.select_one(".app-figures__number").text, box["href"]) for box in page.select("a.app-figures__box")]
    return [(link.text, link["href"]) for link in links] + boxes


@on_sqlite
@pytest.mark.parametrize("who", ["qa", "head_of_service", "team_manager_b1"])
@pytest.mark.parametrize("asked", [f"?from={MONTH}&to={MONTH}", f"?from={MONTHS[0]:%Y-%m}&to={MONTH}&case_type=cp"])
def test_every_figure_opens_into_as_many_things(span, sign_in, who, asked):
    client = sign_in(getattr(span.people, who).id)
    figures = opened(soup(client, f"/dashboard{asked}"))
    wrong = [(text, href) for text, href in figures if how_many(soup(client, href)) != int(text.replace(",", ""))]
    assert len(figures) > 6
    assert wrong == []


@on_sqlite
def test_figures_of_a_place_open_too(span, sign_in):
    client, people = sign_in(span.people.qa.id), span.people
    for place in (f"service={people.service_b.id}", f"team={people.team_a2.id}"):
        for text, href in opened(soup(client, f"/dashboard?from={MONTH}&to={MONTH}&{place}")):
            assert how_many(soup(client, href)) == int(text.replace(",", "")), href


def test_the_figures_are_those_of_the_room_of_figures(span):
    cut = Cut(MONTHS[0], MONTHS[1])
    page, scale = shown(cut, system()), queries.scale_of(cut)
    rows = queries.audit_counts(cut, system())
    before, after = rules.grades_before(rows, scale), rules.grades_after(rows, scale)
    table = [[cell.text for cell in row] for row in part(page, "Grades").table.rows]
    for grade, line in zip(scale, table, strict=False):
        assert line[:3] == [grade.label, str(before.counts[grade.key]), str(after.counts[grade.key])]
    assert table[-1][:3] == ["All", str(before.base), str(after.base)]
    by_month = rules.grouped(queries.completion_of(cut, system()), lambda row: row.month)
    lines = part(page, "Completion").table.rows
    for line, found in zip(lines, (rules.added_up(rows) for rows in by_month.values()), strict=True):
        numbers = [found.expected, found.exempted, found.due, found.on_time, found.late, found.in_progress]
        assert [cell.text for cell in line[1:8]] == [str(n) for n in (*numbers, found.not_started)]
    overdue = rules.actions(queries.actions_of(month_of(TODAY), system()), MONTHS[0], TODAY, TODAY).overdue
    assert next(one.number for one in page.attention if "actions" in one.text) == str(overdue)
    assert overdue > 0


def test_the_period_stands_beside_twelve_months(span):
    page = shown(month_of(MONTHS[1]), system())
    direction = part(page, "Direction over twelve months")
    assert [picture.title for picture in direction.pictures] == ["Good or better", "Inadequate"]
    assert [len(picture.points) for picture in direction.pictures] == [12, 12]
    last = rules.grades_after(
        queries.audit_counts(month_of(MONTHS[1]), system()), queries.scale_of(month_of(MONTHS[1]))
    )
    assert direction.table.rows[-1][1].text == str(last.base)


def test_types_never_mix(span):
    themed = shown(Cut(MONTHS[-1], MONTHS[-1], "themed"), system())
    rows = queries.audit_counts(Cut(MONTHS[-1], MONTHS[-1], "themed"), system())
    graded = sum(row.n for row in rows if row.after)
    assert part(themed, "Grades").table.rows[-1][2].text == str(graded)
    assert themed.period.startswith("Themed")
    assert shown(month_of(MONTHS[-1]), system()).parts == []


def test_it_opens_on_the_newest_month_of_the_random_sample(span, sign_in):
    page = soup(sign_in(span.people.qa.id), "/dashboard")
    assert "Monthly case audit, March 2026" in page.select_one("main").text


def test_a_head_of_service_b_sees_nothing_of_a(span, sign_in):
    people = span.people
    head = span.who(people.head_of_service_b, END)
    cut = Cut(MONTHS[0], MONTHS[1])
    mine, of_b = shown(cut, head), shown(cut._replace(service_id=people.service_b.id), system())
    own, others, whole = (
        int(part(page, "Grades").table.rows[-1][2].text) for page in (mine, of_b, shown(cut, system()))
    )
    assert 0 < own == others < whole
    page = soup(sign_in(people.head_of_service_b.id), f"/dashboard?from={MONTH}&to={MONTH}")
    assert people.service_a.name not in page.select_one("main").text
    assert shown(cut._replace(service_id=people.service_a.id), head).parts == []


def test_filters_stand_in_the_address_and_work_without_script(span, sign_in):
    client = sign_in(span.people.qa.id)
    page = soup(client, f"/dashboard?from={MONTH}&to={MONTH}&service={span.people.service_a.id}")
    form = page.select_one("form[action='/dashboard']")
    assert form["method"] == "get"
    assert {field["name"] for field in form.select("select")} == {
        "from", "to", "type", "service", "team", "case_type",
    }  # fmt: skip
    assert f"Service: {span.people.service_a.name}" in page.select_one(".app-chosen").text
    assert len(page.select("svg[role=img]")) == 4
    fragment = client.get("/dashboard", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment
    assert 'id="dashboard"' in fragment


def test_a_place_says_whose_audits_completion_counts(span):
    cut, people = Cut(MONTHS[0], MONTHS[1]), span.people
    asked = (cut, cut._replace(service_id=people.service_b.id), cut._replace(team_id=people.team_a2.id))
    said = [" ".join(part(shown(one, system()), "Completion").sentences) for one in asked]
    assert ["auditors do" in one for one in said] == [False, True, True]
    assert "this service's auditors" in said[1] and "this team's auditors" in said[2]
    head = part(shown(cut, span.who(people.head_of_service, END)), "Completion").sentences
    assert any(sentence.startswith("Of the audits that your auditors do.") for sentence in head)


def test_each_cell_says_what_it_is_where_a_row_is_a_card(span, sign_in):
    page = soup(sign_in(span.people.qa.id), f"/dashboard?from={MONTH}&to={MONTH}")
    tables = page.select("#dashboard table.app-table")
    assert len(tables) == 3
    for table in tables:
        headings = [cell.text for cell in table.select("thead th")]
        for row in table.select("tbody tr"):
            assert [cell["data-label"] for cell in row.find_all(["th", "td"])] == headings


def test_nothing_there_says_what_to_do(span, sign_in):
    page = soup(sign_in(span.people.qa.id), "/dashboard?from=2020-01&to=2020-01")
    assert "No audit here" in page.select_one("main").text


def test_who_may_not_read_improvement_has_no_figure_of_it(span, sign_in):
    page = soup(sign_in(span.people.lead_auditor.id), "/dashboard").select_one("main").text
    assert "not submitted" in page
    assert "clocks" not in page


def test_it_is_reached_from_home_and_reports(span, sign_in):
    client = sign_in(span.people.head_of_service.id)
    for address in ("/", "/reports", "/more"):
        assert soup(client, address).select('main a[href="/dashboard"]'), address


def test_it_takes_as_few_statements_for_many_as_for_few(span, sign_in):
    assert statements(sign_in(span.people.qa.id)) == MOST
