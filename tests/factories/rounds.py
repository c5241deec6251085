"""A case list and rounds for tests. Rounds walk the operations; only the cases are inserted directly."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qa_app.access.viewer import Viewer, system
from qa_app.cases.models import Case, CaseImport, CaseImportState, CaseType
from qa_app.core.clock import london_day
from qa_app.people.models import Person, Team
from qa_app.people.queries import viewer_of
from qa_app.rounds import operations
from qa_app.rounds.models import Round
from qa_app.rounds.states import RoundState
from qa_app.sampling.model import NumberOfCases
from tests.factories.people import Council

JUNE = date(2026, 6, 1)
TYPES = (CaseType.CHILD_IN_NEED, CaseType.CHILD_PROTECTION, CaseType.CHILD_IN_CARE)


def viewer(person: Person, now: datetime) -> Viewer:
    """The person as a viewer today."""
    return viewer_of(person, london_day(now))


def case_list(database: Any, council: Council, now: datetime, each: int = 12) -> list[Case]:
    """`each` open cases for every team, opened a year ago, never audited, as an import would leave them."""
    teams = (council.team_a1, council.team_a2, council.team_b1, council.team_b2)
    return team_cases(database, teams, now, each)


def team_cases(database: Any, teams: Sequence[Team], now: datetime, each: int) -> list[Case]:
    """The cases of some teams, named by the team and a number."""
    applied = CaseImport(
        filename="list.xlsx",
        digest="0" * 64,
        state=CaseImportState.APPLIED,
        uploaded_at=now,
        applied_at=now,
        counts=_counts(each * len(teams)),
    )
    database.add(applied)
    database.flush()
    opened = london_day(now) - timedelta(days=365)
    cases = [
        Case(
            reference=f"{''.join(word[0] for word in team.name.split())}-{number:04}",
            case_type=TYPES[number % len(TYPES)],
            team_id=team.id,
            opened_on=opened,
            last_import_id=applied.id,
        )
        for team in teams
        for number in range(1, each + 1)
    ]
    database.add_all(cases)
    database.flush()
    return cases


def _counts(new: int) -> dict[str, Any]:
    """A preview's numbers of a list that only brought new cases."""
    none = dict.fromkeys(
        ("changed", "closed", "held", "unchanged", "unusable", "repaired", "new_workers", "open_before"), 0
    )
    tables = {key: {} for key in ("open_by_status", "open_by_service", "open_by_team", "columns_used")}
    return {
        **none,
        **tables,
        "read": new,
        "new": new,
        "new_teams": [],
        "columns_missing": {},
        "unknown_status_words": [],
    }


def round_at(
    state: RoundState, now: datetime, *, month: date = JUNE, by: Viewer | None = None, size: int = 8, seed: str = "seed"
) -> Round:
    """A monthly round walked to a state. It has no audits: those are the allocation's to make."""
    who = by or system()
    made = operations.create_round(month, operations.ensure_audit_types(now), who, now)
    steps = {
        RoundState.SAMPLED: lambda: operations.draw_sample(made, NumberOfCases(size), seed, who, now),
        RoundState.ALLOCATED: lambda: operations.mark_allocated(made, who, now),
        RoundState.ISSUED: lambda: operations.issue_round(made, who, now),
        RoundState.CLOSED: lambda: operations.close_round(made, who, now),
    }
    for reached, step in steps.items():
        if made.state == state:
            break
        step()
        assert made.state == reached
    return made
