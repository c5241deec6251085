"""Every kind of page that any role can reach: accessible at two widths, without a message in the console."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from qa_app.actions import operations as actions
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Category
from qa_app.improvement.states import ConcernAbout
from qa_app.recommendations import operations as recommendations
from qa_app.recommendations.states import Outcome
from tests.browser.conftest import Site, assert_accessible, assert_fits
from tests.factories.actions import raised as raised_action
from tests.factories.audits import Scene, audit_at
from tests.factories.improvement import meet, submitted
from tests.factories.moderation import moderated
from tests.factories.recommendations import published, report_of
from tests.factories.slippage import raised

pytestmark = pytest.mark.browser

ROLES = ("qa", "administrator", "auditor", "head_of_service", "team_manager", "lead_auditor", "practice_lead", "director", "executive", "scrutiny")  # fmt: skip
"""Those who reach most come first, since a page is looked at for the first of them that meets it."""

MOST = 60
"""Pages that are opened for one role."""

FEWEST_KINDS = 40
"""Kinds of page that are there to be looked at; fewer means that the walk lost its way."""

FILES = ("export", "download", "template", "errors")
"""Words in the addresses of files, which are no pages."""

LOOKS = """() => {
  const kinds = [...document.querySelectorAll('body *')].map(e => [e.tagName, e.className, e.type].join('.'))
  return [...new Set(kinds)].sort().join(' ')
}"""


SHORTEN = """() => {
  for (const body of document.querySelectorAll('tbody')) [...body.rows].slice(6).forEach(row => row.remove())
}"""

WIDTHS = (1280, 320)


def links(page: Page) -> list[str]:
    """The addresses inside the site that a page leads to, files to download left out."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.getAttribute('href'))")
    addresses = [href.split("#")[0] for href in found if href.startswith("/")]
    return [href for href in addresses if not any(word in href for word in FILES)]


def shape(address: str) -> str:
    """An address with its numbers and sections left out, and all ways to narrow or sort a list taken for one."""
    parts = urlsplit(address)
    path = re.sub(r"\d+", "0", re.sub(r"(?<=/sections/)[a-z_]+", "one", parts.path))
    return path + ("?" if parts.query else "")


def walk(page: Page) -> Iterator[tuple[str, int]]:
    """Opens every kind of page that can be reached from home, and gives the shape of each with the answer's status."""
    waiting, met = ["/"], {shape("/")}
    opened = 0
    while waiting and opened < MOST:
        address = waiting.pop(0)
        response = page.goto(address)
        opened += 1
        yield shape(address), response.status if response else 0
        for href in links(page):
            if shape(href) not in met:
                met.add(shape(href))
                waiting.append(href)


def month_end(scene: Scene) -> None:
    """A slippage notice, and an exemption request in each of its turns."""
    raised(scene)
    month = date(2026, 6, 1)
    for person, forwards in ((scene.council.moderator, False), (scene.council.auditor, True)):
        wish = AskInput(month, month, Category.OTHER, "My team moves offices.")
        request = exemptions.ask(person.id, wish, scene.viewer(person), scene.now)
        if forwards:
            exemptions.forward(request, "I support it.", scene.viewer(scene.council.head_of_service), scene.now)


def followed_up(scene: Scene, session: Any) -> None:
    """A report whose follow-up is published, and followed up again in draft."""
    followed = report_of(session, scene.now, 3, people=scene.council)
    published(followed, (Outcome.FULLY, Outcome.PARTIALLY, Outcome.NOT))
    recommendations.start_follow_up(followed.report, followed.qa, scene.now)


def to_be_put_right(scene: Scene) -> None:
    """An action in each turn, one of them immediate, and one of somebody who has left."""
    people, now = scene.council, scene.now
    raised_action(people, now, people.auditor, immediate=True)
    done, will_not = (raised_action(people, now, people.auditor) for _ in range(2))
    auditor = scene.viewer(people.auditor)
    actions.add_note(done, "The visit is booked.", auditor, now)
    actions.revise(done, date(2026, 6, 30), "The family is away.", auditor, now)
    actions.report_done(done, "The record of the visit shows it.", auditor, now)
    actions.report_not_done(will_not, "The family has moved.", auditor, now)
    raised_action(people, now, people.caseworker)
    people.caseworker.leaves_on = date(2026, 6, 16)


def improving(scene: Scene) -> None:
    """Two improvement processes of one worker: one whose meeting raised a concern, one that has just begun."""
    met = submitted(scene, 1, scene.now)
    meet(scene, met, scene.now, concern_about=ConcernAbout.TEAM_MANAGER, concern="No supervision for two months.")
    submitted(scene, 2, scene.now)


def test_every_page_of_every_role(site: Site) -> None:
    with site.database() as session:
        scene = audit_at(session, "in_progress", site.clock.now)
        people = scene.council
        month_end(scene)
        followed_up(scene, session)
        improving(scene)
        to_be_put_right(scene)
        moderated(scene, scene.audits[3])
        ids = {role: getattr(people, role).id for role in ROLES}
    looked_at: set[tuple[str, str]] = set()
    kinds: set[str] = set()
    faults: list[str] = []
    for role in ROLES:
        page = site.person(ids[role])
        for kind, status in walk(page):
            if status != 200:
                faults.append(f"{role}: {page.url} answered {status}")
            # A page of the same room with the same parts was looked at already, for another role or thing.
            looks = (kind.split("/")[1], page.evaluate(LOOKS))
            if looks not in looked_at:
                looked_at.add(looks)
                kinds.add(kind)
                faults += [f"{role}: {fault}" for fault in faults_of(page)]
    assert not faults, "\n".join(faults)
    assert len(kinds) >= FEWEST_KINDS


def faults_of(page: Page) -> Iterator[str]:
    """What is wrong with a page, at each width."""
    for check in (assert_fits, assert_accessible):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            try:
                check(page)
            except AssertionError as fault:
                yield f"{width} px: {fault}"
        # The rows of a list are alike, and axe would look at each for as long as at the rest of the page.
        page.evaluate(SHORTEN)
