"""Every policy setting: what it means, its plain default, and whether a council must confirm it (domain.md section 11).

A definition says how a value is typed; `values.py` reads what was typed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a setting is typed and shown."""

    NUMBER = "number"
    PERCENT = "percent"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBERS = "numbers"
    SCALE = "scale"
    SIZE = "size"
    TEXT = "text"
    DAYS = "days"


@dataclass(frozen=True)
class Definition:
    """One policy setting."""

    name: str
    group: str
    label: str
    help: str
    kind: Kind
    default: Any
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 1000
    to_confirm: bool = False
    """No source fixes it, so the first-run page asks the council to confirm it."""


GRADE_SCALE: list[dict[str, Any]] = [
    {
        "key": "outstanding",
        "label": "Outstanding",
        "good_or_better": True,
        "inadequate": False,
        "starts_improvement": False,
    },
    {"key": "good", "label": "Good", "good_or_better": True, "inadequate": False, "starts_improvement": False},
    {
        "key": "requires_improvement",
        "label": "Requires improvement",
        "good_or_better": False,
        "inadequate": False,
        "starts_improvement": False,
    },
    {
        "key": "inadequate",
        "label": "Inadequate",
        "good_or_better": False,
        "inadequate": True,
        "starts_improvement": True,
    },
    {
        "key": "inadequate_critical",
        "label": "Inadequate critical",
        "good_or_better": False,
        "inadequate": True,
        "starts_improvement": True,
    },
]

_POLICIES = (
    ("own_team", "Own team: managers audit their own team's cases, never one that they work on"),
    ("other_team", "Other team: never a case of the auditor's own team"),
    ("any", "Any team, but never a case that the auditor works on or supervises"),
)
_CASE_TYPES = (
    ("child_in_care", "Child in care"),
    ("child_protection", "Child protection"),
    ("child_in_need", "Child in need"),
    ("assessment", "Open assessment"),
    ("care_leaver", "Care leaver"),
)
_MODERATION = (
    ("risk_and_share", "All inadequate and all outstanding, and a random share of the rest"),
    ("all", "Every audit"),
    ("inadequate_to_head", "Every inadequate audit, by the Head of Service"),
)
_COPIES = (
    ("nobody", "Nobody"),
    ("due", "The line manager, on the due date and after it"),
    ("one_day", "The line manager, from one working day before the due date on"),
)
N = Kind.NUMBER
EXP, SAM, ALL, MOD, REM, SLI, ACT, IMP, TAR, PUB = (
    "Expectations",
    "Sample",
    "Allocation",
    "Moderation",
    "Reminders",
    "Slippage",
    "Actions",
    "Improvement",
    "Targets",
    "Publication",
)

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "expectation",
        EXP,
        "Audits a month from each auditor",
        "Each person's own number, where there is one, goes before this.",
        N,
        1,
        most=20,
        to_confirm=True,
    ),
    Definition(
        "last_week_days",
        EXP,
        "An exemption request counts as last week from this many days before the due date",
        "Such a request is marked, and needs a reason for its lateness.",
        N,
        7,
        most=30,
    ),
    Definition(
        "grade_scale",
        EXP,
        "Grades",
        "In order, best first. Each says whether it counts as good or better or as inadequate, and whether it starts the improvement process.",
        Kind.SCALE,
        GRADE_SCALE,
        to_confirm=True,
    ),
    Definition(
        "sample_size",
        SAM,
        "Size of a month's sample",
        "A number of cases, a number per team, or a percentage of open cases.",
        Kind.SIZE,
        {"kind": "number", "value": 100},
        to_confirm=True,
    ),
    Definition(
        "audited_within_months",
        SAM,
        "Leave out cases audited within this many months",
        "0 leaves none out.",
        N,
        12,
        most=60,
        to_confirm=True,
    ),
    Definition(
        "open_at_least_weeks",
        SAM,
        "Leave out cases open for fewer weeks than this",
        "0 leaves none out.",
        N,
        6,
        most=52,
        to_confirm=True,
    ),
    Definition(
        "left_out_case_types", SAM, "Case types that are never drawn", "", Kind.CHOICES, [], choices=_CASE_TYPES
    ),
    Definition(
        "reserves_per_service",
        SAM,
        "Reserves drawn for each service",
        "They replace cases that turn out to be unsuitable, in order.",
        N,
        5,
        most=50,
    ),
    Definition(
        "allocation_policy",
        ALL,
        "Whose cases an auditor reads",
        "An audit type can have its own.",
        Kind.CHOICE,
        "any",
        choices=_POLICIES,
        to_confirm=True,
    ),
    Definition(
        "least_working_days",
        ALL,
        "Working days that an auditor must be there for",
        "Somebody away for so much of a round that fewer remain gets no audit.",
        N,
        5,
        most=20,
    ),
    Definition(
        "moderation_rule",
        MOD,
        "Which audits are moderated",
        "",
        Kind.CHOICE,
        "risk_and_share",
        choices=_MODERATION,
        to_confirm=True,
    ),
    Definition(
        "moderated_share",
        MOD,
        "Random share of the other audits that is moderated",
        "In per cent.",
        Kind.PERCENT,
        20,
        most=100,
        to_confirm=True,
    ),
    Definition(
        "moderation_is_blind",
        MOD,
        "What the moderator sees",
        "Sighted moderation measures endorsement, not agreement. By the Head of Service it is always sighted: being asked tells them the grade.",
        Kind.CHOICE,
        "blind",
        choices=(
            ("blind", "Blind: own grades first, then the auditor's"),
            ("sighted", "Sighted: the auditor's grades from the start"),
        ),
        to_confirm=True,
    ),
    Definition(
        "moderation_due_days", MOD, "Working days after the due date until moderation is due", "", N, 7, most=60
    ),
    Definition(
        "moderation_least_days",
        MOD,
        "Working days that a moderator has at least",
        "From submission, where that is later than the round's date for moderation.",
        N,
        5,
        least=1,
        most=30,
    ),
    Definition(
        "dispute_days",
        MOD,
        "Working days in which a moderated grade can be disputed",
        "By the auditor or the case's Head of Service. After that, or once it is accepted, the audit is final.",
        N,
        5,
        least=1,
        most=30,
    ),
    Definition("report_due_days", MOD, "Working days after the due date until the report is due", "", N, 12, most=60),
    Definition(
        "reminder_days",
        REM,
        "Working days before the due date when reminders go",
        "0 is the due date itself, -1 the working day after it.",
        Kind.NUMBERS,
        [10, 5, 2, 1, 0, -1],
        least=-5,
        most=30,
        to_confirm=True,
    ),
    Definition(
        "recommendation_reminder_days",
        REM,
        "Working days before a recommendation is due when its owner is reminded",
        "They hear once more on the working day after it.",
        Kind.NUMBERS,
        [20, 5],
        least=0,
        most=60,
    ),
    Definition(
        "reminder_copies",
        REM,
        "Who else hears when an audit is not submitted",
        "The line manager gets one mail with the number of audits, beside the auditor's own reminder.",
        Kind.CHOICE,
        "due",
        choices=_COPIES,
        to_confirm=True,
    ),
    Definition(
        "quiet_days",
        REM,
        "Days without reminders",
        "What falls on one of them goes on the next working day. Weekends and bank holidays are always without.",
        Kind.DAYS,
        [],
        most=50,
    ),
    Definition(
        "slippage_not_started_days",
        SLI,
        "Foresee slippage when an audit is not started with this many working days left",
        "The auditor is asked whether they will make it, and their Head of Service hears of it.",
        N,
        5,
        most=30,
    ),
    Definition(
        "slippage_history_days",
        SLI,
        "The same, this many working days before the due date, after a poor run",
        "A poor run: in two or more of their last three rounds an audit was late or not done.",
        N,
        10,
        most=30,
    ),
    Definition(
        "slippage_least_days",
        SLI,
        "Working days that an auditor needs to be there for before the due date",
        "An absence that leaves fewer is foreseen as slippage.",
        N,
        3,
        most=20,
    ),
    Definition(
        "slippage_chase_days",
        SLI,
        "Chase a slippage notice after",
        "Working days without an answer from whoever has it. It is chased once.",
        N,
        2,
        least=1,
        most=20,
    ),
    Definition(
        "slippage_escalate_days",
        SLI,
        "Tell the Director of a slippage notice after",
        "Working days without an answer from whoever has it. The Director is told once.",
        N,
        4,
        least=1,
        most=20,
    ),
    Definition(
        "action_escalate_days",
        ACT,
        "Tell the Head of Service of an overdue action after",
        "Working days after its due date. They are told once.",
        N,
        5,
        least=1,
        most=30,
    ),
    Definition(
        "action_immediate_escalate_days",
        ACT,
        "The same, where a child may be at risk now",
        "Working days after its due date. They are told once.",
        N,
        1,
        least=1,
        most=10,
    ),
    Definition(
        "day_three_days",
        IMP,
        "Day-three meeting, within",
        "Working days after an inadequate grade.",
        N,
        3,
        least=1,
        most=30,
        to_confirm=True,
    ),
    Definition(
        "review_days",
        IMP,
        "Service manager review, within",
        "Working days after an inadequate grade.",
        N,
        10,
        least=1,
        most=60,
        to_confirm=True,
    ),
    Definition(
        "reaudit_weeks",
        IMP,
        "Re-audit, within",
        "Weeks after an inadequate grade.",
        N,
        12,
        least=1,
        most=52,
        to_confirm=True,
    ),
    Definition(
        "reaudit_notice_days",
        IMP,
        "Schedule a re-audit by itself, this long before its date",
        "Working days. It is given to a different auditor when nobody has scheduled it by then.",
        N,
        15,
        least=1,
        most=60,
    ),
    Definition(
        "caseload_review_days",
        IMP,
        "Decide on a whole caseload review, within",
        "Working days after the second inadequate grade: held, or not required with who authorised it.",
        N,
        10,
        least=1,
        most=60,
    ),
    Definition(
        "closing_days",
        IMP,
        "Close an improvement process, within",
        "Working days after its re-audit.",
        N,
        5,
        least=1,
        most=60,
    ),
    Definition(
        "improvement_escalate_days",
        IMP,
        "Tell the Head of Service of a late step after",
        "Working days after its date. Whoever's turn it is hears on the day after the date.",
        N,
        2,
        least=1,
        most=20,
    ),
    Definition(
        "caseload_review_months",
        IMP,
        "Consider a whole caseload review at a second inadequate grade within",
        "Months.",
        N,
        12,
        least=1,
        most=60,
        to_confirm=True,
    ),
    Definition(
        "target_good_or_better",
        TAR,
        "At least this share good or better",
        "In per cent.",
        Kind.PERCENT,
        40,
        most=100,
        to_confirm=True,
    ),
    Definition(
        "target_inadequate",
        TAR,
        "At most this share inadequate",
        "In per cent.",
        Kind.PERCENT,
        12,
        most=100,
        to_confirm=True,
    ),
    Definition("target_trained_auditors", TAR, "Trained auditors wanted", "", N, 100),
    Definition(
        "suppression_threshold",
        PUB,
        "Hide numbers smaller than this in published reports",
        "",
        N,
        5,
        most=20,
        to_confirm=True,
    ),
)

BY_NAME = {d.name: d for d in DEFINITIONS}
