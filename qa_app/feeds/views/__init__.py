"""The pages about the feed, and the feed itself."""

from qa_app.feeds.views import pages, serving
from qa_app.feeds.views.room import feeds

__all__ = ["feeds", "pages", "serving"]
