"""What raises actions: kind -> how its page is found. One line a kind, as in `subjects.py`."""

from qa_app.actions.sources import SourceKind
from qa_app.audits.queries import readable_address
from qa_app.improvement.queries import process_address

SOURCES: dict[str, SourceKind] = {
    "audit": SourceKind("Audits", readable_address),
    "improvement process": SourceKind("Improvement processes", process_address),
}
