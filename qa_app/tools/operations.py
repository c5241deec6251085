"""Make, edit and publish audit tools (domain.md section 3). A published version never changes."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select

from qa_app.access.viewer import Viewer, system
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.settings.queries import value_at
from qa_app.tools import queries
from qa_app.tools.inputs import DomainInput
from qa_app.tools.models import AuditTool, Domain, ToolVersion
from qa_app.tools.permissions import check_can_manage_tools
from qa_app.trail import operations as trail


def ensure_default_tool(now: datetime) -> ToolVersion:
    """The newest published version of the default tool, made (and published) where there is none yet.

    Its grades are those of the setting `grade_scale` in force at `now`.
    """
    content = json.loads(files("qa_app.tools").joinpath("default_tool.json").read_text(encoding="utf-8"))
    tool = db.session.scalar(select(AuditTool).where(AuditTool.name == content["name"]))
    if tool is not None and (version := queries.published_version(tool.id)) is not None:
        return version
    tool = AuditTool(name=content["name"])
    db.session.add(tool)
    db.session.flush()
    version = ToolVersion(tool_id=tool.id, number=1, published_at=now, scale=value_at("grade_scale", london_day(now)))
    version.domains = [Domain(position=n, **domain) for n, domain in enumerate(content["domains"], 1)]
    db.session.add(version)
    db.session.flush()
    trail.append("tool:published", system(), now, ("tool_version", version.id), tool=tool.name, number=1)
    return version


def draft_version(tool: AuditTool, viewer: Viewer, now: datetime) -> ToolVersion:
    """The version that is being edited: the one that exists, else a copy of the newest with the grades now in force.

    Raises:
        NotAllowed: the viewer may not change audit tools.
    """
    check_can_manage_tools(viewer)
    draft = queries.draft_version(tool.id)
    if draft is not None:
        return draft
    newest = queries.published_version(tool.id)
    number = db.session.scalar(select(func.max(ToolVersion.number)).where(ToolVersion.tool_id == tool.id)) or 0
    draft = ToolVersion(tool_id=tool.id, number=number + 1, scale=value_at("grade_scale", london_day(now)))
    draft.has_overall_grade = newest.has_overall_grade if newest else True
    draft.domains = [_copy(domain) for domain in newest.domains] if newest else []
    db.session.add(draft)
    db.session.flush()
    trail.append("tool:drafted", viewer, now, ("tool_version", draft.id), tool=tool.name, number=draft.number)
    return draft


_COPIED = (
    "position",
    "key",
    "title",
    "prompt",
    "looks_good",
    "guidance",
    "questions",
    "required",
    "may_be_not_applicable",
)


def _copy(domain: Domain) -> Domain:
    return Domain(**{name: getattr(domain, name) for name in _COPIED})


def edit_domain(domain: Domain, version: ToolVersion, words: DomainInput, viewer: Viewer, now: datetime) -> None:
    """Change the words of one section of a version that is not published yet.

    Raises:
        NotAllowed: the viewer may not change audit tools.
        IllegalMove: the version is published.
        BadInput: the title or the prompt is empty.
    """
    check_can_manage_tools(viewer)
    _check_is_draft(version)
    wanted = {"title": "Enter the section's title", "prompt": "Enter what the auditor should look at"}
    missing = {name: text for name, text in wanted.items() if not getattr(words, name)}
    if missing:
        raise BadInput("Check what you entered.", missing)
    for name in ("title", "prompt", "may_be_not_applicable"):
        setattr(domain, name, getattr(words, name))
    domain.looks_good, domain.questions = list(words.looks_good), list(words.questions)
    domain.guidance = dict(words.guidance)
    db.session.flush()
    trail.append("tool:edited", viewer, now, ("tool_version", version.id), section=domain.key)


def publish_version(version: ToolVersion, viewer: Viewer, now: datetime) -> None:
    """Publish a draft: rounds made from now on use it; rounds that exist keep theirs.

    Raises:
        NotAllowed: the viewer may not change audit tools.
        IllegalMove: the version is published already.
    """
    check_can_manage_tools(viewer)
    _check_is_draft(version)
    version.published_at = now
    db.session.flush()
    detail: dict[str, Any] = {"tool": version.tool.name, "number": version.number}
    trail.append("tool:published", viewer, now, ("tool_version", version.id), **detail)


def _check_is_draft(version: ToolVersion) -> None:
    if version.published_at is not None:
        raise IllegalMove("This version is published and never changes. Make a new version to change the tool.")
