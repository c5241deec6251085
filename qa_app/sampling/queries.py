"""Read the case list as a draw sees it, and what was drawn. For the QA team: the views' policy holds that."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.people.models import Service, Team
from qa_app.sampling.model import FrameCase
from qa_app.sampling.models import LeftOut, SampledCase, SampleDraw
from qa_app.sampling.options import SETTINGS
from qa_app.settings.queries import values_at

SORTS: dict[str, Any] = {
    "reference": Case.reference,
    "service": Service.name,
    "team": Team.name,
    "reason": LeftOut.reason,
}
"""What the list of cases left out can be sorted by."""


def settings_in_force(day: date) -> dict[str, Any]:
    """The sample's settings in force on a day, by name."""
    return values_at(SETTINGS, day)


def frame(same_month_rounds: Sequence[int] = ()) -> list[FrameCase]:
    """Every open case with what decides whether it may be drawn, by reference.

    A case is already taken when an issued audit of it is open, or when it was drawn for another round of the same
    month (`same_month_rounds`, ids).
    """
    taken = _drawn_in(same_month_rounds)
    rows = db.session.execute(
        select(
            Case.id,
            Case.reference,
            Service.name,
            Team.name,
            Case.case_type,
            Case.opened_on,
            Case.last_audited_on,
            Case.restricted,
            Case.being_audited,
        )
        .join(Team, Case.team_id == Team.id)
        .join(Service, Team.service_id == Service.id)
        .where(Case.closed_on.is_(None))
    )
    cases = [FrameCase(*row[:8], in_round=row[8] or row[0] in taken) for row in rows]
    return sorted(cases, key=lambda case: case.reference)


def _drawn_in(round_ids: Sequence[int]) -> set[int]:
    if not round_ids:
        return set()
    return set(
        db.session.scalars(
            select(SampledCase.case_id)
            .join(SampledCase.draw)
            .where(SampleDraw.round_id.in_(round_ids), SampleDraw.replaced_at.is_(None))
            .where(~SampledCase.is_reserve | SampledCase.used_at.is_not(None))
        )
    )


def service_ids() -> dict[str, int]:
    """The id of every service by name."""
    return {name: id_ for name, id_ in db.session.execute(select(Service.name, Service.id))}


def services_with_cases() -> Sequence[str]:
    """The names of the services that have open cases, in order."""
    return db.session.scalars(
        select(Service.name)
        .join(Team, Team.service_id == Service.id)
        .join(Case, Case.team_id == Team.id)
        .where(Case.closed_on.is_(None))
        .distinct()
        .order_by(Service.name)
    ).all()


def open_cases() -> int:
    """How many cases are open."""
    return db.session.scalar(select(func.count()).select_from(Case).where(Case.closed_on.is_(None))) or 0


def current_draw(round_id: int) -> SampleDraw | None:
    """The draw in force for a round, if one was made."""
    return db.session.scalar(
        select(SampleDraw).where(SampleDraw.round_id == round_id, SampleDraw.replaced_at.is_(None))
    )


def draws(round_id: int) -> Sequence[SampleDraw]:
    """Every draw of a round, the newest first."""
    return db.session.scalars(
        select(SampleDraw).where(SampleDraw.round_id == round_id).order_by(SampleDraw.number.desc())
    ).all()


def draw(round_id: int, number: int) -> SampleDraw:
    """One draw of a round by its number, whether in force or replaced.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(select(SampleDraw).where(SampleDraw.round_id == round_id, SampleDraw.number == number))
    if found is None:
        raise NotFound
    return found


def drawn_cases(round_id: int) -> Sequence[SampledCase]:
    """The cases of the draw in force, in the order of their audits' numbers; reserves are not among them."""
    return _cases(SampledCase.draw.has(round_id=round_id, replaced_at=None), is_reserve=False)


def cases_of(draw_id: int, *, is_reserve: bool) -> Sequence[SampledCase]:
    """The cases drawn by a draw, or its reserves, in order, with their teams and services."""
    return _cases(SampledCase.draw_id == draw_id, is_reserve=is_reserve)


def _cases(where: Any, *, is_reserve: bool) -> Sequence[SampledCase]:
    return db.session.scalars(
        select(SampledCase)
        .join(SampledCase.case)
        .options(contains_eager(SampledCase.case).joinedload(Case.team).joinedload(Team.service))
        .where(where, SampledCase.is_reserve.is_(is_reserve))
        .order_by(SampledCase.position)
    ).all()


def left_out(
    draw_id: int, filters: dict[str, str], order_by: Sequence[Any], *, limit: int | None, offset: int = 0
) -> tuple[Sequence[LeftOut], int]:
    """A page of the cases that a draw left out, and how many there are. Filters: reason, service (an id), q."""
    wanted = [LeftOut.draw_id == draw_id]
    if "reason" in filters:
        wanted.append(LeftOut.reason == filters["reason"])
    if "service" in filters:
        wanted.append(LeftOut.service_id == int(filters["service"]))
    if "q" in filters:
        wanted.append(Case.reference.icontains(filters["q"], autoescape=True))
    rows = db.session.scalars(
        select(LeftOut)
        .join(LeftOut.case)
        .join(Case.team)
        .join(Team.service)
        .options(contains_eager(LeftOut.case).contains_eager(Case.team).contains_eager(Team.service))
        .where(*wanted)
        .order_by(*order_by, LeftOut.id)
        .limit(limit)
        .offset(offset)
    ).all()
    total = db.session.scalar(select(func.count()).select_from(LeftOut).join(LeftOut.case).where(*wanted)) or 0
    return rows, total


def counts(round_ids: Sequence[int]) -> dict[int, int]:
    """How many cases the draw in force drew, by round."""
    rows = db.session.execute(
        select(SampleDraw.round_id, func.count())
        .join(SampledCase)
        .where(SampleDraw.round_id.in_(round_ids), SampleDraw.replaced_at.is_(None), ~SampledCase.is_reserve)
        .group_by(SampleDraw.round_id)
    )
    return {row[0]: row[1] for row in rows}
