"""`qa-app demo`: the demonstration council."""

import click
from flask import current_app
from sqlalchemy import select

from qa_app.core.clock import utc_now
from qa_app.core.commands import plain_errors
from qa_app.core.database import all_or_nothing, db
from qa_app.core.errors import Refusal
from qa_app.installation import prepare
from qa_app.people.models import Person


@click.command("demo")
@plain_errors
def demo_command() -> None:
    """Fill an empty database with a council of invented people and cases."""
    from qa_app.demo.build import build  # noqa: PLC0415 - a tenth of a second, which no other command should wait

    if not current_app.config["DEMO"]:
        raise Refusal("Set DEMO=1 for a demonstration; a real installation begins with: qa-app create-admin")
    if db.session.scalars(select(Person.id).limit(1)).first():
        click.echo("There are people in the database already, so it is left as it is.")
        return
    db.session.rollback()
    click.echo("Building the demonstration council: thirteen months of audits, in about a minute.")
    # One transaction: a demonstration that is stopped half-way leaves nothing behind.
    with all_or_nothing():
        now = utc_now()
        prepare(now)
        build(now)
    click.echo("The demonstration council is ready.")


COMMANDS = [demo_command]
