"""What the demonstration council's people ask for: exemptions and slippage notices in every state, month by month."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.operations import withdraw_audit
from qa_app.audits.queries import audit_for
from qa_app.audits.states import OPEN_STATES
from qa_app.core.clock import add_working_days, last_day_of_month, london_day
from qa_app.core.errors import Refusal
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.words import LATE_REASONS, SLIPPING, STATEMENTS, WOULD_HELP
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries import audits_of_exempt
from qa_app.exemptions.states import ExemptionState
from qa_app.slippage import operations as slippage
from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries import open_notices_of as notices_of
from qa_app.slippage.states import OPEN_STATES as OPEN_NOTICES
from qa_app.slippage.states import Outcome, SlippageState

WITH_HEAD = frozenset({SlippageState.RAISED, SlippageState.WITH_HEAD_OF_SERVICE})
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

E = ExemptionState
PAST_ENDINGS = (E.APPROVED, E.APPROVED, E.REFUSED, E.APPROVED, E.DECLINED, E.APPROVED, E.WITHDRAWN)
"""How the requests of past months ended, one after the other."""

PRESENT = (
    E.WITH_HEAD_OF_SERVICE,
    E.WITH_HEAD_OF_SERVICE,
    E.WITH_DIRECTOR,
    E.APPROVED,
    E.REFUSED,
    E.DECLINED,
    E.WITHDRAWN,
)
"""Where the requests of the month that is running are."""


@dataclass
class Requests:
    """Puts requests on the agenda. Whoever answers does so as the real one would: by the operations, in their turn."""

    rng: random.Random
    agenda: Agenda
    viewer_of: Callable[[int], Viewer]
    head_of: Callable[[int | None], Viewer]
    """Who answers for a service: its Head of Service."""
    director: Viewer
    qa: Viewer
    endings: int = 0
    asked: dict[int, date] = field(default_factory=dict)
    """People and the last month that they asked for, so that nobody asks every month."""

    def of_past_month(self, month: date, auditors: Sequence[int], issued: datetime, slipping: bool) -> None:
        """Two or three requests: most of them before issue; where the month slipped, some in its last week."""
        for n, person_id in enumerate(self._askers(month, auditors, 3 if slipping else 2)):
            ending = PAST_ENDINGS[self.endings % len(PAST_ENDINGS)]
            self.endings += 1
            when = issued - (9 - n) * DAY
            if slipping and n:
                when = issued.replace(hour=10) + (last_day_of_month(month) - london_day(issued) - 4 * DAY)
            self.agenda.add(when + 2 * HOUR, partial(self._ask, person_id, month, ending))

    def of_present_month(self, month: date, auditors: Sequence[int], now: datetime) -> None:
        """One request in every state, and one of the next month's."""
        for n, (person_id, ending) in enumerate(zip(self._askers(month, auditors, len(PRESENT)), PRESENT, strict=True)):
            self.agenda.add(now - (5 * DAY + n * HOUR), partial(self._ask, person_id, month, ending))

    def _askers(self, month: date, auditors: Sequence[int], count: int) -> list[int]:
        free = [person_id for person_id in auditors if self.asked.get(person_id, date.min) < month]
        chosen = self.rng.sample(free, count)
        self.asked.update(dict.fromkeys(chosen, month))
        return chosen

    def _ask(self, person_id: int, month: date, ending: ExemptionState, now: datetime) -> None:
        category = self.rng.choice(list(STATEMENTS))
        wish = AskInput(month, month, category, self.rng.choice(STATEMENTS[category]), self.rng.choice(LATE_REASONS))
        request = exemptions.ask(person_id, wish, self.viewer_of(person_id), now)
        if ending is E.WITHDRAWN:
            self.agenda.add(now + DAY, partial(exemptions.withdraw, request, self.viewer_of(person_id)))
        elif ending is not E.WITH_HEAD_OF_SERVICE:
            self.agenda.add(now + DAY, partial(self._answer, request, ending))

    def _answer(self, request: ExemptionRequest, ending: ExemptionState, now: datetime) -> None:
        """The Head of Service's turn; a request of their own is with the Director already."""
        if request.state == E.WITH_HEAD_OF_SERVICE:
            head = self.head_of(request.service_id)
            if ending is E.DECLINED:
                exemptions.decline(request, "The team can cover this month between them.", head, now)
                return
            exemptions.forward(request, "I support this request.", head, now)
        elif ending is E.DECLINED:
            ending = E.REFUSED
        if ending in (E.APPROVED, E.REFUSED):
            self.agenda.add(now + 2 * DAY, partial(self._decide, request, ending))

    def _decide(self, request: ExemptionRequest, ending: ExemptionState, now: datetime) -> None:
        if ending is E.REFUSED:
            exemptions.refuse(request, "Exchange dates with another auditor of the service.", self.director, now)
            return
        exemptions.approve(request, "Agreed for this month only.", self.director, now)
        # What was approved in these last days still waits for the QA team.
        self.agenda.add(now + 4 * DAY, partial(self._withdraw_audits, request.id))

    def _withdraw_audits(self, request_id: int, now: datetime) -> None:
        """The QA team withdraws what an exempt auditor has not begun."""
        for waiting in audits_of_exempt(request_id):
            audit = audit_for(self.qa, waiting.round_reference, waiting.number)
            withdraw_audit(audit, "The auditor is exempt this month.", self.qa, now)

    def slipping(self, audit: Audit, outcome: Outcome) -> None:
        """An auditor says six working days ahead that it will not be in time, and is answered within two days."""
        self.agenda.add(at(add_working_days(audit.due_on, -6), 10), partial(self._raise, audit, 3, outcome))

    def slipping_now(self, audits: Sequence[Audit], now: datetime) -> None:
        """In the month that is running: notices raised, acknowledged, forwarded and answered."""
        steps: Sequence[tuple[int, Outcome]] = (
            (0, Outcome.NO_CAPACITY), (1, Outcome.NO_CAPACITY), (2, Outcome.NO_CAPACITY),
            (3, Outcome.CAPACITY_FOUND), (3, Outcome.NO_CAPACITY), (3, Outcome.BACK_ON_TRACK),
        )  # fmt: skip
        for n, (audit, (steps_done, outcome)) in enumerate(zip(audits, steps, strict=False)):
            when = min(now - 2 * DAY, at(add_working_days(audit.due_on, -8), 12))
            self.agenda.add(when - n * HOUR, partial(self._raise, audit, steps_done, outcome))

    def settle(self, round_id: int, now: datetime) -> None:
        """The QA team answers what is open when a round has closed."""
        for notice in notices_of(round_id):
            slippage.answer(notice, AnswerInput(Outcome.NO_CAPACITY, ANSWERS[Outcome.NO_CAPACITY]), self.qa, now)

    def _raise(self, audit: Audit, steps: int, outcome: Outcome, now: datetime) -> None:
        if audit.state not in OPEN_STATES or audit.auditor_id is None:
            return
        wish = RaiseInput(self.rng.choice(SLIPPING), audit.due_on + 5 * DAY, self.rng.choice(WOULD_HELP))
        try:
            notice = slippage.raise_notice(audit, wish, self.viewer_of(audit.auditor_id), now)
        except Refusal:
            return  # it has a notice already
        for n, act in enumerate((self._acknowledge, self._forward, partial(self._answer_notice, outcome))[:steps]):
            self.agenda.add(now + (n + 1) * 5 * HOUR, partial(act, notice))

    def _acknowledge(self, notice: SlippageNotice, now: datetime) -> None:
        if head := self._head_for(notice):
            slippage.acknowledge(notice, "", head, now)

    def _forward(self, notice: SlippageNotice, now: datetime) -> None:
        if head := self._head_for(notice):
            slippage.forward(notice, "Nobody here has room. Can you help?", head, now)

    def _head_for(self, notice: SlippageNotice) -> Viewer | None:
        """Whose turn it is, where it is a Head of Service's and not on a notice of their own."""
        if notice.state not in WITH_HEAD:
            return None
        head = self.head_of(notice.service_id)
        return head if head.person_id != notice.person_id else None

    def _answer_notice(self, outcome: Outcome, notice: SlippageNotice, now: datetime) -> None:
        if notice.state in OPEN_NOTICES:
            slippage.answer(notice, AnswerInput(outcome, ANSWERS[outcome]), self.qa, now)


ANSWERS = {
    Outcome.CAPACITY_FOUND: "The lead auditor will sit with you on Thursday to finish it.",
    Outcome.NO_CAPACITY: "Nobody has room this month. Do it as soon as you can: it will count as late.",
    Outcome.BACK_ON_TRACK: "Thank you for saying. You can make it with the time that you have now.",
}
