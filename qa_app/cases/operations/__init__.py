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
from qa_app.cases.operations.restricting import set_restricted
from qa_app.cases.operations.uploading import (
    Superseded,
    ask_for_columns,
    fail,
    note_progress,
    read_again,
    remember_mapping,
)

__all__ = [
    "Plan",
    "Superseded",
    "abandon_import",
    "apply_import",
    "ask_for_columns",
    "digest_of",
    "fail",
    "keep_preview",
    "note_issued",
    "note_no_longer_audited",
    "note_progress",
    "note_submitted",
    "plan_import",
    "preview_import",
    "read_again",
    "remember_mapping",
    "set_restricted",
    "start_import",
]
