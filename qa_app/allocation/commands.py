"""`qa-app round allocate`: the verb of the round's commands that needs the allocation."""

import click
from flask import current_app

from qa_app.access.viewer import system
from qa_app.allocation import queries
from qa_app.allocation.operations import allocate_round
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import transaction
from qa_app.core.format import plural
from qa_app.rounds.commands import round_commands
from qa_app.rounds.queries import round_by_reference


@round_commands.command("allocate")
@click.argument("reference", metavar="ROUND")
@json_option
@plain_errors
def allocate_command(reference: str, as_json: bool) -> None:
    """Give every case of ROUND's sample an auditor, as far as there is capacity."""
    with transaction():
        found = round_by_reference(reference)
        run = allocate_round(found, system("Command line"), current_app.config["CLOCK"]())
        audits = [
            {
                "reference": row.reference,
                "case_type": row.case_type,
                "team": row.team,
                "service": row.service,
                "auditor": row.auditor,
                "why": row.why,
            }
            for row in queries.allocated(found.id)
        ]
    missing = sum(audit["auditor"] is None for audit in audits)
    facts = {
        "reference": reference,
        "state": found.state,
        "policy": run.policy,
        "total_cost": run.total_cost,
        "allocated": len(audits) - missing,
        "without_auditor": missing,
        "shortfall": run.shortfall,
        "audits": audits,
    }
    text = f"{plural(len(audits) - missing, 'audit')} of round {reference} allocated, {missing} without an auditor."
    say(facts, "\n".join([text, *(str(one["sentence"]) for one in run.shortfall)]), as_json)


COMMANDS = [round_commands]
"""The group of the round's commands, with this verb added to it."""
