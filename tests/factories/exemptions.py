"""Exemption requests in any state, walked there by the operations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa_app.exemptions import operations
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import Category, ExemptionState
from qa_app.people.models import Person
from tests.factories.audits import Scene, issued_round
from tests.factories.rounds import JUNE, viewer

STATEMENT = "CANARY-STATEMENT: I am away after an operation."


def wish(
    first: date = JUNE, last: date | None = None, category: Category | None = Category.ABSENCE, **words: str
) -> AskInput:
    """A wish with everything that it needs, for June unless another month is named."""
    return AskInput(first, last or first, category, words.get("statement", STATEMENT), words.get("late_reason", ""))


def ask(person: Person, now: datetime, wanted: AskInput | None = None) -> ExemptionRequest:
    """The request of a person, sent by themselves."""
    return operations.ask(person.id, wanted or wish(), viewer(person, now), now)


@dataclass
class Asked:
    """An issued round of June, and the request of the auditor of its audits of service A."""

    scene: Scene
    request: ExemptionRequest

    @property
    def people(self) -> Any:
        """Everybody of the council."""
        return self.scene.council


def request_at(database: Any, state: str, now: datetime) -> Asked:
    """An issued round, and the auditor's request for June walked to a state."""
    scene = issued_round(database, now)
    request = ask(scene.council.auditor, now)
    walk(request, state, scene.council, now)
    return Asked(scene, request)


def walk(request: ExemptionRequest, state: str, people: Any, now: datetime) -> None:
    """Bring a request that waits for the Head of Service to another state."""
    head, director = viewer(people.head_of_service, now), viewer(people.director, now)
    if state == ExemptionState.WITHDRAWN:
        operations.withdraw(request, viewer(people.auditor, now), now)
    elif state == ExemptionState.DECLINED:
        operations.decline(request, "Your audits can wait a week.", head, now)
    elif state != ExemptionState.WITH_HEAD_OF_SERVICE:
        operations.forward(request, "I support this.", head, now)
        if state == ExemptionState.APPROVED:
            operations.approve(request, "Granted for this month.", director, now)
        elif state == ExemptionState.REFUSED:
            operations.refuse(request, "Others carry more.", director, now)
    assert request.state == state
