"""First tables, and the rules by which the database itself keeps the trail append-only."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_tool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tool")),
        sa.UniqueConstraint("name", name=op.f("uq_audit_tool_name")),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("headings_digest", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("headings_digest", name=op.f("uq_column_mapping_headings_digest")),
    )
    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="digest of the email, or of the address"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_failed_sign_in_key_at", ["key", "at"], unique=False)

    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="closed from this day; its history stays"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("name", name=op.f("uq_service_name")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ... without gaps"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="None: the system"),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(), nullable=False, comment="subject:what-happened, e.g. audit:submitted"),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("detail_digest", sa.String(), nullable=False),
        sa.Column("previous_digest", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trail_entry_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_trail_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_trail_entry_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "audit_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="e.g. monthly, the suffix of a round's reference"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("counts_toward_expectation", sa.Boolean(), nullable=False),
        sa.Column(
            "allocation_policy",
            sa.String(),
            nullable=True,
            comment="own_team, other_team or any; none: the council's setting",
        ),
        sa.ForeignKeyConstraint(["tool_id"], ["audit_tool.id"], name=op.f("fk_audit_type_tool_id_audit_tool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_type")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_type_key")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("service_manager_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_team_manager_id_person"), use_alter=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_team_service_id_service")),
        sa.ForeignKeyConstraint(
            ["service_manager_id"], ["person.id"], name=op.f("fk_team_service_manager_id_person"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_service_id"), ["service_id"], unique=False)

    op.create_table(
        "tool_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_overall_grade", sa.Boolean(), nullable=False),
        sa.Column("scale", sa.JSON(), nullable=False, comment="the grades, best first, as in the setting grade_scale"),
        sa.ForeignKeyConstraint(["tool_id"], ["audit_tool.id"], name=op.f("fk_tool_version_tool_id_audit_tool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_version")),
        sa.UniqueConstraint("tool_id", "number", name=op.f("uq_tool_version_tool_id_number")),
    )
    op.create_table(
        "trail_detail",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["trail_entry.id"], name=op.f("fk_trail_detail_entry_id_trail_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_trail_detail")),
    )
    op.create_table(
        "domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="stable through versions, e.g. risk"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False, comment="one or two sentences: what to look at"),
        sa.Column("looks_good", sa.JSON(), nullable=False, comment="what good looks like, in a few lines"),
        sa.Column("guidance", sa.JSON(), nullable=False, comment="grade key -> one-line descriptor for this domain"),
        sa.Column("questions", sa.JSON(), nullable=False, comment="what to ask oneself"),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("may_be_not_applicable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_version_id"], ["tool_version.id"], name=op.f("fk_domain_tool_version_id_tool_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain")),
        sa.UniqueConstraint("tool_version_id", "key", name=op.f("uq_domain_tool_version_id_key")),
        sa.UniqueConstraint("tool_version_id", "position", name=op.f("uq_domain_tool_version_id_position")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "email", sa.String(), nullable=True, comment="lower case; none for a caseworker known by the case list only"
        ),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("line_manager_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("leaves_on", sa.Date(), nullable=True, comment="the last day of work"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_manager_id"], ["person.id"], name=op.f("fk_person_line_manager_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_person_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_name", ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_team_id"), ["team_id"], unique=False)

    op.create_table(
        "person_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column(
            "rows", sa.JSON(), nullable=False, comment="row number, then the cells as text; emptied when applied"
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_person_import_uploaded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_import")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False, comment="2026-06, or 2026-06-dip for another type"),
        sa.Column("audit_type_id", sa.Integer(), nullable=False),
        sa.Column("tool_version_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("issue_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("moderation_due_on", sa.Date(), nullable=False),
        sa.Column("report_due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "sample_size",
            sa.JSON(),
            nullable=True,
            comment="asked for when it was created; none: the council's setting",
        ),
        sa.Column(
            "sample_seed",
            sa.String(),
            nullable=True,
            comment="asked for when it was created; none: made at the draw",
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_type_id"], ["audit_type.id"], name=op.f("fk_round_audit_type_id_audit_type")),
        sa.ForeignKeyConstraint(
            ["tool_version_id"], ["tool_version.id"], name=op.f("fk_round_tool_version_id_tool_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("reference", name=op.f("uq_round_reference")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("ix_round_state", ["state"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_dates_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "password_hash", sa.String(), nullable=True, comment="argon2id; none until the person has chosen one"
        ),
        sa.Column("invite_digest", sa.String(), nullable=True, comment="of the link to choose a password"),
        sa.Column("invite_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
        sa.UniqueConstraint("invite_digest", name=op.f("uq_account_invite_digest")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("source_part", sa.String(), nullable=False, comment="the section's key"),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_immediate", sa.Boolean(), nullable=False, comment="a child may be at risk now"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_action_created_by_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index("ix_action_owner_due", ["owner_id", "due_on"], unique=False)
        batch_op.create_index("ix_action_source", ["source_type", "source_id"], unique=False)

    op.create_table(
        "allocation_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("total_cost", sa.Integer(), nullable=False),
        sa.Column("shortfall", sa.JSON(), nullable=False, comment="what is missing and where, in sentences"),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ran_by_id"], ["person.id"], name=op.f("fk_allocation_run_ran_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_allocation_run_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_run")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_allocation_run_round_id_number")),
    )
    op.create_table(
        "auditor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("training_status", sa.String(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column(
            "expectation", sa.Integer(), nullable=True, comment="audits a month; none: the council's default in force"
        ),
        sa.Column("is_moderator", sa.Boolean(), nullable=False),
        sa.Column("pool_service_id", sa.Integer(), nullable=True, comment="the lead auditor's pool"),
        sa.CheckConstraint("expectation >= 0", name=op.f("ck_auditor_expectation_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_auditor_person_id_person")),
        sa.ForeignKeyConstraint(["pool_service_id"], ["service.id"], name=op.f("fk_auditor_pool_service_id_service")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_auditor")),
    )
    op.create_table(
        "case_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the file"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False, comment="per cent read or applied"),
        sa.Column(
            "progress_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the reader last said how far it is",
        ),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=True, comment="the day the list shows"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_case_import_uploaded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_import")),
    )
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("deputy_id <> person_id", name=op.f("ck_deputy_not_oneself")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_deputy_dates_in_order")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_deputy_deputy_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deputy_deputy_id"), ["deputy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deputy_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False, comment="the folder under templates/emails"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False, comment="what it is about, e.g. round:12"),
        sa.Column("slot", sa.String(), nullable=False, comment="when, e.g. 2026-06-23: at most one mail per slot"),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "person_id", "message", "subject_key", "slot", name=op.f("uq_mail_person_id_message_subject_key_slot")
        ),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_state_created_at", ["state", "created_at"], unique=False)
        batch_op.create_index("ix_mail_subject_key", ["subject_key"], unique=False)

    op.create_table(
        "policy_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_policy_setting_set_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_setting")),
        sa.UniqueConstraint("name", "from_date", name=op.f("uq_policy_setting_name_from_date")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_role_grant_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_role_grant_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "role", "service_id", "team_id", name=op.f("uq_role_grant_person_id_role_service_id_team_id")
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round_auditor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True, comment="then"),
        sa.Column("service_id", sa.Integer(), nullable=True, comment="then"),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("exempted", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "expected >= 0 AND exempted >= 0 AND exempted <= expected",
            name=op.f("ck_round_auditor_exempted_within_expected"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_auditor_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_auditor_round_id_round")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_round_auditor_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_round_auditor_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_auditor")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_round_auditor_round_id_person_id")),
    )
    with op.batch_alter_table("round_auditor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_auditor_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sample_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("size", sa.JSON(), nullable=False, comment="how the size was asked for"),
        sa.Column("exclusions", sa.JSON(), nullable=False, comment="the exclusion rules in force"),
        sa.Column("strata", sa.JSON(), nullable=False, comment="a row a service: open, left out, quota, drawn"),
        sa.Column("notes", sa.JSON(), nullable=False, comment="shortages, in sentences"),
        sa.Column("frame_digest", sa.String(), nullable=False, comment="of the case list that it was drawn from"),
        sa.Column("reason", sa.String(), nullable=False, comment="why it was drawn again"),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_sample_draw_drawn_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sample_draw_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_sample_draw_round_id_number")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_session_token_digest")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "state_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_state_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_change")),
    )
    with op.batch_alter_table("state_change", schema=None) as batch_op:
        batch_op.create_index("ix_state_change_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "reference", sa.String(), nullable=False, comment="the child's id in the case-management system, as text"
        ),
        sa.Column("case_type", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False, comment="never sampled"),
        sa.Column(
            "last_audited_on", sa.Date(), nullable=True, comment="of its newest submitted audit, kept by a reaction"
        ),
        sa.Column(
            "being_audited", sa.Boolean(), nullable=False, comment="an issued audit of it is open, kept by reactions"
        ),
        sa.Column("last_import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["caseworker_id"], ["person.id"], name=op.f("fk_case_caseworker_id_person")),
        sa.ForeignKeyConstraint(
            ["last_import_id"], ["case_import.id"], name=op.f("fk_case_last_import_id_case_import")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_reference")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index("ix_case_open", ["closed_on", "team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_team_id"), ["team_id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="new, changed, closed, unchanged, repaired or unusable"),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=False, comment="what was done about it"),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_import_id"], ["case_import.id"], name=op.f("fk_import_row_case_import_id_case_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_import_kind", ["case_import_id", "kind"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False, comment="2026-06/017"),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=False),
        sa.Column("case_type", sa.String(), nullable=False),
        sa.Column("case_opened_on", sa.Date(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("caseworker_id", sa.Integer(), nullable=True),
        sa.Column("auditor_id", sa.Integer(), nullable=True, comment="none: not enough capacity yet"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True, comment="the newest submission"),
        sa.Column(
            "first_submitted_at", sa.DateTime(timezone=True), nullable=True, comment="what decides whether it is late"
        ),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sections_done", sa.Integer(), nullable=False, comment="kept by save_section, checked by a test"),
        sa.Column("sections_total", sa.Integer(), nullable=False),
        sa.Column("overall_grade", sa.String(), nullable=True),
        sa.Column("overall_reasons", sa.String(), nullable=False),
        sa.Column("overall_version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name=op.f("fk_audit_auditor_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_audit_case_id_case")),
        sa.ForeignKeyConstraint(["caseworker_id"], ["person.id"], name=op.f("fk_audit_caseworker_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_audit_round_id_round")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_audit_service_id_service")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_audit_team_id_team")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_audit_withdrawn_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("reference", name=op.f("uq_audit_reference")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_audit_round_id_number")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_auditor_due", ["auditor_id", "due_on"], unique=False)
        batch_op.create_index("ix_audit_case", ["case_id", "submitted_at"], unique=False)
        batch_op.create_index("ix_audit_round_auditor", ["round_id", "auditor_id", "state"], unique=False)
        batch_op.create_index("ix_audit_team_round", ["team_id", "round_id"], unique=False)

    op.create_table(
        "left_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.String(),
            nullable=False,
            comment="the first that holds: the one that the strata table counts",
        ),
        sa.Column(
            "explanation",
            sa.String(),
            nullable=False,
            comment="every reason that held on the day of the draw, in sentences",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_left_out_case_id_case")),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draw.id"], name=op.f("fk_left_out_draw_id_sample_draw")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_left_out_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_out")),
    )
    with op.batch_alter_table("left_out", schema=None) as batch_op:
        batch_op.create_index("ix_left_out_draw_reason", ["draw_id", "reason"], unique=False)

    op.create_table(
        "sampled_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("is_reserve", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True, comment="when a reserve replaced a case"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_sampled_case_case_id_case")),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draw.id"], name=op.f("fk_sampled_case_draw_id_sample_draw")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_sampled_case_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_case")),
        sa.UniqueConstraint("draw_id", "case_id", name=op.f("uq_sampled_case_draw_id_case_id")),
    )
    with op.batch_alter_table("sampled_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampled_case_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("auditor_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="none: by hand"),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("override_reason", sa.String(), nullable=False, comment="why a rule was overridden"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_assignment_audit_id_audit")),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name=op.f("fk_assignment_auditor_id_person")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_assignment_by_id_person")),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_assignment_run_id_allocation_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("with_whom", sa.String(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("why_not", sa.String(), nullable=False),
        sa.Column("learned", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_conversation_audit_id_audit")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_conversation_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("audit_id", "with_whom", name=op.f("uq_conversation_audit_id_with_whom")),
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False, comment="empty: the QA team has not answered yet"),
        sa.Column("outcome_note", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'reassigned', 'replaced', 'kept')", name=op.f("ck_declaration_known_outcome")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_declaration_answered_by_id_person")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_declaration_audit_id_audit")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_declaration_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index("ix_declaration_audit", ["audit_id"], unique=False)
        batch_op.create_index("ix_declaration_waiting", ["outcome", "made_at"], unique=False)

    op.create_table(
        "section_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True, comment="a grade's key, or not_applicable"),
        sa.Column("strengths", sa.String(), nullable=False),
        sa.Column("improvements", sa.String(), nullable=False),
        sa.Column(
            "affects_child_now",
            sa.Boolean(),
            nullable=True,
            comment="a weakness that affects the child now needs an action",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_section_answer_audit_id_audit")),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"], name=op.f("fk_section_answer_domain_id_domain")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_section_answer_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_answer")),
        sa.UniqueConstraint("audit_id", "domain_id", name=op.f("uq_section_answer_audit_id_domain_id")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("return_comment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_submission_audit_id_audit")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["person.id"], name=op.f("fk_submission_returned_by_id_person")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_submission_submitted_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_submission_audit_id_number")),
    )

    if op.get_bind().dialect.name == "postgresql":
        for column in ("manager_id", "service_manager_id"):
            op.create_foreign_key(op.f(f"fk_team_{column}_person"), "team", "person", [column], ["id"])
    op.execute(f"INSERT INTO trail_head (id, last_id, digest) VALUES (1, 0, '{'0' * 64}')")
    keep_append_only()


REFUSED = (("trail_entry", "UPDATE"), ("trail_entry", "DELETE"), ("trail_detail", "UPDATE"), ("state_change", "UPDATE"))
"""A detail may be deleted, since the law can require it; nothing else of the trail ever changes."""


def keep_append_only() -> None:
    """Have the database refuse to change what is written once."""
    if op.get_bind().dialect.name == "sqlite":
        for table, verb in REFUSED:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, verb in REFUSED:
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute("CREATE TRIGGER trail_entry_no_truncate BEFORE TRUNCATE ON trail_entry EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    """There is nothing before the first tables: restore a backup, or begin with an empty database."""
    raise NotImplementedError("The first tables can't be taken back: begin with an empty database instead.")
