"""The outbox for administrators: what is written to whom, and its state."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment
from qa_app.outbox import queries
from qa_app.outbox.presenters import COLUMNS, FILTERS, label, state_tag

outbox = Blueprint("outbox", __name__, url_prefix="/mail")


@outbox.get("")
def mails() -> ResponseReturnValue:
    """Every mail, the newest first."""
    page = ListPage(COLUMNS, FILTERS, request.args, request.path, default_sort="at", default_descending=True)
    found = queries.mails(g.viewer, page.filters, page.order_by, page.limit, page.offset)
    page.fill(found.mails, found.total)
    return page_or_fragment("outbox/mails.html", "outbox/_mails.html", list=page, waiting=found.waiting)


@outbox.get("/<int:mail_id>")
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail as its reader will see it."""
    found = queries.mail(mail_id, g.viewer)
    return render_template("outbox/mail.html", mail=found, state=state_tag(found.state), label=label(found.message))
