"""Apply an import as a whole, or abandon it (domain.md section 4). Nothing is ever deleted: cases close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from qa_app.access.viewer import Viewer
from qa_app.cases.comparing import Effect
from qa_app.cases.models import Case, CaseImport, ImportRow
from qa_app.cases.permissions import check_can_import_cases
from qa_app.cases.queries import standing
from qa_app.cases.reading.teams import team_key
from qa_app.cases.reading.workers import name_key
from qa_app.cases.states import CASE_IMPORT
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import Stale
from qa_app.core.states import move
from qa_app.people.models import Person, Service, Team
from qa_app.trail import operations as trail

WRITTEN = (Effect.NEW, Effect.CHANGED)
IN_BULK = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Standing:
    """Teams by the list's name, and workers by team and name, once all that were missing are made."""

    teams: dict[str, int]
    workers: dict[standing.WorkerKey, int]

    def team_of(self, values: dict[str, Any]) -> int:
        """The id of a line's team."""
        team_id: int = values["team_id"] or self.teams[team_key(values["team"])]
        return team_id

    def worker_of(self, values: dict[str, Any]) -> int | None:
        """The id of a line's worker, None where the list names none."""
        return self.workers[self.team_of(values), name_key(values["worker"])] if values["worker"] else None


def apply_import(case_import: CaseImport, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Bring the case list to what the preview says, in the caller's one transaction.

    Missing teams of the lookup are made with their service, missing caseworkers and managers as people without an
    email, and no role is given to anybody. `version` is that of the preview which the person saw.

    Raises:
        IllegalMove: it is not previewed, or was applied already.
        Stale: another list was applied since the preview was made.
    """
    check_can_import_cases(viewer)
    move(case_import, CASE_IMPORT, "apply", now=now, person_id=viewer.person_id, version=version, applied_at=now)
    counts = case_import.counts
    summary = {key: counts[key] for key in (*(effect.value for effect in Effect), "unusable", "repaired")}
    # Locks the trail until the transaction ends, so that of two imports the second sees what the first did.
    trail.append("import:applied", viewer, now, ("case import", case_import.id), **summary)
    if standing.newest_applied(but=case_import.id) != counts["after_import"]:
        raise Stale("Another list was applied since this preview was made. Upload the list again.")
    teams = _make_teams(counts["new_teams"], viewer, now)
    there = Standing(teams, _make_workers(case_import.id, teams, london_day(now)))
    _add_cases(case_import.id, there)
    _change_cases(case_import.id, there)
    _close_cases(case_import.id)
    _mark_as_seen(case_import.id)
    db.session.flush()
    db.session.expire_all()


def abandon_import(case_import: CaseImport, viewer: Viewer, now: datetime) -> None:
    """Put an import away unapplied. Its lines stay readable."""
    check_can_import_cases(viewer)
    move(case_import, CASE_IMPORT, "abandon", now=now, person_id=viewer.person_id)
    trail.append("import:abandoned", viewer, now, ("case import", case_import.id))


def _make_teams(new_teams: Iterable[dict[str, Any]], viewer: Viewer, now: datetime) -> dict[str, int]:
    """Make what is missing of the lookup's teams; give every team's id by its compared name."""
    ids = {key: team_id for key, (team_id, _) in standing.teams_by_key().items()}
    services, managers = standing.services_by_key(), standing.managers_by_name()
    for entry in new_teams:
        if team_key(entry["team"]) in ids:
            continue
        service_key = team_key(entry["service"])
        if service_key not in services:
            services[service_key] = _insert(Service, name=entry["service"])
            trail.append("service:added", viewer, now, ("service", services[service_key]), name=entry["service"])
        team_id = _insert(Team, name=entry["team"], service_id=services[service_key])
        ids[team_key(entry["team"])] = team_id
        if entry["manager"]:
            _give_manager(team_id, entry["manager"], managers)
        trail.append("team:added", viewer, now, ("team", team_id), name=entry["team"], manager=entry["manager"])
    return ids


def _give_manager(team_id: int, name: str, managers: dict[str, int]) -> None:
    key = name_key(name)
    if key not in managers:
        managers[key] = _insert(Person, name=name, job_title="Team manager", team_id=team_id)
    db.session.execute(
        update(Team).where(Team.id == team_id).values(manager_id=managers[key]), execution_options=IN_BULK
    )


def _insert(model: Any, **values: Any) -> int:
    made: int = db.session.execute(insert(model).values(**values).returning(model.id)).scalar_one()
    return made


def _make_workers(import_id: int, teams: dict[str, int], today: date) -> dict[standing.WorkerKey, int]:
    """Make the caseworkers whom nobody of the team is called; give each worker's id by team and name."""
    known = standing.workers_by_team(today)
    there = Standing(teams, known)
    missing: dict[standing.WorkerKey, str] = {}
    for kind in WRITTEN:
        for batch in standing.rows_to_apply(import_id, kind):
            for _, values in batch:
                key = (there.team_of(values), name_key(values["worker"]))
                if values["worker"] and key not in known:
                    missing.setdefault(key, values["worker"])
    if missing:
        people = [{"name": name, "team_id": team_id} for (team_id, _), name in missing.items()]
        made = db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people)
        known |= dict(zip(missing, made, strict=True))
    return known


def _add_cases(import_id: int, there: Standing) -> None:
    for batch in standing.rows_to_apply(import_id, Effect.NEW):
        db.session.execute(
            insert(Case),
            [
                {
                    "reference": reference,
                    "case_type": values["case_type"],
                    "team_id": there.team_of(values),
                    "caseworker_id": there.worker_of(values),
                    "opened_on": _day(values["opened_on"]),
                    "closed_on": None,
                    "last_import_id": import_id,
                }
                for reference, values in batch
            ],
        )


def _change_cases(import_id: int, there: Standing) -> None:
    """Write what changed. An opening date that the list leaves out stays, and so does a caseworker of the same name."""
    table = Case.__table__
    for batch in standing.rows_to_apply(import_id, Effect.CHANGED):
        for column, lines in _by_what_changed(batch, there).items():
            statement = (
                update(table)  # type: ignore[arg-type]
                .where(table.c.id == bindparam("case_id"))
                .values({column: bindparam("after"), "last_import_id": import_id})
            )
            db.session.connection().execute(statement, lines)


def _by_what_changed(batch: Iterable[tuple[str, dict[str, Any]]], there: Standing) -> dict[str, list[dict[str, Any]]]:
    """For each column, the cases in which it changes and what it becomes."""
    found: dict[str, list[dict[str, Any]]] = {}
    for _, values in batch:
        names = {change["name"] for change in values["changes"]}
        after: dict[str, Any] = {}
        if "closed_on" in names:
            after["closed_on"] = None
        if "case_type" in names:
            after["case_type"] = values["case_type"]
        if "opened_on" in names:
            after["opened_on"] = _day(values["opened_on"])
        if "team" in names:
            after["team_id"] = there.team_of(values)
        if "team" in names or "worker" in names:
            after["caseworker_id"] = there.worker_of(values)
        for column, value in after.items():
            found.setdefault(column, []).append({"case_id": values["case_id"], "after": value})
    return found


def _close_cases(import_id: int) -> None:
    table = Case.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("case_id"))
        .values(closed_on=bindparam("after"), last_import_id=import_id)
    )
    for batch in standing.rows_to_apply(import_id, Effect.CLOSED):
        lines = [{"case_id": values["case_id"], "after": _day(values["closed_on"])} for _, values in batch]
        db.session.connection().execute(statement, lines)


def _mark_as_seen(import_id: int) -> None:
    """Every open case was on this list, save those whose own row could not be used."""
    held = select(ImportRow.reference).where(ImportRow.case_import_id == import_id, ImportRow.kind == Effect.HELD.value)
    db.session.execute(
        update(Case).where(Case.closed_on.is_(None), Case.reference.not_in(held)).values(last_import_id=import_id),
        execution_options=IN_BULK,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
