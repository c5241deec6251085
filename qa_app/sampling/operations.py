"""Draw a sample and keep all of it; use a reserve (domain.md section 4)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from qa_app.access.viewer import Viewer
from qa_app.cases.models import Case
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.sampling import model, queries
from qa_app.sampling.frame import frame_digest, in_order_of_use
from qa_app.sampling.models import LeftOut, SampledCase, SampleDraw
from qa_app.sampling.options import DrawRules, rules_as_json, rules_of, size_as_json
from qa_app.sampling.rules import draw_sample
from qa_app.trail import operations as trail


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What is asked of a draw: size, seed (none: a new one is made), rules (none: the settings'), and why again."""

    size: model.SampleSize
    seed: str | None = None
    rules: DrawRules | None = None
    reason: str = ""


def draw(
    round_id: int, request: DrawRequest, viewer: Viewer, now: datetime, same_month_rounds: Sequence[int] = ()
) -> SampleDraw:
    """Draw from the case list as it is now and keep the draw; an earlier one of the round is replaced as a whole.

    Whether the round may be sampled is for its own operation to check.

    Raises:
        BadInput: the size, seed or list cannot be used, or nothing could be drawn.
    """
    today = london_day(now)
    rules = request.rules or rules_of(queries.settings_in_force(today))
    frame = queries.frame(same_month_rounds)
    if not frame:
        raise BadInput("There are no open cases to draw from. Import the case list first.")
    try:
        sample = draw_sample(
            frame,
            size=request.size,
            exclusions=rules.exclusions,
            today=today,
            seed=request.seed or secrets.token_hex(8),
            reserves=model.Reserves(percent=0, least=rules.reserves),
        )
    except ValueError as error:
        raise BadInput(str(error), {"size": str(error)}) from None
    if not sample.drawn:
        raise BadInput("No case could be drawn: every open case is left out. Change which cases are left out.")
    kept = _keep(round_id, request, rules, sample, frame_digest(frame), viewer, now)
    trail.append(
        "sample:drawn",
        viewer,
        now,
        ("round", round_id),
        draw=kept.number,
        seed=sample.seed,
        drawn=len(sample.drawn),
        frame_digest=kept.frame_digest,
        reason=request.reason,
    )
    return kept


def _keep(
    round_id: int,
    request: DrawRequest,
    rules: DrawRules,
    sample: model.Sample,
    digest: str,
    viewer: Viewer,
    now: datetime,
) -> SampleDraw:
    session = db.session
    session.execute(
        update(SampleDraw)
        .where(SampleDraw.round_id == round_id, SampleDraw.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    last = session.scalar(select(func.max(SampleDraw.number)).where(SampleDraw.round_id == round_id)) or 0
    kept = SampleDraw(
        round_id=round_id,
        number=last + 1,
        seed=sample.seed,
        size=size_as_json(request.size),
        exclusions=rules_as_json(rules),
        strata=[_stratum(row) for row in sample.strata],
        notes=list(sample.shortages),
        frame_digest=digest,
        reason=request.reason,
        drawn_at=now,
        drawn_by_id=viewer.person_id,
    )
    session.add(kept)
    session.flush()  # the draw's id is needed below
    services = queries.service_ids()
    _insert_cases(kept.id, sample.drawn, services, is_reserve=False)
    _insert_cases(kept.id, in_order_of_use(sample.reserves, sample.seed), services, is_reserve=True)
    if sample.left_out:
        session.execute(insert(LeftOut), [_left_out(kept.id, out, services) for out in sample.left_out])
    return kept


def _stratum(row: model.Stratum) -> dict[str, Any]:
    return {
        "name": row.name,
        "service": row.service_name,
        "team": row.team_name,
        "open": row.open,
        "left_out": {reason.value: count for reason, count in row.left_out.items()},
        "could_be_drawn": row.could_be_drawn,
        "share": row.share,
        "quota": row.quota,
        "drawn": row.drawn,
        "reserves": row.reserves,
    }


def _insert_cases(draw_id: int, picks: Sequence[model.Pick], services: dict[str, int], *, is_reserve: bool) -> None:
    if picks:
        db.session.execute(
            insert(SampledCase),
            [
                {
                    "draw_id": draw_id,
                    "case_id": pick.case.id,
                    "service_id": services[pick.case.service_name],
                    "is_reserve": is_reserve,
                    "position": position,
                }
                for position, pick in enumerate(picks, 1)
            ],
        )


def _left_out(draw_id: int, out: model.LeftOut, services: dict[str, int]) -> dict[str, Any]:
    return {
        "draw_id": draw_id,
        "case_id": out.case.id,
        "service_id": services[out.case.service_name],
        "reason": out.reason.value,
        "explanation": out.sentence,
    }


def record_export(draw: SampleDraw, what: str, viewer: Viewer, now: datetime) -> None:
    """Note in the trail that the cases of a draw (`what` of them) leave as a file."""
    trail.append("sample:exported", viewer, now, ("round", draw.round_id), draw=draw.number, what=what)


def next_reserve(round_id: int, service_id: int, now: datetime) -> Case | None:
    """Take the next reserve of a service for a round, in order, and note that it is used; None when none is left.

    A reserve that has closed, become restricted or come under another audit since the draw is passed over.
    """
    found = db.session.execute(
        select(SampledCase, Case)
        .join(SampledCase.case)
        .join(SampledCase.draw)
        .where(
            SampleDraw.round_id == round_id,
            SampleDraw.replaced_at.is_(None),
            SampledCase.service_id == service_id,
            SampledCase.is_reserve,
            SampledCase.used_at.is_(None),
            Case.closed_on.is_(None),
            ~Case.restricted,
            ~Case.being_audited,
        )
        .order_by(SampledCase.position)
        .limit(1)
        .with_for_update(of=SampledCase)  # two replacements at once never take the same reserve
    ).first()
    if found is None:
        return None
    reserve, case = found
    reserve.used_at = now
    db.session.flush()  # the next call in this request must see it
    return case
