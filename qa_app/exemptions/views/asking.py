"""Ask for an exemption in three short pages, one's own requests, and taking one back.

What was typed on one page is carried along unseen by the next, in the form and never in the address, so that nothing
is lost by going back or by an error, and no statement is kept before it is sent.
"""

from http import HTTPStatus

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.forms import VersionForm
from qa_app.core.web import see_other
from qa_app.exemptions import operations, presenters, queries
from qa_app.exemptions.forms import AskForm, read_month
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.views import exemptions
from qa_app.people.queries import person
from qa_app.trail.exports import take_away

MONTHS, WORDS, CHECK, SEND = "months", "reason", "check", "send"
OF_MONTHS = ("first_month", "last_month")
OF_WORDS = ("category", "statement", "late_reason")


@exemptions.get("/exemptions/ask")
def ask() -> ResponseReturnValue:
    """The first page; where the address names a month that can be asked for, the second."""
    months, offered = queries.months_to_choose(g.viewer.person_id, g.today)
    named = read_month(request.args.get("month"))
    form = AskForm(months, first_month=f"{named or offered:%Y-%m}", last_month="")
    if named is None:
        return _page(MONTHS, form, form.typed())
    wish = form.typed()
    faults = _faults(wish, OF_MONTHS)
    if faults:
        form.first_month.data = f"{offered:%Y-%m}"
        form.add_errors(faults)
    return _page(MONTHS if faults else WORDS, form, wish)


@exemptions.post("/exemptions/ask")
@commits
def send() -> ResponseReturnValue:
    """Go on to the page that the button names, as far as what was typed allows; from the last page it is sent."""
    months, _ = queries.months_to_choose(g.viewer.person_id, g.today)
    form, wanted = AskForm(months), request.form.get("go", WORDS)
    wish = form.typed()
    if wish is None:
        return _page(MONTHS, form, None)
    if wanted == SEND:
        return _send(form, wish)
    if wanted != MONTHS and (faults := _faults(wish, OF_MONTHS)):
        form.add_errors(faults)
        return _page(MONTHS, form, wish)
    if wanted == CHECK and (faults := _faults(wish, OF_WORDS)):
        form.add_errors(faults)
        return _page(WORDS, form, wish)
    return _page(wanted if wanted in (MONTHS, CHECK) else WORDS, form, wish)


def _send(form: AskForm, wish: AskInput) -> Response:
    names = queries.who_answers(person(g.viewer.person_id), g.today)[1]
    try:
        asked = operations.ask(g.viewer.person_id, wish, g.viewer, g.now)
    except BadInput as refusal:
        if queries.sent_already(g.viewer, wish):
            return see_other("/my/requests", "You have sent this request already. It is here.")
        form.add_errors(refusal.fields)
        return _page(MONTHS if set(refusal.fields) & set(OF_MONTHS) else WORDS, form, wish)
    return see_other("/my/requests", presenters.sent_words(asked, names))


def _faults(wish: AskInput | None, fields: tuple[str, ...]) -> dict[str, str]:
    if wish is None:
        return {}
    faults = queries.faults_of(g.viewer.person_id, wish, g.today)
    return {name: text for name, text in faults.items() if name in fields}


def _page(step: str, form: AskForm, wish: AskInput | None) -> Response:
    facts = queries.month_facts(wish.first_month) if wish else None
    timing = queries.timing_now(facts, g.today) if facts else None
    answers = queries.who_answers(person(g.viewer.person_id), g.today)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() and request.method == "POST" else HTTPStatus.OK
    page = presenters.ask_page(wish, facts, timing, answers, g.today)
    return make_response(render_template(f"exemptions/ask_{step}.html", form=form, page=page), status)


@exemptions.get("/my/requests")
def mine() -> ResponseReturnValue:
    """The viewer's own requests with their state and the reason given."""
    return render_template("exemptions/mine.html", list=presenters.my_list(queries.mine(g.viewer)))


@exemptions.get("/my/requests/export")
@commits
def export_mine() -> ResponseReturnValue:
    """The viewer's own requests as a workbook."""
    page = presenters.my_list(queries.mine(g.viewer))
    return take_away(
        page,
        lambda _limit: (page.rows, page.total),
        "My requests",
        "exemption:own-exported",
        g.viewer,
        g.now,
        without=("withdraw",),
    )


@exemptions.route("/exemptions/<int:request_id>/withdraw", methods=["GET", "POST"])
@commits
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take one's own request back, from a page that says what then happens."""
    found = queries.own_request(g.viewer, request_id)
    form = VersionForm(obj=found)
    if request.method == "POST":
        operations.withdraw(found, g.viewer, g.now, form.seen)
        return see_other("/my/requests", "Withdrawn. Your audits stay due.")
    if not queries.is_waiting(found):
        return see_other(f"/exemptions/{found.id}")
    return render_template("exemptions/withdraw.html", form=form, row=found, months=presenters.months_words(found))
