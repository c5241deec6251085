"""Inspection packs, kept as they were made."""

import sqlalchemy as sa
from alembic import op

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("last_month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("with_cases", sa.Boolean(), nullable=False, comment="for those who may see cases alone"),
        sa.Column("audits", sa.Integer(), nullable=False),
        sa.Column("actions", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the workbook"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_inspection_pack_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_pack")),
    )


def downgrade() -> None:
    """What was handed to inspectors has no place in the tables before."""
    raise NotImplementedError("Inspection packs would be lost: restore a backup of the version before instead.")
