"""`qa-app import-cases`: a case list from the command line."""

import resource
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from qa_app.access.viewer import system
from qa_app.cases import operations, running
from qa_app.cases.operations import Plan
from qa_app.cases.queries import standing
from qa_app.cases.reading import Problem, TeamLookup
from qa_app.core.clock import london_day
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import transaction
from qa_app.core.format import plural

VIEWER = system("Command line")
READER_MEMORY = 4 * 1024**3
"""Bytes of address space for a reader. A list of 100,000 children needs 300 MB; libraries reserve far more."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-cases")
@click.argument("file", type=FILE)
@click.option("--teams", type=FILE, help="CSV or XLSX with each team's service and manager. Default: the teams here.")
@click.option("--apply", "applies", is_flag=True, help="Apply it. Without this, nothing is changed.")
@json_option
@plain_errors
def import_cases(file: Path, teams: Path | None, applies: bool, as_json: bool) -> None:
    """Read the case list in FILE (Annex A, or a table) and say what it changes; with --apply, change it."""
    now: datetime = current_app.config["CLOCK"]()
    today = london_day(now)
    with transaction():
        lookup = TeamLookup.from_file(teams) if teams else standing.own_teams(today)
    # Outside a transaction, since a long list would keep others from writing.
    listed = running.read_file(file, lookup)
    with transaction():
        plan = operations.plan_import(listed, lookup, today)
        if applies:
            started = operations.start_import(file.name, operations.digest_of(file), VIEWER, now)
            operations.keep_preview(started, plan, VIEWER, now)
            operations.apply_import(started, VIEWER, now)
    say(_facts(plan), _in_words(plan, applies), as_json)


def _facts(plan: Plan) -> dict[str, Any]:
    return plan.counts() | {
        "unusable": [_problem(problem) for problem in plan.listed.unusable],
        "repaired": [
            _problem(problem) | {"column": problem.column, "done": problem.what_was_done}
            for problem in plan.listed.repaired
        ],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"sheet": problem.sheet, "row": problem.row, "reference": problem.reference, "reason": problem.reason}


def _in_words(plan: Plan, applied: bool) -> str:
    counts = plan.counts()
    lines = [
        f"{plural(counts['read'], 'row')} read: {counts['new']:,} new, {counts['changed']:,} changed, "
        f"{counts['closed']:,} closed, {counts['unchanged']:,} unchanged.",
        f"{plural(counts['unusable'], 'row')} could not be used, {plural(counts['repaired'], 'cell')} put right.",
    ]
    lines += [f"{p.sheet}, row {p.row}: {p.reason} {p.what_was_done}" for p in plan.listed.unusable]
    lines += [f"New team: {team['team']} in {team['service']}." for team in counts["new_teams"]]
    return "\n".join([*lines, "The case list is applied." if applied else "Nothing was changed: add --apply to apply."])


@click.command("read-case-list", hidden=True)
@click.argument("import_id", type=int)
@plain_errors
def read_case_list_command(import_id: int) -> None:
    """Read the uploaded file of an import: started by the pages, for long lists."""
    resource.setrlimit(resource.RLIMIT_CPU, (running.READER_LIMIT, running.READER_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (READER_MEMORY, READER_MEMORY))
    running.run_reader(import_id, current_app.config["CLOCK"])


COMMANDS = [import_cases, read_case_list_command]
