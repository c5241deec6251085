"""An inspection pack is a row while it is being made. Those that there are, are made."""

import sqlalchemy as sa
from alembic import op

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    told = (
        sa.Column("state", sa.String(), nullable=False, server_default="made"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column(
            "progress", sa.Integer(), nullable=False, server_default="100", comment="per cent of the making done"
        ),
        sa.Column("failure", sa.String(), nullable=False, server_default=""),
    )
    for column in told:
        op.add_column("inspection_pack", column)
        if not sqlite:  # which can't take a default away without copying the table; nothing that the app writes uses it
            op.alter_column("inspection_pack", column.name, server_default=None)
    said = "when its maker last said how far it is"
    op.add_column("inspection_pack", sa.Column("progress_at", sa.DateTime(timezone=True), nullable=True, comment=said))


def downgrade() -> None:
    op.execute("DELETE FROM inspection_pack WHERE state <> 'made'")
    for name in ("state", "version", "progress", "progress_at", "failure"):
        op.drop_column("inspection_pack", name)
