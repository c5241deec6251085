"""The pages of audits: `conducting` for the auditor, `reading` for everybody in scope, `managing` for the QA team."""

from flask import Blueprint

audits = Blueprint("audits", __name__)

from qa_app.audits.views import acting, conducting, managing, reading  # noqa: E402 - they register themselves on `audits`

__all__ = ["acting", "audits", "conducting", "managing", "reading"]
