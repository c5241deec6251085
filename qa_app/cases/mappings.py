"""Tables with an authority's own headings: which headings a file has, and the mapping remembered for them."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from sqlalchemy import select

from qa_app.cases.models import ColumnMappingMemory
from qa_app.cases.reading import ColumnMapping
from qa_app.cases.reading.layout import list_number
from qa_app.cases.states import Status
from qa_app.core.database import db
from qa_app.core.tables import heading_key, read_table
from qa_app.core.workbooks import check_workbook, kind_of_file


def table_headings(path: Path) -> tuple[str, ...] | None:
    """The headings of a plain table; None for Annex A, which has its own, and for what is no table.

    Raises WrongFile where the file cannot be read.
    """
    kind = kind_of_file(path)
    if kind == "xml":
        return None
    if kind == "workbook":
        check_workbook(path)
        if any(list_number(name) is not None for name in _sheet_names(path)):
            return None
    return read_table(path).headings


def _sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, without opening it as one, which takes seconds where it is long."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile):
        return []
    return [str(tag.get("name")) for tag in root.iter() if tag.tag.endswith("}sheet")]


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
