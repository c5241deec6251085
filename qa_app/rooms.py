"""Every room that has pages or commands, once."""

from click import Command
from flask import Flask

from qa_app.health.views import health
from qa_app.home.views import home
from qa_app.outbox.views import outbox
from qa_app.signin.views import signin

ROOMS = (health, home, outbox, signin)

COMMANDS: tuple[Command, ...] = ()
"""Each room's commands: `*<area>_commands.COMMANDS`."""


def register_rooms(app: Flask) -> None:
    """Register the blueprint of every room."""
    for blueprint in ROOMS:
        app.register_blueprint(blueprint)
