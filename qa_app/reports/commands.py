"""Reports on the command line."""

import click

from qa_app.core.clock import utc_now
from qa_app.core.commands import plain_errors
from qa_app.reports.running import run_builder


@click.command("build-report", hidden=True)
@click.argument("edition_id", type=int)
@plain_errors
def build_report(edition_id: int) -> None:
    """Build a report that was begun on a page."""
    run_builder(edition_id, utc_now)


COMMANDS = [build_report]
