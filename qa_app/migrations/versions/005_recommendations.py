"""Reports with their recommendations, what owners say of them, follow-up audits and their judgements."""

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recommendation_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True, comment="none: the whole department"),
        sa.Column("objective", sa.String(), nullable=False, comment="the original objective, in the report's words"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_recommendation_report_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_recommendation_report_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_report")),
    )
    with op.batch_alter_table("recommendation_report", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_report_dated", ["dated"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="counts moves and saves of its summary"),
        sa.Column("dated", sa.Date(), nullable=True, comment="when the follow-up was made"),
        sa.Column("period", sa.String(), nullable=False, comment="which time it looks at, in words"),
        sa.Column("audits", sa.Integer(), nullable=True),
        sa.Column("inadequate", sa.Integer(), nullable=True),
        sa.Column("repeat_inadequate", sa.Integer(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_follow_up_published_by_id_person")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["recommendation_report.id"], name=op.f("fk_follow_up_report_id_recommendation_report")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_follow_up_started_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_follow_up_report_id_number")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            "uq_follow_up_draft",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True, comment="what was first promised, never overwritten"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_recommendation_number_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_recommendation_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["recommendation_report.id"], name=op.f("fk_recommendation_report_id_recommendation_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_recommendation_report_id_number")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_owner", ["owner_id", "state", "due_on"], unique=False)

    op.create_table(
        "recommendation_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column(
            "rows", sa.JSON(), nullable=False, comment="row number, then the cells as text; emptied when applied"
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["recommendation_report.id"],
            name=op.f("fk_recommendation_import_report_id_recommendation_report"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name=op.f("fk_recommendation_import_uploaded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_import")),
    )
    with op.batch_alter_table("recommendation_import", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_import_report", ["report_id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True, comment="whose judgement it is"),
        sa.Column("owner_id", sa.Integer(), nullable=True, comment="whose it was when it was published"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_judgement_follow_up_id_follow_up")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_judgement_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_judgement_recommendation_id_recommendation")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_judgement_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint(
            "follow_up_id", "recommendation_id", name=op.f("uq_judgement_follow_up_id_recommendation_id")
        ),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index("ix_judgement_recommendation", ["recommendation_id"], unique=False)

    op.create_table(
        "progress_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False, comment="the owner says that it is done"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_progress_note_by_id_person")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_progress_note_recommendation_id_recommendation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_note")),
    )
    with op.batch_alter_table("progress_note", schema=None) as batch_op:
        batch_op.create_index("ix_progress_note_recommendation", ["recommendation_id"], unique=False)


def downgrade() -> None:
    """Recommendations and what was found of them have no place in the tables before."""
    raise NotImplementedError("Recommendations would be lost: restore a backup of the version before instead.")
