"""The dashboard in words and pictures, every figure with the list that it opens into. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from qa_app.core.format import month_name, plural, share
from qa_app.dashboard.queries import OVERDUE, Material, place_of
from qa_app.figures.cuts import Cut, months_of
from qa_app.figures.model import Standing
from qa_app.figures.presenters.lists import address
from qa_app.figures.presenters.pictures import before_and_after, done_on_time
from qa_app.figures.presenters.trends import trend_of_shares
from qa_app.figures.presenters.words import interval_words, period_words, verdict_words, with_share
from qa_app.figures.rules import Grades, Totals, added_up, graded, grades_after, grades_before, grouped, not_final
from qa_app.pictures.specs import Picture
from qa_app.rounds.rules import reference_of
from qa_app.statistics.proportions import Direction, Share


class Cell(NamedTuple):
    """What stands in a cell, and where it opens; nothing to open where it is 0."""

    text: str
    href: str = ""


class Figure(NamedTuple):
    """A number with its words and its list."""

    number: str
    text: str
    href: str


class Table(NamedTuple):
    """The first cell of a row is its heading; the others are numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class Part(NamedTuple):
    """One part of the page: pictures first, then what they say, then the figures that open."""

    title: str
    pictures: Sequence[Picture]
    sentences: Sequence[str]
    table: Table | None = None


class Dashboard(NamedTuple):
    """The page."""

    period: str
    attention: Sequence[Figure]
    parts: Sequence[Part]


def dashboard_of(found: Material) -> Dashboard:
    """The page, of what was found; without parts where there is no audit and nobody was expected to do one."""
    parts = [_completion(found)] if found.completion else []
    if found.of_period:
        parts += [_grades(found), _direction(found)]
    return Dashboard(f"{_type_name(found)}, {period_words(found.cut)}", _attention(found), parts)


def _type_name(found: Material) -> str:
    return dict(found.known.audit_types).get(found.cut.audit_type, "Random sample")


def _attention(found: Material) -> list[Figure]:
    """What waits or is late: of the period's audits, and today's clocks, actions and notices."""
    standing = {key: sum(row.n for row in rows) for key, rows in grouped(found.of_period, lambda r: r.standing).items()}
    outstanding = standing.get(Standing.NOT_STARTED, 0) + standing.get(Standing.IN_PROGRESS, 0)
    place, now = place_of(found.cut), found.now
    asked = (
        (outstanding, "not submitted", address(found.cut, standing="outstanding")),
        (now.notices, "slippage notices open now", _opening("/requests/slippage", place)),
        (now.clocks_late, "improvement clocks late now", _opening("/improvement", {"state": "late", **place})),
        (now.clocks_due, "improvement clocks due soon", _opening("/improvement", {"state": "due", **place})),
        (now.actions_overdue, "actions overdue now", _opening("/actions", {**OVERDUE, **place})),
    )
    return [Figure(f"{number:,}", text, href if number else "") for number, text, href in asked if number is not None]


def _opening(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _completion(found: Material) -> Part:
    whole = added_up(found.completion)
    said = [f"{with_share(whole.on_time, whole.due)} of the audits due were done on time."]
    if whole.exempted:
        said.append(f"{whole.exempted:,} of {whole.expected:,} expected were exempted, and are not due.")
    if found.cut.case_type:
        said.append("Of every case type, since nobody is expected to audit cases of one type.")
    if found.cut.service_id or found.cut.team_id:
        place = "team" if found.cut.team_id else "service"
        said.append(f"Of the audits that this {place}'s auditors do. The other figures are of this {place}'s cases.")
    elif not found.sees_everything:
        said.append("Of the audits that your auditors do. The other figures are of the cases of your service or team.")
    by_month = grouped(found.completion, lambda row: row.month)
    rows = [_completion_row(month, added_up(rows), found.cut) for month, rows in by_month.items()]
    header = ("Month", "Expected", "Exempt", "Due", "On time", "Late", "In progress", "Not started", "Completion")
    return Part("Completion", [_by_place(found)], said, Table("Completion by month", header, rows))


def _by_place(found: Material) -> Picture:
    """Services side by side; the teams of the one that is chosen."""
    if found.cut.service_id or found.cut.team_id:
        names, heading = dict(found.known.teams), "Team"
        groups = grouped(found.completion, lambda row: names.get(str(row.team_id), "No team"))
    else:
        names, heading = dict(found.known.services), "Service"
        groups = grouped(found.completion, lambda row: names.get(str(row.service_id), "No service"))
    return done_on_time([(name, added_up(groups[name])) for name in sorted(groups)], heading)


def _completion_row(month: date, totals: Totals, cut: Cut) -> list[Cell]:
    progress = f"/progress/{reference_of(month, cut.audit_type)}"

    def count(number: int, state: str) -> Cell:
        return _count(number, _opening(f"{progress}/audits", {"state": state, **place_of(cut)}))

    return [
        Cell(month_name(month), _opening(progress, place_of(cut))),
        _count(totals.expected),
        _count(totals.exempted),
        _count(totals.due),
        count(totals.on_time, "on_time"),
        count(totals.late, "late"),
        count(totals.in_progress, "in_progress"),
        count(totals.not_started, "not_started"),
        Cell(share(totals.on_time, totals.due) if totals.due else "-"),
    ]


def _count(number: int, href: str = "") -> Cell:
    return Cell(f"{number:,}", href if number else "")


def _grades(found: Material) -> Part:
    before, after = grades_before(found.of_period, found.scale), grades_after(found.of_period, found.scale)
    if not after.base:
        return Part("Grades", [], ["No audit has a grade yet."])
    said = [verdict_words(*asked) for asked in _against_targets(found, after)]
    if open_ := not_final(found.of_period):
        said.append(f"{plural(open_, 'grade')} of {after.base:,} can still change by moderation or a dispute.")
    header = ("Grade", "Auditors", "After moderation", "After moderation, %", "Interval (95%)")
    rows = [
        [
            Cell(grade.label),
            _count(before.counts[grade.key], address(found.cut, before=grade.key)),
            _count(after.counts[grade.key], address(found.cut, after=grade.key)),
            Cell(share(after.counts[grade.key], after.base)),
            Cell(interval_words(after.counts[grade.key], after.base)),
        ]
        for grade in found.scale
    ]
    everything = _count(after.base, address(found.cut, standing="submitted"))
    rows.append([Cell("All"), _count(before.base), everything, Cell(share(after.base, after.base)), Cell("")])
    picture = before_and_after(before, after, found.scale)
    return Part("Grades", [picture], said, Table("Grades before and after moderation", header, rows))


def _against_targets(found: Material, after: Grades) -> list[tuple[int, int, str, int, Direction]]:
    return [
        (after.good_or_better, after.base, "good or better", found.target_good, Direction.AT_LEAST),
        (after.inadequate, after.base, "inadequate", found.target_inadequate, Direction.AT_MOST),
    ]


def _direction(found: Material) -> Part:
    """The last twelve months, each with its interval: whether the period differs from what went before."""
    months = months_of(found.year)
    grades = [graded(found.after.get(month, {}), found.scale) for month in months]
    good = [Share(one.good_or_better, one.base) for one in grades]
    bad = [Share(one.inadequate, one.base) for one in grades]
    pictures = [
        trend_of_shares("Good or better", months, good, (found.target_good, Direction.AT_LEAST)),
        trend_of_shares("Inadequate", months, bad, (found.target_inadequate, Direction.AT_MOST)),
    ]
    rows = [
        [
            Cell(month_name(month)),
            _count(one.base, address(found.cut._replace(first=month, last=month), standing="submitted")),
            *(Cell(with_share(n, one.base) if one.base else "-") for n in (one.good_or_better, one.inadequate)),
        ]
        for month, one in zip(months, grades, strict=True)
    ]
    table = Table("Grades month by month", ("Month", "Graded", "Good or better", "Inadequate"), rows)
    return Part("Direction over twelve months", pictures, [picture.description for picture in pictures], table)
