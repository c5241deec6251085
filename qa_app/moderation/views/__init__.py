"""The pages of moderation: `listing` the queue, `grading` for moderators, `settling` what follows, `managing`."""

from flask import Blueprint

moderation = Blueprint("moderation", __name__)

from qa_app.moderation.views import grading, listing, managing, settling  # noqa: E402 - they register themselves on it

__all__ = ["grading", "listing", "managing", "moderation", "settling"]
