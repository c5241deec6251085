"""What a case can be, in the words of domain.md section 3 and of Ofsted's Annex A."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class CaseType(StrEnum):
    """What kind of case it is, most protective first."""

    CHILD_IN_CARE = "child_in_care"
    CHILD_PROTECTION = "child_protection"
    CHILD_IN_NEED = "child_in_need"
    ASSESSMENT = "assessment"
    CARE_LEAVER = "care_leaver"


CASE_TYPE_LABELS = {
    CaseType.CHILD_IN_CARE: "Child in care",
    CaseType.CHILD_PROTECTION: "Child protection",
    CaseType.CHILD_IN_NEED: "Child in need",
    CaseType.ASSESSMENT: "Open assessment",
    CaseType.CARE_LEAVER: "Care leaver",
}


class Status(StrEnum):
    """A child's status on the case list: Annex A's codes for List 6 in full, and the care leavers of List 9."""

    LOOKED_AFTER = "a) Looked after child"
    PROTECTION_PLAN = "b) Child Protection plan"
    CHILD_IN_NEED_PLAN = "c) Child in need plan"
    OPEN_ASSESSMENT = "d) Open assessment"
    CLOSED = "e) Closed episode"
    CARE_LEAVER = "care leaver"

    @property
    def case_type(self) -> CaseType | None:
        """The kind of case that the status stands for; None for a closed episode, which no longer says."""
        return _CASE_TYPE_OF.get(self)


_CASE_TYPE_OF = {
    Status.LOOKED_AFTER: CaseType.CHILD_IN_CARE,
    Status.PROTECTION_PLAN: CaseType.CHILD_PROTECTION,
    Status.CHILD_IN_NEED_PLAN: CaseType.CHILD_IN_NEED,
    Status.OPEN_ASSESSMENT: CaseType.ASSESSMENT,
    Status.CARE_LEAVER: CaseType.CARE_LEAVER,
}


class CaseImportState(StrEnum):
    """Where an import of a case list is."""

    READING = "reading"
    MAPPING = "mapping"
    PREVIEWED = "previewed"
    APPLIED = "applied"
    ABANDONED = "abandoned"
    FAILED = "failed"


S = CaseImportState
CASE_IMPORT = Workflow(
    name="case import",
    owners={
        S.READING: "the system",
        S.MAPPING: "QA team",
        S.PREVIEWED: "QA team",
        S.APPLIED: "nobody",
        S.ABANDONED: "nobody",
        S.FAILED: "QA team",
    },
    labels={
        S.READING: "Being read",
        S.MAPPING: "Columns to be chosen",
        S.PREVIEWED: "Ready to apply",
        S.APPLIED: "Applied",
        S.ABANDONED: "Not applied",
        S.FAILED: "Could not be read",
    },
    moves={
        "preview": Move(frozenset({S.READING}), S.PREVIEWED),
        "ask_for_columns": Move(frozenset({S.READING}), S.MAPPING),
        "fail": Move(frozenset({S.READING}), S.FAILED),
        "read_again": Move(frozenset({S.READING, S.MAPPING, S.PREVIEWED, S.FAILED}), S.READING),
        "apply": Move(frozenset({S.PREVIEWED}), S.APPLIED),
        "abandon": Move(frozenset({S.READING, S.MAPPING, S.PREVIEWED, S.FAILED}), S.ABANDONED),
    },
)
"""The life of an import: a file is read and previewed, then applied as a whole or not at all."""
