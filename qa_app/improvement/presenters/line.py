"""The stages of a process on a line, day by day, with today marked: a picture beside words that say the same."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from markupsafe import Markup

from qa_app.core.clock import is_working_day
from qa_app.improvement.presenters.words import standing_of
from qa_app.improvement.queries.board import StagePoint
from qa_app.improvement.rules import Standing

WIDTH, HEIGHT, MIDDLE, EDGE = 280, 34, 16, 8
INK, RED, GREEN, ORANGE, GREY, BLUE = "#0b0c0c", "#d4351c", "#00703c", "#f47738", "#505a5f", "#1d70b8"

_TICKS = Markup(
    '<path d="M{} {}H{}" stroke="{grey}" stroke-width="2"/><path d="M0 0{path}" transform="translate({} {}) '
    'scale({step} 1)" vector-effect="non-scaling-stroke" stroke="{grey}" stroke-width="0.7" fill="none"/>'
)
_SVG = (
    Markup('<svg class="app-line" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'),
    Markup("</svg>"),
)
_LEGEND = (
    ("done", Standing.DONE),
    ("done late", Standing.DONE_LATE),
    ("to do", Standing.IN_TIME),
    ("late", Standing.LATE),
    ("left out, with a reason", Standing.SKIPPED),
)


def line(points: Sequence[StagePoint], started_on: date, today: date, ended_on: date | None = None) -> Markup:
    """The picture. Each working day is a small tick, each Monday a longer one; hidden from screen readers."""
    days = [day for point in points for day in (point.due_on, point.done_on) if day is not None]
    last = max([*days, min(today, ended_on or today), started_on + timedelta(days=14)])
    span = (last - started_on).days or 1

    step = (WIDTH - 2 * EDGE) / span

    def at(day: date | None) -> float:
        inside = min(max(day or started_on, started_on), last)
        return round(EDGE + step * (inside - started_on).days, 1)

    marks = [_ticks(started_on, last, step)]
    if ended_on is None:
        marks.append(_today(at(today)))
    marks += [_mark(point, at, today) for point in points if point.due_on or point.done_on]
    return _svg(WIDTH, Markup("").join(marks))


def legend() -> list[tuple[Markup, str]]:
    """Every sign of the line with what it means."""
    signs = [(_svg(20, _sign(standing, 10)), words) for words, standing in _LEGEND]
    return [*signs, (_svg(20, _today(10)), "today")]


def _svg(width: int, content: Markup) -> Markup:
    return _opened(width) + content + _SVG[1]


@lru_cache(maxsize=8)
def _opened(width: int) -> Markup:
    return _SVG[0].format(width, HEIGHT, width, HEIGHT)


@lru_cache(maxsize=2048)
def _ticks(first: date, last: date, step: float) -> Markup:
    """Drawn a day wide and stretched to `step`: so the lines of a page are alike, which makes it a third as long."""
    path, before = "", 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if is_working_day(day):
            tick = 9 if day.weekday() == 0 else 5
            path += f"m{n - before} 0v{tick}v-{tick}"
            before = n
    return _TICKS.format(EDGE, MIDDLE, WIDTH - EDGE, EDGE, MIDDLE, path=path, step=round(step, 3), grey=GREY)


@lru_cache(maxsize=512)
def _today(x: float) -> Markup:
    return Markup('<path d="M{} 2V{}" stroke="{}" stroke-width="2" stroke-dasharray="3 2"/>').format(x, HEIGHT - 2, INK)


def _mark(point: StagePoint, at: Callable[[date | None], float], today: date) -> Markup:
    day = point.done_on if point.outcome else point.due_on
    return _sign(standing_of(point, today), at(day or point.due_on))


@lru_cache(maxsize=2048)
def _sign(found: Standing, x: float) -> Markup:
    """Filled where it is done, hollow where it is to do, square where it is late, a cross where it is left out."""
    if found is Standing.LATE:
        return Markup('<rect x="{}" y="{}" width="10" height="10" fill="{}"/>').format(x - 5, MIDDLE - 5, RED)
    if found in (Standing.SKIPPED, Standing.WAIVED):
        return Markup('<path d="M{} {}l8 8m0 -8l-8 8" stroke="{}" stroke-width="2.5" fill="none"/>').format(
            x - 4, MIDDLE - 4, INK
        )
    if found is Standing.DONE_LATE:
        return Markup('<path d="M{} {}l6 10h-12z" fill="{}" stroke="{}"/>').format(x, MIDDLE - 6, ORANGE, INK)
    if found is Standing.DONE:
        return Markup('<circle cx="{}" cy="{}" r="5" fill="{}"/>').format(x, MIDDLE, GREEN)
    return Markup('<circle cx="{}" cy="{}" r="4.5" fill="#ffffff" stroke="{}" stroke-width="2.5"/>').format(
        x, MIDDLE, BLUE
    )
