"""The pages about cases and imports of the case list."""

from qa_app.cases.views import imports, listing, reading
from qa_app.cases.views.room import cases

__all__ = ["cases", "imports", "listing", "reading"]
