"""The case list: cases, and each import with what it read (domain.md section 4). No child's name is kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.cases.states import CASE_TYPE_LABELS, CaseImportState, CaseType
from qa_app.core.database import Base, Instant
from qa_app.people.models import Person, Team

__all__ = ["CASE_TYPE_LABELS", "Case", "CaseImport", "CaseImportState", "CaseType", "ColumnMappingMemory", "ImportRow"]


class Case(Base):
    """A case as the newest import showed it."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_open", "closed_on", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True, comment="the child's id in the case-management system, as text")
    case_type: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    caseworker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    restricted: Mapped[bool] = mapped_column(default=False, comment="never sampled")
    last_audited_on: Mapped[date | None] = mapped_column(comment="of its newest submitted audit, kept by a reaction")
    being_audited: Mapped[bool] = mapped_column(
        default=False, comment="an issued audit of it is open, kept by reactions"
    )
    last_import_id: Mapped[int] = mapped_column(ForeignKey("case_import.id"))

    team: Mapped[Team] = relationship()
    caseworker: Mapped[Person | None] = relationship()


class CaseImport(Base):
    """One file: what it held, and whether it was applied. `counts` are the preview's numbers."""

    __tablename__ = "case_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str]
    digest: Mapped[str] = mapped_column(comment="SHA-256 of the file")
    state: Mapped[str] = mapped_column(default=CaseImportState.READING)
    version: Mapped[int] = mapped_column(default=1)
    progress: Mapped[int] = mapped_column(default=0, comment="per cent read or applied")
    progress_at: Mapped[datetime | None] = mapped_column(Instant, comment="when the reader last said how far it is")
    failure: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    as_at: Mapped[date | None] = mapped_column(comment="the day the list shows")
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportRow(Base):
    """One line of a preview: a case that is new, changed or closed, or a row that was repaired or can't be used."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_import_kind", "case_import_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_import_id: Mapped[int] = mapped_column(ForeignKey("case_import.id"))
    kind: Mapped[str] = mapped_column(comment="new, changed, closed, unchanged, repaired or unusable")
    sheet: Mapped[str] = mapped_column(default="")
    row: Mapped[int | None]
    column: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    done: Mapped[str] = mapped_column(default="", comment="what was done about it")
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ColumnMappingMemory(Base):
    """The mapping of a council's own headings to ours, remembered by the headings."""

    __tablename__ = "column_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    headings_digest: Mapped[str] = mapped_column(unique=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Instant)
