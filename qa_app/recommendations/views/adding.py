"""The QA team adds reports and recommendations, and changes them."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import VersionForm
from qa_app.core.web import see_other
from qa_app.people.queries import services
from qa_app.recommendations import operations, presenters, queries
from qa_app.recommendations.forms import RecommendationForm, ReportForm
from qa_app.recommendations.presenters import path_of
from qa_app.recommendations.views.room import form_page, owner_choices, recommendations

MEANWHILE = "This was changed by somebody else since you opened the page. Look at it again, then change it."


def _report_form(report: Any = None) -> ReportForm:
    offered = [(one.id, one.name) for one in services(g.today)]
    if report is None:
        return ReportForm(presenters.kind_choices(), offered)
    if report.service and report.service_id not in {key for key, _ in offered}:
        offered.append((report.service_id, report.service.name))
    values = {
        "version": report.version,
        "title": report.title,
        "kind": report.kind,
        "dated": report.dated,
        "service": str(report.service_id or ""),
        "objective": report.objective,
    }
    return ReportForm(presenters.kind_choices(), offered, data=values)


@recommendations.route("/recommendations/new", methods=["GET", "POST"])
@commits
def new() -> ResponseReturnValue:
    """Add a report."""
    form = _report_form()
    if form.validate_on_submit():
        try:
            made = operations.add_report(form.typed(), g.viewer, g.now)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        else:
            return see_other(path_of(made), f"{made.reference} is added. Now add or import its recommendations.")
    return form_page("recommendations/report.html", form, title="Add a report", back=("/recommendations", "Follow-up"))


@recommendations.route("/recommendations/<string:reference>/change", methods=["GET", "POST"])
@commits
def change(reference: str) -> ResponseReturnValue:
    """Change what is said of a report."""
    report = queries.report_for(g.viewer, reference)
    form = _report_form(report)
    if form.validate_on_submit():
        try:
            operations.change_report(report, form.typed(), form.seen, g.viewer, g.now)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except Stale:
            form.add_errors({"": MEANWHILE})
        else:
            return see_other(path_of(report), "Changed.")
    back = (path_of(report), report.reference)
    return form_page("recommendations/report.html", form, title=f"Change {report.reference}", back=back)


@recommendations.route("/recommendations/<string:reference>/add", methods=["GET", "POST"])
@commits
def add(reference: str) -> ResponseReturnValue:
    """Add one recommendation, and go on to the next where that is wanted."""
    report = queries.report_for(g.viewer, reference)
    form = RecommendationForm(owner_choices())
    if form.validate_on_submit():
        try:
            made = operations.add_recommendation(report, form.typed(), g.viewer, g.now)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        else:
            again = request.form.get("then") == "another"
            onward = request.path if again else path_of(report)
            return see_other(onward, f"Recommendation {made.number} is added.")
    return form_page("recommendations/add.html", form, report=report, path=path_of(report))


@recommendations.route("/recommendations/<string:reference>/<int:number>/change", methods=["GET", "POST"])
@commits
def change_one(reference: str, number: int) -> ResponseReturnValue:
    """Change the owner, the date or the words."""
    report = queries.report_for(g.viewer, reference)
    found = queries.recommendation_of(g.viewer, report, number)
    owner = (found.owner.id, found.owner.name) if found.owner else None
    values = {
        "version": found.version,
        "text": found.text,
        "owner": str(found.owner_id or ""),
        "due_on": found.due_on,
    }
    form = RecommendationForm(owner_choices(owner), data=values)
    if form.validate_on_submit():
        try:
            operations.change_recommendation(found, form.typed(), form.reason.data or "", form.seen, g.viewer, g.now)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except IllegalMove as refusal:
            form.add_errors({"text": str(refusal)})
        except Stale:
            form.add_errors({"": MEANWHILE})
        else:
            return see_other(f"{path_of(report)}/{number}", "Changed.")
    return form_page("recommendations/change.html", form, found=found, path=f"{path_of(report)}/{number}")


@recommendations.route("/recommendations/<string:reference>/<int:number>/remove", methods=["GET", "POST"])
@commits
def remove(reference: str, number: int) -> ResponseReturnValue:
    """Take out what was added by mistake."""
    report = queries.report_for(g.viewer, reference)
    found = queries.recommendation_of(g.viewer, report, number)
    path = path_of(report)
    if not operations.can_be_removed(found):
        return see_other(f"{path}/{number}", "Something was said of this recommendation already, so it stays.")
    form = VersionForm()
    if form.validate_on_submit():
        operations.remove_recommendation(found, g.viewer, g.now)
        return see_other(path, f"Recommendation {number} is removed.")
    return render_template("recommendations/remove.html", form=form, found=found, path=path)
