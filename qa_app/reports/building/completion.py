"""Completion against expectation (domain.md sections 6 and 9). Pure."""

from collections.abc import Sequence

from qa_app.figures.cuts import months_of
from qa_app.figures.presenters.pictures import done_on_time
from qa_app.figures.presenters.words import with_share
from qa_app.figures.rules import Totals, added_up, grouped
from qa_app.pictures.specs import to_json
from qa_app.reports.blocks import Block, Cell, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.building.cells import number, percent, progress_address, text
from qa_app.reports.building.trends import trend_of_shares
from qa_app.reports.material import Material
from qa_app.reports.states import Audience
from qa_app.statistics.proportions import Share

NO_SERVICE = "No service"
Place = tuple[int | None, str, Totals]
"""A service's or team's id, its name, and its completion."""
HEADER = ("Expected", "Exempt", "Due", "On time", "Late", "Not submitted", "Completion")


def completion(material: Material) -> Section:
    """How many of the audits due were done, by service, and over twelve months."""
    whole = added_up(material.completion_of_period)
    by_service = _by_service(material)
    blocks: list[Block] = [
        Sentences(sentences(whole)),
        Picture(to_json(done_on_time([one[1:] for one in by_service]))),
        _table("Completion by service", by_service, whole, material),
    ]
    if material.audience is Audience.INTERNAL:
        blocks.append(_by_team(material, whole))
    blocks.append(_trend(material))
    blocks.append(Narrative("completion", "What explains completion, and what is being done about it"))
    return Section("completion", "Completion", blocks)


def sentences(whole: Totals) -> list[str]:
    """What became of the audits due, in words."""
    said = [f"{with_share(whole.on_time, whole.due)} of the audits due were done on time."]
    if whole.late:
        said.append(f"{whole.late:,} more came late: their grades count below, and they do not count as done on time.")
    if whole.outstanding:
        said.append(f"{whole.outstanding:,} were not submitted.")
    if whole.exempted:
        said.append(f"{whole.exempted:,} of {whole.expected:,} expected were exempted, and are not due.")
    return said


def _by_service(material: Material) -> list[Place]:
    found = grouped(material.completion_of_period, lambda row: row.service_id)
    named = [(key, material.services.get(key or 0, NO_SERVICE), added_up(rows)) for key, rows in found.items()]
    return sorted(named, key=lambda one: one[1])


def _table(
    title: str,
    rows: Sequence[Place],
    whole: Totals,
    material: Material,
    heading: str = "Service",
) -> Table:
    lines = [_line(name, found, material, key) for key, name, found in rows]
    return Table(title, (heading, *HEADER), [*lines, _line("All", whole, material)], has_total=True)


def _line(name: str, found: Totals, material: Material, service_id: int | None = None) -> list[Cell]:
    def opens(having: str) -> str:
        return progress_address(material, service_id, having=having)

    return [
        text(name, progress_address(material, service_id)),
        number(found.expected),
        number(found.exempted, opens("exempted")),
        number(found.due),
        number(found.on_time),
        number(found.late, opens("late")),
        number(found.outstanding, opens("outstanding")),
        percent(found.on_time, found.due),
    ]


def _by_team(material: Material, whole: Totals) -> Table:
    found = grouped(material.completion_of_period, lambda row: row.team_id)
    names = {key: material.teams.get(key or 0, ("No team", 0))[0] for key in found}
    rows = [(None, names[key], added_up(found[key])) for key in sorted(found, key=lambda key: names[key])]
    closed = material._replace(audience=Audience.COMMITTEE)  # progress by manager opens by service
    return _table("Completion by auditors' team", rows, whole, closed, "Team")


def _trend(material: Material) -> Picture:
    months = months_of(material.year)
    found = {month: added_up(rows) for month, rows in grouped(material.completion, lambda row: row.month).items()}
    shares = [
        Share(min(one.on_time, one.due), one.due) if (one := found.get(month)) else Share(0, 0) for month in months
    ]
    return trend_of_shares("Done on time, month by month", months, shares)
