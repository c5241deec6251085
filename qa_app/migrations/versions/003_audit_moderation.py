"""What moderation leaves on an audit: its final grade, and from whom the auditor's grades stay hidden meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

SUBMITTED = sa.text("state = 'submitted'")


def upgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "final_grade",
                sa.String(),
                nullable=True,
                comment="after moderation; the auditor's own where there was none",
            )
        )
        batch_op.add_column(sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("final_at", sa.DateTime(timezone=True), nullable=True))
        # No foreign key: SQLite would copy the whole table for it.
        batch_op.add_column(
            sa.Column(
                "blind_for_id",
                sa.Integer(),
                nullable=True,
                comment="a person whom the grades stay hidden from: they moderate it blind and have not graded yet",
            )
        )
        batch_op.create_index(
            "ix_audit_submitted", ["submitted_at"], unique=False, sqlite_where=SUBMITTED, postgresql_where=SUBMITTED
        )


def downgrade() -> None:
    """Final grades have no place in the tables before."""
    raise NotImplementedError("Final grades would be lost: restore a backup of the version before instead.")
