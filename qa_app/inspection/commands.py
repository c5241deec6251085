"""Inspection packs on the command line."""

import click
from flask import current_app

from qa_app.core.commands import plain_errors
from qa_app.inspection.running import run_maker


@click.command("make-inspection-pack", hidden=True)
@click.argument("pack_id", type=int)
@plain_errors
def make_inspection_pack(pack_id: int) -> None:
    """Make a pack that was begun on the page."""
    run_maker(pack_id, current_app.config["CLOCK"])


COMMANDS = [make_inspection_pack]
