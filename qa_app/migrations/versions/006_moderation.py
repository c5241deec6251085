"""Which audits are moderated and why, their moderations, and the moderators' own grades."""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "by_head", sa.Boolean(), nullable=False, comment="the Head of Service moderates, by the rule then in force"
        ),
        sa.Column("is_blind", sa.Boolean(), nullable=False, comment="own grades come before the auditor's are seen"),
        sa.Column("moderator_id", sa.Integer(), nullable=True, comment="none: nobody may yet"),
        sa.Column("why", sa.String(), nullable=False, comment="why this moderator, in one line"),
        sa.Column("override_reason", sa.String(), nullable=False, comment="why a rule was set aside for the moderator"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("dispute_days", sa.Integer(), nullable=False, comment="in force when the audit was issued"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "locked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="own grades are fixed, and the auditor's are seen",
        ),
        sa.Column(
            "grades_version", sa.Integer(), nullable=False, comment="counts saves, so that no tab overwrites another"
        ),
        sa.Column("grades_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_grade", sa.String(), nullable=True, comment="the moderator's own overall grade"),
        sa.Column("own_reasons", sa.String(), nullable=False),
        sa.Column(
            "grade_before", sa.String(), nullable=True, comment="the auditor's overall grade, when it was moderated"
        ),
        sa.Column("moderated_grade", sa.String(), nullable=True),
        sa.Column("feedback", sa.String(), nullable=False),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moderated_by_id", sa.Integer(), nullable=True),
        sa.Column("moderated_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("dispute_until", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_by_id", sa.Integer(), nullable=True),
        sa.Column("disputed_for_id", sa.Integer(), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=False),
        sa.Column("panel_on", sa.Date(), nullable=True),
        sa.Column("panel", sa.JSON(), nullable=False, comment="who was present: id and name"),
        sa.Column("panel_grade", sa.String(), nullable=True),
        sa.Column("panel_reasons", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_moderation_audit_id_audit")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_moderation_decided_by_id_person")),
        sa.ForeignKeyConstraint(["disputed_by_id"], ["person.id"], name=op.f("fk_moderation_disputed_by_id_person")),
        sa.ForeignKeyConstraint(["disputed_for_id"], ["person.id"], name=op.f("fk_moderation_disputed_for_id_person")),
        sa.ForeignKeyConstraint(["moderated_by_id"], ["person.id"], name=op.f("fk_moderation_moderated_by_id_person")),
        sa.ForeignKeyConstraint(
            ["moderated_for_id"], ["person.id"], name=op.f("fk_moderation_moderated_for_id_person")
        ),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_moderation_moderator_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_moderation_audit_id")),
    )
    with op.batch_alter_table("moderation", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_moderator", ["moderator_id", "state"], unique=False)
        batch_op.create_index("ix_moderation_state", ["state", "due_on"], unique=False)

    op.create_table(
        "moderation_selection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False, comment="in force when the audit was issued"),
        sa.Column("share", sa.Integer(), nullable=False, comment="per cent of the other audits, in force then"),
        sa.Column(
            "draw",
            sa.Integer(),
            nullable=False,
            comment="0 to 9999, from the round's seed and the audit's number; never anew",
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_moderation_selection_audit_id_audit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_selection")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_moderation_selection_audit_id")),
    )
    op.create_table(
        "moderated_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moderation_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True, comment="a grade's key, or not_applicable"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"], name=op.f("fk_moderated_domain_domain_id_domain")),
        sa.ForeignKeyConstraint(
            ["moderation_id"], ["moderation.id"], name=op.f("fk_moderated_domain_moderation_id_moderation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderated_domain")),
        sa.UniqueConstraint("moderation_id", "domain_id", name=op.f("uq_moderated_domain_moderation_id_domain_id")),
    )


def downgrade() -> None:
    """What was written since has no place in the tables before."""
    raise NotImplementedError("It would be lost: restore a backup of the version before instead.")
