"""Read audit tools, their versions and sections."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.tools.models import AuditTool, Domain, ToolVersion


def published_version(tool_id: int) -> ToolVersion | None:
    """The newest published version of a tool, with its sections; None where none is published."""
    return db.session.scalar(
        select(ToolVersion)
        .where(ToolVersion.tool_id == tool_id, ToolVersion.published_at.is_not(None))
        .order_by(ToolVersion.number.desc())
        .limit(1)
        .options(selectinload(ToolVersion.domains))
    )


def draft_version(tool_id: int) -> ToolVersion | None:
    """The version of a tool that is being edited, with its sections."""
    return db.session.scalar(
        select(ToolVersion)
        .where(ToolVersion.tool_id == tool_id, ToolVersion.published_at.is_(None))
        .options(selectinload(ToolVersion.domains), joinedload(ToolVersion.tool))
    )


def tools() -> Sequence[AuditTool]:
    """Every tool by name, with its versions."""
    return db.session.scalars(
        select(AuditTool).order_by(AuditTool.name).options(selectinload(AuditTool.versions))
    ).all()


def tool(tool_id: int) -> AuditTool:
    """One tool with its versions.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(AuditTool).where(AuditTool.id == tool_id).options(selectinload(AuditTool.versions))
    )
    if found is None:
        raise NotFound()
    return found


def version(tool_id: int, number: int) -> ToolVersion:
    """One version of a tool with its sections.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(ToolVersion)
        .where(ToolVersion.tool_id == tool_id, ToolVersion.number == number)
        .options(selectinload(ToolVersion.domains), joinedload(ToolVersion.tool))
    )
    if found is None:
        raise NotFound()
    return found


def domains(tool_version_id: int) -> Sequence[Domain]:
    """The sections of a version in order."""
    return db.session.scalars(
        select(Domain).where(Domain.tool_version_id == tool_version_id).order_by(Domain.position)
    ).all()


def domain_of(tool_version: ToolVersion, key: str) -> Domain:
    """One section of a version.

    Raises:
        NotFound: it has no such section.
    """
    found = next((domain for domain in tool_version.domains if domain.key == key), None)
    if found is None:
        raise NotFound()
    return found
