"""The clock's commands: `tick` and `scheduler`."""

from datetime import datetime
from typing import Any

import click
from flask import Flask, current_app

from qa_app.core.clock import LONDON, utc_now
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.errors import Refusal
from qa_app.jobs.schedule import beat, tick


@click.command("tick")
@click.option("--at", "at", help="The time in London to run for, e.g. 2026-06-29T08:00. Default: now.")
@json_option
@plain_errors
def tick_command(at: str | None, as_json: bool) -> None:
    """Run what is due at a time, once."""
    try:
        when = datetime.fromisoformat(at) if at else utc_now()
    except ValueError:
        raise Refusal("Write the time like 2026-06-29T08:00.") from None
    done = tick(when if when.tzinfo else when.replace(tzinfo=LONDON))
    if not at:
        beat(when)  # not for another time, which would tell administrators that the scheduler lives then
    say(done, "\n".join(f"{job}: {_in_words(result)}" for job, result in done.items()), as_json)
    if any("failed" in result for result in done.values()):
        raise Refusal("A job failed; the log says why.")


@click.command("scheduler")
def scheduler_command() -> None:
    """Run what is due, every minute, until told to stop."""
    from apscheduler.schedulers.blocking import BlockingScheduler  # noqa: PLC0415 - no other command schedules

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    scheduler = BlockingScheduler(timezone=LONDON)
    scheduler.add_job(
        lambda: _tick_in(app), "interval", minutes=1, next_run_time=datetime.now(LONDON), coalesce=True, max_instances=1
    )
    scheduler.start()


def _tick_in(app: Flask) -> None:
    with app.app_context():
        now = app.config["CLOCK"]()
        tick(now)
        beat(now)


def _in_words(result: dict[str, Any]) -> str:
    if "failed" in result:
        return f"failed ({result['failed']})"
    counts = [f"{result[name]} {name.replace('_', ' ')}" for name in ("looked_at", "queued", "sent") if result[name]]
    counts += [f"{count} {what}" for what, count in result["did"].items()]
    counts += [f"{count} skipped: {why}" for why, count in result["why"].items()]
    return ", ".join(counts) or result.get("note", "nothing to do")


COMMANDS = [tick_command, scheduler_command]
