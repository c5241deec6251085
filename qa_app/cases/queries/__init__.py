"""Read cases and imports."""

from qa_app.cases.models import Case, CaseImport, ImportRow
from qa_app.cases.queries.lists import (
    IMPORT_SORTS,
    ROW_SORTS,
    SORTS,
    CaseRow,
    Moment,
    case_for,
    case_import,
    find_cases,
    has_cases,
    import_rows,
    imports,
    name_of_uploader,
    open_cases,
    restrictions_of,
    waiting_imports,
)

__all__ = [
    "IMPORT_SORTS",
    "ROW_SORTS",
    "SORTS",
    "Case",
    "CaseImport",
    "CaseRow",
    "ImportRow",
    "Moment",
    "case_for",
    "case_import",
    "find_cases",
    "has_cases",
    "import_rows",
    "imports",
    "name_of_uploader",
    "open_cases",
    "restrictions_of",
    "waiting_imports",
]
