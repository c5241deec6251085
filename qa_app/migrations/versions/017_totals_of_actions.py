"""Totals of actions are counted in an index, without reading a row."""

from alembic import op

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_action_state", "action"


def upgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["state", "due_on", "owner_id", "source_type", "source_id"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["state", "due_on"])
