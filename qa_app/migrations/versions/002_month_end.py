"""Exemption requests, slippage notices, calendar feeds, runs of jobs, and what sending a mail needs to know."""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False, comment="a date or an hour in London, e.g. 2026-06-29"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_run")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_table(
        "exemption_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True, comment="the requester's, then"),
        sa.Column("service_id", sa.Integer(), nullable=True, comment="whose Head of Service forwards"),
        sa.Column("first_month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("last_month", sa.Date(), nullable=False, comment="its first day; the same for one month"),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False, comment="special-category data: for the deciders alone"),
        sa.Column("timing", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=False, comment="asked for in the last week: why only now"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head_answered_at", sa.DateTime(timezone=True), nullable=True, comment="forwarded or declined"),
        sa.Column("head_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("head_answered_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column("head_note", sa.String(), nullable=False, comment="to the Director; or why it is declined"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="approved or refused"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column("decision_reason", sa.String(), nullable=False, comment="the requester sees it"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_month >= first_month", name=op.f("ck_exemption_request_months_in_order")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_exemption_request_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_for_id"], ["person.id"], name=op.f("fk_exemption_request_decided_for_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["head_answered_by_id"], ["person.id"], name=op.f("fk_exemption_request_head_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["head_answered_for_id"], ["person.id"], name=op.f("fk_exemption_request_head_answered_for_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exemption_request_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_exemption_request_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_exemption_request_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_request")),
    )
    with op.batch_alter_table("exemption_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_exemption_request_person_months", ["person_id", "first_month", "last_month"], unique=False
        )
        batch_op.create_index("ix_exemption_request_service", ["service_id", "state"], unique=False)
        batch_op.create_index("ix_exemption_request_state", ["state", "asked_at"], unique=False)

    op.create_table(
        "mail_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_mail_switch_changed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_switch")),
    )
    op.create_table(
        "slippage_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="the audit's auditor, then"),
        sa.Column(
            "service_id", sa.Integer(), nullable=True, comment="the auditor's, whose Head of Service hears of it"
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False, comment="why the system raised it, in sentences"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("could_be_done_on", sa.Date(), nullable=True),
        sa.Column("would_help", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_for_id", sa.Integer(), nullable=True, comment="on whose behalf a deputy did"),
        sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_by_id", sa.Integer(), nullable=True),
        sa.Column("forwarded_for_id", sa.Integer(), nullable=True),
        sa.Column("head_note", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True, comment="none: the system"),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_slippage_notice_acknowledged_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_for_id"], ["person.id"], name=op.f("fk_slippage_notice_acknowledged_for_id_person")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_slippage_notice_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["forwarded_by_id"], ["person.id"], name=op.f("fk_slippage_notice_forwarded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["forwarded_for_id"], ["person.id"], name=op.f("fk_slippage_notice_forwarded_for_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_slippage_notice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_slippage_notice_resolved_by_id_person")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_slippage_notice_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slippage_notice")),
    )
    with op.batch_alter_table("slippage_notice", schema=None) as batch_op:
        batch_op.create_index("ix_slippage_notice_audit", ["audit_id"], unique=False)
        batch_op.create_index("ix_slippage_notice_service", ["service_id", "state"], unique=False)
        batch_op.create_index("ix_slippage_notice_state", ["state", "raised_at"], unique=False)
        batch_op.create_index(
            "uq_slippage_notice_open",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'resolved'"),
            postgresql_where=sa.text("state <> 'resolved'"),
        )

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("variables", sa.JSON(), nullable=True, comment="what the templates were given; dates as text")
        )
        batch_op.add_column(
            sa.Column(
                "send_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="not before; later after each attempt that failed",
            )
        )
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "claimed_at", sa.DateTime(timezone=True), nullable=True, comment="a sender has it in hand since then"
            )
        )
        batch_op.add_column(
            sa.Column("error", sa.String(), nullable=True, comment="why the newest attempt failed, or it was dropped")
        )
        batch_op.add_column(
            sa.Column("digest_id", sa.Integer(), nullable=True, comment="the mail that it went in with others")
        )
        batch_op.create_foreign_key(batch_op.f("fk_mail_digest_id_mail"), "mail", ["digest_id"], ["id"])
        batch_op.create_index("ix_mail_digest", ["digest_id"], unique=False)
        batch_op.create_index("ix_mail_state_send_at", ["state", "send_at"], unique=False)
    op.execute("UPDATE mail SET variables = '{}', send_at = created_at, attempts = 0, error = ''")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column("variables", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("send_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("attempts", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("error", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    """Requests, notices and their decisions have no place in the tables before."""
    raise NotImplementedError("Requests and notices would be lost: restore a backup of the version before instead.")
