"""The WSGI entry point."""

from qa_app import create_app

app = create_app()
