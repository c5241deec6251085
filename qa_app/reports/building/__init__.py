"""Build a report's content from its material. Pure: the same material gives the same report."""

from collections.abc import Callable
from typing import Any

from qa_app.reports.blocks import Content
from qa_app.reports.building.whole import adherence, moderation, monthly, quarterly
from qa_app.reports.material import Material
from qa_app.reports.states import ReportKind

BUILDERS: dict[ReportKind, Callable[[Material], Content]] = {
    ReportKind.MONTHLY: monthly,
    ReportKind.QUARTERLY: quarterly,
    ReportKind.ADHERENCE: adherence,
    ReportKind.MODERATION: moderation,
}
"""What builds each kind."""


def build(material: Material) -> dict[str, Any]:
    """The content of a report, as its edition keeps it."""
    return BUILDERS[material.kind](material).as_json()
