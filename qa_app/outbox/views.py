"""The outbox for administrators: what is written to whom and what became of it, the master switch, a test mail."""

from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits, let_others_write
from qa_app.core.errors import NotFound
from qa_app.core.format import plural
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.outbox import administration, presenters, queries
from qa_app.outbox.forms import SwitchOnForm
from qa_app.outbox.letters import OutOfReach, Refused, TryLater
from qa_app.outbox.transports import transport_for
from qa_app.trail import operations as trail

outbox = Blueprint("outbox", __name__, url_prefix="/mail")


def _list() -> ListPage[Any]:
    columns, filters = presenters.COLUMNS, presenters.filters()
    path = url_for("outbox.mails")
    return ListPage(columns, filters, request.args, path, default_sort="at", default_descending=True)


@outbox.get("")
def mails() -> ResponseReturnValue:
    """Every mail, the newest first."""
    page = _list()
    found = queries.mails(g.viewer, page.filters, page.order_by, page.limit, page.offset)
    page.fill(found.mails, found.total)
    return page_or_fragment(
        "outbox/mails.html",
        "outbox/_mails.html",
        list=page,
        found=found,
        way=presenters.way(queries.switch(), current_app.config["MAIL"]),
        may_send_again=found.failed and page.filters.get("state") == "failed",
        tomorrow=presenters.tomorrow(current_app),
    )


@outbox.get("/export")
@commits
def export() -> ResponseReturnValue:
    """The list as it is filtered, for Excel."""
    page = _list()
    found = queries.mails(g.viewer, page.filters, page.order_by, None, 0)
    trail.append("mail:list-exported", g.viewer, g.now, ("mail", None), rows=found.total)
    return download("mails", workbook("Mails", presenters.EXPORT, found.mails))


@outbox.get("/<int:mail_id>")
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail as its reader will see it, and what became of it."""
    found = queries.mail(mail_id, g.viewer)
    return render_template(
        "outbox/mail.html",
        mail=found,
        rows=presenters.details(found),
        inside=queries.inside(mail_id),
        may_send_again=presenters.may_send_again(found, g.viewer),
    )


@outbox.post("/<int:mail_id>/again")
@commits
def send_again(mail_id: int) -> ResponseReturnValue:
    """Queue a mail that failed or was dropped once more."""
    administration.send_again(queries.mail(mail_id, g.viewer), g.viewer, g.now)
    return see_other(url_for("outbox.mail", mail_id=mail_id), "It waits to be sent again.")


@outbox.post("/failed/again")
@commits
def send_failed_again() -> ResponseReturnValue:
    """Queue all that failed once more."""
    count = administration.send_failed_again(g.viewer, g.now)
    return see_other(url_for("outbox.mails"), f"{plural(count, 'mail')} to be sent again.")


@outbox.get("/switch")
def switch() -> ResponseReturnValue:
    """Whether mail leaves, by what way, and a test."""
    return _switch_page(SwitchOnForm(formdata=None))


def _switch_page(form: SwitchOnForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    state = queries.switch()
    old, today = queries.waiting_since_before(g.today)
    page = render_template(
        "outbox/switch.html",
        form=form,
        state=state,
        since=presenters.since(state),
        way=presenters.way(state, current_app.config["MAIL"]),
        old=old,
        today=today,
        email=queries.address_of(g.viewer),
        problem=problem,
    )
    return page, status


@outbox.post("/switch/on")
@commits
def switch_on() -> ResponseReturnValue:
    """Let mail leave."""
    form = SwitchOnForm()
    old, _ = queries.waiting_since_before(g.today)
    if old and not form.validate():
        return _switch_page(form, 422)
    dropped = administration.switch_on(g.viewer, g.now, send_old=form.old.data == "send")
    told = f" {plural(dropped, 'mail was', 'mails were')} dropped." if dropped else ""
    return see_other(url_for("outbox.switch"), f"Mail is on.{told}")


@outbox.post("/switch/off")
@commits
def switch_off() -> ResponseReturnValue:
    """Let nothing leave."""
    administration.switch_off(g.viewer, g.now)
    return see_other(url_for("outbox.switch"), "Mail is off. What is written waits.")


@outbox.post("/test")
@commits
def send_test() -> ResponseReturnValue:
    """Send a mail to oneself, now, and say what came of it. The only page that waits for a mail server."""
    email = queries.address_of(g.viewer)
    transport = transport_for(current_app.config["MAIL"], current_app.config["BASE_URL"])
    if email is None or transport is None:
        raise NotFound
    letter = administration.trial_letter(g.viewer, email, g.now)
    let_others_write()
    problem = ""
    try:
        transport.send(letter)
    except (Refused, TryLater, OutOfReach) as error:
        problem = str(error)
    finally:
        transport.close()
    administration.note_test(g.viewer, g.now, problem)
    if problem:
        return _switch_page(SwitchOnForm(formdata=None), problem=problem)
    return see_other(url_for("outbox.switch"), f"A test mail for {email} was handed to {transport.label}.")
