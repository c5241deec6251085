"""Every kind of picture in a real browser: accessible with its table open, inside a phone, and under the strict policy."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from qa_app.pictures import filters
from tests.browser.conftest import assert_accessible, unexpected
from tests.unit.core.page_app import State, make_app
from tests.unit.pictures.examples import EVERY_KIND

pytestmark = pytest.mark.browser

PAGE = """{% extends "base.html" %}{% from "components/picture.html" import picture %}{% set title = "Pictures" %}
{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>
{% for spec in pictures %}{{ picture(spec, "picture-" ~ loop.index) }}{% endfor %}{% endblock %}"""

LEAVE = """() => [...document.querySelectorAll('svg[role=img] text')]
  .filter(text => {
    const [one, whole] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()]
    return one.left < whole.left - 1 || one.right > whole.right + 1 || one.bottom > whole.bottom + 1
  })
  .map(text => text.textContent)"""
"""Writing that leaves its picture."""


@pytest.fixture
def address() -> Iterator[str]:
    app: Flask = make_app(State())
    filters.install(app)
    app.add_url_rule("/pictures", "pictures", lambda: render_template_string(PAGE, pictures=EVERY_KIND))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 320])
def test_pictures_are_accessible_and_stay_inside_themselves(chromium: Browser, address: str, width: int) -> None:
    context = chromium.new_context(base_url=address, viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/pictures")
    assert page.locator("svg[role=img]").count() == len(EVERY_KIND)
    assert page.evaluate(LEAVE) == []
    for summary in page.locator("details summary").all():
        summary.click()
    assert_accessible(page)
    context.close()
    assert unexpected(said) == []
