"""Serve the application under the bench: one process of four threads."""

import os

from bench.server import application
from qa_app.core.serving import serve

if __name__ == "__main__":
    serve(application(), host="127.0.0.1", port=int(os.environ["PORT"]), workers=1)
