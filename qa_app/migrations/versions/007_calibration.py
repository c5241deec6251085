"""Calibration sets, who takes part in them, and what each of them thinks."""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibration_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True, comment="the one that was named, if one was"),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("tool_version_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_calibration_set_audit_id_audit")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_calibration_set_case_id_case")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_calibration_set_made_by_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_calibration_set_team_id_team")),
        sa.ForeignKeyConstraint(
            ["tool_version_id"], ["tool_version.id"], name=op.f("fk_calibration_set_tool_version_id_tool_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_set")),
    )
    with op.batch_alter_table("calibration_set", schema=None) as batch_op:
        batch_op.create_index("ix_calibration_set_state", ["state", "due_on"], unique=False)

    op.create_table(
        "calibration_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grades_version", sa.Integer(), nullable=False, comment="counts saves"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_grade", sa.String(), nullable=True),
        sa.Column("own_reasons", sa.String(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calibration_part_person_id_person")),
        sa.ForeignKeyConstraint(
            ["set_id"], ["calibration_set.id"], name=op.f("fk_calibration_part_set_id_calibration_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_part")),
        sa.UniqueConstraint("set_id", "person_id", name=op.f("uq_calibration_part_set_id_person_id")),
    )
    with op.batch_alter_table("calibration_part", schema=None) as batch_op:
        batch_op.create_index("ix_calibration_part_person", ["person_id", "handed_in_at"], unique=False)

    op.create_table(
        "calibration_grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"], name=op.f("fk_calibration_grade_domain_id_domain")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["calibration_part.id"], name=op.f("fk_calibration_grade_part_id_calibration_part")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_grade")),
        sa.UniqueConstraint("part_id", "domain_id", name=op.f("uq_calibration_grade_part_id_domain_id")),
    )


def downgrade() -> None:
    """What was written since has no place in the tables before."""
    raise NotImplementedError("It would be lost: restore a backup of the version before instead.")
