"""What happens to an uploaded list until it is previewed: its columns chosen, read again, or found unreadable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from qa_app.access.viewer import Viewer
from qa_app.cases.mappings import digest_of_headings
from qa_app.cases.models import CaseImport, CaseImportState, ColumnMappingMemory
from qa_app.cases.permissions import check_can_import_cases
from qa_app.cases.reading import ColumnMapping, MappingNeeded
from qa_app.cases.states import CASE_IMPORT
from qa_app.core.database import db
from qa_app.core.states import move
from qa_app.trail import operations as trail


class Superseded(Exception):
    """The import that is being read was abandoned, or another reader took it over."""


def ask_for_columns(case_import: CaseImport, needed: MappingNeeded, viewer: Viewer, now: datetime) -> None:
    """A person has to say which column is which."""
    move(case_import, CASE_IMPORT, "ask_for_columns", now=now, person_id=viewer.person_id, failure=str(needed))


def fail(case_import: CaseImport, sentence: str, viewer: Viewer, now: datetime) -> None:
    """The file cannot be read; the sentence says what to do."""
    move(case_import, CASE_IMPORT, "fail", now=now, person_id=viewer.person_id, failure=sentence)


def read_again(case_import: CaseImport, viewer: Viewer, now: datetime) -> None:
    """Begin to read the kept file anew, whatever came of it before."""
    check_can_import_cases(viewer)
    values: dict[str, Any] = {"progress": 0, "progress_at": now, "failure": ""}
    move(case_import, CASE_IMPORT, "read_again", now=now, person_id=viewer.person_id, **values)


def note_progress(import_id: int, version: int, percent: int, now: datetime) -> None:
    """Say how far the reading is. `version` is that of the import when this reader began.

    Raises Superseded where this reader is no longer wanted.
    """
    done = db.session.execute(
        update(CaseImport)
        .where(CaseImport.id == import_id, CaseImport.state == CaseImportState.READING, CaseImport.version == version)
        .values(progress=percent, progress_at=now),
        execution_options={"synchronize_session": False},
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Superseded


def remember_mapping(headings: Sequence[str], mapping: ColumnMapping, viewer: Viewer, now: datetime) -> None:
    """Remember which column is which for every file with these headings."""
    check_can_import_cases(viewer)
    digest = digest_of_headings(headings)
    kept = {
        "headings": mapping.headings,
        "status_words": {word: status.value for word, status in mapping.status_words.items()},
    }
    memory = db.session.scalar(select(ColumnMappingMemory).where(ColumnMappingMemory.headings_digest == digest))
    if memory is None:
        memory = ColumnMappingMemory(headings_digest=digest, mapping=kept, saved_at=now)
        db.session.add(memory)
    memory.mapping, memory.saved_at = kept, now
    db.session.flush()
    trail.append("import:columns-chosen", viewer, now, ("column mapping", memory.id), **kept)
