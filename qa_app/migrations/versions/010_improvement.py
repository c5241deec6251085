"""Improvement processes with their stages, meetings and concerns; which audit a re-audit looks at again."""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column(
            "previous_id",
            sa.Integer(),
            nullable=True,
            comment="whose re-audit was inadequate again: a repeat inadequate",
        ),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True, comment="the Practice Lead; none: there is none"),
        sa.Column("grade", sa.String(), nullable=False, comment="the grade's key that started it"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "caseload_basis",
            sa.String(),
            nullable=False,
            comment="why a whole caseload review is, or is not, considered",
        ),
        sa.Column("mark", sa.String(), nullable=False, comment="what makes a person decide whether it goes on"),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reaudit_id", sa.Integer(), nullable=True, comment="the re-audit that is scheduled"),
        sa.Column("next_kind", sa.String(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("turn_id", sa.Integer(), nullable=True, comment="whose turn the next stage is"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True, comment="none: the system"),
        sa.Column("closed_for_id", sa.Integer(), nullable=True),
        sa.Column("close_outcome", sa.String(), nullable=True),
        sa.Column("close_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_improvement_process_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["caseworker_id"], ["person.id"], name=op.f("fk_improvement_process_caseworker_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_improvement_process_closed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["closed_for_id"], ["person.id"], name=op.f("fk_improvement_process_closed_for_id_person")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_improvement_process_lead_id_person")),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["improvement_process.id"],
            name=op.f("fk_improvement_process_previous_id_improvement_process"),
        ),
        sa.ForeignKeyConstraint(["reaudit_id"], ["audit.id"], name=op.f("fk_improvement_process_reaudit_id_audit")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_improvement_process_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_improvement_process_team_id_team")),
        sa.ForeignKeyConstraint(["turn_id"], ["person.id"], name=op.f("fk_improvement_process_turn_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_process")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_improvement_process_audit_id")),
    )
    with op.batch_alter_table("improvement_process", schema=None) as batch_op:
        batch_op.create_index("ix_improvement_process_caseworker", ["caseworker_id", "started_at"], unique=False)
        batch_op.create_index("ix_improvement_process_reaudit", ["reaudit_id"], unique=False)
        batch_op.create_index("ix_improvement_process_service", ["service_id", "state"], unique=False)
        batch_op.create_index("ix_improvement_process_state", ["state", "next_due_on"], unique=False)
        batch_op.create_index("ix_improvement_process_turn", ["turn_id", "state"], unique=False)

    op.create_table(
        "improvement_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False, comment="what became of it"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_improvement_concern_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["improvement_process.id"],
            name=op.f("fk_improvement_concern_process_id_improvement_process"),
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["person.id"], name=op.f("fk_improvement_concern_raised_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_concern")),
    )
    with op.batch_alter_table("improvement_concern", schema=None) as batch_op:
        batch_op.create_index("ix_improvement_concern_process", ["process_id"], unique=False)

    op.create_table(
        "improvement_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.String(), nullable=False, comment="who was there"),
        sa.Column("agreed", sa.String(), nullable=False, comment="the improvement plan"),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("no_action_reason", sa.String(), nullable=False, comment="why the plan has no action"),
        sa.Column("late_reason", sa.String(), nullable=False, comment="why it was held after its date"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_for_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["improvement_process.id"],
            name=op.f("fk_improvement_meeting_process_id_improvement_process"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_improvement_meeting_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_for_id"], ["person.id"], name=op.f("fk_improvement_meeting_recorded_for_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_meeting")),
        sa.UniqueConstraint("process_id", name=op.f("uq_improvement_meeting_process_id")),
    )
    op.create_table(
        "improvement_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="none: not before the re-audit is settled"),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("cover_id", sa.Integer(), nullable=True, comment="who covers when it is needed"),
        sa.Column(
            "covered_since", sa.DateTime(timezone=True), nullable=True, comment="it is the cover's turn since then"
        ),
        sa.Column(
            "uncovered_since", sa.DateTime(timezone=True), nullable=True, comment="the owner is away and nobody covers"
        ),
        sa.Column("turn_reason", sa.String(), nullable=False, comment="why it is not the owner's turn"),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True, comment="when it happened"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True, comment="when it was recorded"),
        sa.Column("done_by_id", sa.Integer(), nullable=True, comment="none: the system"),
        sa.Column("done_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column("authorised_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False, comment="what was found; or why it was skipped or waived"),
        sa.ForeignKeyConstraint(
            ["authorised_by_id"], ["person.id"], name=op.f("fk_improvement_stage_authorised_by_id_person")
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name=op.f("fk_improvement_stage_cover_id_person")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_improvement_stage_done_by_id_person")),
        sa.ForeignKeyConstraint(["done_for_id"], ["person.id"], name=op.f("fk_improvement_stage_done_for_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_improvement_stage_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["improvement_process.id"], name=op.f("fk_improvement_stage_process_id_improvement_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_stage")),
        sa.UniqueConstraint("process_id", "kind", "number", name=op.f("uq_improvement_stage_process_id_kind_number")),
    )
    with op.batch_alter_table("improvement_stage", schema=None) as batch_op:
        batch_op.create_index("ix_improvement_stage_due", ["outcome", "due_on"], unique=False)

    with op.batch_alter_table("audit", schema=None) as batch_op:
        # No foreign key: SQLite would copy the whole table for it.
        batch_op.add_column(
            sa.Column(
                "reaudit_of_id",
                sa.Integer(),
                nullable=True,
                comment="the audit whose grade this re-audit looks at again",
            )
        )


def downgrade() -> None:
    """Processes, meetings and who authorised what have no place in the tables before."""
    raise NotImplementedError("Improvement processes would be lost: restore a backup of the version before instead.")
