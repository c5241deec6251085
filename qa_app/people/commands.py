"""Commands about people."""

from pathlib import Path

import click

from qa_app.access.viewer import system
from qa_app.core.clock import utc_now
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import transaction
from qa_app.core.format import plural
from qa_app.people.importing.comparing import Kind
from qa_app.people.operations import imports


@click.command("import-people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applies", is_flag=True, help="Apply the list. Without this, only say what it would do.")
@json_option
@plain_errors
def import_people(file: Path, applies: bool, as_json: bool) -> None:
    """Import the staff list in FILE (CSV or XLSX): all of it or nothing."""
    viewer, now = system("The command line"), utc_now()
    with transaction():
        kept = imports.keep_list(file, file.name, viewer, now)
        found = imports.preview(kept)
    if applies:
        with transaction():
            imports.apply_list(kept, imports.fingerprint(found), viewer, now)
    counts = {str(kind): len(found.of(kind)) for kind in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED)}
    errors = [{"row": one.row.number, "reasons": one.row.errors} for one in found.of(Kind.ERROR)]
    lines = [f"Row {one.row.number}: {'. '.join(one.row.errors)}" for one in found.of(Kind.ERROR)]
    told = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    lines.append(
        f"{plural(len(found.rows), 'row')}: {told}, {len(errors)} with errors.{' Applied.' if applies else ''}"
    )
    say({"read": len(found.rows), **counts, "errors": errors, "applied": applies}, "\n".join(lines), as_json)


COMMANDS = [import_people]
