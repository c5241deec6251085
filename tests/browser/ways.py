"""The ways in which people use the pages: on a phone, by keyboard, without script."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.conftest import Site, assert_accessible, assert_fits
from tests.browser.hands import Hands, Keyboard, Mouse


@dataclass(frozen=True)
class Way:
    """How somebody uses the pages."""

    hands: type[Mouse] | type[Keyboard]
    width: int = 1280
    script: bool = True

    def sits_down(self, site: Site, person_id: int) -> tuple[Page, Hands]:
        """A browser at the person's home page."""
        page = site.person(person_id, width=self.width, script=self.script)
        page.goto("/")
        return page, self.hands(page)


WAYS = {
    "on a phone": Way(Mouse, width=320),
    "by keyboard": Way(Keyboard),
    "without script": Way(Mouse, script=False),
}


def looked_at(page: Page, way: Way) -> None:
    """The page is fit for everybody. What checks that needs script itself, and the pages are the same without."""
    page.wait_for_load_state()
    if way.script:
        assert_fits(page)
        assert_accessible(page)
