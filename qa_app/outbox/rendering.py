"""Mails as text and HTML, from their templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from markupsafe import escape

from qa_app.outbox.catalogue import Value, checked

NAME = "\x02name\x02"
"""Stands for the reader's name in what was rendered once for many."""


@dataclass(frozen=True)
class Rendered:
    """A mail's three parts."""

    subject: str
    text: str
    html: str

    def to(self, name: str) -> "Rendered":
        """The same mail, with its reader's name in the greeting."""
        return Rendered(self.subject, self.text.replace(NAME, name), self.html.replace(NAME, str(escape(name))))


def render(message: str, variables: Mapping[str, Value], **further: object) -> Rendered:
    """Render a mail for anybody; `Rendered.to` then names the reader.

    Ten thousand reminders differ in little but the name, so the templates run once for each set of variables.
    `further` is for a digest, whose lines are no variables.
    """
    context = {
        **further,
        **checked(message, variables),
        "person_name": NAME,
        "product_name": current_app.config["PRODUCT_NAME"],
        "site": current_app.config["BASE_URL"],
        "link": current_app.config["BASE_URL"] + str(variables["path"]),
    }
    # Straight from the environment: mails are also written by jobs and commands, which have no request.
    templates = current_app.jinja_env
    subject, text, html = (
        templates.get_template(f"emails/{message}/{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(" ".join(subject.split()), text.strip() + "\n", html)
