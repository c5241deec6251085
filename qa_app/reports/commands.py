"""Reports on the command line."""

import re
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from qa_app.access.viewer import system
from qa_app.core.clock import london_day, utc_now
from qa_app.core.commands import plain_errors
from qa_app.core.database import reading, transaction
from qa_app.core.errors import Refusal
from qa_app.figures.cuts import Cut
from qa_app.figures.presenters.words import period_words
from qa_app.reports import operations, queries
from qa_app.reports.blocks import read_content
from qa_app.reports.documents.facts import Facts
from qa_app.reports.files import WRITERS, Paper, audience_words, paper_of
from qa_app.reports.gathering import period_of
from qa_app.reports.running import content_now, run_builder
from qa_app.reports.states import AUDIENCES, READ_BY_OTHERS, Audience, EditionState, ReportKind

FORMS = {"html": "html", "docx": "word", "xlsx": "excel"}
"""What each format of the command is called elsewhere."""


@click.command("build-report", hidden=True)
@click.argument("edition_id", type=int)
@plain_errors
def build_report(edition_id: int) -> None:
    """Build a report that was begun on a page."""
    run_builder(edition_id, utc_now)


@click.command("report")
@click.argument("kind", type=click.Choice(list(ReportKind), case_sensitive=False))
@click.option("--period", help="A month such as 2026-06, or any month of a quarter. Default: the newest that is over.")
@click.option(
    "--audience",
    type=click.Choice(list(Audience), case_sensitive=False),
    help="Who it is for. Default: whom it is usually for.",
)
@click.option("--format", "form", type=click.Choice(list(FORMS)), required=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@plain_errors
def report_command(kind: ReportKind, period: str | None, audience: Audience | None, form: str, output: Path) -> None:
    """Write a report to FILE: the published one, else the draft, else one of the figures as they are now."""
    audience = audience or AUDIENCES[kind][0]
    if audience not in AUDIENCES[kind]:
        raise Refusal(f"This report is for {' or '.join(AUDIENCES[kind])}. Give one of these as --audience.")
    now = utc_now()
    with reading():
        cut = _period(kind, period, now)
        paper, state = _paper(kind, cut, audience, now)
        written = WRITERS[FORMS[form]](paper)
    # Beside the file first: it takes its name once the trail knows of it, and no half of it is ever there.
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(written)
        with transaction():
            asked = {"kind": kind.value, "period": f"{cut.last:%Y-%m}", "audience": audience.value}
            operations.record_export(None, FORMS[form], system(), now, **asked)
        beside.replace(output)
    except OSError as error:
        raise Refusal(f"{output} can't be written: {error.strerror}. Give another --output.") from error
    finally:
        beside.unlink(missing_ok=True)
    if state not in READ_BY_OTHERS:
        click.echo("Draft: not published", err=True)
    click.echo(f"{paper.content.title} is in {output}.")


def _period(kind: ReportKind, asked: str | None, now: datetime) -> Cut:
    over = queries.over_months()
    if asked is None:
        ends = [month for month in over if period_of(kind, month).last == month]
        if not ends:
            raise Refusal("No period is over yet. Give --period, such as 2026-06.")
        return period_of(kind, ends[0])
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", asked):
        raise Refusal("Give --period as a year and a month, such as 2026-06.")
    cut = period_of(kind, date.fromisoformat(f"{asked}-01"))
    if cut.last > london_day(now):
        raise Refusal(f"{period_words(cut)} is not over yet. Give an earlier --period.")
    return cut


def _paper(kind: ReportKind, cut: Cut, audience: Audience, now: datetime) -> tuple[Paper, str]:
    """The report, and the state of the edition that it is; of figures as they are now, a draft that nobody keeps."""
    found = queries.best_of(kind, cut.last, audience)
    if found is not None:
        return paper_of(found), found.state
    content = read_content(content_now(kind, audience, cut, now))
    facts = Facts("Draft", current_app.config["PRODUCT_NAME"], now, audience=audience_words(audience))
    return Paper(content, {}, facts), EditionState.DRAFT


COMMANDS = [build_report, report_command]
