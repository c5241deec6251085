"""Moderations in any state, walked there by the operations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer, system
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.moderation import operations, queries
from qa_app.moderation.inputs import DecisionInput, GradesInput, SectionInput
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import ModerationState
from qa_app.people.models import Person
from qa_app.settings.operations import set_value
from qa_app.tools.queries import domains
from tests.factories.audits import Scene, fill, issued_round
from tests.factories.people import person

S = ModerationState
OWN, DISPUTED = "requires_improvement", "The file shows weekly visits since April."
LONG_AGO = date(2026, 1, 1)


@dataclass
class Moderated:
    """A round whose first audit is moderated by `council.moderator`, and another moderator of another service."""

    scene: Scene
    moderation: Moderation
    other: Person

    @property
    def who(self) -> Viewer:
        """The moderator."""
        return self.scene.viewer(self.scene.council.moderator)

    @property
    def path(self) -> str:
        """The moderation's page."""
        return self.scene.path.replace("/audits/", "/moderation/")

    @property
    def now(self) -> datetime:
        """The instant of the scene."""
        return self.scene.now


def own_grades(moderation: Moderation, grade: str = OWN, reason: str = "Visits are late.") -> GradesInput:
    """The same grade and reason for every section, and overall."""
    tool = domains(moderation.audit.round.tool_version_id)
    sections = {domain.key: SectionInput(grade, reason) for domain in tool}
    return GradesInput(sections, grade, "Planning is too slow.", "Thank you. Look at the plan again.")


def setting(name: str, value: Any, now: datetime) -> None:
    """A policy setting that holds from long before the round."""
    set_value(name, value, LONG_AGO, system(), now)


def submitted(scene: Scene, grade: str = "inadequate", audit: Audit | None = None) -> Moderation:
    """Submit an audit, the first one if no other is named, so that it is selected."""
    audit = audit or scene.audit
    who = scene.viewer(audit.auditor)
    fill(audit, who, scene.now, grade)
    audits.submit_audit(audit, who, scene.now)
    found = queries.moderation_of(audit.id)
    assert found is not None
    return found


def moderation_at(
    database: Any, state: str, now: datetime, *, blind: bool = True, theirs: str = "inadequate", own: str = OWN
) -> Moderated:
    """A round whose first audit has a moderation at a state."""
    scene = issued_round(database, now)
    other = person(
        database, now, "Uma Farrow", role=Role.MODERATOR, team=scene.council.team_b2, auditor=True, job_title="Chair"
    )
    if not blind:
        setting("moderation_is_blind", "sighted", now)
    if theirs not in ("inadequate", "outstanding"):
        setting("moderation_rule", "all", now)
    moderation = submitted(scene, theirs)
    made = Moderated(scene, moderation, other)
    assert moderation.moderator_id == scene.council.moderator.id
    walk_to(made, state, own)
    return made


def walk_to(made: Moderated, state: str, own: str = OWN) -> None:
    """Take a moderation that waits on to a state."""
    moderation, who, scene, now = made.moderation, made.who, made.scene, made.now
    if state in (S.ON_HOLD, S.CANCELLED):
        audits.return_audit(scene.audit, "Say more on risk.", scene.qa, now)
        if state == S.CANCELLED:
            audits.withdraw_audit(scene.audit, "The child moved.", scene.qa, now)
    elif state != S.WAITING:
        operations.save_grades(moderation, own_grades(moderation, own), 0, who, now)
        if state != S.IN_PROGRESS:
            finish(made, own)
        if state in (S.DISPUTED, S.DECIDED):
            operations.dispute(moderation, DISPUTED, scene.auditor, now)
        if state == S.DECIDED:
            operations.decide(moderation, decision(made), scene.qa, now)
        if state == S.ACCEPTED:
            operations.acknowledge(moderation, scene.auditor, now)
            if moderation.state != S.ACCEPTED:
                operations.settle_due(datetime(2026, 6, 25, 7, tzinfo=now.tzinfo))
    assert moderation.state == state


def finish(made: Moderated, grade: str = OWN) -> None:
    """Lock own grades where it is blind, and give the audit a grade."""
    if made.moderation.is_blind:
        operations.lock_grades(made.moderation, made.who, made.now)
    operations.complete(made.moderation, grade, made.who, made.now)


def moderated(scene: Scene, audit: Audit) -> Audit:
    """Submit an audit and moderate it, so that its feedback waits for its auditor."""
    moderation = submitted(scene, audit=audit)
    who = scene.viewer(scene.council.moderator)
    operations.save_grades(moderation, own_grades(moderation), 0, who, scene.now)
    finish(Moderated(scene, moderation, scene.council.moderator))
    return audit


def decision(made: Moderated, **changes: Any) -> DecisionInput:
    """What the panel decided: that the grade is good."""
    people = made.scene.council
    values = {"on": made.now.date(), "people": [people.head_of_service_b.id, people.lead_auditor.id],
              "grade": "good", "reasons": "The visits are in the file."}  # fmt: skip
    return DecisionInput(**(values | changes))
