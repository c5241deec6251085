"""What the pages of improvement processes say."""

from qa_app.improvement.presenters.board import (
    EARLIEST_FIRST,
    columns,
    export_columns,
    filters,
    heading,
)
from qa_app.improvement.presenters.line import legend
from qa_app.improvement.presenters.page import ProcessPage, process_page
from qa_app.improvement.presenters.tasks import TaskPage, stages_to_skip, taker_words, task_page

__all__ = [
    "EARLIEST_FIRST",
    "ProcessPage",
    "TaskPage",
    "columns",
    "export_columns",
    "filters",
    "heading",
    "legend",
    "process_page",
    "stages_to_skip",
    "taker_words",
    "task_page",
]
