"""An exemption holds for rounds that are allocated after it, and a swap to who is exempt is named as such."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.allocation.model import Rule
from qa_app.allocation.operations import allocate_round, verdicts_on
from qa_app.audits.models import Audit
from qa_app.exemptions import operations
from qa_app.rounds.models import RoundAuditor
from qa_app.rounds.states import RoundState
from tests.factories.exemptions import ask
from tests.factories.people import council
from tests.factories.rounds import case_list, round_at, viewer


def test_a_round_allocated_later_gives_an_exempt_auditor_nothing_and_expects_nothing(
    database: Any, now: datetime
) -> None:
    people = council(database, now)
    case_list(database, people, now)
    request = ask(people.auditor, now)
    operations.forward(request, "", viewer(people.head_of_service, now), now)
    operations.approve(request, "Granted.", viewer(people.director, now), now)
    made = round_at(RoundState.SAMPLED, now)
    allocate_round(made, system(), now)
    audits = database.scalars(select(Audit).where(Audit.round_id == made.id)).all()
    assert audits
    assert people.auditor.id not in {audit.auditor_id for audit in audits}
    rows = {row.person_id: row for row in database.scalars(select(RoundAuditor))}
    assert (rows[people.auditor.id].expected, rows[people.auditor.id].exempted) == (1, 1)
    assert {row.exempted for person_id, row in rows.items() if person_id != people.auditor.id} == {0}
    assert Rule.EXEMPT in {verdict.rule for verdict in verdicts_on(audits[0], people.auditor.id)}
