"""What the people of a case say of its audit."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column(
            "said_as",
            sa.String(),
            nullable=False,
            comment="what its writer was to the audit then: a key of permissions.Part",
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_comment_audit_id_audit")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_audit_comment_by_id_person")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_audit_comment_for_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_comment")),
    )
    op.create_index("ix_audit_comment_audit", "audit_comment", ["audit_id"])
    op.create_index("ix_audit_caseworker", "audit", ["caseworker_id", "state"])


def downgrade() -> None:
    """What was written since has no place in the tables before."""
    raise NotImplementedError("It would be lost: restore a backup of the version before instead.")
