"""Workflows as tables: states, their owners and the moves between them, and the one function that moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, update
from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.database import Base, Instant, db
from qa_app.core.errors import IllegalMove, Stale


@dataclass(frozen=True)
class Move:
    """A legal move: what it is called, from which states, to which state. `target` None keeps the state."""

    sources: frozenset[StrEnum]
    target: StrEnum


@dataclass(frozen=True)
class Workflow:
    """States with whose turn it is in each, and the moves by name."""

    name: str
    owners: Mapping[Any, str]
    labels: Mapping[Any, str]
    moves: Mapping[str, Move]


class StateChange(Base):
    """One move of one thing: what pages show as its history. Never edited (the trail is the evidence)."""

    __tablename__ = "state_change"
    __table_args__ = (Index("ix_state_change_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    move: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")


def move(
    thing: Any,
    workflow: Workflow,
    name: str,
    *,
    now: datetime,
    person_id: int | None,
    reason: str = "",
    version: int | None = None,
    **values: Any,
) -> None:
    """Move `thing` (a row with id, state and version) and write its state row, checking state and version in
    the statement that writes.

    `values` are further columns set by the same statement. `version` is the one that the person saw; the
    row's own is used where there is none.

    Raises:
        IllegalMove: the row's state does not allow this move.
        Stale: the row changed since it was read.
    """
    legal = workflow.moves[name]
    if thing.state not in legal.sources:
        raise IllegalMove(f"This {workflow.name} is {workflow.labels[thing.state].lower()}, so that can't be done now.")
    model, before = type(thing), thing.state
    statement = (
        update(model)
        .where(
            model.id == thing.id,
            model.state == before,
            model.version == (thing.version if version is None else version),
        )
        .values(state=legal.target, version=model.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(f"This {workflow.name} was changed by somebody else. Look at it again before you go on.")
    db.session.refresh(thing)
    db.session.add(
        StateChange(
            subject_type=workflow.name,
            subject_id=thing.id,
            move=name,
            from_state=before,
            to_state=legal.target,
            at=now,
            person_id=person_id,
            reason=reason,
        )
    )


def check_workflow(workflow: Workflow, states: type[StrEnum]) -> list[str]:
    """What is missing from a workflow's tables: for the guard tests. Empty when whole."""
    reached = {m.target for m in workflow.moves.values()}
    return (
        [f"{s} has no owner" for s in states if s not in workflow.owners]
        + [f"{s} has no label" for s in states if s not in workflow.labels]
        + [f"{s} is never reached" for s in list(states)[1:] if s not in reached]
    )


def as_mermaid(workflow: Workflow) -> str:
    """The state diagram, for the generated docs."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {s.value}: {label} ({workflow.owners[s]})" for s, label in workflow.labels.items()]
    lines += [
        f"    {source.value} --> {m.target.value}: {name.replace('_', ' ')}"
        for name, m in workflow.moves.items()
        for source in sorted(m.sources)
    ]
    return "\n".join(lines)
