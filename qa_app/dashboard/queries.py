"""Everything that the dashboard shows, read in one go: figures, and what waits now as its own lists count it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.queries import ALL, YES, count_actions
from qa_app.audits.rules import Grade
from qa_app.core.clock import utc_now
from qa_app.figures import queries as figures
from qa_app.figures.cuts import Cut, year_to
from qa_app.figures.model import AuditCount, Completion
from qa_app.improvement import queries as improvement
from qa_app.settings.queries import values_at
from qa_app.slippage.queries import count_notices

OVERDUE = {"whose": ALL, "overdue": YES}
"""How the list of actions is asked for those that are overdue, whoever owns them."""


class Now(NamedTuple):
    """What is so today, whatever months are looked at. None: not for this viewer to read, or not counted by team."""

    clocks_late: int | None = None
    clocks_due: int | None = None
    actions_overdue: int | None = None
    notices: int | None = None


class Material(NamedTuple):
    """What the queries found. Counts and completions are of the cut, `after` of the twelve months to its last one."""

    cut: Cut
    known: figures.Choices
    scale: Sequence[Grade]
    target_good: int
    target_inadequate: int
    of_period: Sequence[AuditCount]
    after: Mapping[date, Mapping[str, int]]
    completion: Sequence[Completion]
    now: Now
    sees_everything: bool

    @property
    def year(self) -> Cut:
        """The twelve months that end with the cut, at the same place."""
        return self.cut._replace(first=year_to(self.cut.last).first)


def gather(cut: Cut, known: figures.Choices, viewer: Viewer, today: date) -> Material:
    """What the dashboard shows of a cut to a viewer on a day."""
    found = figures.year_of_grades(cut, viewer, utc_now())
    targets = values_at(("target_good_or_better", "target_inadequate"), min(cut.last_day, today))
    return Material(
        cut,
        known,
        found.scale,
        targets["target_good_or_better"],
        targets["target_inadequate"],
        found.counts,
        found.after,
        figures.completion_of(cut, viewer),
        _now(cut, viewer, today),
        viewer.scope(Permission.FIGURES_READ).everything,
    )


def place_of(cut: Cut) -> dict[str, str]:
    """A cut's service and team, as the lists of other areas are asked for them."""
    return {key: str(value) for key, value in (("service", cut.service_id), ("team", cut.team_id)) if value}


def _now(cut: Cut, viewer: Viewer, today: date) -> Now:
    place: Mapping[str, str] = place_of(cut)
    found = Now()
    if viewer.can(Permission.IMPROVEMENT_READ):
        clocks = improvement.counts(viewer, place, today)
        found = found._replace(clocks_late=clocks.late, clocks_due=clocks.due)
    if viewer.can(Permission.ACTION_READ):
        found = found._replace(actions_overdue=count_actions(viewer, {**OVERDUE, **place}, today).number)
    if viewer.can(Permission.SLIPPAGE_READ) and cut.team_id is None:
        found = found._replace(notices=count_notices(viewer, place))
    return found
