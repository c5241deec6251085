"""How many statements the dashboard takes."""

from tests.statements import counted


def statements(client):
    client.get("/dashboard")
    with counted() as seen:
        client.get("/dashboard")
    return len(seen)
