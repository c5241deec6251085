"""A round in mid-flight with what it expects of each manager, for the pages that show progress."""

from datetime import datetime
from typing import Any

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.audits import queries
from qa_app.people.models import Person
from qa_app.rounds import operations as rounds
from tests.factories.audits import Scene, allocated_round, fill


def expectation(person: Person, expected: int, exempted: int = 0) -> rounds.Expectation:
    """What a round expects of a person, in the team where they work."""
    team = person.team
    return rounds.Expectation(person.id, team and team.id, team and team.service_id, expected, exempted)


def round_in_flight(database: Any, now: datetime) -> Scene:
    """An issued round of eight audits: four of service A (auditor), four of service B (auditor B).

    Auditor: one done, one in progress, two not started; expected 4. Auditor B: four not started, expected 2, one of
    them exempted. The team manager: expected 1, has none. The moderator of service A: expected 1, exempted.
    """
    scene = allocated_round(database, now)
    people = scene.council
    rounds.set_expectations(
        scene.round,
        [
            expectation(people.auditor, 4),
            expectation(people.auditor_b, 2, 1),
            expectation(people.team_manager, 1),
            expectation(people.moderator, 1, 1),
        ],
    )
    rounds.issue_round(scene.round, system(), now)
    for audit in scene.audits:
        database.refresh(audit)
    submit(scene, 0, now)
    begin(scene, 1, now)
    return scene


def submit(scene: Scene, index: int, now: datetime) -> None:
    """One audit written and submitted by its auditor."""
    audit = scene.audits[index]
    who = scene.viewer(audit.auditor)
    fill(audit, who, now)
    audits.submit_audit(audit, who, now)


def begin(scene: Scene, index: int, now: datetime) -> None:
    """One audit begun by its auditor."""
    audit = scene.audits[index]
    domain = queries.sections_of(audit)[0].domain
    audits.save_section(audit, domain, audits.SectionInput("good", "Clear."), 0, scene.viewer(audit.auditor), now)
