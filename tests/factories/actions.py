"""Actions in any state, walked there by the operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.actions import operations
from qa_app.actions.inputs import ActionInput, Source, VerifyInput
from qa_app.actions.models import Action
from qa_app.actions.states import ActionState, Outcome
from qa_app.core.clock import london_day
from qa_app.people.models import Person
from tests.factories.people import Council, council
from tests.factories.rounds import viewer

WHAT = "Visit this week and see the child alone"
SEEN = "The visit of 16 June is recorded"


@dataclass
class Desk:
    """A council with one action, and who is about."""

    council: Council
    action: Action
    now: datetime

    def viewer(self, person: Person) -> Viewer:
        """Anybody."""
        return viewer(person, self.now)

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.now)

    @property
    def path(self) -> str:
        """The action's page."""
        return f"/actions/{self.action.reference}"

    def done(self, by: Person | None = None) -> None:
        """Its owner, or somebody else, says that it is done."""
        operations.report_done(self.action, SEEN, self.viewer(by or self.action.owner), self.now)


def raised(
    people: Council,
    now: datetime,
    owner: Person | None = None,
    *,
    days: int = 7,
    immediate: bool = False,
    team: Any = None,
    draft: bool = False,
    source: Source | None = None,
    what: str = WHAT,
) -> Action:
    """An action on team A1 (or another), its owner the auditor of that team, raised by the QA team at a meeting."""
    team = team or people.team_a1
    from_ = source or Source("meeting", 1, "", "Meeting of 16 June", team.id, team.service_id)
    wanted = ActionInput(what, (owner or people.auditor).id, london_day(now) + timedelta(days=days), immediate)
    return operations.raise_action(from_, wanted, viewer(people.qa, now), london_day(now), now, draft=draft)


def action_at(database: Any, state: str, now: datetime, **how: Any) -> Desk:
    """An action in a state: `reopened` is a further name for how it came to be open."""
    people = how.pop("people", None) or council(database, now)
    desk = Desk(people, raised(people, now, draft=state == ActionState.DRAFT, **how), now)
    manager, action = desk.viewer(people.service_manager), desk.action
    if state in (ActionState.DONE, ActionState.VERIFIED, "reopened"):
        desk.done()
    if state == ActionState.NOT_DONE:
        operations.report_not_done(action, "The family has moved away", desk.viewer(action.owner), now)
    if state == ActionState.VERIFIED:
        operations.verify(action, VerifyInput(Outcome.FULLY, "I read the record"), manager, now)
    if state == "reopened":
        found = VerifyInput(Outcome.PARTIALLY, "Seen, but not alone", desk.today + timedelta(days=5))
        operations.verify(action, found, manager, now)
    assert action.state == {"reopened": ActionState.OPEN}.get(state, state)
    return desk


def many(people: Council, now: datetime, count: int, owners: Sequence[Person]) -> list[Action]:
    """Open actions, one after the other to these owners, each with a day of its own."""
    return [raised(people, now, owners[n % len(owners)], days=n % 30) for n in range(count)]
