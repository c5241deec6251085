"""The sheets of an inspection pack: what was counted, the audits, their actions, themes, and what changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from qa_app.actions.rules import reference_of
from qa_app.actions.states import ACTION, FOR_WHOM_LABELS, OUTCOME_LABELS, ActionState, ForWhom, Outcome
from qa_app.audits.states import AUDIT
from qa_app.cases.models import CASE_TYPE_LABELS, CaseType
from qa_app.core.clock import london_day
from qa_app.core.format import moment, month_name, plural
from qa_app.core.lists import Column
from qa_app.core.spreadsheet import Sheet, workbook_of
from qa_app.improvement.states import PROCESS, CloseOutcome
from qa_app.inspection import queries
from qa_app.inspection.queries import ActionRow, AuditRow, ReauditRow, RecommendationRow, ThemeCount, TypeCount
from qa_app.inspection.rules import Window, change
from qa_app.recommendations.states import Outcome as Found

Item = TypeVar("Item")

CLOSED = {
    CloseOutcome.IMPROVED: "Improved at the re-audit",
    CloseOutcome.WITHOUT_REAUDIT: "Closed without a re-audit",
    CloseOutcome.REPEAT_INADEQUATE: "Inadequate again",
    CloseOutcome.GRADE_CHANGED: "The grade was changed",
    CloseOutcome.AUDIT_WITHDRAWN: "The audit was withdrawn",
}
FOUND = {
    Found.FULLY: "Fully implemented",
    Found.SUBSTANTIALLY: "Substantially implemented",
    Found.PARTIALLY: "Partially implemented",
    Found.NOT: "Not implemented",
}


class Line(NamedTuple):
    """A line of the cover or of the summary: what, and how much or in which words."""

    what: str
    value: Any


class Theme(NamedTuple):
    """One section of one audit type: how it was graded."""

    audit_type: str
    title: str
    graded: int
    good: int
    inadequate: int
    with_improvements: int
    affecting_child: int


@dataclass
class Grades:
    """How grades read and what they count as, in each tool version."""

    scales: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)

    def label(self, version_id: int, grade: str | None) -> str:
        """The grade in words; "" where there is none."""
        return next((row["label"] for row in self.scales.get(version_id, ()) if row["key"] == grade), grade or "")

    def counts_as(self, version_id: int, grade: str | None, flag: str) -> bool:
        """Whether the grade counts as `flag`."""
        return any(row["key"] == grade and row[flag] for row in self.scales.get(version_id, ()))

    def keys(self, version_id: int) -> list[str]:
        """The grades, best first."""
        return [row["key"] for row in self.scales.get(version_id, ())]


class Tally(Iterable[Item]):
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterable[Item]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Item]:
        for row in self._rows:
            self.number += 1
            yield row


class Built(NamedTuple):
    """A workbook and how much is in it."""

    content: bytes
    audits: int
    actions: int


def build(
    window: Window, with_cases: bool, made_by: str, now: datetime, tell: Callable[[int], None] = lambda _: None
) -> Built:
    """Make the workbook of a window as things are now. It only reads, row by row where there are many.

    `tell` hears how much is written, in per cent.
    """
    grades = Grades(queries.scales())
    types = queries.counts(window)
    processes = queries.reaudits(window)
    followed = queries.recommendations(window)
    audits, actions = Tally(queries.audits(window)), Summed(queries.actions(window), now)
    expected = sum(row.issued for row in types) + queries.actions_number(window)

    def told(rows: Iterable[Item]) -> Iterator[Item]:
        for row in rows:
            tell(min(99, 100 * (audits.number + actions.number) // expected))
            yield row

    def sheets() -> Iterator[Sheet[Any]]:
        yield Sheet("Cover", _LINES, cover(window, types, with_cases, made_by, now))
        yield Sheet("Audits", audit_columns(grades, with_cases), told(audits))
        yield Sheet("Actions", ACTIONS, told(actions))
        yield Sheet("Themes", THEMES, themes(queries.themes(window), grades))
        # After the actions, which it sums up as they pass.
        yield Sheet("What changed", _LINES, changed(actions, processes, followed, grades))
        yield Sheet("Re-audits", reaudit_columns(grades), processes)
        yield Sheet("Recommendations", RECOMMENDATIONS, followed)

    return Built(workbook_of(sheets()), audits.number, actions.number)


_LINES: tuple[Column[Line], ...] = (
    Column("what", "What", lambda line: line.what),
    Column("value", "Number or words", lambda line: line.value),
)


def cover(window: Window, types: Sequence[TypeCount], with_cases: bool, made_by: str, now: datetime) -> list[Line]:
    """When the pack was made and by whom, what it counts, and what it leaves out."""
    restricted = sum(row.restricted for row in types)
    months = f"{month_name(window.first)} to {month_name(window.last)}"
    lines = [
        Line("Inspection pack", months if window.months > 1 else month_name(window.first)),
        Line("Made", moment(now)),
        Line("Made by", made_by),
        Line("What is counted", "The audits of the rounds of these months that were issued to an auditor"),
        Line("Scope", "All services"),
        Line("Case references", "On the sheet of audits" if with_cases else "None"),
        Line("Left out", f"{plural(restricted, 'audit')} of restricted cases, and all that followed from them"),
        Line("Grade after moderation", "The auditor's own grade where the audit was not moderated, or not yet"),
        Line(
            "Actions",
            "As their authors wrote them: read them before you hand the pack on. No column is for a child's name",
        ),
        Line("Audit types", "Only the monthly audit is a random sample: do not add types up to one percentage"),
    ]
    for row in types:
        lines += [
            Line(f"{row.audit_type}: issued", row.issued),
            Line(f"{row.audit_type}: submitted", row.submitted),
            Line(f"{row.audit_type}: of these late", row.late),
            Line(f"{row.audit_type}: withdrawn", row.withdrawn),
        ]
    return lines


def audit_columns(grades: Grades, with_cases: bool) -> list[Column[AuditRow]]:
    """One line an audit; with the case's reference only for those who may see cases."""
    columns: list[Column[AuditRow]] = [
        Column("reference", "Audit", lambda row: row.reference),
        Column("case", "Case", lambda row: row.case_reference),
        Column("month", "Month", lambda row: month_name(row.month)),
        Column("submitted", "Submitted", lambda row: row.submitted_at and london_day(row.submitted_at)),
        Column("type", "Audit type", lambda row: row.audit_type),
        Column("tool", "Tool", lambda row: f"{row.tool}, version {row.tool_version}"),
        Column("service", "Service", lambda row: row.service),
        Column("team", "Team", lambda row: row.team),
        Column("case_type", "Case type", lambda row: CASE_TYPE_LABELS[CaseType(row.case_type)]),
        Column("state", "State", lambda row: AUDIT.labels[row.state]),
        Column("late", "Late", lambda row: row.is_late),
        Column("before", "Grade by the auditor", lambda row: grades.label(row.version_id, row.grade_before)),
        Column("moderated", "Moderated", lambda row: row.moderated_at is not None),
        Column("after", "Grade after moderation", lambda row: grades.label(row.version_id, row.grade_after)),
        Column("actions", "Actions", lambda row: row.actions),
        Column("open", "Open", lambda row: row.actions_open),
        Column("done", "Done, to verify", lambda row: row.actions_done),
        Column("verified", "Verified", lambda row: row.actions_verified),
        Column("not_done", "Not done", lambda row: row.actions_not_done),
    ]
    return [column for column in columns if with_cases or column.key != "case"]


ACTIONS: tuple[Column[ActionRow], ...] = (
    Column("audit", "Audit", lambda row: row.audit),
    Column("action", "Action", lambda row: reference_of(row.id)),
    Column("what", "What is to be done", lambda row: row.what),
    Column("for_whom", "For whom", lambda row: FOR_WHOM_LABELS[ForWhom(row.for_whom)]),
    Column("immediate", "A child may be at risk now", lambda row: row.is_immediate),
    Column("team", "Team", lambda row: row.team or ""),
    Column("first_due", "First due", lambda row: row.first_due_on),
    Column("due", "Due", lambda row: row.due_on),
    Column("state", "State", lambda row: ACTION.labels[row.state]),
    Column("reported", "Done, or not done, on", lambda row: row.reported_at and london_day(row.reported_at)),
    Column("verified", "Verified on", lambda row: row.verified_at and london_day(row.verified_at)),
    Column("outcome", "Found", lambda row: OUTCOME_LABELS[Outcome(row.outcome)] if row.outcome else ""),
)

THEMES: tuple[Column[Theme], ...] = (
    Column("type", "Audit type", lambda row: row.audit_type),
    Column("section", "Section", lambda row: row.title),
    Column("graded", "Audits graded", lambda row: row.graded),
    Column("good", "Good or better", lambda row: row.good),
    Column("inadequate", "Inadequate", lambda row: row.inadequate),
    Column("improvements", "With an area for improvement", lambda row: row.with_improvements),
    Column("child", "With a weakness that affects the child now", lambda row: row.affecting_child),
)

RECOMMENDATIONS: tuple[Column[RecommendationRow], ...] = (
    Column("report", "Report", lambda row: f"R-{row.report_id:04d}"),
    Column("title", "Title", lambda row: row.report),
    Column("number", "Number", lambda row: row.number),
    Column("text", "Recommendation", lambda row: row.text),
    Column("followed", "Followed up on", lambda row: london_day(row.followed_up)),
    Column("outcome", "Found", lambda row: FOUND[Found(row.outcome)] if row.outcome else ""),
)


def reaudit_columns(grades: Grades) -> list[Column[ReauditRow]]:
    """One line an improvement process, with its re-audit."""
    return [
        Column("process", "Improvement process", lambda row: f"IP-{row.id:04d}"),
        Column("audit", "Audit", lambda row: row.audit),
        Column("team", "Team", lambda row: row.team),
        Column("grade", "Grade that started it", lambda row: grades.label(row.version_id, row.grade)),
        Column("state", "State", lambda row: PROCESS.labels[row.state]),
        Column("outcome", "How it ended", lambda row: CLOSED[CloseOutcome(row.outcome)] if row.outcome else ""),
        Column("reaudit", "Re-audit", lambda row: row.reaudit or ""),
        Column("reaudited", "Re-audited", lambda row: row.reaudited_at and london_day(row.reaudited_at)),
        Column("after", "Grade of the re-audit", lambda row: grades.label(row.version_id, row.grade_after)),
        Column("change", "Change", lambda row: change(row.grade, row.grade_after, grades.keys(row.version_id))),
    ]


def themes(counted: Sequence[ThemeCount], grades: Grades) -> list[Theme]:
    """Sections by audit type through all versions of the tool, those most often inadequate first."""
    found: dict[tuple[str, str], list[int]] = {}
    titles: dict[tuple[str, str], str] = {}
    for row in counted:
        sums = found.setdefault((row.audit_type, row.section), [0] * 5)
        titles[row.audit_type, row.section] = row.title
        known = row.grade in grades.keys(row.version_id)
        good, bad = (grades.counts_as(row.version_id, row.grade, flag) for flag in ("good_or_better", "inadequate"))
        values = (known * row.audits, good * row.audits, bad * row.audits, row.with_improvements, row.affecting_child)
        found[row.audit_type, row.section] = [have + more for have, more in zip(sums, values, strict=True)]
    lines = [Theme(audit_type, titles[audit_type, key], *sums) for (audit_type, key), sums in found.items()]
    return sorted(lines, key=lambda line: (line.audit_type, -line.inadequate, -line.with_improvements, line.title))


class Summed(Tally[ActionRow]):
    """Actions that are summed up while they pass."""

    def __init__(self, rows: Iterable[ActionRow], now: datetime) -> None:
        super().__init__(rows)
        self.today = london_day(now)
        self.states: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.overdue = 0

    def __iter__(self) -> Iterator[ActionRow]:
        for row in super().__iter__():
            self.states[row.state] += 1
            self.overdue += row.state == ActionState.OPEN and row.due_on < self.today
            if row.state == ActionState.VERIFIED and row.outcome:
                self.outcomes[row.outcome] += 1
            yield row


def changed(
    actions: Summed, processes: Sequence[ReauditRow], followed: Sequence[RecommendationRow], grades: Grades
) -> Iterator[Line]:
    """What changed because of the audits, in numbers. Begun only when the actions have passed."""
    yield Line("Actions", actions.number)
    for state in (ActionState.OPEN, ActionState.DONE, ActionState.VERIFIED, ActionState.NOT_DONE):
        yield Line(f"Actions: {ACTION.labels[state].lower()}", actions.states[state])
    yield Line("Actions: open and past their date", actions.overdue)
    for outcome in Outcome:
        if actions.outcomes[outcome]:
            yield Line(f"Actions verified: {OUTCOME_LABELS[outcome].lower()}", actions.outcomes[outcome])
    changes = Counter(change(row.grade, row.grade_after, grades.keys(row.version_id)) for row in processes)
    yield Line("Improvement processes", len(processes))
    yield Line("Improvement processes: re-audited", len(processes) - changes[""])
    for word in ("Better", "Same", "Worse"):
        yield Line(f"Re-audits: {word.lower()}", changes[word])
    newest = {(row.report_id, row.number): row.outcome for row in followed}
    yield Line("Recommendations followed up", len(newest))
    found = Counter(newest.values())
    for key, words in FOUND.items():
        yield Line(f"Recommendations: {words.lower()}", found[key])
