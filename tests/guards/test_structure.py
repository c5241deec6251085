"""Workflows are whole, templates compile and hold nothing inline, models are what the migrations make."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import qa_app
from qa_app import schema
from qa_app.access.commands import docs, permissions_document, states_document
from qa_app.core.database import Base, db
from qa_app.core.states import Workflow, as_mermaid, check_workflow
from qa_app.trail.operations import EVENT

ROOT = Path(qa_app.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)


def _name(path):
    return str(path.relative_to(ROOT))


def workflows():
    """Every workflow with the enum of its states."""
    for info in pkgutil.walk_packages(qa_app.__path__, "qa_app."):
        if info.name.endswith(".states"):
            module = importlib.import_module(info.name)
            for value in vars(module).values():
                if isinstance(value, Workflow):
                    yield value, type(next(iter(value.labels)))


@pytest.mark.parametrize(("workflow", "states"), list(workflows()), ids=lambda value: getattr(value, "name", ""))
def test_a_workflow_is_whole(workflow, states):
    assert issubclass(states, StrEnum)
    assert check_workflow(workflow, states) == []
    assert as_mermaid(workflow).startswith("stateDiagram-v2\n")


def test_a_state_without_an_owner_would_be_found():
    class State(StrEnum):
        A = "a"
        B = "b"

    faults = check_workflow(Workflow("thing", {State.A: "QA team"}, {State.A: "A", State.B: "B"}, {}), State)
    assert faults == ["b has no owner", "b is never reached"]


def test_every_template_compiles(app):
    for path in TEMPLATES:
        app.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())


PAGES = [path for path in TEMPLATES if not {"emails", "files"} & set(path.parts)]
"""Mails and files are opened outside of the app, where its policy does not hold."""
INLINE = re.compile(
    r"""\|\s*safe\b|{%\s*autoescape\s+false|<[a-z][^>]*\s(?:style|on[a-z]+)\s*=|<script(?![^>]*\ssrc=)|<style|hx-on|javascript:"""
)


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_template_holds_nothing_inline_and_nothing_unescaped(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert [match[0] for match in INLINE.finditer(text)] == []


@pytest.mark.parametrize(
    "planted",
    ["{{ x|safe }}", '<p style="color:red">', "<a onclick='x'>", "<script>x</script>", '<a href="javascript:x">'],
)
def test_what_is_inline_would_be_found(planted):
    assert INLINE.search(planted)


def unsafe_markup(source):
    """Lines where markup is made from anything but a constant, whose values `format` and `join` then escape.

    A line may say that its parts went through `escape()`, which whoever reviews it then checks.
    """
    lines = source.splitlines()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        node.lineno
        for node in calls
        if isinstance(node.func, ast.Name)
        and node.func.id == "Markup"
        and not all(isinstance(argument, ast.Constant) for argument in node.args)
        and "# noqa: S704 - every" not in lines[node.lineno - 1]
    ]


@pytest.mark.parametrize("path", [path for path in MODULES if "core" not in path.parts], ids=_name)
def test_outside_core_markup_is_made_of_constants_only(path):
    assert unsafe_markup(path.read_text()) == []


def test_unsafe_markup_would_be_found():
    assert unsafe_markup('Markup(f"<b>{name}</b>")') == [1]
    assert unsafe_markup('Markup("<b>{}</b>").format(name)') == []


def test_models_are_what_the_migrations_make(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert schema.is_current(connection)
    assert ScriptDirectory(str(schema.FOLDER)).get_heads() == [schema.newest()]


def trail_events(source):
    """The constant names of events that a module appends to the trail, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "append" and len(node.args) >= 4 and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_events_of_the_trail_are_named_alike(path):
    found = [
        f"{path.name}:{line} {event}" for line, event in trail_events(path.read_text()) if not EVENT.fullmatch(event)
    ]
    assert found == [], "write the area, a colon and what happened: audit:submitted"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_small_enough_to_read(path):
    tables_of_data = {"access/policy.py", "feeds/dictionary.py", "settings/definitions.py"}
    assert _name(path) in tables_of_data or len(path.read_text().splitlines()) <= 300


def test_nothing_reads_the_clock_but_the_edges():
    reads = re.compile(r"datetime\.(?:now|utcnow|today)\(|date\.today\(|time\.time\(\)")
    found = [
        _name(path)
        for path in MODULES
        if reads.search(path.read_text()) and path.name != "clock.py" and _name(path) != "jobs/commands.py"
    ]
    assert found == []


def test_the_import_contracts_hold():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


def test_the_generated_documents_are_up_to_date(app):
    generated = ROOT.parent / "docs" / "generated"
    for name, text in (("permissions.md", permissions_document()), ("states.md", states_document())):
        assert (generated / name).read_text() == text, "run: qa-app docs"


def test_the_command_finds_a_document_out_of_date_and_writes_it(app, tmp_path):
    run = app.test_cli_runner().invoke
    assert run(docs, ["--check", "--folder", tmp_path]).exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert run(docs, ["--folder", tmp_path]).exit_code == 0
    assert run(docs, ["--check", "--folder", tmp_path]).exit_code == 0
    assert "| `audit:read` | own | own | team |" in (tmp_path / "permissions.md").read_text()
    assert "stateDiagram-v2" in (tmp_path / "states.md").read_text()
