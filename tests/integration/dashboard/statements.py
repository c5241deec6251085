"""How many statements the dashboard takes when nothing is kept."""

from qa_app.trail.kept import forget
from tests.statements import counted


def statements(client):
    client.get("/dashboard")
    forget()
    with counted() as seen:
        client.get("/dashboard")
    return len(seen)
