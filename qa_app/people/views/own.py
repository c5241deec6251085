"""My absence and deputy: what a person who decides sets for themselves."""

from flask import g, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import NotFound
from qa_app.core.web import see_other
from qa_app.people import operations, presenters, queries
from qa_app.people.rules import may_have_deputy
from qa_app.people.views.room import accepted, form_page, people
from qa_app.people.views.standing import deputy_form, name_deputy_from


@people.route("/my/deputy", methods=["GET", "POST"])
@commits
def my_deputy() -> ResponseReturnValue:
    """Own absences, and who stands in. Only for people who hold, themselves, a role that decides."""
    if not may_have_deputy(queries.roles_of(g.viewer.person_id)):
        raise NotFound
    found = queries.whole_person(g.viewer.person_id)
    form = deputy_form(found.id)
    if accepted(form, lambda: name_deputy_from(form, found)):
        return see_other(url_for("people.my_deputy"), "Deputy named. They get your mail and may decide on those days.")
    return form_page(
        "people/my_deputy.html",
        form,
        absences=[presenters.dates(row) for row in found.absences if row.ends_on >= g.today],
        deputies=[(presenters.dates(row), row) for row in found.deputies if row.ends_on >= g.today],
    )


@people.post("/my/deputy/<int:deputy_row_id>/end")
@commits
def end_my_deputy(deputy_row_id: int) -> ResponseReturnValue:
    """End one's own deputy's time."""
    operations.end_deputy(queries.deputy(g.viewer.person_id, deputy_row_id), g.viewer, g.now)
    return see_other(url_for("people.my_deputy"), "Deputy's time ended. You decide yourself again.")
