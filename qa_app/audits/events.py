"""What the audits area tells of itself; `reactions.py` says what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit, Declaration


@dataclass(frozen=True, slots=True)
class AuditsDiscarded:
    """Audits that were never issued are about to be deleted, because the round is allocated again."""

    round_id: int
    audit_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class AuditsIssued:
    """Auditors may begin."""

    round_id: int
    case_ids: Sequence[int]
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditReassigned:
    """An issued audit has another auditor than `previous_id`."""

    audit: Audit
    previous_id: int | None
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditSubmitted:
    """The auditor submitted, for the first time or again after a return."""

    audit: Audit
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditReturned:
    """The QA team gave a submitted audit back."""

    audit: Audit
    comment: str
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditModerated:
    """A moderator, or later the moderation panel, gave the audit its grade.

    `before` is the grade that stood until now (the auditor's own, or the moderator's where the panel decides), `after`
    the one that stands now: keys of the tool's scale, the same where it was kept, none where the tool has no overall
    grade.
    """

    audit: Audit
    before: str | None
    after: str | None
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditFinal:
    """Nothing changes the audit's grade any more; `audit.final_grade` holds it."""

    audit: Audit
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class AuditWithdrawn:
    """The audit will not be done."""

    audit: Audit
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class CaseReplaced:
    """`audit` is withdrawn and its auditor has `replacement`, of another case, in its place."""

    audit: Audit
    replacement: Audit
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class DeclarationMade:
    """An auditor declared a conflict of interest or an unsuitable case."""

    declaration: Declaration
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class DeclarationAnswered:
    """The QA team answered a declaration."""

    declaration: Declaration
    viewer: Viewer
    now: datetime
