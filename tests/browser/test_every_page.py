"""Every page that each role can reach: accessible at two widths, without a message in the console."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from qa_app.core.database import db
from tests.browser.conftest import Site, assert_accessible
from tests.factories.audits import audit_at

pytestmark = pytest.mark.browser

ROLES = ("auditor", "team_manager", "lead_auditor", "head_of_service", "qa", "practice_lead", "director", "executive", "administrator", "scrutiny")  # fmt: skip
MOST = 60


def links(page: Page) -> list[str]:
    """The addresses inside the site that a page leads to, files to download left out."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))")
    return [
        href.split("#")[0] for href in found if href.startswith("/") and "export" not in href and "download" not in href
    ]


def shape(address: str) -> str:
    """An address with its numbers left out, so that each kind of page is looked at once."""
    parts = urlsplit(address)
    path = "".join("0" if sign.isdigit() else sign for sign in parts.path)
    return path + "?" + "&".join(sorted(pair.split("=")[0] for pair in parts.query.split("&")))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(site: Site, role: str) -> None:
    with site.app.app_context():
        scene = audit_at(db.session, "in_progress", site.clock.now)
        person_id = getattr(scene.council, role).id
        db.session.commit()
        db.session.remove()
    page = site.person(person_id)
    waiting, seen = ["/"], {shape("/")}
    looked = 0
    while waiting and looked < MOST:
        address = waiting.pop(0)
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, f"{address} answered {response.status}"
        looked += 1
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(page)
        for href in links(page):
            if shape(href) not in seen:
                seen.add(shape(href))
                waiting.append(href)
    assert looked >= (2 if role == "scrutiny" else 3)
