"""The feed on the command line, for whoever runs the app: everything, as a program would read it."""

import click

from qa_app.access.viewer import system
from qa_app.core.clock import utc_now
from qa_app.core.commands import plain_errors
from qa_app.core.database import db, transaction
from qa_app.core.errors import NotFound
from qa_app.feeds import operations, queries, writing
from qa_app.feeds.dictionary import BY_NAME
from qa_app.feeds.rules import instant


@click.command("feed")
@click.argument("table", metavar="TABLE")
@click.option("--since", help="Only what changed after this instant or date, such as 2026-06-17T09:30:00Z.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@plain_errors
def feed_command(table: str, since: str | None, form: str) -> None:
    """Print a table of the feed (audits, answers, actions, ...) as Power BI gets it from somebody who may see all."""
    if table not in BY_NAME:
        raise NotFound(f"There is no table {table}. Give one of: {', '.join(BY_NAME)}.")
    known, viewer, now = BY_NAME[table], system(), utc_now()
    after = instant(since) if since else None
    with transaction():
        reading = queries.Reading(known, after, queries.settled())
        operations.record_read(table, after, None, viewer, now)
    pages = queries.read_all(reading, viewer, between=db.session.rollback)
    write = writing.json_text if form == "json" else writing.csv_text
    for text in write(known, pages):
        click.echo(text, nl=False)


COMMANDS = [feed_command]
