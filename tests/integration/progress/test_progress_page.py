"""The page of progress by manager, as each reader meets it."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Category
from qa_app.outbox.models import Mail
from qa_app.rounds import operations as rounds
from qa_app.slippage import operations as slippage
from qa_app.slippage.inputs import RaiseInput
from qa_app.trail.models import TrailEntry
from tests.factories import people
from tests.factories.audits import allocated_round
from tests.factories.progress import round_in_flight, submit
from tests.factories.rounds import round_at


@pytest.fixture
def scene(database, now):
    return round_in_flight(database, now)


def page_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def words(tag):
    return " ".join(tag.get_text(" ").split())


def rows_of(page):
    """Each row as a dictionary by heading, the manager apart from the team below."""
    heads = [words(th).rstrip(" ▲▼") for th in page.select("thead th")]
    rows = []
    for row in page.select("tbody tr"):
        cells = dict(zip(heads, [words(cell) for cell in row.select("th, td")], strict=True))
        if "Manager and team" in cells:
            team = row.select_one("th .app-soft")
            cells["Team"] = words(team.extract()) if team else ""
            cells["Manager"] = words(row.th)
            del cells["Manager and team"]
        rows.append(cells)
    return rows


def test_the_heading_says_how_the_round_stands(scene, sign_in):
    page = page_of(sign_in(scene.council.qa.id).get("/progress"))
    assert words(page.h1) == "June: 1 of 6 done, 9 working days left"
    strip = [words(item) for item in page.select(".app-figures li")]
    assert strip == [
        "8 expected",
        "2 exempt",
        "1 done on time",
        "1 in progress",
        "6 not started",
        "0 done late",
        "0 slipping",
        "17% completion (13% unadjusted)",
    ]


def test_a_row_for_each_manager_worst_first(scene, sign_in):
    rows = rows_of(page_of(sign_in(scene.council.qa.id).get("/progress/2026-06")))
    assert [row["Manager"] for row in rows] == ["Bryn Pritchard", "Asha Okafor", "Carys Whitlock", "Eleri Sandhu"]
    assert rows[0] == {
        "Manager": "Bryn Pritchard",
        "Team": "Looked After East",
        "Expected": "2",
        "Exempt": "1",
        "Issued": "4 issued to Bryn Pritchard",
        "Not started": "4",
        "In progress": "0",
        "On time": "0",
        "Late": "0",
        "Outstanding": "4",
        "Completion": "0%",
        "Audits and requests": rows[0]["Audits and requests"],
        "Last activity": rows[0]["Last activity"],
        "Remind": "Remind Bryn Pritchard",
    }
    assert rows[0]["Audits and requests"].count("Not started") == 4
    assert rows[2]["Completion"] == "exempt (0% unadjusted)"
    assert rows[3]["Issued"] == "0"
    assert rows[3]["Remind"] == ""


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        ("qa", {"Asha Okafor", "Bryn Pritchard", "Carys Whitlock", "Eleri Sandhu"}),
        ("director", {"Asha Okafor", "Bryn Pritchard", "Carys Whitlock", "Eleri Sandhu"}),
        ("head_of_service", {"Asha Okafor", "Carys Whitlock", "Eleri Sandhu"}),
        ("lead_auditor", {"Asha Okafor", "Carys Whitlock", "Eleri Sandhu"}),
        ("head_of_service_b", {"Bryn Pritchard"}),
        ("team_manager", {"Asha Okafor", "Eleri Sandhu"}),
        ("team_manager_b2", set()),
    ],
)
def test_each_reader_sees_their_own_part(scene, sign_in, reader, shown):
    page = page_of(sign_in(getattr(scene.council, reader).id).get("/progress/2026-06"))
    assert {row["Manager"] for row in rows_of(page)} == shown
    assert not any(name in page.get_text() for name in {"Asha Okafor", "Bryn Pritchard"} - shown)


@pytest.mark.parametrize("reader", ["auditor", "moderator", "scrutiny", "administrator"])
@pytest.mark.parametrize(
    "path", ["/progress", "/progress/2026-06", "/progress/2026-06/audits", "/progress/2026-06/export"]
)
def test_others_see_no_progress(scene, sign_in, reader, path):
    assert sign_in(getattr(scene.council, reader).id).get(path).status_code == 404


def test_tags_open_only_the_audits_that_the_reader_may_read(scene, sign_in):
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06"))
    assert len(page.select("tbody a[href^='/audits/']")) == 8
    lead = page_of(sign_in(scene.council.lead_auditor.id).get("/progress/2026-06"))
    assert len(lead.select("tbody .govuk-tag")) == 4
    own_team = {f"/audits/{audit.reference}" for audit in scene.audits if audit.team_id == scene.council.team_a2.id}
    assert {link["href"] for link in lead.select("tbody a[href^='/audits/']")} == own_team
    assert len(own_team) < 4, "so that some are shown and not opened"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=bryn", ["Bryn Pritchard"]),
        ("having=in_progress", ["Asha Okafor"]),
        ("having=exempted", ["Bryn Pritchard", "Carys Whitlock"]),
        ("having=late", []),
        ("having=done", []),
        ("sort=name", ["Asha Okafor", "Bryn Pritchard", "Carys Whitlock", "Eleri Sandhu"]),
        ("sort=-completion", ["Asha Okafor", "Bryn Pritchard", "Eleri Sandhu", "Carys Whitlock"]),
        ("sort=expected", ["Carys Whitlock", "Eleri Sandhu", "Bryn Pritchard", "Asha Okafor"]),
        ("team=zebra&having=nonsense", ["Bryn Pritchard", "Asha Okafor", "Carys Whitlock", "Eleri Sandhu"]),
    ],
)
def test_filters_and_order_are_in_the_address(scene, sign_in, query, names):
    page = page_of(sign_in(scene.council.qa.id).get(f"/progress/2026-06?{query}"))
    assert [row["Manager"] for row in rows_of(page)] == names


def test_service_and_team_filters(scene, sign_in):
    client = sign_in(scene.council.qa.id)
    page = page_of(client.get(f"/progress/2026-06?service={scene.council.service_b.id}"))
    assert [row["Manager"] for row in rows_of(page)] == ["Bryn Pritchard"]
    assert words(page.h1) == "June: 0 of 1 done, 9 working days left"
    page = page_of(client.get(f"/progress/2026-06?team={scene.council.team_a2.id}"))
    assert [row["Manager"] for row in rows_of(page)] == ["Carys Whitlock"]


def test_groups_begin_with_their_subtotals(scene, sign_in):
    rows = rows_of(page_of(sign_in(scene.council.qa.id).get("/progress/2026-06?group=service")))
    assert [row["Manager"] for row in rows] == [
        "Children in Care",
        "Bryn Pritchard",
        "Safeguarding and Support",
        "Asha Okafor",
        "Carys Whitlock",
        "Eleri Sandhu",
    ]
    assert (rows[2]["Expected"], rows[2]["Outstanding"]) == ("6", "3")
    rows = rows_of(page_of(sign_in(scene.council.qa.id).get("/progress/2026-06?group=team")))
    assert "Safeguarding and Support: North Safeguarding" in [row["Manager"] for row in rows]


def test_totals_stand_below_the_rows(scene, sign_in):
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06"))
    foot = [words(cell) for cell in page.select("tfoot th, tfoot td")]
    assert foot[:10] == ["Total", "8", "2", "8", "6", "1", "1", "0", "7", "17% (13% unadjusted)"]


def test_htmx_gets_the_rows_and_the_heading_beside(scene, sign_in):
    response = sign_in(scene.council.qa.id).get("/progress/2026-06?q=asha", headers={"HX-Request": "true"})
    html = response.get_data(as_text=True)
    assert "<html" not in html
    assert 'id="managers"' in html
    assert 'id="progress-top" hx-swap-oob' in html
    assert "HX-Request" in response.headers["Vary"]


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(scene, sign_in, clock):
    client = sign_in(scene.council.head_of_service.id)
    for _ in range(7):
        clock.now += timedelta(minutes=10)
        status = client.get("/progress/2026-06", headers={"HX-Request": "true", "X-Live": "1"}).status_code
    assert status == 401


def test_the_audits_behind_a_figure(scene, sign_in):
    client = sign_in(scene.council.head_of_service_b.id)
    page = page_of(client.get("/progress/2026-06/audits?state=not_started"))
    assert words(page.h1) == "June: 4 audits not started"
    assert len(rows_of(page)) == 4
    person = scene.council.auditor_b.id
    page = page_of(client.get(f"/progress/2026-06/audits?manager={person}&sort=-last"))
    assert words(page.h1) == "June: 4 audits"
    assert scene.audits[4].case_reference not in page.get_text()
    outside = client.get(f"/progress/2026-06/audits?manager={scene.council.auditor.id}")
    assert "Asha" not in outside.get_data(as_text=True)


def test_audits_without_an_auditor_have_a_row_of_their_own(database, now, sign_in):
    scene = allocated_round(database, now)
    scene.audits[0].auditor_id = None
    database.flush()
    rounds.issue_round(scene.round, system(), now)
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06"))
    row = next(row for row in rows_of(page) if row["Manager"] == "Not allocated")
    assert row["Outstanding"] == "1"
    assert row["Remind"] == ""
    link = next(a["href"] for a in page.select("a.govuk-link") if "none-" in a["href"])
    assert words(page_of(sign_in(scene.council.qa.id).get(link)).h1) == "June: 1 audit"


def test_whoever_has_audits_has_a_row_though_nothing_is_expected(database, now, sign_in):
    scene = allocated_round(database, now)
    rounds.issue_round(scene.round, system(), now)
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06"))
    assert words(page.h1) == "June: 0 of 8 done, 9 working days left"
    assert {row["Manager"]: row["Expected"] for row in rows_of(page)} == {"Asha Okafor": "0", "Bryn Pritchard": "0"}


def test_a_late_audit_is_shown_and_does_not_count(scene, sign_in, clock):
    clock.now = clock.now.replace(month=7, day=2)
    submit(scene, 2, clock.now)
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06?q=asha"))
    assert words(page.h1) == "June: 1 of 4 done, due date passed"
    row = rows_of(page)[0]
    assert (row["On time"], row["Late"], row["Completion"]) == ("1", "1", "25%")
    assert "Done late" in row["Audits and requests"]
    assert row["Audits and requests"].count("Overdue") == 2
    rounds.close_round(scene.round, system(), clock.now)
    assert words(page_of(sign_in(scene.council.qa.id).get("/progress")).h1) == "June: 1 of 6 done, closed"


def test_before_any_round_the_page_says_so(database, now, sign_in):
    council = people.council(database, now)
    assert "There is no round yet" in sign_in(council.qa.id).get("/progress").get_data(as_text=True)


def test_a_planned_round_says_that_it_is_not_issued(database, now, sign_in):
    council = people.council(database, now)
    round_at("planned", now)
    page = page_of(sign_in(council.qa.id).get("/progress"))
    assert words(page.h1) == "June: not issued yet"
    assert "Nobody is expected to audit" in page.get_text()


def test_another_round_is_chosen_by_its_reference(scene, sign_in):
    client = sign_in(scene.council.qa.id)
    response = client.get("/progress?round=2026-06")
    assert (response.status_code, response.headers["Location"]) == (303, "/progress/2026-06")
    assert client.get("/progress?round=2031-01").status_code == 404
    assert client.get("/progress/2031-01").status_code == 404


def test_the_workbook_keeps_the_filter_and_is_in_the_trail(database, scene, sign_in):
    client = sign_in(scene.council.qa.id)
    response = client.get("/progress/2026-06/export?q=asha")
    sheet = load_workbook(BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Manager", "Team", "Service", "Expected")
    assert [row[0] for row in rows[1:]] == ["Asha Okafor"]
    assert rows[1][13] == 25
    response = client.get("/progress/2026-06/audits/export?state=in_progress")
    rows = list(load_workbook(BytesIO(response.data)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    events = database.scalars(select(TrailEntry.event).order_by(TrailEntry.id)).all()
    assert events[-2:] == ["progress:exported", "progress:audits-exported"]


def test_one_press_reminds_and_a_second_says_so(database, scene, sign_in):
    client = sign_in(scene.council.head_of_service.id)
    form = {"manager": str(scene.council.auditor.id)}
    response = client.post("/progress/2026-06/remind?q=asha", data=form)
    assert response.headers["Location"] == "/progress/2026-06?q=asha"
    page = page_of(client.get(response.headers["Location"]))
    assert "A reminder to Asha Okafor is written" in words(page.select_one("#notice"))
    assert "Reminded today" in rows_of(page)[0]["Remind"]
    mail = database.scalars(select(Mail).where(Mail.message == "reminder")).one()
    assert mail.person_id == scene.council.auditor.id
    assert "3 case audits" in mail.text
    assert database.scalars(select(TrailEntry.event).order_by(TrailEntry.id.desc())).first() == "progress:reminded"
    client.post("/progress/2026-06/remind", data=form)
    assert "already reminded today" in client.get("/progress/2026-06").get_data(as_text=True)
    assert len(database.scalars(select(Mail).where(Mail.message == "reminder")).all()) == 1


def test_htmx_reminds_in_place(scene, sign_in):
    client = sign_in(scene.council.qa.id)
    response = client.post(
        "/progress/2026-06/remind", data={"manager": scene.council.auditor.id}, headers={"HX-Request": "true"}
    )
    html = response.get_data(as_text=True)
    assert 'id="managers"' in html
    assert "A reminder to Asha Okafor is written" in html


def test_all_shown_are_named_before_they_are_reminded(database, scene, sign_in):
    client = sign_in(scene.council.qa.id)
    page = page_of(client.get("/progress/2026-06/remind"))
    assert words(page.h1) == "Remind 2 managers"
    ids = [field["value"] for field in page.select("input[name=manager]")]
    response = client.post("/progress/2026-06/remind", data={"manager": ids})
    assert "2 reminders written" in client.get(response.headers["Location"]).get_data(as_text=True)
    page = page_of(client.get("/progress/2026-06/remind"))
    assert words(page.h1) == "Nobody to remind"
    assert "2 managers were reminded today already" in page.get_text()


@pytest.mark.parametrize(
    ("reader", "manager", "status"),
    [
        ("head_of_service", "auditor_b", 404),
        ("team_manager", "auditor", 303),
        ("team_manager", "auditor_b", 404),
        ("lead_auditor", "auditor", 303),
        ("director", "auditor", 404),
        ("executive", "auditor", 404),
        ("auditor", "auditor", 404),
        ("qa", "moderator", 403),
        ("qa", "director", 404),
    ],
)
def test_only_those_who_answer_for_a_manager_remind(database, scene, sign_in, reader, manager, status):
    client = sign_in(getattr(scene.council, reader).id)
    response = client.post("/progress/2026-06/remind", data={"manager": getattr(scene.council, manager).id})
    assert response.status_code == status
    assert len(database.scalars(select(Mail).where(Mail.message == "reminder")).all()) == (status == 303)


def test_nobody_named_reminds_nobody(scene, sign_in):
    assert sign_in(scene.council.qa.id).post("/progress/2026-06/remind", data={}).status_code == 404


def test_what_is_asked_stands_with_the_manager_and_opens(scene, now, sign_in):
    slippage.raise_notice(scene.audits[2], RaiseInput("Two conferences.", date(2026, 7, 3)), scene.auditor, now)
    wish = AskInput(date(2026, 6, 1), date(2026, 6, 1), Category.OTHER, "We move offices.")
    request = exemptions.ask(scene.council.auditor.id, wish, scene.auditor, now)
    page = page_of(sign_in(scene.council.qa.id).get("/progress/2026-06?having=slipping"))
    (row,) = rows_of(page)
    assert row["Audits and requests"].endswith("Slipping with Asha Okafor Exemption asked by Asha Okafor")
    assert page.select_one(f"a[href='/exemptions/{request.id}']")
    behind = page_of(sign_in(scene.council.qa.id).get(page.select_one("a[href*='state=slipping']")["href"]))
    assert words(behind.h1) == "June: 1 audit with a slippage notice"
    assert "We move offices" not in page.get_text()
    lead = page_of(sign_in(scene.council.lead_auditor.id).get("/progress/2026-06?having=pending"))
    assert [row["Manager"] for row in rows_of(lead)] == ["Asha Okafor"]
    assert not lead.select_one("a[href^='/exemptions/']"), "a lead auditor reads no exemption requests"
