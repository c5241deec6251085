"""The menu: at most seven entries, only what the person can use."""

import pytest

from qa_app.access.permissions import PERMISSIONS
from qa_app.access.roles import Role
from qa_app.access.viewer import Grant, Viewer
from qa_app.home.navigation import ENTRIES, MOST, entries_for, navigation

MENUS = {
    Role.AUDITOR: ["Home", "My audits", "My requests", "Actions"],
    Role.MODERATOR: ["Home", "My audits", "My requests", "Moderation", "Actions"],
    Role.TEAM_MANAGER: ["Home", "Progress", "Improvement", "Actions", "Dashboard"],
    Role.PRACTICE_LEAD: ["Home", "Progress", "Improvement", "Reports", "Actions", "Follow-up", "Dashboard"],
    Role.LEAD_AUDITOR: ["Home", "Progress", "Actions", "Dashboard"],
    Role.HEAD_OF_SERVICE: ["Home", "Requests", "Progress", "Improvement", "Moderation", "Reports", "Actions", "More"],
    Role.DIRECTOR: ["Home", "Decisions", "Progress", "Improvement", "Reports", "Actions", "Follow-up", "More"],
    Role.QA_TEAM: ["Home", "Rounds", "Requests", "Progress", "Improvement", "Moderation", "Reports", "More"],
    Role.ADMINISTRATOR: ["Home", "People", "Settings", "Mail", "Trail"],
    Role.SCRUTINY: ["Home", "Reports"],
}


def viewer(*roles):
    return Viewer(1, "Asha Okafor", tuple(Grant(role, service_id=1, team_id=1) for role in roles))


@pytest.mark.parametrize("role", MENUS)
def test_each_role_has_its_menu(role):
    assert [item.text for item in navigation(viewer(role), "/")] == MENUS[role]


def test_everything_at_once_still_fits_and_the_rest_is_on_the_page_more():
    everything = viewer(*Role)
    items = navigation(everything, "/more")
    assert len(items) == MOST + 1
    assert items[-1].text == "More"
    assert items[-1].current
    assert entries_for(everything) == list(ENTRIES)


def test_no_entry_leads_to_a_page_that_its_reader_cannot_use():
    for role in Role:
        for entry in entries_for(viewer(role)):
            assert any(role in PERMISSIONS[permission] for permission in entry.permissions)


def test_the_entry_of_a_page_below_it_is_current():
    items = {item.text: item.current for item in navigation(viewer(Role.QA_TEAM), "/rounds/2026-06")}
    assert items["Rounds"]
    assert not items["Home"]
    assert not items["Progress"]


def test_nobody_has_no_menu():
    assert navigation(None, "/") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.text)
def test_every_entry_leads_to_a_page(app, entry):
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert entry.href in rules, f"no page answers at {entry.href}: change the entry in home/navigation.py"


def test_more_is_current_on_a_page_that_it_leads_to():
    for path in ("/recommendations/R-0001", "/dashboard", "/feeds/connect", "/more"):
        assert [item.text for item in navigation(viewer(Role.QA_TEAM), path) if item.current] == ["More"]
