"""An audit in any state, walked there by the operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qa_app.access.viewer import Viewer, system
from qa_app.actions.inputs import ActionInput
from qa_app.audits import operations, queries
from qa_app.audits.models import Audit, ConversationWith
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.clock import london_day
from qa_app.people.models import Person
from qa_app.rounds import operations as rounds
from qa_app.rounds.models import Round
from qa_app.rounds.states import RoundState
from qa_app.sampling import queries as sampling
from tests.factories.people import Council, council
from tests.factories.rounds import case_list, round_at, viewer

LEARNED = "She knows the child well and could say what had changed."


@dataclass
class Scene:
    """A round in mid-flight: its audits, the first of them, and who is about."""

    council: Council
    round: Round
    audits: list[Audit]
    now: datetime

    @property
    def audit(self) -> Audit:
        """The first audit, of a case of service A; its auditor is `council.auditor`."""
        return self.audits[0]

    @property
    def auditor(self) -> Viewer:
        """The first audit's auditor."""
        return viewer(self.council.auditor, self.now)

    @property
    def qa(self) -> Viewer:
        """The QA team."""
        return viewer(self.council.qa, self.now)

    def viewer(self, person: Person) -> Viewer:
        """Anybody."""
        return viewer(person, self.now)

    @property
    def path(self) -> str:
        """The first audit's page."""
        return f"/audits/{self.audit.reference.rsplit('/')[0]}/{self.audit.number}"


def allocated_round(database: Any, now: datetime, cases: Sequence[Case] | None = None) -> Scene:
    """A round of audits that is not issued; those of service A go to `auditor`, of service B to `auditor_b`."""
    people = council(database, now)
    case_list(database, people, now)
    made = round_at(RoundState.SAMPLED, now)
    drawn = [sampled.case for sampled in sampling.drawn_cases(made.id)]
    drawn.sort(key=lambda case: (case.team.service_id, case.reference))
    for case in drawn:
        case.caseworker_id = people.caseworker.id if case.team.service_id == people.service_a.id else None
    placements = [
        (case, people.auditor.id if case.team.service_id == people.service_a.id else people.auditor_b.id)
        for case in drawn
    ]
    audits = operations.allocate_audits(made, placements, system(), now)
    rounds.mark_allocated(made, system(), now)
    return Scene(people, made, audits, now)


def issued_round(database: Any, now: datetime) -> Scene:
    """A round of issued audits that nobody has begun."""
    scene = allocated_round(database, now)
    rounds.issue_round(scene.round, system(), now)
    operations.issue_audits(scene.round, system(), now)
    for audit in scene.audits:
        database.refresh(audit)
    return scene


def fill(audit: Audit, who: Viewer, now: datetime, grade: str = "good", overall: str | None = None) -> None:
    """Answer everything; a grade below good affects the child now in the first section, with an action for it."""
    scale = {row["key"]: row for row in audit.round.tool_version.scale}
    weak = not scale[grade]["good_or_better"]
    for section in queries.sections_of(audit):
        first = section.domain.position == 1
        typed = operations.SectionInput(
            grade, "Seen alone, in time.", "More of the father." if weak else "", (first if weak else None)
        )
        version = section.answer.version if section.answer else 0
        operations.save_section(audit, section.domain, typed, version, who, now)
        if first and weak and not queries.actions_of_section(audit, section.domain):
            act(audit, section.domain, who, now)
    talks = {whom: operations.ConversationInput(True, "", LEARNED) for whom in ConversationWith}
    talks[ConversationWith.CHILD] = operations.ConversationInput(False, "The child did not want to.", "")
    version = max((talk.version for talk in queries.conversations_of(audit).values()), default=0)
    operations.save_conversations(audit, talks, version, who, now)
    reasons = operations.OverallInput(overall or grade, "The child is safer than six months ago.")
    operations.save_overall(audit, reasons, audit.overall_version, who, now)


def act(audit: Audit, domain: Any, who: Viewer, now: datetime, what: str = "See the father this week") -> Any:
    """Add an action, owned by the auditor and due in a week."""
    wanted = ActionInput(what, audit.auditor_id or 0, london_day(now) + timedelta(days=7), True)
    return operations.add_action(audit, domain, wanted, who, now)


def audit_at(database: Any, state: str, now: datetime, grade: str = "good") -> Scene:
    """A round whose first audit is at a state; 'unissued' and 'returned' are further names for how it came there."""
    if state == "unissued":
        return allocated_round(database, now)
    scene = issued_round(database, now)
    audit, who = scene.audit, scene.auditor
    if state == AuditState.WITHDRAWN:
        operations.withdraw_audit(audit, "The child moved to another council.", scene.qa, now)
    if state in (AuditState.ALLOCATED, AuditState.WITHDRAWN):
        return scene
    if state == AuditState.IN_PROGRESS:
        section = queries.sections_of(audit)[1]
        operations.save_section(audit, section.domain, operations.SectionInput(grade, "Clear."), 0, who, now)
        return scene
    fill(audit, who, now, grade)
    operations.submit_audit(audit, who, now)
    if state == "returned":
        operations.return_audit(audit, "Say more on the risk from the cousin.", scene.qa, now)
    assert audit.state == {"returned": AuditState.IN_PROGRESS}.get(state, state)
    return scene
