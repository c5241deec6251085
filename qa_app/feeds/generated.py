"""What `qa-app docs` writes of this area."""

from qa_app.feeds.presenters import feed_document

GENERATED = {"feed.md": feed_document}
