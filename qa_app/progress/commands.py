"""Progress by manager on the command line."""

import click

from qa_app.access.viewer import system
from qa_app.core.clock import london_day, utc_now
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.errors import NotFound
from qa_app.progress import queries
from qa_app.progress.presenters.lines import COUNTS
from qa_app.progress.presenters.managers import SORTS
from qa_app.progress.presenters.managers import as_json as row_as_json
from qa_app.progress.presenters.words import heading, percent
from qa_app.progress.rules import ManagerRow, total


@click.command("progress")
@click.argument("reference", metavar="ROUND")
@json_option
@plain_errors
def progress_command(reference: str, as_json: bool) -> None:
    """Progress by manager in ROUND (such as 2026-06): a row a manager, worst first."""
    try:
        round_ = queries.round_by_reference(reference)
    except NotFound:
        raise NotFound(f"There is no round {reference}. Give its reference, such as 2026-06.") from None
    rows = sorted(queries.progress(round_, system(), {}), key=SORTS["outstanding"], reverse=True)
    first = heading(round_, total(rows), london_day(utc_now()))
    say([row_as_json(row) for row in rows], "\n".join([first, "", *_table(rows)]), as_json)


def _table(rows: list[ManagerRow]) -> list[str]:
    widest = max([len(row.name) for row in rows] + [len("Manager")])
    lines = ["  ".join(["Manager".ljust(widest), *(heading for _, heading in COUNTS), "Completion"])]
    for row in rows:
        counts = [str(getattr(row.figures, key)).rjust(len(heading)) for key, heading in COUNTS]
        lines.append("  ".join([row.name.ljust(widest), *counts, percent(row.figures.completion).rjust(10)]))
    return lines


COMMANDS = [progress_command]
