"""The edge that reads an upload: within the request where it is small, in a process of its own where it is long.

A reader in a process of its own commits as it goes, in short transactions, so that nobody waits for it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from threading import Thread

from flask import Response, after_this_request, current_app
from sqlalchemy import select

from qa_app.access.viewer import Viewer, system
from qa_app.cases import mappings, operations, uploads
from qa_app.cases.models import CaseImport, CaseImportState
from qa_app.cases.operations import Superseded
from qa_app.cases.queries import standing
from qa_app.cases.reading import CaseList, MappingNeeded, TeamLookup, WrongFile, read_case_list
from qa_app.cases.uploads import Upload
from qa_app.core.clock import london_day
from qa_app.core.database import db, let_others_write, transaction
from qa_app.core.errors import BadInput
from qa_app.core.workbooks import check_workbook, kind_of_file
from qa_app.people import queries as people

READER_LIMIT = 30 * 60
"""Seconds that a reader may take: a list of 100,000 children needs a few minutes on a slow machine."""

READ_SHARE = 85
"""Reading is this share of the work, in per cent; comparing and keeping the preview is the rest."""

Progress = Callable[[int, int], None]


def read_upload(upload: Upload, today: date, progress: Progress | None = None) -> tuple[CaseList, TeamLookup]:
    """Read the list with its team lookup (else the app's own teams) and the mapping remembered for its headings.

    Raises WrongFile and MappingNeeded. No transaction is open while the file is read.
    """
    lookup = read_lookup(upload, today)
    return read_file(upload.file, lookup, progress), lookup


def read_file(path: Path, lookup: TeamLookup, progress: Progress | None = None) -> CaseList:
    """Read a list with the mapping remembered for its headings, where it has headings of its own."""
    headings = mappings.table_headings(path)
    mapping = mappings.remembered(headings) if headings else None
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


def take_again(case_import: CaseImport, viewer: Viewer, now: datetime) -> None:
    """Read the kept file anew."""
    upload = uploads.upload_of(case_import.id)
    if not upload.exists:
        raise BadInput("The file is no longer kept. Upload the list again.")
    if not upload.is_small:
        operations.read_again(case_import, viewer, now)
        start_reader_after_commit(case_import.id)
        return
    import_id = case_import.id
    try:
        listed, lookup = read_upload(upload, london_day(now))
        plan = operations.plan_import(listed, lookup, london_day(now))
    except WrongFile as wrong:
        case_import = find(import_id)
        operations.read_again(case_import, viewer, now)
        _say_why(case_import, wrong, viewer, now)
        return
    case_import = find(import_id)
    operations.read_again(case_import, viewer, now)
    operations.keep_preview(case_import, plan, viewer, now)


def find(import_id: int) -> CaseImport:
    """The import as it stands now."""
    return db.session.scalars(
        select(CaseImport).where(CaseImport.id == import_id).execution_options(populate_existing=True)
    ).one()


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

    @after_this_request
    def start(response: Response) -> Response:
        if response.status_code < 400:
            current_app.config.get("START_READER", start_reader)(import_id)
        return response


def start_reader(import_id: int) -> None:
    """Start a process that reads the file of an import, and end it when it takes too long."""
    config = current_app.config
    environ = os.environ | {
        "DATA_DIR": str(config["DATA_DIR"]),
        "DATABASE_URL": str(config["SQLALCHEMY_DATABASE_URI"]),
    }
    code = "from qa_app.cli import main; main()"
    process = subprocess.Popen(  # noqa: S603 - our own command, with a number
        [sys.executable, "-c", code, "read-case-list", str(import_id)],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=_wait, args=(process,), daemon=True).start()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(READER_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_reader(import_id: int, clock: Callable[[], datetime]) -> None:
    """What the process does: read the file of an import, and preview it. Each step commits."""
    with transaction():
        case_import = find(import_id)
        if case_import.state != CaseImportState.READING:
            return
        viewer = _uploader(case_import, clock())
        operations.note_progress(case_import, 1, clock())
    today = case_import.as_at or london_day(clock())
    try:
        listed, lookup = read_upload(uploads.upload_of(import_id), today, _teller(case_import, clock))
        with transaction():
            plan = operations.plan_import(listed, lookup, today)
        with transaction():
            case_import = find(import_id)
            operations.keep_preview(case_import, plan, viewer, clock(), _between(case_import, clock))
    except WrongFile as wrong:
        with transaction():
            _say_why(find(import_id), wrong, viewer, clock())
    except Superseded:
        return
    except Exception:
        with transaction():
            operations.fail(find(import_id), "The file could not be read. Upload it again.", viewer, clock())
        raise


def _uploader(case_import: CaseImport, now: datetime) -> Viewer:
    if case_import.uploaded_by_id is None:
        return system("Command line")
    return people.viewer_of(people.person(case_import.uploaded_by_id), london_day(now))


def _teller(case_import: CaseImport, clock: Callable[[], datetime]) -> Progress:
    """Says at most once a second how far the reading is."""
    said = time.monotonic()

    def tell(done: int, expected: int) -> None:
        nonlocal said
        if time.monotonic() - said >= 1:
            said = time.monotonic()
            with transaction():
                percent = max(1, min(READ_SHARE, READ_SHARE * done // max(1, expected)))
                operations.note_progress(case_import, percent, clock())

    return tell


def _between(case_import: CaseImport, clock: Callable[[], datetime]) -> Callable[[int], None]:
    def between(percent: int) -> None:
        operations.note_progress(case_import, READ_SHARE + (99 - READ_SHARE) * percent // 100, clock())
        db.session.commit()

    return between
