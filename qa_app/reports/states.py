"""Kinds of report, who they are for, and the life of an edition (domain.md section 9)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class ReportKind(StrEnum):
    """What a report tells."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ADHERENCE = "adherence"
    MODERATION = "moderation"
    SCRUTINY = "scrutiny"


class Audience(StrEnum):
    """Who a report is for: what decides how much of it is shown."""

    INTERNAL = "internal"
    LEADERSHIP = "leadership"
    COMMITTEE = "committee"
    PUBLIC = "public"


class EditionState(StrEnum):
    """Where an edition is."""

    BUILDING = "building"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


KIND_LABELS = {
    ReportKind.MONTHLY: "Monthly report",
    ReportKind.QUARTERLY: "Quarterly report",
    ReportKind.ADHERENCE: "Adherence report",
    ReportKind.MODERATION: "Moderation report",
    ReportKind.SCRUTINY: "Scrutiny report",
}
AUDIENCE_LABELS = {
    Audience.INTERNAL: "Internal",
    Audience.LEADERSHIP: "Leadership",
    Audience.COMMITTEE: "Committee",
    Audience.PUBLIC: "Public",
}
AUDIENCES = {
    ReportKind.MONTHLY: (Audience.INTERNAL, Audience.LEADERSHIP),
    ReportKind.QUARTERLY: (Audience.LEADERSHIP, Audience.INTERNAL),
    ReportKind.ADHERENCE: (Audience.LEADERSHIP, Audience.INTERNAL),
    ReportKind.MODERATION: (Audience.INTERNAL, Audience.LEADERSHIP),
    ReportKind.SCRUTINY: (Audience.COMMITTEE, Audience.PUBLIC),
}
"""Who each kind can be for, whom it is usually for first. What leaves the council is the scrutiny report alone: it is
built with small numbers hidden."""

OUTSIDE = frozenset({Audience.COMMITTEE, Audience.PUBLIC})
"""Audiences outside the council's own leadership: small numbers are hidden from them."""

S = EditionState
READ_BY_OTHERS = frozenset({S.PUBLISHED, S.SUPERSEDED})
EDITION = Workflow(
    name="report",
    owners={
        S.BUILDING: "the system",
        S.DRAFT: "QA team",
        S.IN_REVIEW: "QA team",
        S.PUBLISHED: "nobody",
        S.SUPERSEDED: "nobody",
    },
    labels={
        S.BUILDING: "Being built",
        S.DRAFT: "Draft",
        S.IN_REVIEW: "In review",
        S.PUBLISHED: "Published",
        S.SUPERSEDED: "Corrected since",
    },
    moves={
        "built": Move(frozenset({S.BUILDING}), S.DRAFT),
        "build_again": Move(frozenset({S.BUILDING, S.DRAFT}), S.BUILDING),
        "send_for_review": Move(frozenset({S.DRAFT}), S.IN_REVIEW),
        "give_back": Move(frozenset({S.IN_REVIEW}), S.DRAFT),
        "publish": Move(frozenset({S.DRAFT, S.IN_REVIEW}), S.PUBLISHED),
        "supersede": Move(frozenset({S.PUBLISHED}), S.SUPERSEDED),
    },
)
