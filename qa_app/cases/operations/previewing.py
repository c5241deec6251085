"""Preview an import: what the list would change, kept line by line so that it can be looked at and then applied."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from qa_app.access.viewer import Viewer
from qa_app.cases.comparing import Comparison, Effect, compare
from qa_app.cases.models import CaseImport, CaseImportState, ImportRow
from qa_app.cases.permissions import check_can_import_cases
from qa_app.cases.queries import standing
from qa_app.cases.reading import CaseList, ColumnMapping, Problem, TeamLookup, WrongFile, read_case_list
from qa_app.cases.reading.teams import team_key
from qa_app.cases.reading.workers import name_key
from qa_app.cases.states import CASE_IMPORT
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.states import move
from qa_app.trail import operations as trail

BATCH = 5000
REPAIRED, UNUSABLE = "repaired", "unusable"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would change, before anything is written. `teams` are those that it would make."""

    listed: CaseList
    comparisons: list[Comparison]
    teams: list[dict[str, Any]]
    workers: int
    team_ids: dict[str, int]

    def count(self, effect: Effect) -> int:
        """How many cases the import does this to."""
        return sum(1 for comparison in self.comparisons if comparison.effect is effect)

    def counts(self) -> dict[str, Any]:
        """The preview's numbers, as JSON can carry them."""
        listed = self.listed
        return {
            "read": listed.read,
            **{effect.value: self.count(effect) for effect in Effect},
            UNUSABLE: len(listed.unusable),
            REPAIRED: len(listed.repaired),
            "open_by_status": listed.open_by_status,
            "open_by_service": listed.open_by_service,
            "open_by_team": listed.open_by_team,
            "new_teams": self.teams,
            "new_workers": self.workers,
            "columns_used": {sheet: list(headings) for sheet, headings in listed.columns_used.items()},
            "columns_missing": {sheet: list(headings) for sheet, headings in listed.columns_missing.items()},
            "unknown_status_words": [word for word, (status, _) in listed.status_words.items() if status is None],
        }


def plan_import(listed: CaseList, teams: TeamLookup, as_at: date) -> Plan:
    """Compare a list with the cases that are known. Writes nothing.

    `teams` is the lookup that the list was read with. Raises WrongFile where it contradicts the app's own teams, or the
    list holds nothing, which would close every case.
    """
    if not listed.read:
        raise WrongFile("This list has headings but no cases. Export the open cases again and upload the new file.")
    known_teams = standing.teams_by_key()
    _check_services(teams, known_teams)
    team_ids = {e.team: known_teams[key][0] for e in teams.entries if (key := team_key(e.team)) in known_teams}
    comparisons = list(compare(listed.cases, listed.unusable, standing.known_cases(), team_ids, as_at))
    services = standing.services_by_key()
    used = {case.team for case in listed.open_cases}
    new_teams = [
        {
            "team": entry.team,
            "service": entry.service,
            "manager": entry.manager,
            "new_service": team_key(entry.service) not in services,
        }
        for entry in teams.entries
        if entry.team in used and entry.team not in team_ids
    ]
    return Plan(listed, comparisons, new_teams, _count_new_workers(comparisons, team_ids, as_at), team_ids)


def start_import(filename: str, digest: str, viewer: Viewer, now: datetime) -> CaseImport:
    """Record that a file was given; it is still to be read."""
    check_can_import_cases(viewer)
    started = CaseImport(
        filename=filename,
        digest=digest,
        state=CaseImportState.READING,
        as_at=london_day(now),
        uploaded_at=now,
        uploaded_by_id=viewer.person_id,
        progress_at=now,
    )
    db.session.add(started)
    db.session.flush()
    trail.append("import:started", viewer, now, ("case import", started.id), filename=filename, digest=digest)
    return started


def keep_preview(
    case_import: CaseImport,
    plan: Plan,
    viewer: Viewer,
    now: datetime,
    between: Callable[[int], None] = lambda _percent: None,
) -> None:
    """Keep a plan line by line as the import's preview.

    `between` is called after each batch with the share kept so far: a reader in the background commits there, so that
    a long list never keeps others from writing. Nothing of it is shown before the import is previewed.
    """
    check_can_import_cases(viewer)
    db.session.execute(delete(ImportRow).where(ImportRow.case_import_id == case_import.id))
    total = len(plan.comparisons) + len(plan.listed.unusable) + len(plan.listed.repaired)
    kept = 0
    lines = _lines(case_import.id, plan)
    while batch := list(islice(lines, BATCH)):
        db.session.execute(insert(ImportRow), batch)
        kept += len(batch)
        between(min(100, 100 * kept // max(1, total)))
    counts = plan.counts() | {"after_import": standing.newest_applied(), "open_before": standing.open_case_count()}
    move(case_import, CASE_IMPORT, "preview", now=now, person_id=viewer.person_id, counts=counts, progress=100)


def preview_import(
    path: Path,
    filename: str,
    teams: TeamLookup | None,
    mapping: ColumnMapping | None,
    viewer: Viewer,
    now: datetime,
) -> CaseImport:
    """Read a case list and keep its preview. `teams` None: the app's own teams.

    Raises WrongFile (a sentence that says what to do) and MappingNeeded; nothing is kept then.
    """
    check_can_import_cases(viewer)
    today = london_day(now)
    lookup = teams or standing.own_teams(today)
    listed = read_case_list(path, teams=lookup, mapping=mapping)
    plan = plan_import(listed, lookup, today)
    started = start_import(filename, digest_of(path), viewer, now)
    keep_preview(started, plan, viewer, now)
    return started


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_services(teams: TeamLookup, known: dict[str, tuple[int, str]]) -> None:
    for entry in teams.entries:
        _, service = known.get(team_key(entry.team), (0, entry.service))
        if team_key(service) != team_key(entry.service):
            raise WrongFile(
                f'The team lookup has the team "{entry.team}" in the service "{entry.service}", but here it is in '
                f'"{service}". Correct the lookup, or change the team under People, and import again.'
            )


def _count_new_workers(comparisons: Iterable[Comparison], team_ids: dict[str, int], as_at: date) -> int:
    known = standing.workers_by_team(as_at)
    named = {
        (comparison.listed.team, name_key(comparison.listed.worker))
        for comparison in comparisons
        if comparison.effect in (Effect.NEW, Effect.CHANGED) and comparison.listed and comparison.listed.worker
    }
    return sum(1 for team, key in named if (team_ids.get(team or "", 0), key) not in known)


def _lines(import_id: int, plan: Plan) -> Iterator[dict[str, Any]]:
    for comparison in plan.comparisons:
        if comparison.effect is not Effect.UNCHANGED:
            yield _case_line(import_id, comparison, plan.team_ids)
    for kind, problems in ((UNUSABLE, plan.listed.unusable), (REPAIRED, plan.listed.repaired)):
        for problem in problems:
            yield _problem_line(import_id, kind, problem)


def _case_line(import_id: int, comparison: Comparison, team_ids: dict[str, int]) -> dict[str, Any]:
    listed, known = comparison.listed, comparison.known
    return {
        "case_import_id": import_id,
        "kind": comparison.effect.value,
        "sheet": listed.sheet if listed else "",
        "row": listed.row if listed else None,
        "column": "",
        "reference": comparison.reference,
        "reason": comparison.reason,
        "done": "",
        "values": _values(comparison, team_ids) | ({"case_id": known.id} if known else {}),
    }


def _values(comparison: Comparison, team_ids: dict[str, int]) -> dict[str, Any]:
    listed, known = comparison.listed, comparison.known
    if comparison.effect in (Effect.NEW, Effect.CHANGED) and listed:
        team = listed.team or ""
        values: dict[str, Any] = {
            "case_type": str(listed.case_type),
            "team": team,
            "team_id": team_ids.get(team),
            "worker": listed.worker or "",
            "opened_on": _text(listed.opened_on),
        }
        return values | ({"changes": [asdict(change) for change in comparison.changes]} if known else {})
    shown = {"case_type": known.case_type, "team": known.team, "worker": known.worker or ""} if known else {}
    return shown | {"closed_on": _text(comparison.closed_on)}


def _problem_line(import_id: int, kind: str, problem: Problem) -> dict[str, Any]:
    return {
        "case_import_id": import_id,
        "kind": kind,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "reference": problem.reference,
        "reason": problem.reason,
        "done": problem.what_was_done,
        "values": {},
    }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
