"""A council whose feed has something in every table, and a program that reads it."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from qa_app.core.database import db
from qa_app.feeds.operations import make_token
from qa_app.people.models import Person
from qa_app.rounds.models import RoundAuditor
from tests.factories.actions import raised
from tests.factories.audits import Scene, act, fill, issued_round
from tests.factories.improvement import submitted
from tests.factories.moderation import moderated
from tests.factories.rounds import viewer


def busy_council(database: Any, now: datetime) -> Scene:
    """An issued round with an audit in progress, one moderated, one inadequate, and actions, in both services."""
    scene = issued_round(database, now)
    fill(scene.audit, scene.auditor, now)
    act(scene.audit, _first_domain(scene), scene.auditor, now)
    moderated(scene, scene.audits[1])
    submitted(scene, 2, now)
    submitted(scene, len(scene.audits) - 1, now)
    for auditor in (scene.council.auditor, scene.council.auditor_b):
        of = {"team_id": auditor.team_id, "service_id": auditor.team.service_id}
        database.add(RoundAuditor(round_id=scene.round.id, person_id=auditor.id, expected=1, exempted=0, **of))
    raised(scene.council, now)
    raised(scene.council, now, owner=scene.council.team_manager_b1, team=scene.council.team_b1)
    raised(scene.council, now, draft=True)
    database.commit()
    return scene


def _first_domain(scene: Scene) -> Any:
    return scene.round.tool_version.domains[0]


@dataclass
class Reader:
    """A program with somebody's token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **options: Any) -> Any:
        """An answer, asked for with Basic authentication as Power BI does."""
        secret = b64encode(f"anybody:{self.token}".encode()).decode()
        return self.client.get(path, headers={"Authorization": f"Basic {secret}"}, query_string=options or None)

    def pages(self, table: str, **options: Any) -> Any:
        """The pages of one read, each asked for only when the one before was used."""
        path: str | None = f"/feed/{table}"
        asked: dict[str, Any] = options
        while path:
            answer = self.get(path, **asked)
            assert answer.status_code == 200, answer.text
            body = json.loads(answer.text)
            yield body["value"]
            path, asked = body.get("@odata.nextLink"), {}
            path = path and path[path.index("/feed/") :]

    def rows(self, table: str, **options: Any) -> list[dict[str, Any]]:
        """Every row of one read."""
        return [row for page in self.pages(table, **options) for row in page]


def reader(client: FlaskClient, person: Person, now: datetime, days: int = 30) -> Reader:
    """A program with a new token of a person."""
    token = make_token("A test", days, viewer(person, now), now)
    db.session.commit()
    return Reader(client, token)
