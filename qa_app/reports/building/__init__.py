"""Build a report's content from its material. Pure: the same material gives the same report."""

from collections.abc import Callable
from typing import Any

from qa_app.reports.blocks import Content
from qa_app.reports.building.scrutiny import scrutiny
from qa_app.reports.building.whole import adherence, moderation, monthly, quarterly
from qa_app.reports.material import Material
from qa_app.reports.states import ReportKind

INSIDE: dict[ReportKind, Callable[[Material], Content]] = {
    ReportKind.MONTHLY: monthly,
    ReportKind.QUARTERLY: quarterly,
    ReportKind.ADHERENCE: adherence,
    ReportKind.MODERATION: moderation,
}
"""What builds each kind for the council itself."""


def build(material: Material) -> dict[str, Any]:
    """The content of a report, as its edition keeps it.

    Raises:
        BadInput: a scrutiny report that would give away what an earlier one has hidden.
    """
    return scrutiny(material) if material.kind is ReportKind.SCRUTINY else INSIDE[material.kind](material).as_json()
