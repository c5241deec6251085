"""The case list, its export, and one case with its restriction."""

from http import HTTPStatus

from flask import g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.cases import audited, operations, queries
from qa_app.cases.forms import RestrictionForm
from qa_app.cases.permissions import can_import_cases
from qa_app.cases.presenters import cases as presenters
from qa_app.cases.views.room import cases
from qa_app.core.database import commits
from qa_app.core.lists import Column, ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.people import queries as people
from qa_app.trail import operations as trail


def _list(path: str, columns: tuple[Column[queries.CaseRow], ...]) -> ListPage[queries.CaseRow]:
    offered = presenters.case_filters(people.services(), people.teams())
    return ListPage(columns, offered, request.args, path, default_sort="reference")


@cases.get("/cases")
def case_list() -> ResponseReturnValue:
    """The case list."""
    page = _list(request.path, presenters.case_columns())
    page.fill(*queries.find_cases(g.viewer, page.filters, page.order_by, page.limit, page.offset))
    return page_or_fragment(
        "cases/cases.html",
        "cases/_cases.html",
        list=page,
        open_cases=queries.open_cases(g.viewer),
        has_cases=queries.has_cases(),
        can_import=can_import_cases(g.viewer),
    )


@cases.get("/cases/export")
@commits
def export_cases() -> ResponseReturnValue:
    """The case list as it is filtered, for Excel."""
    columns = presenters.case_export_columns()
    page = _list(url_for("cases.case_list"), columns)
    rows, total = queries.find_cases(g.viewer, page.filters, page.order_by)
    trail.append("case:list-exported", g.viewer, g.now, ("case", None), rows=total)
    return download("cases", workbook("Cases", columns, rows))


@cases.get("/cases/<int:case_id>")
@commits
def case(case_id: int) -> ResponseReturnValue:
    """One case; looking at it is recorded."""
    found = queries.case_for(g.viewer, case_id)
    trail.append("case:viewed", g.viewer, g.now, ("case", found.id))
    return _case_page(found, RestrictionForm(formdata=None))


@cases.post("/cases/<int:case_id>/restriction")
@commits
def restrict(case_id: int) -> ResponseReturnValue:
    """Mark a case as restricted."""
    return _set_restriction(case_id, True, "The case is restricted. It is never sampled.")


@cases.post("/cases/<int:case_id>/restriction-lifted")
@commits
def lift_restriction(case_id: int) -> ResponseReturnValue:
    """Take the mark off."""
    return _set_restriction(case_id, False, "The case is no longer restricted. It can be sampled again.")


def _set_restriction(case_id: int, restricted: bool, message: str) -> ResponseReturnValue:
    found = queries.case_for(g.viewer, case_id)
    form = RestrictionForm()
    if not form.validate():
        return make_response(_case_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    operations.set_restricted(found, restricted, form.reason.data or "", g.viewer, g.now)
    return see_other(url_for("cases.case", case_id=case_id), message)


def _case_page(found: queries.Case, form: RestrictionForm) -> str:
    return render_template(
        "cases/case.html",
        case=found,
        facts=presenters.case_facts(found),
        marks=presenters.marks(found),
        audits=audited.audits_of(g.viewer, found.id),
        history=presenters.restriction_history(queries.restrictions_of(found.id)),
        form=form,
        can_change=can_import_cases(g.viewer),
    )
