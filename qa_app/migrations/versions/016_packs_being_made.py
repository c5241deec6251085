"""An inspection pack is a row while it is being made. Those that there are, are made.

The columns go before the workbook: SQLite reads all of a row up to the last column that is asked for, and the page asks
for these every two seconds.
"""

import sqlalchemy as sa
from alembic import op

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None

SAID = "when its maker last said how far it is"


def upgrade() -> None:
    columns = (
        sa.Column("state", sa.String(), nullable=False, server_default="made"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column(
            "progress", sa.Integer(), nullable=False, server_default="100", comment="per cent of the making done"
        ),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=True, comment=SAID),
        sa.Column("failure", sa.String(), nullable=False, server_default=""),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("inspection_pack", recreate="always" if sqlite else "never") as batch_op:
        for column in columns:
            batch_op.add_column(column, insert_before="content" if sqlite else None)
    if not sqlite:  # which keeps the defaults; nothing that the app writes uses them
        for column in columns:
            op.alter_column("inspection_pack", column.name, server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM inspection_pack WHERE state <> 'made'")
    with op.batch_alter_table("inspection_pack", schema=None) as batch_op:
        for name in ("state", "version", "progress", "progress_at", "failure"):
            batch_op.drop_column(name)
