"""What the guards share: every rule of the app with an address that fits it, and a probe in place of each view."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, Response
from werkzeug.routing import Rule

from qa_app.access.permissions import PERMISSIONS, Permission
from qa_app.access.policy import POLICY, Anyone, Need
from qa_app.access.roles import Role

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ARGUMENT = re.compile(r"<(?:(?P<converter>[a-z_]+)(?:\([^)]*\))?:)?(?P<name>[a-z_]+)>")
EXAMPLES = {"int": "1", "string": "2026-06", "date": "2026-06-17", "any": "", "path": "x"}


@dataclass(frozen=True)
class Cell:
    """One rule with one of its methods."""

    rule: Rule
    method: str

    @property
    def key(self) -> tuple[str, str]:
        """What the table of access knows it by."""
        return self.rule.endpoint, "GET" if self.method == "HEAD" else self.method

    @property
    def need(self) -> Need | None:
        """What the table of access says."""
        return POLICY.get(self.key)

    @property
    def path(self) -> str:
        """An address that the rule answers."""
        return address(self.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.rule.endpoint})"


def address(rule: Rule) -> str:
    """An address that fits a rule, of things that need not exist."""
    return ARGUMENT.sub(lambda found: EXAMPLES[found["converter"] or "string"], rule.rule)


def rules(app: Flask) -> list[Rule]:
    """Every rule of the app."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def cells(app: Flask) -> Iterator[Cell]:
    """Every rule with every method that it answers."""
    for rule in rules(app):
        for method in sorted(rule.methods or ()):
            yield Cell(rule, method)


def unsafe_cells(app: Flask) -> list[Cell]:
    """Every rule with every method by which something may change."""
    return [cell for cell in cells(app) if cell.method in UNSAFE]


def probe(**_values: object) -> Response:
    """Stands in place of a view: it says that the gate let the request through."""
    return Response("reached", mimetype="text/plain")


def probed(app: Flask, monkeypatch) -> None:
    """Put the probe in place of every view, so that the gate alone is tested and nothing is changed."""
    for endpoint in list(app.view_functions):
        monkeypatch.setitem(app.view_functions, endpoint, probe)


def may(role: Role, need: Need | None) -> bool:
    """Whether the table of access lets someone of a role through."""
    return role in PERMISSIONS[need] if isinstance(need, Permission) else need is not None


def role_for(need: Need | None) -> Role:
    """A role that may."""
    return next(role for role in Role if may(role, need))


__all__ = ["UNSAFE", "Anyone", "Cell", "address", "cells", "may", "probed", "role_for", "rules", "unsafe_cells"]
