"""What the feed serves: each table and column, its type, what it means and what it joins to.

The page of the data dictionary, docs/generated/feed.md, the metadata that Power BI asks for and the files are all made
from this. No column names a child, gives a case's reference or holds what somebody wrote in their own words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a column, by its name in OData."""

    WHOLE = "Edm.Int32"
    TEXT = "Edm.String"
    DATE = "Edm.Date"
    INSTANT = "Edm.DateTimeOffset"
    YES_NO = "Edm.Boolean"


KIND_LABELS = {
    Kind.WHOLE: "whole number",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.INSTANT: "instant (UTC)",
    Kind.YES_NO: "true or false",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `joins` names the table and column that it points at."""

    name: str
    kind: Kind
    meaning: str
    joins: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Its first column is its key; its last is when the row last changed."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        """The column that tells its rows apart."""
        return self.columns[0]

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)


UPDATED_AT = "updated_at"


def _table(name: str, meaning: str, *columns: Column) -> Table:
    changed = Column(UPDATED_AT, Kind.INSTANT, "When the row, or what it was made from, last changed")
    return Table(name, meaning, (*columns, changed))


C, K = Column, Kind
_AUDIT = C("audit_id", K.WHOLE, "The audit", "audits.audit_id")
_ROUND = C("round_id", K.WHOLE, "The round", "rounds.round_id")
_PERSON = C("person_id", K.WHOLE, "Whose it is", "people.person_id")


def _team(meaning: str) -> Column:
    return C("team_id", K.WHOLE, meaning, "teams.team_id")


def _service(meaning: str) -> Column:
    return C("service_id", K.WHOLE, meaning, "services.service_id")


TABLES: tuple[Table, ...] = (
    _table(
        "audits",
        "One row an audit, from the issue of its round on. Grades stand in it once it is submitted; while it is given "
        "back to its auditor they are empty.",
        C("audit_id", K.WHOLE, "The audit; the number never changes"),
        C("audit_reference", K.TEXT, "How people call the audit, such as 2026-06/017. It is not the case's reference"),
        _ROUND,
        _team("The case's team when the audit was allocated"),
        _service("The case's service when the audit was allocated"),
        C("auditor_id", K.WHOLE, "Who audits it", "people.person_id"),
        C("case_type", K.TEXT, "The kind of case when the audit was allocated"),
        C("audit_state", K.TEXT, "allocated, in_progress, submitted, moderated, final or withdrawn"),
        C("audit_due_on", K.DATE, "When it is due", "calendar.calendar_date"),
        C("audit_issued_at", K.INSTANT, "When its auditor was given it"),
        C("audit_started_at", K.INSTANT, "When its auditor began"),
        C("audit_first_submitted_at", K.INSTANT, "The first submission, which decides whether it is late"),
        C("audit_submitted_at", K.INSTANT, "The newest submission"),
        C("audit_is_late", K.YES_NO, "Submitted after its due date: it does not count as completed for the round"),
        C("audit_moderated_at", K.INSTANT, "When its moderation was completed"),
        C("audit_final_at", K.INSTANT, "When it became final"),
        C("auditor_grade", K.TEXT, "The auditor's overall grade: a key of the tool's grades"),
        C("auditor_grade_is_good", K.YES_NO, "Whether that grade counts as good or better"),
        C("auditor_grade_is_inadequate", K.YES_NO, "Whether that grade counts as inadequate"),
        C("final_grade", K.TEXT, "The grade that holds: after moderation, else the auditor's own"),
        C("final_grade_is_good", K.YES_NO, "Whether the final grade counts as good or better"),
        C("final_grade_is_inadequate", K.YES_NO, "Whether the final grade counts as inadequate"),
        C("reaudit_of_id", K.WHOLE, "For a re-audit: the audit that it looks at again", "audits.audit_id"),
    ),
    _table(
        "answers",
        "One row a section (domain) of an audit, once the audit is submitted. It changes when its audit does.",
        C("answer_id", K.WHOLE, "The answer"),
        _AUDIT,
        C("section_key", K.TEXT, "The section, the same through all versions of the tool"),
        C("section_title", K.TEXT, "The section's title in the version that was used"),
        C("section_number", K.WHOLE, "Where the section stands in the tool"),
        C("section_grade", K.TEXT, "The auditor's grade of the section, or not_applicable"),
        C("section_grade_is_good", K.YES_NO, "Whether that grade counts as good or better"),
        C("section_grade_is_inadequate", K.YES_NO, "Whether that grade counts as inadequate"),
        C("section_grade_moderated", K.TEXT, "The moderator's grade of the section, where there is one"),
        C("affects_child_now", K.YES_NO, "Whether a weakness affects the child now"),
    ),
    _table(
        "conversations",
        "One row a conversation that the tool asks for, once the audit is submitted. It changes when its audit does.",
        C("conversation_id", K.WHOLE, "The conversation"),
        _AUDIT,
        C("conversation_with", K.TEXT, "social_worker, parent_or_carer or child"),
        C("conversation_held", K.YES_NO, "Whether it was held"),
    ),
    _table(
        "moderations",
        "One row an audit that is moderated. Its grades stand in it once it is completed.",
        C("moderation_id", K.WHOLE, "The moderation"),
        _AUDIT,
        C("moderator_id", K.WHOLE, "Who moderates it", "people.person_id"),
        C("moderation_reason", K.TEXT, "Why it is moderated: inadequate, outstanding, share or every"),
        C("moderation_is_blind", K.YES_NO, "Whether the moderator graded before seeing the auditor's grades"),
        C("moderation_by_head", K.YES_NO, "Whether the rule gave it to the Head of Service"),
        C("moderation_state", K.TEXT, "waiting, in_progress, on_hold, moderated, disputed, decided, accepted, "
          "cancelled"),
        C("moderation_selected_at", K.INSTANT, "When the audit was chosen for it"),
        C("moderation_due_on", K.DATE, "When it is due", "calendar.calendar_date"),
        C("moderation_done_at", K.INSTANT, "When it was completed"),
        C("moderation_is_late", K.YES_NO, "Completed after its due date"),
        C("grade_before", K.TEXT, "The auditor's overall grade when it was moderated"),
        C("grade_after", K.TEXT, "The overall grade after moderation and, where there was one, the panel's decision"),
        C("disputed_at", K.INSTANT, "When the grade was disputed"),
        C("dispute_decided_at", K.INSTANT, "When the panel's decision was recorded"),
    ),
    _table(
        "actions",
        "One row an action, from when it is open. What is to be done is not served, since people write it.",
        C("action_id", K.WHOLE, "The action"),
        C("action_reference", K.TEXT, "How people call it, such as A-0123"),
        C("action_source", K.TEXT, "What raised it: audit, improvement process, ..."),
        C("audit_id", K.WHOLE, "The audit that raised it, where one did", "audits.audit_id"),
        C("process_id", K.WHOLE, "The improvement process that raised it, where one did", "processes.process_id"),
        _team("The team that it is about, else its owner's"),
        _service("The service that it is about, else its owner's"),
        C("action_owner_id", K.WHOLE, "Who owns it", "people.person_id"),
        C("action_for", K.TEXT, "For whom: child, worker, team or service"),
        C("action_is_immediate", K.YES_NO, "A child may be at risk now"),
        C("action_state", K.TEXT, "open, done, not_done or verified"),
        C("action_opened_at", K.INSTANT, "When it was opened, or opened again"),
        C("action_due_on", K.DATE, "The date that holds now", "calendar.calendar_date"),
        C("action_first_due_on", K.DATE, "The date that was first promised"),
        C("action_reported_at", K.INSTANT, "When its owner said done, or not done"),
        C("action_verified_at", K.INSTANT, "When somebody else verified it"),
        C("action_outcome", K.TEXT, "fully, substantially, partially or not_implemented, by the newest verification"),
    ),
    _table(
        "processes",
        "One row an improvement process, which follows an audit that is graded inadequate.",
        C("process_id", K.WHOLE, "The process"),
        C("process_reference", K.TEXT, "How people call it, such as IP-0012"),
        _AUDIT,
        C("previous_process_id", K.WHOLE, "The process whose re-audit was inadequate again", "processes.process_id"),
        C("reaudit_id", K.WHOLE, "The re-audit that is scheduled, or was", "audits.audit_id"),
        _team("The case's team at its start"),
        _service("The case's service at its start"),
        C("lead_id", K.WHOLE, "The Practice Lead", "people.person_id"),
        C("starting_grade", K.TEXT, "The grade that started it"),
        C("process_state", K.TEXT, "open, closed or ended"),
        C("process_started_at", K.INSTANT, "When it started"),
        C("next_stage", K.TEXT, "The stage that comes next"),
        C("next_stage_due_on", K.DATE, "When that stage is due", "calendar.calendar_date"),
        C("process_closed_at", K.INSTANT, "When it was closed or ended"),
        C("process_outcome", K.TEXT, "improved, without_reaudit, repeat_inadequate, grade_changed or audit_withdrawn"),
    ),
    _table(
        "stages",
        "One row a stage of an improvement process. In time: done on or before its date.",
        C("stage_id", K.WHOLE, "The stage"),
        C("process_id", K.WHOLE, "The process", "processes.process_id"),
        C("stage_kind", K.TEXT, "notified, day_three_meeting, improvement_plan, service_manager_review, "
          "caseload_review, reaudit or closing"),
        C("stage_number", K.WHOLE, "1, or more for a further one of its kind"),
        C("stage_due_on", K.DATE, "When it is due", "calendar.calendar_date"),
        C("stage_done_on", K.DATE, "When it happened"),
        C("stage_outcome", K.TEXT, "done, not_yet, waived or skipped; empty while it is open"),
    ),
    _table(
        "expectations",
        "One row an auditor in a round that is issued. Completion = audits that are submitted and not late, divided by "
        "(expected less exempted).",
        C("expectation_id", K.WHOLE, "The row"),
        _ROUND,
        _PERSON,
        _team("The auditor's team then"),
        _service("The auditor's service then"),
        C("audits_expected", K.WHOLE, "How many audits were expected"),
        C("audits_exempted", K.WHOLE, "How many of them an exemption took off"),
    ),
    _table(
        "people",
        "One row a member of staff.",
        C("person_id", K.WHOLE, "The person"),
        C("person_name", K.TEXT, "Their name; empty where the token's owner may not read the staff list"),
        _team("The team that they are in"),
        _service("The service of that team"),
        C("person_leaves_on", K.DATE, "Their last day of work"),
    ),
    _table(
        "roles",
        "One row a role that a person holds. A role that is taken away is gone, and stands in removals.",
        C("role_id", K.WHOLE, "The role of this person; the number is never given again"),
        _PERSON,
        C("role_name", K.TEXT, "auditor, moderator, lead_auditor, team_manager, service_manager, head_of_service, ..."),
        _team("The team that it is limited to"),
        _service("The service that it is limited to"),
        C("role_given_at", K.INSTANT, "When it was given"),
    ),
    _table(
        "teams",
        "One row a team.",
        C("team_id", K.WHOLE, "The team"),
        C("team_name", K.TEXT, "Its name"),
        _service("The service that it is part of"),
        C("team_ends_on", K.DATE, "Closed from this day; its history stays"),
    ),
    _table(
        "services",
        "One row a service.",
        C("service_id", K.WHOLE, "The service"),
        C("service_name", K.TEXT, "Its name"),
        C("service_ends_on", K.DATE, "Closed from this day; its history stays"),
    ),
    _table(
        "rounds",
        "One row a round: one issue of audits of one type, usually a month's.",
        C("round_id", K.WHOLE, "The round"),
        C("round_reference", K.TEXT, "How people call it, such as 2026-06"),
        C("audit_type", K.TEXT, "The key of its audit type: monthly, ... Do not mix the percentages of types"),
        C("audit_type_name", K.TEXT, "The name of its audit type"),
        C("counts_toward_expectation", K.YES_NO, "Whether its audits count toward what is expected of auditors"),
        C("round_month", K.DATE, "The first day of its month", "calendar.calendar_date"),
        C("round_issue_on", K.DATE, "When it is to be issued"),
        C("round_due_on", K.DATE, "When its audits are due"),
        C("round_moderation_due_on", K.DATE, "When its moderations are due"),
        C("round_report_due_on", K.DATE, "When its report is due"),
        C("round_state", K.TEXT, "planned, sampled, allocated, issued, closed or reported"),
        C("round_issued_at", K.INSTANT, "When it was issued"),
        C("round_closed_at", K.INSTANT, "When it was closed"),
    ),
    _table(
        "calendar",
        "One row a day, from 2015 to the end of next year.",
        C("calendar_date", K.DATE, "The day"),
        C("calendar_year", K.WHOLE, "Its year"),
        C("calendar_month", K.WHOLE, "Its month, 1 to 12"),
        C("calendar_month_name", K.TEXT, "Its month's name"),
        C("calendar_quarter", K.WHOLE, "Its quarter of the year, 1 to 4"),
        C("financial_year", K.TEXT, "Its financial year, April to March, such as 2026/27"),
        C("financial_quarter", K.WHOLE, "Its quarter of the financial year; 1 begins in April"),
        C("is_working_day", K.YES_NO, "Neither a weekend nor a bank holiday in England"),
    ),
    _table(
        "removals",
        "One row a row that was deleted from another table: take it out of what you keep.",
        C("removal_id", K.WHOLE, "The removal"),
        C("removed_from", K.TEXT, "The table that held it: roles, the only one whose rows are ever deleted"),
        C("removed_key", K.WHOLE, "Its key there", "roles.role_id"),
    ),
)  # fmt: skip

BY_NAME = {table.name: table for table in TABLES}

INCREMENTS = (
    "Ask for what changed since the newest updated_at that you have: you get each row that changed, once, as it is "
    "now. Put it in place of the row with the same key.",
    "A row that changes while you read is dated to the beginning of your read, so the next increment brings it again.",
    "Nothing but roles is ever deleted. A role that was taken away stands in the table removals, which you read the "
    "same way. Audits are served from their issue on and actions once they are open, and from then on neither is "
    "deleted: they are withdrawn or not done instead, which their state says.",
    "Answers and conversations of an audit that is given back to its auditor are not served until it is submitted "
    "again; what you have of them is the submission before.",
    "A row that you may no longer see (a case that is marked as restricted, a person who moved to another service, a "
    "role of yours that ended) is not announced. Read the tables whole now and then, say once a week, and "
    "put what you get in place of what you have.",
)
"""How to keep a copy up to date, a paragraph each."""
