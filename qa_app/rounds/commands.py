"""`qa-app round ...`: a month's round from the command line. The allocation adds its own command to the group."""

from datetime import date, datetime
from typing import Any

import click
from flask import current_app

from qa_app.access.viewer import system
from qa_app.core.clock import london_day
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import transaction
from qa_app.core.errors import BadInput
from qa_app.core.format import day, plural
from qa_app.rounds import operations, queries
from qa_app.rounds.models import Round
from qa_app.rounds.states import RoundState
from qa_app.sampling import queries as sampling
from qa_app.sampling.model import NumberOfCases, SampleSize
from qa_app.sampling.models import SampleDraw

VIEWER = system("Command line")


@click.group("round")
def round_commands() -> None:
    """A month's round: create, sample, allocate, issue, close."""


@round_commands.command("create")
@click.option("--month", required=True, help="The month, e.g. 2026-06.")
@click.option("--size", type=int, help="How many cases to draw. Default: the setting in force.")
@click.option("--seed", help="The seed of the sample. Default: a new one is made.")
@json_option
@plain_errors
def create_command(month: str, size: int | None, seed: str | None, as_json: bool) -> None:
    """Create a month's round of case audits."""
    first, now = _month(month), _now()
    with transaction():
        made = operations.create_round(
            first, operations.ensure_audit_types(now), VIEWER, now, size=_size(size), seed=seed
        )
    say(facts(made), f"Round {made.reference} is planned: issue {day(made.issue_on)}, due {day(made.due_on)}.", as_json)


@round_commands.command("sample")
@click.argument("reference", metavar="ROUND")
@click.option("--size", type=int, help="How many cases to draw. Default: as created, else the setting in force.")
@click.option("--seed", help="The seed. Default: as created, else a new one is made.")
@click.option("--reason", default="", help="Why it is drawn again.")
@json_option
@plain_errors
def sample_command(reference: str, size: int | None, seed: str | None, reason: str, as_json: bool) -> None:
    """Draw the sample of ROUND, or draw it again with --reason."""
    now = _now()
    with transaction():
        found = queries.round_by_reference(reference)
        wanted = _size(size) or queries.planned_size(found, london_day(now))
        # Drawn again with the seed that it was created with, it would be the same sample.
        seed = seed or (found.sample_seed if found.state == RoundState.PLANNED else None)
        drawn = operations.draw_sample(found, wanted, seed, VIEWER, now, reason)
        result = _draw_facts(found, drawn)
    text = f"{plural(len(result['cases']), 'case')} drawn for round {reference} with the seed {drawn.seed}."
    say(result, "\n".join([text, *drawn.notes]), as_json)


@round_commands.command("issue")
@click.argument("reference", metavar="ROUND")
@json_option
@plain_errors
def issue_command(reference: str, as_json: bool) -> None:
    """Issue ROUND: its auditors are told and may begin."""
    with transaction():
        found = queries.round_by_reference(reference)
        operations.issue_round(found, VIEWER, _now())
    say(facts(found), f"Round {reference} is issued. Its audits are due by the end of {day(found.due_on)}.", as_json)


@round_commands.command("close")
@click.argument("reference", metavar="ROUND")
@json_option
@plain_errors
def close_command(reference: str, as_json: bool) -> None:
    """Close ROUND. It closes by itself at the end of its due date."""
    with transaction():
        found = queries.round_by_reference(reference)
        operations.close_round(found, VIEWER, _now())
    say(facts(found), f"Round {reference} is closed.", as_json)


def facts(found: Round) -> dict[str, Any]:
    """A round as JSON."""
    names = ("reference", "state", "month", "issue_on", "due_on", "moderation_due_on", "report_due_on")
    return {name: getattr(found, name) for name in names} | {
        "issued_at": found.issued_at and found.issued_at.isoformat(),
        "closed_at": found.closed_at and found.closed_at.isoformat(),
    }


def _draw_facts(found: Round, drawn: SampleDraw) -> dict[str, Any]:
    return {
        "reference": found.reference,
        "state": found.state,
        "draw": drawn.number,
        "seed": drawn.seed,
        "size": drawn.size,
        "rules": drawn.exclusions,
        "frame_digest": drawn.frame_digest,
        "strata": drawn.strata,
        "notes": drawn.notes,
        "cases": _cases(drawn, is_reserve=False),
        "reserves": _cases(drawn, is_reserve=True),
    }


def _cases(drawn: SampleDraw, *, is_reserve: bool) -> list[dict[str, Any]]:
    return [
        {
            "position": sampled.position,
            "reference": sampled.case.reference,
            "team": sampled.case.team.name,
            "service": sampled.case.team.service.name,
        }
        for sampled in sampling.cases_of(drawn.id, is_reserve=is_reserve)
    ]


def _now() -> datetime:
    now: datetime = current_app.config["CLOCK"]()
    return now


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise BadInput("Write the month like 2026-06.") from None


def _size(number: int | None) -> SampleSize | None:
    if number is None:
        return None
    if number < 1:
        raise BadInput("Enter a sample size of 1 case or more.")
    return NumberOfCases(number)
