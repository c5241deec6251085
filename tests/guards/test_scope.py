"""Out of scope looks exactly like absent, and a refused request changes nothing.

Every rule with an argument is tested with things that do not exist. One whose permission reaches only part of the
council must also stand in `SCOPED`, with somebody who may do this but not to that thing, or in `ELSEWHERE`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.permissions import PERMISSIONS, Permission, Reach
from qa_app.access.policy import Anyone
from qa_app.access.recorded import RECORDS_VIEW
from qa_app.audits.models import Audit
from qa_app.calibration.operations import make_set
from qa_app.core.database import Base, db
from qa_app.feeds.models import FeedToken
from qa_app.feeds.operations import make_token
from qa_app.people.models import Deputy
from qa_app.recommendations import operations
from qa_app.reports.states import EditionState
from qa_app.signin.models import SignInSession
from qa_app.signin.sessions import start_session
from tests.factories.actions import raised as action_of_team
from tests.factories.audits import Scene, audit_at
from tests.factories.calibration import wish
from tests.factories.exemptions import ask
from tests.factories.improvement import submitted
from tests.factories.moderation import moderated
from tests.factories.recommendations import report_of
from tests.factories.reports import edition_at
from tests.factories.slippage import raised
from tests.guards.rules import ARGUMENT, Cell, address, cells, role_for
from tests.guards.test_access import HOLDERS

ABSENT = {"int": "999999", "string": "2099-01"}
TOKENS = re.compile(r"[\w-]{40,}\.[\w-]+\.[\w-]+")


@dataclass
class World:
    """A round whose first audit, of service A, is in progress, and rows that belong to one person."""

    scene: Scene
    session_id: int
    deputy_row_id: int
    request_id: int
    notice_id: int
    report: str
    action: str
    moderated: Audit
    """An audit of service A, moderated by `council.moderator`, whose feedback waits for its auditor."""
    set_id: int
    """A calibration set of its case, in which `auditor` takes no part."""
    process_reference: str
    edition: str
    """A report that is a draft."""
    token_id: int
    """A token for the feed of the Head of service A."""

    @property
    def audit(self) -> dict[str, Any]:
        """The first audit, with names for whatever else its addresses hold."""
        round, _, number = self.scene.audit.reference.rpartition("/")
        return {"round": round, "number": int(number), "key": "planning", "action_id": 1, "version": 1}

    @property
    def moderation(self) -> dict[str, Any]:
        """The audit that is moderated."""
        round, _, number = self.moderated.reference.rpartition("/")
        return {"round": round, "number": int(number)}


@dataclass(frozen=True)
class Scoped:
    """Who may do this, but not to the thing that the address names."""

    outsiders: tuple[str, ...]
    outside: Callable[[World], dict[str, Any]]


OF_SERVICE_B = ("auditor_b", "team_manager_b1", "service_manager_b", "head_of_service_b")
_READ = Scoped(OF_SERVICE_B, lambda world: world.audit)
_CONDUCT = Scoped(("auditor_b", "team_manager_b1", "service_manager_b"), lambda world: world.audit)
_PART = Scoped(OF_SERVICE_B, lambda world: {"reference": world.report, "number": 1, "follow_up": 1})
"""Of a report of service A, whose recommendation is a manager's of that service."""

_MODERATION = Scoped(("team_manager_b1", "service_manager_b", "head_of_service_b"), lambda world: world.moderation)
_MODERATE = Scoped(("head_of_service", "head_of_service_b"), lambda world: world.moderation)
_CALIBRATION = Scoped(("auditor", "team_manager"), lambda world: {"set_id": world.set_id})
_FEEDBACK = Scoped(("auditor_b", "moderator", "head_of_service_b"), lambda world: world.moderation)

SCOPED = {
    "audits.audit": _READ,
    "audits.version": _READ,
    "story.show": _READ,
    "comments.on_audit": Scoped(("auditor_b", "head_of_service_b"), lambda world: world.audit),
    "audits.check": _CONDUCT,
    "audits.submit": _CONDUCT,
    "audits.conversations": _CONDUCT,
    "audits.save_conversations": _CONDUCT,
    "audits.declare": _CONDUCT,
    "audits.overall": _CONDUCT,
    "audits.save_overall": _CONDUCT,
    "audits.section": _CONDUCT,
    "audits.save_section": _CONDUCT,
    "audits.new_action": _CONDUCT,
    "audits.remove_action": _CONDUCT,
    "audits.link_action": _CONDUCT,
    "audits.unlink_action": _CONDUCT,
    "calibration.show": _CALIBRATION,
    "calibration.save": _CALIBRATION,
    "calibration.check": _CALIBRATION,
    "calibration.hand_in": _CALIBRATION,
    "moderation.show": _MODERATION,
    "moderation.save": _MODERATE,
    "moderation.check": _MODERATE,
    "moderation.lock": _MODERATE,
    "moderation.complete": _MODERATE,
    "moderation.feedback": _FEEDBACK,
    "moderation.acknowledge": _FEEDBACK,
    "moderation.dispute": _FEEDBACK,
    "slippage.raise_notice": _CONDUCT,
    "slippage.show": Scoped(OF_SERVICE_B, lambda world: {"notice_id": world.notice_id}),
    "slippage.acknowledge": Scoped(("head_of_service_b",), lambda world: {"notice_id": world.notice_id}),
    "slippage.forward": Scoped(("head_of_service_b",), lambda world: {"notice_id": world.notice_id}),
    "slippage.back_on_track": Scoped(("auditor_b", "moderator"), lambda world: {"notice_id": world.notice_id}),
    "recommendations.show": _PART,
    "recommendations.export_report": _PART,
    "recommendations.recommendation": _PART,
    "recommendations.follow_up": _PART,
    "recommendations.describe": _PART,
    "people.end_my_deputy": Scoped(("qa", "auditor"), lambda world: {"deputy_row_id": world.deputy_row_id}),
    "signin.end_session": Scoped(("qa", "administrator"), lambda world: {"session_id": world.session_id}),
}

_AN_ACTION = Scoped(("auditor_b", "team_manager_b1", "head_of_service_b"), lambda world: {"reference": world.action})
_MANAGED_ACTION = Scoped(("team_manager_b1", "service_manager_b"), lambda world: {"reference": world.action})

SCOPED |= {
    "actions.show": _AN_ACTION,
    "actions.note": _AN_ACTION,
    "actions.done": _AN_ACTION,
    "actions.not_done": _AN_ACTION,
    "actions.revise": _AN_ACTION,
    "actions.verify": _MANAGED_ACTION,
    "actions.reopen": _MANAGED_ACTION,
    "actions.reassign": _MANAGED_ACTION,
}

_OTHER_SERVICE = ("team_manager_b1", "service_manager_b", "head_of_service_b")
_REVIEWERS_B = ("service_manager_b", "head_of_service_b")

SCOPED |= {
    "improvement.show": Scoped(_OTHER_SERVICE, lambda world: {"reference": world.process_reference}),
    "feeds.revoke": Scoped(("qa", "head_of_service_b"), lambda world: {"token_id": world.token_id}),
    "improvement.review": Scoped(_REVIEWERS_B, lambda world: {"reference": world.process_reference}),
}

_OWN_REQUEST = Scoped(("auditor_b", "team_manager_b1", "team_manager"), lambda world: {"request_id": world.request_id})

SCOPED |= {
    "exemptions.show": Scoped(("auditor_b", "head_of_service_b"), lambda world: {"request_id": world.request_id}),
    "exemptions.forward": Scoped(("head_of_service_b",), lambda world: {"request_id": world.request_id}),
    "exemptions.withdraw": _OWN_REQUEST,
}

_A_DRAFT = Scoped(
    ("service_manager", "head_of_service", "director", "scrutiny"), lambda world: {"reference": world.edition}
)

SCOPED |= {"reports.show": _A_DRAFT, "reports.as_word": _A_DRAFT, "reports.as_excel": _A_DRAFT}

ELSEWHERE = {
    "progress.": "a round is everybody's, its rows are limited by the query: tests/integration/progress",
    "feeds.table": "whoever has a token may, as far as its owner sees: tests/integration/feeds",
    "feeds.file": "whoever has a token may, as far as its owner sees: tests/integration/feeds",
    "calendars.feed": "whoever has the address may: tests/integration/calendars",
    "signin.choose_password": "whoever holds the link may: tests/integration/signin",
}
"""Rules whose scope is not that of one thing in the address, with where it is tested."""


@pytest.fixture
def world(database, now):
    scene = audit_at(database, "in_progress", now)
    people = scene.council
    start_session(people.director.id, now)
    session_id = database.scalar(select(SignInSession.id).where(SignInSession.person_id == people.director.id))
    away = Deputy(
        person_id=people.head_of_service.id,
        deputy_id=people.service_manager.id,
        starts_on=now.date() + timedelta(days=30),
        ends_on=now.date() + timedelta(days=40),
    )
    database.add(away)
    notice = raised(scene)
    database.commit()
    request = ask(people.auditor, now)
    made = moderated(scene, scene.audits[1])
    calibration = make_set(wish(scene, reference=made.reference), scene.qa, now)
    database.commit()
    followed = report_of(database, now, 1, people=people)
    operations.start_follow_up(followed.report, followed.qa, now)
    database.commit()
    action = action_of_team(people, now)
    database.commit()
    process = submitted(scene, 2, now)
    database.commit()
    edition = edition_at(EditionState.DRAFT, scene.qa, now)
    make_token("A report", 30, scene.viewer(people.head_of_service), now)
    database.commit()
    return World(
        scene,
        session_id,
        away.id,
        request.id,
        notice.id,
        followed.report.reference,
        action.reference,
        made,
        calibration.id,
        process.reference,
        edition.reference,
        database.scalar(select(FeedToken.id)),
    )


def with_arguments(app):
    return [cell for cell in cells(app) if cell.rule.arguments and cell.method != "HEAD"]


def reaches_part(cell: Cell) -> bool:
    """Whether what a rule needs covers only some things for some people."""
    if isinstance(cell.need, Permission):
        return any(reach is not Reach.ALL for reach in PERMISSIONS[cell.need].values())
    return cell.need is not Anyone.DEMO


def is_elsewhere(endpoint: str) -> bool:
    return any(endpoint.startswith(name) for name in ELSEWHERE)


def absent(cell: Cell) -> str:
    return ARGUMENT.sub(lambda found: ABSENT[found["converter"]], cell.rule.rule)


def named(cell: Cell, values: dict[str, Any]) -> str:
    return ARGUMENT.sub(lambda found: str(values[found["name"]]), cell.rule.rule)


def fingerprint():
    """A digest of every row of every table but those that the act of asking touches."""
    found = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.name not in ("sign_in_session", "failed_sign_in"):
            for row in db.session.execute(select(table).order_by(*table.primary_key.columns)):
                found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def page(response):
    """What a person sees, without tokens and without the address that was asked for."""
    text = TOKENS.sub("TOKEN", response.text)
    return text[text.index("<main") :] if "<main" in text else text


def test_every_rule_of_limited_reach_has_a_thing_out_of_reach(app):
    missing = [
        str(cell)
        for cell in with_arguments(app)
        if reaches_part(cell) and cell.rule.endpoint not in SCOPED and not is_elsewhere(cell.rule.endpoint)
    ]
    assert missing == [], "add a line to SCOPED"


def test_the_table_names_no_rule_that_is_gone(app):
    assert sorted(set(SCOPED) - {cell.rule.endpoint for cell in cells(app)}) == []


def test_what_does_not_exist_is_not_found_and_nothing_changes(app, world, sign_in):
    people = world.scene.council
    clients = {role: sign_in(getattr(people, name).id) for role, name in HOLDERS.items()}
    before, found = fingerprint(), []
    for cell in with_arguments(app):
        response = clients[role_for(cell.need)].open(absent(cell), method=cell.method)
        if response.status_code != 404:
            found.append(f"{cell}: {response.status_code}")
    assert found == []
    assert fingerprint() == before


def test_what_is_out_of_reach_looks_like_what_does_not_exist_and_nothing_changes(app, world, sign_in):
    people = world.scene.council
    names = {name for scoped in SCOPED.values() for name in scoped.outsiders}
    clients = {name: sign_in(getattr(people, name).id) for name in names}
    before, found = fingerprint(), []
    for cell in with_arguments(app):
        scoped = SCOPED.get(cell.rule.endpoint)
        for name in scoped.outsiders if scoped else ():
            refused = clients[name].open(named(cell, scoped.outside(world)), method=cell.method)
            missing = clients[name].open(absent(cell), method=cell.method)
            if (refused.status_code, page(refused)) != (404, page(missing)):
                found.append(f"{cell} as {name}: {refused.status_code}")
    assert found == []
    assert fingerprint() == before


def test_the_auditor_of_it_reaches_the_audit(app, world, sign_in):
    client = sign_in(world.scene.council.auditor.id)
    for endpoint in ("audits.audit", "audits.section", "audits.check"):
        cell = next(c for c in cells(app) if c.rule.endpoint == endpoint and c.method == "GET")
        assert client.get(named(cell, world.audit)).status_code == 200


def test_looking_changes_nothing(app, world, sign_in):
    people = world.scene.council
    values = world.audit | {"person_id": people.auditor.id, "reference": world.audit["round"], "name": "sample_size"}
    values |= {"notice_id": world.notice_id}
    values |= {"team_id": people.team_a1.id, "service_id": people.service_a.id}
    values |= {"follow_up": 1}
    looks = [cell for cell in cells(app) if cell.method == "GET" and cell.rule.endpoint not in RECORDS_VIEW]
    addresses = [named(one, values) if one.rule.arguments <= set(values) else address(one.rule) for one in looks]
    for name in ("qa", "administrator", "auditor", "head_of_service"):
        client = sign_in(getattr(people, name).id)
        before = fingerprint()
        for path in addresses:
            client.get(path)
        if fingerprint() != before:
            pytest.fail(f"{name} changed something by looking, at {[one for one in addresses if changes(client, one)]}")


def changes(client, path):
    """Whether a look at this very page changes something: asked where all looks together did."""
    before = fingerprint()
    client.get(path)
    return fingerprint() != before
