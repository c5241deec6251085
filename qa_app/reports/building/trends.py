"""The trends of figures as blocks of a report. Pure."""

from collections.abc import Sequence
from typing import Any

from qa_app.figures.presenters import trends
from qa_app.pictures.specs import to_json
from qa_app.reports.blocks import Block, Picture, Sentences


def trend_of_shares(*asked: Any) -> Picture:
    """As `figures.presenters.trends` draws it."""
    return Picture(to_json(trends.trend_of_shares(*asked)))


def trend_of_times(*asked: Any) -> Picture:
    """As `figures.presenters.trends` draws it."""
    return Picture(to_json(trends.trend_of_times(*asked)))


def with_words(pictures: Sequence[Picture]) -> list[Block]:
    """Pictures, and below them what each shows: who reads a report should not have to judge a line by eye."""
    return [*pictures, Sentences([picture.spec["description"] for picture in pictures])]
