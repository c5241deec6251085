"""The moderator's pages: own grades beside the audit, saved as they are typed; check, lock and finish."""

from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits.content import read_scale
from qa_app.audits.operations import Changed, record_view
from qa_app.core.database import commits
from qa_app.core.drafts import answer_changed, answer_saved, answer_unreadable
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import Form
from qa_app.core.web import see_other
from qa_app.moderation import operations, presenters, queries
from qa_app.moderation.forms import GradesForm, LockForm, ResultForm, grades_form
from qa_app.moderation.messages import page_of
from qa_app.moderation.permissions import acting_moderator, sees_grades
from qa_app.moderation.states import GRADING
from qa_app.moderation.views import moderation
from qa_app.tools.queries import domains

MEANWHILE = "It was done already, or changed meanwhile. This is how it stands now."
WORK = "moderation/work.html"


def work(found: queries.Moderation) -> ResponseReturnValue:
    """The audit and the form, side by side on a wide screen."""
    return render_template(WORK, form=_form(found), page=_page(found))


def _form(found: queries.Moderation) -> GradesForm:
    tool, kept = domains(found.audit.round.tool_version_id), queries.own_sections(found.id)
    scale = read_scale(found.audit.round.tool_version.scale)
    return grades_form(tool, scale, presenters.kept_grades(found, tool, kept), found.grades_version)


def _page(found: queries.Moderation) -> presenters.Page:
    sees = sees_grades(g.viewer, found)
    return presenters.page_for(
        found,
        domains(found.audit.round.tool_version_id),
        queries.own_sections(found.id),
        queries.newest_content(found.audit_id) if sees else None,
        g.today,
        shows_own=True,
        selection=queries.selection_of(found.audit_id) if sees else None,
    )


@moderation.post("/moderation/<string:round>/<int:number>")
@commits
def save(round: str, number: int) -> ResponseReturnValue:
    """Save own grades, by a button or by themselves."""
    found = queries.own_moderation(g.viewer, round, number)
    path = page_of(found)
    form = _form(found)
    if not form.validate():
        return answer_unreadable(form, WORK, page=_page(found))
    try:
        version = operations.save_grades(found, form.typed(), form.seen, g.viewer, g.now)
    except Changed as changed:
        page = _page(found)
        tool, kept = domains(found.audit.round.tool_version_id), queries.own_sections(found.id)
        theirs = presenters.their_grades(presenters.kept_grades(found, tool, kept), page)
        context = {"page": page, "theirs": theirs}
        return answer_changed(form, WORK, changed.version, **context)
    return answer_saved(version, f"{path}/check" if form.then.data == "check" else "/moderation")


@moderation.get("/moderation/<string:round>/<int:number>/check")
@commits
def check(round: str, number: int) -> ResponseReturnValue:
    """Own grades, what is missing, and the one button that goes on."""
    found = queries.own_moderation(g.viewer, round, number)
    if found.state not in GRADING or acting_moderator(g.viewer, found) is None:
        return see_other(page_of(found))
    record_view(found.audit, g.viewer, g.now)
    return _check_page(found, None)


@moderation.post("/moderation/<string:round>/<int:number>/lock")
@commits
def lock(round: str, number: int) -> ResponseReturnValue:
    """Lock own grades, and see the auditor's."""
    found = queries.own_moderation(g.viewer, round, number)
    form = LockForm()
    try:
        operations.lock_grades(found, g.viewer, g.now, form.seen)
    except BadInput as refusal:
        form.form_errors.append(str(refusal))
        return _check_page(found, form)
    except (IllegalMove, Stale):
        return see_other(page_of(found), MEANWHILE)
    return see_other(page_of(found), "Your grades are locked. The auditor's are beside them now.")


@moderation.post("/moderation/<string:round>/<int:number>/complete")
@commits
def complete(round: str, number: int) -> ResponseReturnValue:
    """Finish: the moderated grade stands, and the auditor gets feedback."""
    found = queries.own_moderation(g.viewer, round, number)
    form = _result_form(found)
    try:
        if form.validate():
            operations.complete(found, form.grade.data or None, g.viewer, g.now, form.seen)
            return see_other(page_of(found), "Moderated. The auditor is told by mail that there is feedback.")
    except BadInput as refusal:
        form.add_errors(refusal.fields or {"": str(refusal)})
    except (IllegalMove, Stale):
        return see_other(page_of(found), MEANWHILE)
    return _check_page(found, form)


def _result_form(found: queries.Moderation) -> ResultForm:
    values: dict[str, Any] = {"version": found.grades_version, "grade": found.own_grade}
    return ResultForm(read_scale(found.audit.round.tool_version.scale), data=values)


def _check_page(found: queries.Moderation, form: Form | None) -> Response:
    """The page before a final step; `form` is the one that was refused, if one was."""
    sees = sees_grades(g.viewer, found)
    lacks = operations.lacking(found, queries.newest_content(found.audit_id) if sees else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK
    if form is None:
        form = _result_form(found) if sees else LockForm(data={"version": found.grades_version})
    missing = presenters.missing_links(lacks, page_of(found))
    return make_response(
        render_template("moderation/check.html", form=form, page=_page(found), missing=missing, sees=sees), status
    )
