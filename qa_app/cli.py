"""The command `qa-app`."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import inspect, text

from qa_app import create_app, schema
from qa_app.config import faults, read_config
from qa_app.core import backup as backups
from qa_app.core import serving
from qa_app.core.clock import knows_bank_holidays, utc_now
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import db, transaction
from qa_app.core.errors import Refusal


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Case audits: monthly case-audit quality assurance for children's social care."""
    app = create_app()
    context.with_resource(app.app_context())


@main.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
def upgrade_command() -> None:
    """Make the tables, or bring them up to this version, with the default audit tool."""
    from qa_app.installation import prepare  # noqa: PLC0415 - every room, which other commands do not need

    schema.upgrade()
    with transaction():
        prepare(utc_now())


def _database_faults() -> list[str]:
    try:
        with db.engine.connect() as connection:
            if not schema.is_current(connection):
                return ["The database is not of this version. Run: qa-app db upgrade"]
            guarded = _has_append_only_triggers(connection)
    except Exception as error:
        return [f"The database can't be reached ({type(error).__name__}). Check DATABASE_URL."]
    return [] if guarded else ["The database lacks the rules that keep the trail append-only. Restore a backup."]


def _has_append_only_triggers(connection: Any) -> bool:
    if not inspect(connection).has_table("trail_entry"):
        return False
    sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'"
    postgresql = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'trail_entry'::regclass AND NOT tgisinternal"
    found = connection.execute(text(sqlite if connection.dialect.name == "sqlite" else postgresql)).scalar_one()
    return bool(found >= 2)


@main.command("check-config")
@json_option
def check_config(as_json: bool) -> None:
    """Say what must be mended before real use."""
    config = read_config()
    found = faults(config) + _database_faults()
    warnings = []
    if config.database_url.startswith("sqlite") and serving.has_wal_reset_fault():
        warnings.append("SQLite here is best written by one web process: keep WEB_WORKERS=1, or use PostgreSQL.")
    this_year = utc_now().year
    if unknown := [str(year) for year in (this_year, this_year + 1) if not knows_bank_holidays(year)]:
        warnings.append(f"England's bank holidays of {' and '.join(unknown)} are not known: update the app.")
    if not config.mail.transport:
        warnings.append("No way to send mail is set up, so mails wait: set MAIL_TRANSPORT (docs/configuration.md).")
    lines = [f"Mend: {fault}" for fault in found] + [f"Note: {warning}" for warning in warnings]
    say({"faults": found, "warnings": warnings}, "\n".join(lines or ["Ready."]), as_json)
    if found:
        sys.exit(1)


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT") or 8000), help="Default: PORT, or 8000.")
@click.option("--workers", type=int, default=lambda: int(os.environ.get("WEB_WORKERS") or 0), help="Web processes.")
@plain_errors
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve the pages."""
    config = read_config()
    found = faults(config) + _database_faults()
    if found:
        raise Refusal(" ".join(found))
    db.engine.dispose()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    serving.serve(app, host=host, port=port, workers=workers or serving.default_workers(config.database_url))


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@plain_errors
def backup_command(file: Path) -> None:
    """Write a consistent copy of the database to FILE, while people work."""
    backups.backup(read_config().database_url, file)
    click.echo(f"The backup is in {file}.")


@main.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in place of the database that is there.")
@plain_errors
def restore_command(file: Path, replace: bool) -> None:
    """Put the backup in FILE in place. Stop the app first."""
    backups.restore(read_config().database_url, file, replace=replace)
    db.engine.dispose()
    found = _database_faults()
    click.echo("The backup is in place.")
    for fault in found:
        click.echo(fault)


def register_commands() -> None:
    """Add the commands of every room."""
    from qa_app.rooms import COMMANDS  # noqa: PLC0415 - after the groups above exist

    for command in COMMANDS:
        main.add_command(command)


register_commands()


if __name__ == "__main__":
    main()
