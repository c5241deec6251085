"""Totals of actions are counted in an index, without reading a row; moderations are read in the order of their due date."""

import sqlalchemy as sa
from alembic import op

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None

TOTALS = "ix_action_state"
OPEN = sa.text("state IN ('disputed', 'in_progress', 'moderated', 'on_hold', 'waiting')")


def upgrade() -> None:
    op.drop_index(TOTALS, "action")
    op.create_index(TOTALS, "action", ["state", "due_on", "owner_id", "source_type", "source_id"])
    op.create_index("ix_moderation_due", "moderation", ["due_on", "id"])
    op.create_index("ix_moderation_open", "moderation", ["due_on", "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_moderation_open", "moderation", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index("ix_moderation_due", "moderation")
    op.drop_index(TOTALS, "action")
    op.create_index(TOTALS, "action", ["state", "due_on"])
