"""Keep a list of recommendations for its preview, and apply it as a whole or not at all."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, NotFound, Stale
from qa_app.core.tables import read_table, text_of
from qa_app.recommendations import messages
from qa_app.recommendations.importing import MOST_ROWS, ListRow, fingerprint, positions, read_rows
from qa_app.recommendations.models import RecommendationImport, Report
from qa_app.recommendations.operations.reports import append, hold_report, insert, numbers_taken
from qa_app.recommendations.permissions import check_can_manage
from qa_app.recommendations.queries.owners import owners_by_email


def keep_list(report: Report, path: Path, file_name: str, viewer: Viewer, now: datetime) -> RecommendationImport:
    """Read a list (CSV or XLSX) and keep it for its preview. Lists of the report that were not applied are forgotten.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        WrongFile: not a file that can be read.
        BadInput: the column is missing, no rows, or too many.
    """
    check_can_manage(viewer)
    table = read_table(path)
    rows = [[row.number, *(text_of(cell) for cell in row.cells)] for row in table.rows]
    if not rows:
        raise BadInput("The list has headings but no rows. Fill it in and upload it again.")
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The list has more than {MOST_ROWS} rows. Is it the right one?")
    positions(table.headings)
    kept = RecommendationImport
    db.session.execute(delete(kept).where(kept.report_id == report.id, kept.applied_at.is_(None)))
    made = RecommendationImport(
        report_id=report.id,
        file_name=file_name[:200],
        uploaded_at=now,
        uploaded_by_id=viewer.person_id,
        headings=list(table.headings),
        rows=rows,
    )
    db.session.add(made)
    db.session.flush()
    return made


def find_list(report: Report, import_id: int) -> RecommendationImport:
    """A kept list of the report that is not applied yet.

    Raises:
        NotFound: there is none.
    """
    kept = db.session.scalar(
        select(RecommendationImport).where(
            RecommendationImport.id == import_id,
            RecommendationImport.report_id == report.id,
            RecommendationImport.applied_at.is_(None),
        )
    )
    if kept is None:
        raise NotFound
    return kept


def preview(kept: RecommendationImport, now: datetime) -> list[ListRow]:
    """What applying a kept list would add, as things are now. Writes nothing."""
    rows = [(row[0], row[1:]) for row in kept.rows]
    return read_rows(kept.headings, rows, owners_by_email(london_day(now)), numbers_taken(kept.report_id))


def apply_list(kept: RecommendationImport, seen: str, viewer: Viewer, now: datetime) -> Sequence[ListRow]:
    """Add the recommendations of a kept list; `seen` is the fingerprint of the preview that a person saw.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: a row has an error, so nothing is added.
        Stale: the preview is no longer true, or the list is applied already.
    """
    check_can_manage(viewer)
    hold_report(kept.report_id)
    db.session.refresh(kept, ["applied_at", "rows"])
    if kept.applied_at is not None:
        raise Stale("This list is applied already. Look at the report.")
    rows = preview(kept, now)
    if wrong := [row for row in rows if row.errors]:
        raise BadInput(f"Nothing was added: mend {len(wrong)} of {len(rows)} rows and upload the list again.")
    if seen != fingerprint(rows):
        raise Stale("The report or its owners were changed since this preview was made. Look at the new preview.")
    for row in rows:
        made = insert(kept.report, row.number or 0, row.typed())
        messages.tell_owner(made, viewer, now)
    kept.applied_at, kept.rows = now, []
    db.session.flush()
    append("recommendation:list-imported", kept.report_id, viewer, now, recommendations=len(rows))
    return rows
