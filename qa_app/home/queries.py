"""What a viewer's home page is made of: read from the areas below, each part only for those who can act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import CompoundSelect, func, select

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.actions.queries import waiting_actions
from qa_app.audits.models import Audit
from qa_app.audits.queries import open_audits_of, waiting_declarations
from qa_app.audits.states import OPEN_STATES, SUBMITTED_STATES, AuditState
from qa_app.calibration.queries import waiting_calibrations
from qa_app.cases.queries import waiting_imports
from qa_app.comments.queries import waiting_cases
from qa_app.core.database import db
from qa_app.core.waiting import Waiting, answers, together
from qa_app.exemptions import queries as exemptions
from qa_app.exemptions.queries import ExemptionRequest, WaitingAudit
from qa_app.improvement.queries import waiting_steps
from qa_app.moderation.queries import waiting_moderations
from qa_app.progress.queries import current_round, progress
from qa_app.progress.rules import ManagerRow
from qa_app.recommendations.queries import waiting_recommendations
from qa_app.reports import queries as reports
from qa_app.reports.models import Edition
from qa_app.rounds.models import Round
from qa_app.rounds.queries import open_rounds
from qa_app.rounds.states import RoundState
from qa_app.settings.queries import unconfirmed
from qa_app.slippage import queries as slippage
from qa_app.slippage.models import SlippageNotice


@dataclass(frozen=True)
class OwnFigures:
    """The viewer's own audits of one round."""

    done: int
    issued: int


@dataclass(frozen=True)
class Running:
    """The round that matters now, with the rows of progress that the viewer may see."""

    round: Round
    rows: Sequence[ManagerRow]


@dataclass(frozen=True)
class RoundsToRun:
    """What the QA team has to bring on: each open round, and audits without an auditor by round."""

    open: Sequence[Round]
    without_auditor: Sequence[tuple[str, date, int]]


@dataclass(frozen=True)
class Situation:
    """Everything that may need the viewer. Parts that do not concern them are empty."""

    viewer: Viewer
    today: date
    own_audits: Sequence[Audit] = ()
    own_figures: OwnFigures | None = None
    current: Round | None = None
    running: Running | None = None
    to_run: RoundsToRun | None = None
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    """By kind, what the areas say waits: see `core/waiting.py`."""
    exemptions: Sequence[ExemptionRequest] = ()
    notices: Sequence[SlippageNotice] = ()
    foreseen: Sequence[SlippageNotice] = ()
    """Slippage notices on the viewer's own audits that the system raised, and of which they have said nothing."""
    of_exempt: Sequence[WaitingAudit] = ()
    unconfirmed: int = 0
    reads_only_what_is_published: bool = False
    newest_report: Edition | None = None
    """For those who read nothing else."""


def situation(viewer: Viewer, today: date) -> Situation:
    """Gather what may need the viewer."""
    conducts, manages = viewer.can(Permission.AUDIT_CONDUCT), viewer.can(Permission.PROGRESS_READ)
    open_ = open_rounds() if viewer.can(Permission.ROUND_MANAGE) else None
    current = _current(open_ or ()) if conducts or manages else None
    only_reads = viewer.roles == {Role.SCRUTINY}
    return Situation(
        viewer,
        today,
        own_audits=open_audits_of(viewer) if conducts else (),
        own_figures=_own_figures(current, viewer) if current and conducts else None,
        current=current,
        running=Running(current, progress(current, viewer, {})) if current and manages else None,
        exemptions=exemptions.waiting_for(viewer, today),
        notices=slippage.waiting_for(viewer, today),
        foreseen=slippage.foreseen_of(viewer) if conducts else (),
        of_exempt=exemptions.audits_waiting(viewer),
        to_run=_rounds_to_run(open_) if open_ is not None else None,
        waiting=answers(_asked(viewer, today)),
        unconfirmed=len(unconfirmed(today)) if viewer.can(Permission.SETTING_MANAGE) else 0,
        reads_only_what_is_published=only_reads,
        newest_report=reports.newest_published(viewer) if only_reads else None,
    )


def _current(open_: Sequence[Round]) -> Round | None:
    """The round that matters now: the newest that runs, which whoever runs rounds has read already."""
    running = [
        round_ for round_ in open_ if round_.state == RoundState.ISSUED and round_.audit_type.counts_toward_expectation
    ]
    return max(running, key=lambda round_: (round_.month, -round_.id)) if running else current_round()


def _own_figures(round_: Round, viewer: Viewer) -> OwnFigures | None:
    rows = db.session.execute(
        select(Audit.state, func.count(Audit.id))
        .where(
            Audit.round_id == round_.id,
            Audit.auditor_id == viewer.person_id,
            Audit.issued_at.is_not(None),
            Audit.state != AuditState.WITHDRAWN,
        )
        .group_by(Audit.state)
    ).all()
    if not rows:
        return None
    counts: dict[Any, int] = {state: count for state, count in rows}
    return OwnFigures(sum(counts.get(state, 0) for state in SUBMITTED_STATES), sum(counts.values()))


def _rounds_to_run(open_: Sequence[Round]) -> RoundsToRun:
    without = db.session.execute(
        select(Round.reference, Round.due_on, func.count(Audit.id))
        .join(Audit, Audit.round_id == Round.id)
        .where(Audit.auditor_id.is_(None), Audit.state.in_(OPEN_STATES), Round.closed_at.is_(None))
        .group_by(Round.reference, Round.due_on)
        .order_by(Round.due_on)
    )
    return RoundsToRun(open_, [(row[0], row[1], row[2]) for row in without])


@lru_cache(maxsize=256)
def _asked(viewer: Viewer, today: date) -> CompoundSelect[Any] | None:
    """What every area asks for this viewer today: see `core/waiting.py`. Kept: it is put together slowly."""
    asked = (
        waiting_actions(viewer, today),
        waiting_declarations(viewer),
        waiting_imports(viewer),
        waiting_cases(viewer),
        waiting_moderations(viewer, today),
        waiting_calibrations(viewer),
        waiting_recommendations(viewer, today),
        waiting_steps(viewer, today),
        reports.waiting_reports(viewer),
    )
    return together(chain.from_iterable(asked))
