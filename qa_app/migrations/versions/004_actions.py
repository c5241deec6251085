"""Actions have a life of their own: opened, worked on, done, verified; revised dates, notes, hand-overs and links."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen()
    _carry_over()
    _tighten()
    _child("action_note", sa.Column("text", sa.String(), nullable=False))
    _child(
        "action_due_change",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    _child(
        "action_verification",
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False, comment="what the verifier saw"),
        sa.Column("owner_id", sa.Integer(), nullable=False, comment="the owner then"),
        sa.Column("reported_by_id", sa.Integer(), nullable=False, comment="who said that it was done"),
        people=("owner_id", "reported_by_id"),
    )
    _child(
        "action_handover",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        people=("from_id", "to_id"),
    )
    op.create_table(
        "action_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("source_part", sa.String(), nullable=False),
        sa.Column("source_label", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "shown_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="none: the source is a draft, its author's alone",
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_link_action_id_action")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_action_link_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
        sa.UniqueConstraint(
            "action_id",
            "source_type",
            "source_id",
            "source_part",
            name=op.f("uq_action_link_action_id_source_type_source_id_source_part"),
        ),
    )
    with op.batch_alter_table("action_link", schema=None) as batch_op:
        batch_op.create_index("ix_action_link_source", ["source_type", "source_id"], unique=False)


def _widen() -> None:
    """New columns, empty for now. SQLite's table is made anew, so that it never gives an id twice."""
    with op.batch_alter_table(
        "action", schema=None, recreate="auto", table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_index("ix_action_owner_due")
        for column in (
            sa.Column(
                "source_label", sa.String(), nullable=True, comment="how people call the source: Audit 2026-06/017"
            ),
            sa.Column("team_id", sa.Integer(), nullable=True, comment="whom it is about, else the owner's"),
            sa.Column("service_id", sa.Integer(), nullable=True),
            sa.Column("case_id", sa.Integer(), nullable=True, comment="restricted ones are not for everybody"),
            sa.Column("for_whom", sa.String(), nullable=True),
            sa.Column("first_due_on", sa.Date(), nullable=True, comment="what was first promised; never overwritten"),
            sa.Column("state", sa.String(), nullable=True),
            sa.Column("version", sa.Integer(), nullable=True),
            sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True, comment="or opened again; none: a draft"),
            sa.Column(
                "reported_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="done, or not done; none while it is open",
            ),
            sa.Column("reported_by_id", sa.Integer(), nullable=True),
            sa.Column("reported_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
            sa.Column("evidence", sa.String(), nullable=True, comment="what was done, or why it will not be"),
            sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("outcome", sa.String(), nullable=True, comment="what the newest verification found"),
            sa.Column("chased_on", sa.Date(), nullable=True, comment="the newest reminder that it is overdue"),
            sa.Column(
                "escalated_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="once for each time that it was opened",
            ),
        ):
            batch_op.add_column(column)
        for name, table in (
            ("team_id", "team"),
            ("service_id", "service"),
            ("case_id", "case"),
            ("reported_by_id", "person"),
            ("reported_for_id", "person"),
        ):
            batch_op.create_foreign_key(batch_op.f(f"fk_action_{name}_{table}"), table, [name], ["id"])


def _carry_over() -> None:
    """What audits have raised already: open once the audit was submitted, a draft until then."""
    op.execute(
        """
        UPDATE action SET
          for_whom = 'child', first_due_on = due_on, version = 1, evidence = '', state = 'draft', source_label = ''
        """
    )
    for column in ("team_id", "service_id", "case_id"):
        op.execute(
            f"UPDATE action SET {column} = (SELECT audit.{column} FROM audit WHERE audit.id = action.source_id) "
            "WHERE source_type = 'audit'"
        )
    op.execute(
        "UPDATE action SET source_label = (SELECT 'Audit ' || audit.reference FROM audit "
        "WHERE audit.id = action.source_id) WHERE source_type = 'audit' "
        "AND EXISTS (SELECT 1 FROM audit WHERE audit.id = action.source_id)"
    )
    op.execute(
        "UPDATE action SET state = 'open', opened_at = (SELECT audit.submitted_at FROM audit "
        "WHERE audit.id = action.source_id) WHERE source_type = 'audit' AND EXISTS (SELECT 1 FROM audit "
        "WHERE audit.id = action.source_id AND audit.submitted_at IS NOT NULL AND action.created_at <= audit.submitted_at)"
    )


def _tighten() -> None:
    with op.batch_alter_table("action", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("source_label", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("for_whom", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("first_due_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column(
            "due_on", existing_type=sa.Date(), existing_nullable=False, comment="the date that holds now"
        )
        batch_op.alter_column("state", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("evidence", existing_type=sa.String(), nullable=False)
        batch_op.create_index("ix_action_owner", ["owner_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_action_team", ["team_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_action_service", ["service_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_action_state", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_action_case", ["case_id", "state"], unique=False)


def _child(table: str, *columns: sa.Column[Any], people: tuple[str, ...] = ()) -> None:
    """A table of what happened to an action: when, by whom, and on whose behalf."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f(f"fk_{table}_action_id_action")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))
            for column in (*people, "by_id", "for_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(f"ix_{table}_action", ["action_id"], unique=False)


def downgrade() -> None:
    """What became of actions has no place in the table before."""
    raise NotImplementedError("What became of actions would be lost: restore a backup of the version before instead.")
