"""The command that writes the generated documents: who may do what, the life of each thing, and what areas add."""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
from flask import current_app

from qa_app.access.permissions import PERMISSIONS, Reach
from qa_app.access.policy import POLICY
from qa_app.access.recorded import RECORDS_VIEW
from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.core.states import Workflow, as_mermaid

REACHES = {Reach.OWN: "own", Reach.TEAM: "team", Reach.SERVICE: "service", Reach.ALL: "all"}
MADE = "<!-- Made by `qa-app docs` from the code: change the tables there, then run it again. -->"


@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 where a document is out of date.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/generated"),
    show_default=True,
    help="Where the documents are.",
)
def docs(check: bool, folder: Path) -> None:
    """Write the permission table and the state diagrams from the tables in the code."""
    made = {"permissions.md": permissions_document, "states.md": states_document, **documents_of_areas()}
    wanted = {folder / name: make() for name, make in made.items()}
    old = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and old:
        click.echo(f"Out of date: {', '.join(map(str, old))}. Run: qa-app docs", err=True)
        sys.exit(1)
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    click.echo("The documents are up to date." if not old else f"Written: {', '.join(map(str, old))}.")


def permissions_document() -> str:
    """Permissions by role with how far they reach, and each page with what it needs."""
    parts = ["# Who may do what", MADE, _permissions_table(), "## Pages", _pages_table()]
    return "\n\n".join(parts) + "\n"


def _permissions_table() -> str:
    heads = ["Permission", *(ROLE_LABELS[role] for role in Role)]
    rows = [
        [f"`{permission}`", *(REACHES[reaches[role]] if role in reaches else "" for role in Role)]
        for permission, reaches in PERMISSIONS.items()
    ]
    return _table(heads, rows)


def _pages_table() -> str:
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            need = POLICY.get((rule.endpoint, method), "refused")
            recorded = "yes" if method == "GET" and rule.endpoint in RECORDS_VIEW else ""
            rows.append([method, f"`{rule.rule}`", f"`{rule.endpoint}`", str(need), recorded])
    return _table(["Method", "Address", "Endpoint", "Needs", "View recorded"], rows)


def states_document() -> str:
    """The state diagram of every workflow, with whose turn it is in each state."""
    parts = ["# The life of each thing", MADE]
    for workflow in sorted(workflows(), key=lambda workflow: workflow.name):
        parts += [f"## {workflow.name.capitalize()}", f"```mermaid\n{as_mermaid(workflow)}\n```"]
    return "\n\n".join(parts) + "\n"


def workflows() -> list[Workflow]:
    """Every workflow of every area."""
    found: dict[str, Workflow] = {}
    for module in _modules("states"):
        found |= {value.name: value for value in vars(module).values() if isinstance(value, Workflow)}
    return list(found.values())


def documents_of_areas() -> dict[str, Callable[[], str]]:
    """What areas add: file name -> how it is made, from each area's `generated.GENERATED`."""
    return {name: make for module in _modules("generated") for name, make in module.GENERATED.items()}


def _modules(name: str) -> list[ModuleType]:
    """The module of this name of every area that has one."""
    found = pkgutil.walk_packages([current_app.root_path], "qa_app.")
    return [importlib.import_module(info.name) for info in found if info.name.endswith(f".{name}")]


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


COMMANDS = [docs]
