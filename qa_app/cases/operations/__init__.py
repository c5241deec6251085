"""Change the case list: preview an import, apply or abandon it, mark a case as restricted."""

from qa_app.cases.operations.applying import abandon_import, apply_import
from qa_app.cases.operations.auditing import note_issued, note_no_longer_audited, note_submitted
from qa_app.cases.operations.previewing import (
    Plan,
    digest_of,
    keep_preview,
    plan_import,
    preview_import,
    start_import,
)

__all__ = [
    "Plan",
    "abandon_import",
    "apply_import",
    "digest_of",
    "keep_preview",
    "note_issued",
    "note_no_longer_audited",
    "note_submitted",
    "plan_import",
    "preview_import",
    "start_import",
]
