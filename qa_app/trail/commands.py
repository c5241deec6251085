"""The command that verifies the trail."""

import sys

import click

from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.errors import BadInput
from qa_app.trail.operations import verify


@click.command("verify-trail")
@click.option("--anchor", "anchors", multiple=True, metavar="N:DIGEST", help="An entry and its digest, noted outside.")
@json_option
@plain_errors
def verify_trail(anchors: tuple[str, ...], as_json: bool) -> None:
    """Check that no entry of the trail was changed, removed, inserted or cut off.

    Exit status 1 when something is wrong. Note the newest entry and digest outside, and give them back with
    --anchor later: they show a chain that was cut and sealed again.
    """
    verdict = verify(_read(anchors))
    words = [f"{verdict.entries:,} entries. The newest is {verdict.entries}:{verdict.digest}"]
    if verdict.erased:
        words.append(f"The details of {verdict.erased:,} were erased, as the law can require.")
    words += verdict.faults or ["The trail is whole."]
    found = {
        "entries": verdict.entries,
        "digest": verdict.digest,
        "erased": verdict.erased,
        "faults": list(verdict.faults),
        "whole": not verdict.faults,
    }
    say(found, "\n".join(words), as_json)
    if verdict.faults:
        click.echo(f"The trail is not whole: {verdict.faults[0]}", err=True)
        sys.exit(1)


def _read(anchors: tuple[str, ...]) -> dict[int, str]:
    found = {}
    for anchor in anchors:
        number, colon, digest = anchor.partition(":")
        if not (number.isdigit() and colon and len(digest) == 64):
            raise BadInput("Give --anchor as N:DIGEST, an entry's number and the 64 characters of its digest.")
        found[int(number)] = digest.lower()
    return found


COMMANDS = [verify_trail]
