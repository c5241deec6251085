"""The edge that reads an upload: within the request where it is small, in a process of its own where it is long.

A reader in a process of its own commits as it goes, in short transactions, so that nobody waits for it.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from qa_app.access.viewer import Viewer, system
from qa_app.cases import mappings, operations, uploads
from qa_app.cases.models import CaseImport, CaseImportState
from qa_app.cases.operations import Plan, Superseded
from qa_app.cases.queries import standing
from qa_app.cases.reading import CaseList, ColumnMapping, MappingNeeded, TeamLookup, WrongFile, read_case_list
from qa_app.cases.uploads import Upload
from qa_app.core.background import after_commit, start_command
from qa_app.core.clock import london_day
from qa_app.core.database import db, let_others_write, transaction
from qa_app.core.errors import BadInput, NotFound
from qa_app.core.workbooks import check_workbook, kind_of_file
from qa_app.people import queries as people

READER_LIMIT = 30 * 60
"""Seconds that a reader may take: a list of 100,000 children needs a few minutes on a slow machine."""

READ_SHARE = 85
"""Reading is this share of the work, in per cent; comparing and keeping the preview is the rest."""

UNSTATED_ROWS = 20_000
"""Where a file does not state how many rows it has, its progress is shown as if so many were always still to come."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """What a person said of a file's headings."""

    headings: Sequence[str]
    mapping: ColumnMapping


def read_upload(
    upload: Upload, today: date, progress: Progress | None = None, mapping: ColumnMapping | None = None
) -> tuple[CaseList, TeamLookup]:
    """Read the list with its team lookup (else the app's own teams) and a mapping (else that of its headings).

    Raises WrongFile and MappingNeeded. No transaction is open while the file is read.
    """
    lookup = read_lookup(upload, today)
    return read_file(upload.file, lookup, progress, mapping), lookup


def read_file(
    path: Path, lookup: TeamLookup, progress: Progress | None = None, mapping: ColumnMapping | None = None
) -> CaseList:
    """Read a list, with the mapping remembered for its headings where it has headings of its own and none is given."""
    headings = None if mapping else mappings.table_headings(path)
    mapping = mappings.remembered(headings) if headings else mapping
    let_others_write()
    return read_case_list(path, teams=lookup, mapping=mapping, progress=progress)


def read_lookup(upload: Upload, today: date) -> TeamLookup:
    """The lookup that was uploaded, else the app's own teams."""
    return TeamLookup.from_file(upload.teams) if upload.teams else standing.own_teams(today)


def take(upload: Upload, filename: str, viewer: Viewer, now: datetime) -> CaseImport:
    """Take an upload: preview it where it is small, else leave it to a reader that begins after the commit.

    Raises BadInput with the sentence beside the file concerned.
    """
    today = london_day(now)
    try:
        read_lookup(upload, today)
    except WrongFile as wrong:
        raise BadInput(str(wrong), {"teams": str(wrong)}) from wrong
    digest = operations.digest_of(upload.file)
    try:
        if not upload.is_small:
            if kind_of_file(upload.file) == "workbook":
                check_workbook(upload.file)
            return _leave_to_reader(operations.start_import(filename, digest, viewer, now), upload)
        listed, lookup = read_upload(upload, today)
        plan = operations.plan_import(listed, lookup, today)
    except MappingNeeded as needed:
        started = operations.start_import(filename, digest, viewer, now)
        operations.ask_for_columns(started, needed, viewer, now)
    except WrongFile as wrong:
        raise BadInput(str(wrong), {"file": str(wrong)}) from wrong
    else:
        started = operations.start_import(filename, digest, viewer, now)
        operations.keep_preview(started, plan, viewer, now)
    uploads.keep(upload, started.id)
    return started


def take_again(case_import: CaseImport, viewer: Viewer, now: datetime, chosen: ChosenColumns | None = None) -> None:
    """Read the kept file anew, with the columns that a person chose for it or as before.

    Raises BadInput where the file is no longer kept.
    """
    upload, import_id = uploads.upload_of(case_import.id), case_import.id
    if not upload.exists:
        raise BadInput("The file is no longer kept. Upload the list again.")
    result: Plan | WrongFile | None = None
    if upload.is_small:
        # Before anything is written, since reading lets go of the transaction.
        result = _plan_or_why(upload, london_day(now), chosen.mapping if chosen else None)
    case_import = find(import_id)
    if chosen:
        operations.remember_mapping(chosen.headings, chosen.mapping, viewer, now)
    operations.read_again(case_import, viewer, now)
    if isinstance(result, WrongFile):
        _say_why(case_import, result, viewer, now)
    elif result is None:
        start_reader_after_commit(import_id)
    else:
        operations.keep_preview(case_import, result, viewer, now)


def _plan_or_why(upload: Upload, today: date, mapping: ColumnMapping | None) -> Plan | WrongFile:
    try:
        listed, lookup = read_upload(upload, today, mapping=mapping)
        return operations.plan_import(listed, lookup, today)
    except WrongFile as wrong:
        return wrong


def find(import_id: int) -> CaseImport:
    """The import as it stands now. Raises NotFound."""
    found = db.session.scalar(
        select(CaseImport).where(CaseImport.id == import_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such import.")
    return found


def _say_why(case_import: CaseImport, wrong: WrongFile, viewer: Viewer, now: datetime) -> None:
    if isinstance(wrong, MappingNeeded):
        operations.ask_for_columns(case_import, wrong, viewer, now)
    else:
        operations.fail(case_import, str(wrong), viewer, now)


def _leave_to_reader(started: CaseImport, upload: Upload) -> CaseImport:
    uploads.keep(upload, started.id)
    start_reader_after_commit(started.id)
    return started


def start_reader_after_commit(import_id: int) -> None:
    """Start a reader once this request has committed; not at all where it did not."""

    after_commit(lambda: current_app.config.get("START_READER", start_reader)(import_id))


def start_reader(import_id: int) -> None:
    """Start a process that reads the file of an import, and end it when it takes too long."""
    start_command(["read-case-list", str(import_id)], READER_LIMIT)


def run_reader(import_id: int, clock: Callable[[], datetime]) -> None:
    """What the process does: read the file of an import, and preview it. Each step commits.

    It stops without a word where the import was abandoned, or given to another reader, in the meantime.
    """
    with transaction():
        case_import = find(import_id)
        if case_import.state != CaseImportState.READING:
            return
        reader = _Reader(import_id, case_import.version, _uploader(case_import, clock()), clock)
        today = case_import.as_at or london_day(clock())
    with suppress(Superseded):
        try:
            reader.preview(today)
        except WrongFile as wrong:
            with transaction():
                _say_why(reader.own(), wrong, reader.viewer, clock())
        except Superseded:
            raise
        except Exception:
            with transaction():
                operations.fail(reader.own(), "The file could not be read. Upload it again.", reader.viewer, clock())
            raise


@dataclass(slots=True)
class _Reader:
    """One reader of one import. `version` is the import's when it began: by it, it knows whether it is still wanted."""

    import_id: int
    version: int
    viewer: Viewer
    clock: Callable[[], datetime]
    said: float = field(default_factory=time.monotonic)

    def preview(self, today: date) -> None:
        """Read, compare, keep."""
        listed, lookup = read_upload(uploads.upload_of(self.import_id), today, self.tell)
        with transaction():
            plan = operations.plan_import(listed, lookup, today)
        with transaction():
            operations.keep_preview(self.own(), plan, self.viewer, self.clock(), self.between)

    def own(self) -> CaseImport:
        """The import, as long as it is this reader's. Raises Superseded."""
        found = find(self.import_id)
        if found.version != self.version:
            raise Superseded
        return found

    def tell(self, done: int, expected: int) -> None:
        """Say at most once a second how far the reading is."""
        if time.monotonic() - self.said < 1:
            return
        self.said = time.monotonic()
        share = done / (expected or done + UNSTATED_ROWS)
        percent = max(1, min(READ_SHARE, round(READ_SHARE * share)))
        with transaction():
            operations.note_progress(self.import_id, self.version, percent, self.clock())

    def between(self, percent: int) -> None:
        """Say how much of the preview is kept, and let others write."""
        share = READ_SHARE + (99 - READ_SHARE) * percent // 100
        operations.note_progress(self.import_id, self.version, share, self.clock())
        db.session.commit()


def _uploader(case_import: CaseImport, now: datetime) -> Viewer:
    if case_import.uploaded_by_id is None:
        return system("Command line")
    return people.viewer_of(people.person(case_import.uploaded_by_id), london_day(now))
