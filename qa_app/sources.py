"""What raises actions: kind -> its page, and what is hidden from whom. One line a kind, as in `subjects.py`."""

from qa_app.actions.sources import SourceKind
from qa_app.audits.queries import hidden_from, readable_address
from qa_app.improvement.queries import hidden_processes, process_address

SOURCES: dict[str, SourceKind] = {
    "audit": SourceKind("Audits", readable_address, hidden_from),
    "improvement process": SourceKind("Improvement processes", process_address, hidden_processes),
}
