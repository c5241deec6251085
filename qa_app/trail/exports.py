"""A list as an Excel file, with its filters and order, and the entry that it was taken away."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from flask import Response

from qa_app.access.viewer import Viewer
from qa_app.core.errors import BadInput
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.trail import operations

LONGEST = 50_000
"""Rows of one file. A longer list is narrowed first: half a list that looks whole would mislead."""


def take_away(  # noqa: PLR0913 - what is taken, how it is called, and who takes it
    page: ListPage[Any],
    find: Callable[[int], tuple[Sequence[Any], int]],
    title: str,
    event: str,
    viewer: Viewer,
    now: datetime,
    *,
    subject: tuple[str, int | None] = ("list", None),
    without: Collection[str] = (),
) -> Response:
    """The rows that `find` gives (at most so many, and how many there are), as they stand on the page.

    `title` names sheet and file; `without` are columns that only lead to pages.

    Raises:
        BadInput: the list is too long for one file.
    """
    rows, total = find(LONGEST)
    if total > LONGEST:
        raise BadInput(f"This list has {total:,} rows. Choose filters that leave at most {LONGEST:,}.")
    operations.append(event, viewer, now, subject, list=title, filters=dict(page.filters), rows=len(rows))
    columns = [column for column in page.columns if column.key not in without]
    return download(title.lower().replace(" ", "-"), workbook(title, columns, rows))
