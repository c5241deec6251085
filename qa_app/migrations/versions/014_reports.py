"""Editions of reports: frozen content, the QA team's words, publishing."""

import sqlalchemy as sa
from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "reference", sa.String(), nullable=False, comment="monthly-2026-06-internal, with -2 for a correction"
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("last_month", sa.Date(), nullable=False, comment="its first day; the same for one month"),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="2 and on: a correction"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False, comment="per cent of the building done"),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("narrative", sa.JSON(), nullable=False),
        sa.Column(
            "narrative_version", sa.Integer(), nullable=False, comment="counts saves, so that no tab overwrites another"
        ),
        sa.Column(
            "correction_reason", sa.String(), nullable=False, comment="why it takes the place of the edition before"
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=True, comment="the figures are as they were then"),
        sa.Column("sent_by_id", sa.Integer(), nullable=True, comment="who sent it for review"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_report_edition_made_by_id_person")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_report_edition_sent_by_id_person")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_report_edition_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint(
            "kind",
            "last_month",
            "audience",
            "number",
            name=op.f("uq_report_edition_kind_last_month_audience_number"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_report_edition_reference")),
    )
    op.create_index("ix_report_edition_state", "report_edition", ["state", "last_month"])


def downgrade() -> None:
    op.drop_table("report_edition")
