"""Every room that has pages, once."""

from flask import Flask

from qa_app.health.views import health
from qa_app.home.views import home
from qa_app.signin.views import signin

ROOMS = (health, home, signin)


def register_rooms(app: Flask) -> None:
    """Register the blueprint of every room."""
    for blueprint in ROOMS:
        app.register_blueprint(blueprint)
