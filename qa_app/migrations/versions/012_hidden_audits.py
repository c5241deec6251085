"""Which audits are hidden from somebody who moderates them blind is found without reading all audits."""

import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None

HIDDEN = sa.text("blind_for_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_audit_blind", "audit", ["blind_for_id"], sqlite_where=HIDDEN, postgresql_where=HIDDEN)


def downgrade() -> None:
    op.drop_index("ix_audit_blind", "audit", sqlite_where=HIDDEN, postgresql_where=HIDDEN)
