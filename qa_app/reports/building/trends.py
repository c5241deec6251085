"""The trends of figures as blocks of a report. Pure."""

from typing import Any

from qa_app.figures.presenters import trends
from qa_app.pictures.specs import to_json
from qa_app.reports.blocks import Picture


def trend_of_shares(*asked: Any) -> Picture:
    """As `figures.presenters.trends` draws it."""
    return Picture(to_json(trends.trend_of_shares(*asked)))


def trend_of_times(*asked: Any) -> Picture:
    """As `figures.presenters.trends` draws it."""
    return Picture(to_json(trends.trend_of_times(*asked)))
