"""A meeting's record can be corrected and keeps what it said before; deputies speak for owners of recommendations."""

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False, comment="what stood before, as the five below"),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("no_action_reason", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_improvement_correction_by_id_person")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_improvement_correction_for_id_person")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["improvement_meeting.id"],
            name=op.f("fk_improvement_correction_meeting_id_improvement_meeting"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_correction")),
    )
    op.create_index("ix_improvement_correction_meeting", "improvement_correction", ["meeting_id"])
    with op.batch_alter_table("progress_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"))
        batch_op.create_foreign_key(op.f("fk_progress_note_for_id_person"), "person", ["for_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("progress_note", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_progress_note_for_id_person"), type_="foreignkey")
        batch_op.drop_column("for_id")
    op.drop_table("improvement_correction")
