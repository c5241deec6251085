"""When each row of the tables that a feed serves was last written; the feed's tokens; what was removed.

Rows that are there count as written now: so far nobody has read any of them, and a reader's first read is whole. A
default in the table does it in no time at any size, where an update would write every row anew.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None

TABLES = (
    "action",
    "audit",
    "improvement_process",
    "improvement_stage",
    "moderation",
    "person",
    "role_grant",
    "round",
    "round_auditor",
    "service",
    "team",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    written = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}" + ("" if sqlite else "+00")
    if sqlite:
        # A role that was taken away is known by its id ever after, so no other may get it.
        with op.batch_alter_table("role_grant", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
    for table in TABLES:
        op.add_column(
            table,
            sa.Column(
                "updated_at",
                sa.DateTime(timezone=True),
                nullable=False,
                server_default=written,
                comment="when the row was last written",
            ),
        )
        if not sqlite:  # which can't take a default away without copying the table; nothing that the app writes uses it
            op.alter_column(table, "updated_at", server_default=None)
        op.create_index(f"ix_{table}_updated", table, ["updated_at", "id"])
    op.create_index("ix_audit_round_updated", "audit", ["round_id", "updated_at"])

    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False, comment="what it is for, in its owner's words"),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="its last day"),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_token_digest")),
    )
    op.create_index("ix_feed_token_person", "feed_token", ["person_id"])
    op.create_table(
        "feed_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("removed_from", sa.String(), nullable=False, comment="the feed's table that held it"),
        sa.Column("removed_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose role it was: who may know"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="when the row was last written"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_removal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_removal")),
    )
    op.create_index("ix_feed_removal_updated", "feed_removal", ["updated_at", "id"])


def downgrade() -> None:
    """Tokens that people use have no place in the tables before."""
    raise NotImplementedError("Feed tokens would be lost: restore a backup of the version before instead.")
