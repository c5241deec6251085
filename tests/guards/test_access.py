"""Every rule x method x role answers as the table of access says; every unsafe request is guarded in the same ways."""

from datetime import timedelta

import pytest
from flask import g

from qa_app.access.policy import POLICY, Anyone
from qa_app.access.recorded import RECORDS_VIEW
from qa_app.access.roles import Role
from qa_app.core.headers import HEADERS
from qa_app.signin.models import Account
from tests.factories.people import council
from tests.guards.rules import ARGUMENT, METHODS, UNSAFE, address, cells, may, probed, role_for, rules, unsafe_cells

HOLDERS = {
    Role.AUDITOR: "auditor", Role.MODERATOR: "moderator", Role.LEAD_AUDITOR: "lead_auditor",
    Role.TEAM_MANAGER: "team_manager", Role.SERVICE_MANAGER: "service_manager", Role.HEAD_OF_SERVICE: "head_of_service",
    Role.PRACTICE_LEAD: "practice_lead", Role.QA_TEAM: "qa", Role.DIRECTOR: "director", Role.EXECUTIVE: "executive",
    Role.SCRUTINY: "scrutiny", Role.ADMINISTRATOR: "administrator",
}  # fmt: skip

FRAGMENT = {"HX-Request": "true"}
"""The same answers, without a whole page to render and check for each of some thousands of cells."""


@pytest.fixture
def people(database, now):
    made = council(database, now)
    database.commit()
    return made


@pytest.fixture
def only_role(people, sign_in, database):
    """Signs in the holder of a role, who for the test holds no other."""

    def make(role):
        person = getattr(people, HOLDERS[role])
        for grant in list(person.role_grants):
            if grant.role != role:
                database.delete(grant)
        database.commit()
        return sign_in(person.id)

    return make


def faults_of(app, client, expected):
    """Cells whose answer is not what is expected of them, in words."""
    found = []
    for cell in cells(app):
        response = client.open(cell.path, method=cell.method, headers=FRAGMENT)
        want = expected(cell)
        reached = response.status_code == 200 and (cell.method == "HEAD" or response.data == b"reached")
        if (response.status_code if not reached else 200) != want:
            found.append(f"{cell}: {response.status_code}, expected {want}")
    return found


def test_every_rule_is_in_the_table_of_access(app):
    assert [str(cell) for cell in cells(app) if cell.need is None and cell.method != "HEAD"] == [], (
        "add a line to access/policy.py"
    )


def test_the_table_of_access_names_no_rule_that_is_gone(app):
    there = {cell.key for cell in cells(app)}
    assert sorted(set(POLICY) - there) == []
    assert sorted(RECORDS_VIEW - {endpoint for endpoint, method in there if method == "GET"}) == []


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_it_may_and_nothing_else(app, only_role, monkeypatch, role):
    client = only_role(role)
    probed(app, monkeypatch)
    assert faults_of(app, client, lambda cell: 200 if may(role, cell.need) else 404) == []


def _nobody(cell):
    return 200 if cell.need in (Anyone.PUBLIC, Anyone.DEMO) else 401


def test_someone_signed_out_reaches_public_pages_only(app, client, people, monkeypatch):
    probed(app, monkeypatch)
    assert faults_of(app, client, _nobody) == []


@pytest.mark.parametrize("how", ["disabled", "left", "not begun", "forged cookie"])
def test_someone_whose_access_is_gone_is_signed_out(app, people, sign_in, database, now, monkeypatch, how):
    client = sign_in(people.administrator.id)
    if how == "disabled":
        database.get(Account, people.administrator.id).disabled_at = now
    elif how == "left":
        people.administrator.leaves_on = now.date() - timedelta(days=1)
    elif how == "not begun":
        people.administrator.starts_on = now.date() + timedelta(days=1)
    else:
        client.delete_cookie("session")
        client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.forged.forged")
    database.commit()
    probed(app, monkeypatch)
    assert faults_of(app, client, _nobody) == []


def test_someone_without_a_role_reaches_only_what_is_for_everybody(app, people, sign_in, database, monkeypatch):
    database.delete(people.director.role_grants[0])
    database.commit()
    client = sign_in(people.director.id)
    probed(app, monkeypatch)
    assert faults_of(app, client, lambda cell: 200 if isinstance(cell.need, Anyone) else 404) == []


def test_outside_the_demo_its_pages_are_absent(app, client, people, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", False)
    probed(app, monkeypatch)
    assert faults_of(app, client, lambda cell: 404 if cell.need is Anyone.DEMO else _nobody(cell)) == []


def test_methods_that_no_rule_answers_are_refused(app, people, sign_in, monkeypatch):
    client = sign_in(people.administrator.id)
    probed(app, monkeypatch)
    adapter = app.url_map.bind("127.0.0.1")
    answered = {path: set(adapter.allowed_methods(path)) for path in map(address, rules(app))}
    found = [
        f"{method} {path}"
        for path, methods in answered.items()
        for method in METHODS
        if method not in methods and client.open(path, method=method, headers=FRAGMENT).status_code != 405
    ]
    assert found == []


def test_forbidden_looks_exactly_like_absent(app, people, sign_in):
    client = sign_in(people.scrutiny.id)
    forbidden, absent = client.get("/trail"), client.get("/no-such-page")
    assert (forbidden.status_code, absent.status_code) == (404, 404)
    strip = _main(forbidden.text), _main(absent.text)
    assert strip[0] == strip[1]


def _main(page):
    return page[page.index("<main") : page.index("</main>")]


def test_a_permission_to_read_is_never_what_a_change_needs():
    readers = {(endpoint, method): need for (endpoint, method), need in POLICY.items() if method in UNSAFE}
    assert [key for key, need in readers.items() if str(need).endswith(":read")] == []


def test_every_argument_has_a_typed_converter_and_every_path_is_kebab_case(app):
    found = []
    for rule in rules(app):
        found += [
            f"{rule.rule}: {match[0]} needs a converter"
            for match in ARGUMENT.finditer(rule.rule)
            if not match["converter"]
        ]
        plain = ARGUMENT.sub("x", rule.rule)
        if plain != plain.lower() or "_" in plain or (plain != "/" and plain.endswith("/")):
            found.append(f"{rule.rule}: lower case, hyphens, no slash at the end")
    assert found == []


def test_views_that_may_change_something_commit_and_the_others_do_not(app):
    found = []
    methods = {}
    for cell in cells(app):
        methods.setdefault(cell.rule.endpoint, set()).add(cell.method)
    for endpoint, answered in sorted(methods.items()):
        writes = bool(answered & UNSAFE) or endpoint in RECORDS_VIEW
        if bool(getattr(app.view_functions[endpoint], "commits", False)) != writes:
            found.append(f"{endpoint} {'must' if writes else 'must not'} wear @commits")
    assert found == []


@pytest.fixture
def guarded(app, only_role, monkeypatch):
    """CSRF on, and the probe in place of every view."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def _token(client):
    page = client.get("/sign-in?next=/" if client.get("/account").status_code == 401 else "/account").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_every_unsafe_request_needs_this_sessions_token(guarded, only_role, monkeypatch):
    clients = {role: only_role(role) for role in {role_for(cell.need) for cell in unsafe_cells(guarded)}}
    tokens = {role: _token(client) for role, client in clients.items()}
    others = _token(guarded.test_client())
    probed(guarded, monkeypatch)
    found = []
    for cell in unsafe_cells(guarded):
        role = role_for(cell.need)
        for given, want in (({}, 400), ({"X-CSRFToken": others}, 400), ({"X-CSRFToken": tokens[role]}, 200)):
            got = clients[role].open(cell.path, method=cell.method, headers=FRAGMENT | given).status_code
            if got != want:
                found.append(f"{cell} with {list(given)}: {got}, expected {want}")
    assert found == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_an_unsafe_request_that_another_site_started_is_refused(app, only_role, monkeypatch, site):
    clients = {role: only_role(role) for role in {role_for(cell.need) for cell in unsafe_cells(app)}}
    probed(app, monkeypatch)
    answers = {
        str(cell): clients[role_for(cell.need)]
        .open(cell.path, method=cell.method, headers=FRAGMENT | {"Sec-Fetch-Site": site})
        .status_code
        for cell in unsafe_cells(app)
    }
    assert {cell: status for cell, status in answers.items() if status != 403} == {}


def test_a_forged_host_is_refused(app, client):
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:8000"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400


def _break(**_values):
    g.broken = True
    raise RuntimeError("planted")


@pytest.mark.parametrize("fragment", [False, True])
def test_every_kind_of_answer_carries_the_same_headers(app, people, sign_in, monkeypatch, fragment):
    monkeypatch.setitem(app.view_functions, "health.ready", _break)
    signed_in, nobody = sign_in(people.qa.id), app.test_client()
    more = {"HX-Request": "true"} if fragment else {}
    answers = {
        200: nobody.get("/sign-in", headers=more),
        303: signed_in.post("/account/stay"),
        401: nobody.get("/account", headers=more),
        403: signed_in.post("/sign-out", headers=more | {"Sec-Fetch-Site": "cross-site"}),
        404: nobody.get("/no-such-page", headers=more),
        405: nobody.put("/sign-in", headers=more),
        500: nobody.get("/ready", headers=more),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, status
        assert "Cookie" in response.headers["Vary"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app, people, client):
    cookie = client.post("/demo-sign-in", data={"role": "qa_team"}).headers.getlist("Set-Cookie")
    for line in cookie:
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Domain" not in line
