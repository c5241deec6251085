"""How many statements a page takes: at most 12, whatever the size of the data (the bar of every page)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from tests.factories.audits import audit_at
from tests.statements import counted


def test_pages_and_saves_stay_within_the_budget(
    database: Any, now: datetime, sign_in: Callable[[int], FlaskClient]
) -> None:
    scene = audit_at(database, "in_progress", now)
    browser, numbers, base = sign_in(scene.council.auditor.id), {}, scene.path
    browser.get("/my-audits")
    for path in ("/my-audits", base, f"{base}/sections/risk", f"{base}/check"):
        database.expunge_all()
        with counted() as seen:
            assert browser.get(path).status_code == 200
        numbers[path] = len(seen)
    for version in (1, 2):
        database.expunge_all()
        data = {"grade": "good", "strengths": f"Words {version}", "version": version}
        with counted() as seen:
            answer = browser.post(f"{base}/sections/risk", data=data, headers={"X-Autosave": "1"})
        assert answer.status_code == 204
        numbers[f"save {version}"] = len(seen)
    assert max(numbers.values()) <= 12, numbers
