"""The staff import: upload, preview, apply."""

from flask.typing import ResponseReturnValue

from qa_app.people.views.room import people


@people.get("/people/import")
def import_people() -> ResponseReturnValue:
    """Upload."""
    return ""
