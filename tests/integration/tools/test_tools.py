"""The default tool, and the making of the next version."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from qa_app.access.viewer import system
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.tools import operations, queries
from qa_app.tools.inputs import DomainInput
from qa_app.tools.models import ToolVersion
from tests.factories.people import council
from tests.factories.rounds import viewer


def test_the_default_tool_is_made_once_and_is_whole(database: Any, now: datetime) -> None:
    made = operations.ensure_default_tool(now)
    assert operations.ensure_default_tool(now).id == made.id
    assert len(made.domains) == 12
    keys = {grade["key"] for grade in made.scale}
    for domain in made.domains:
        assert set(domain.guidance) == keys, domain.key
        assert all(domain.guidance.values()), domain.key
        assert len(domain.looks_good) >= 3, domain.key
        assert domain.prompt, domain.key


def test_a_new_version_never_changes_the_published_one(database: Any, now: datetime) -> None:
    first = operations.ensure_default_tool(now)
    tool = queries.tool(first.tool_id)
    draft = operations.draft_version(tool, system(), now)
    assert operations.draft_version(tool, system(), now).id == draft.id
    assert queries.published_version(tool.id) == first
    with pytest.raises(IllegalMove, match="never changes"):
        operations.publish_version(first, system(), now)
    operations.publish_version(draft, system(), now)
    assert queries.published_version(tool.id) == draft


def test_the_qa_team_edits_and_publishes(database: Any, now: datetime, sign_in: Callable[[int], FlaskClient]) -> None:
    people, first = council(database, now), operations.ensure_default_tool(now)
    qa, base = sign_in(people.qa.id), f"/tools/{first.tool_id}"
    assert sign_in(people.auditor.id).get("/tools").status_code == 404
    assert qa.get("/tools").status_code == 200
    assert qa.get(f"{base}/versions/1").status_code == 200
    assert qa.get(f"{base}/versions/9").status_code == 404
    assert qa.post(f"{base}/draft").location == f"{base}/versions/2"
    section = f"{base}/versions/2/sections/risk"
    assert qa.get(section).status_code == 200
    assert qa.get(f"{base}/versions/2/sections/nothing").status_code == 404
    assert qa.post(section, data={"title": "", "prompt": "x"}).status_code == 422
    data = {"title": "Risk", "prompt": "Look.", "looks_good": "One\n\nTwo", "guidance_good": "Managed."}
    assert qa.post(section, data=data).status_code == 303
    changed = queries.domain_of(queries.version(first.tool_id, 2), "risk")
    assert (changed.title, changed.looks_good, changed.guidance["good"]) == ("Risk", ["One", "Two"], "Managed.")
    kept = queries.domain_of(queries.version(first.tool_id, 1), "risk")
    assert kept.title == "Risk assessment and management"
    assert qa.post(f"{base}/versions/2/publish").status_code == 303
    assert qa.post(section, data=data).status_code == 409
    assert qa.post(f"{base}/versions/2/publish").status_code == 409


WORDS = DomainInput("Risk", "Look at what was done about it.", ["Named."], [], {"good": "Managed."}, False)


@pytest.mark.parametrize("role", ["auditor", "moderator", "head_of_service", "director", "scrutiny", "administrator"])
def test_only_the_qa_team_makes_edits_and_publishes_a_version(database: Any, now: datetime, role: str) -> None:
    people, first = council(database, now), operations.ensure_default_tool(now)
    who = viewer(getattr(people, role), now)
    draft = operations.draft_version(queries.tool(first.tool_id), viewer(people.qa, now), now)
    risk = queries.domain_of(draft, "risk")
    before = risk.title
    for step in (
        lambda: operations.draft_version(queries.tool(first.tool_id), who, now),
        lambda: operations.edit_domain(risk, draft, WORDS, who, now),
        lambda: operations.publish_version(draft, who, now),
    ):
        with pytest.raises(NotAllowed, match="Only the QA team"):
            step()
    assert (risk.title, draft.published_at) == (before, None)


def test_a_section_keeps_its_title_and_its_prompt(database: Any, now: datetime) -> None:
    first = operations.ensure_default_tool(now)
    draft = operations.draft_version(queries.tool(first.tool_id), system(), now)
    risk = queries.domain_of(draft, "risk")
    before = (risk.title, risk.prompt)
    with pytest.raises(BadInput) as refusal:
        operations.edit_domain(risk, draft, replace(WORDS, title="", prompt=""), system(), now)
    assert refusal.value.fields == {
        "title": "Enter the section's title",
        "prompt": "Enter what the auditor should look at",
    }
    assert (risk.title, risk.prompt) == before
    operations.edit_domain(risk, draft, WORDS, system(), now)
    assert (risk.title, database.get_one(ToolVersion, first.id).domains[1].title) == (WORDS.title, before[0])
