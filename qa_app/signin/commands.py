"""The command that makes the first administrator."""

import sys

import click
from flask import current_app, url_for

from qa_app.core.clock import utc_now
from qa_app.core.commands import json_option, plain_errors, say
from qa_app.core.database import transaction
from qa_app.core.errors import BadInput
from qa_app.core.format import long_day
from qa_app.signin.operations import INVITATION_LASTS, create_administrator
from qa_app.signin.passwords import make_hash
from qa_app.signin.rules import password_fault


@click.command("create-admin")
@click.option("--name", prompt=True, help="The person's full name.")
@click.option("--email", prompt=True, help="The work email to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a link.")
@json_option
@plain_errors
def create_admin(name: str, email: str, password_stdin: bool, as_json: bool) -> None:
    """Make a person an administrator, and print a link with which they choose a password.

    Someone whose email is known already is made an administrator as they are. Run it again for a new link.
    """
    password_hash = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        fault = password_fault(password, (name, email))
        if fault:
            raise BadInput(f"{fault}.")
        password_hash = make_hash(password)
    now = utc_now()
    with transaction():
        person_id, token = create_administrator(name, email, now, password_hash=password_hash)
    found = {"person_id": person_id, "email": email.strip().lower(), "link": None}
    words = f"{name} is an administrator and can sign in at {current_app.config['BASE_URL']}/sign-in"
    if token:
        with current_app.test_request_context():
            path = url_for("signin.choose_password", token=token)
        found["link"] = current_app.config["BASE_URL"] + path
        last_day = long_day(now + INVITATION_LASTS)
        words = f"{name} is an administrator. To choose a password, until {last_day}, open:\n{found['link']}"
    say(found, words, as_json)


COMMANDS = [create_admin]
