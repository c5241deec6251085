"""The real application, served to a real browser, on a database of its own for each story."""

import logging
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from qa_app import create_app
from qa_app.config import read_config
from qa_app.core.database import db
from qa_app.installation import prepare
from qa_app.schema import upgrade
from qa_app.signin.sessions import start_session
from tests.conftest import NOW, Clock

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=20_000)  # milliseconds; a busy machine is slow, and only a fault waits this long


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = os.environ.get("BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("Install Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty installation, copied by each story."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(read_config({"DATA_DIR": str(folder), "DEMO": "1"}))
    with app.app_context():
        upgrade()
        prepare(NOW)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


class Site:
    """A running application: its address, its clock, and browsers that are signed in."""

    def __init__(self, app: Flask, address: str, browser: Browser) -> None:
        self.app, self.address, self.browser = app, address, browser
        self.clock: Clock = app.config["CLOCK"]
        self.said: list[str] = []
        self._contexts: list[BrowserContext] = []

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A session on the site's database, committed at the end: what was so before the story, or beside it."""
        with self.app.app_context():
            yield db.session
            db.session.commit()
            db.session.remove()

    def visitor(self, *, width: int = 1280, script: bool = True) -> Page:
        """A browser that has not signed in."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        self._contexts.append(context)
        return self._watch(context.new_page())

    def tab(self, page: Page) -> Page:
        """Another tab of the same browser."""
        return self._watch(page.context.new_page())

    def _watch(self, page: Page) -> Page:
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page

    def person(self, person_id: int, *, width: int = 1280, script: bool = True) -> Page:
        """A browser in which a person is signed in."""
        page = self.visitor(width=width, script=script)
        with self.database():
            token = start_session(person_id, self.clock.now)
        signing = SecureCookieSessionInterface().get_signing_serializer(self.app)
        value = signing.dumps({"_user_id": token, "_fresh": True})  # type: ignore[union-attr]
        page.context.add_cookies([{"name": "session", "value": str(value), "url": self.address}])
        return page

    def close(self) -> None:
        """Close every browser; a message in a console fails the story."""
        for context in self._contexts:
            context.close()
        assert unexpected(self.said) == []


@pytest.fixture
def site(migrated: Path, tmp_path: Path, chromium: Browser) -> Iterator[Site]:
    """The real application on its own copy of the installation, in the middle of June 2026."""
    folder = shutil.copytree(migrated, tmp_path / "site")
    app = create_app(read_config({"DATA_DIR": str(folder), "DEMO": "1"}))
    app.config["CLOCK"] = Clock()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = Site(app, f"http://127.0.0.1:{server.server_port}", chromium)
    try:
        yield site
        site.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


def unexpected(said: Iterable[str]) -> list[str]:
    """What a console said that no story provokes on purpose, as a refusal or a lost network does."""
    return [text for text in said if "the server responded with a status of" not in text and "net::ERR" not in text]


def assert_accessible(page: Page) -> None:
    """No violation that axe can find, and nothing wider than the screen."""
    assert_fits(page)
    result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the screen"
