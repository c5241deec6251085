"""Tables with an authority's own headings: which headings a file has, and the mapping remembered for them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from qa_app.cases.models import ColumnMappingMemory
from qa_app.cases.reading import ColumnMapping, has_lists
from qa_app.cases.states import Status
from qa_app.core.database import db
from qa_app.core.tables import heading_key, read_table
from qa_app.core.workbooks import kind_of_file


def table_headings(path: Path) -> tuple[str, ...] | None:
    """The headings of a plain table; None for Annex A, which has its own, and for what is no table.

    Raises WrongFile where the file cannot be read.
    """
    kind = kind_of_file(path)
    if kind == "xml":
        return None
    if kind == "workbook" and has_lists(path):
        return None
    return read_table(path).headings


def digest_of_headings(headings: Sequence[str]) -> str:
    """What a mapping is remembered by."""
    return hashlib.sha256("\n".join(map(heading_key, headings)).encode()).hexdigest()


def remembered(headings: Sequence[str]) -> ColumnMapping | None:
    """The mapping that was last used for a file with these headings."""
    digest = digest_of_headings(headings)
    memory = db.session.scalar(select(ColumnMappingMemory).where(ColumnMappingMemory.headings_digest == digest))
    if memory is None:
        return None
    words = {word: Status(status) for word, status in memory.mapping["status_words"].items()}
    return ColumnMapping(memory.mapping["headings"], words)
