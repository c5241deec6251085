"""The pages of actions: the list, one action, what is said of it, and what somebody leaves behind."""

from flask import Blueprint

actions = Blueprint("actions", __name__)

from qa_app.actions.views import acting, listing, reassigning  # noqa: E402

__all__ = ["acting", "actions", "listing", "reassigning"]
