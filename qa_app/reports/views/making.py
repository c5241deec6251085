"""Make, build, review, publish and correct reports; a month's close."""

from datetime import date
from pathlib import Path

from flask import current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.background import apart
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, NotFound
from qa_app.core.format import month_name
from qa_app.core.forms import VersionForm
from qa_app.core.web import see_other
from qa_app.figures import queries as figures
from qa_app.figures.presenters.lists import month_from
from qa_app.reports import closing, operations, queries, running
from qa_app.reports.documents.template import TEMPLATE_NAME, template_fault
from qa_app.reports.forms import CorrectForm, NewReportForm
from qa_app.reports.presenters import pages
from qa_app.reports.queries import Edition
from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.reports.views.room import content_of, form_page, found, reports
from qa_app.settings.queries import values_at

BUILT = "The figures are built. Read them, write beside them what they mean, then publish."
PUBLISHED = "The report is published. Its figures and your words are fixed from now on."


@reports.route("/reports/new", methods=["GET", "POST"])
@commits
def new() -> ResponseReturnValue:
    """Choose which report to make."""
    months = pages.month_choices(g.today, figures.choices(g.viewer).months)
    asked = {"month": request.args.get("month"), "kind": request.args.get("kind", "monthly"), "audience": "internal"}
    form = NewReportForm(months, data=asked)
    if form.validate_on_submit():
        try:
            return _begin(operations.make(*form.typed(), g.viewer, g.now))
        except BadInput as refusal:
            form.add_errors(refusal.fields)
    return form_page("reports/new.html", form, title="Make a report", months=months)


def _begin(edition: Edition) -> ResponseReturnValue:
    path = pages.path_of(edition)
    if edition.state != EditionState.BUILDING:
        return see_other(path, "This report is there already. You can build its figures again.")
    running.start(edition, g.viewer, g.now)
    return see_other(path, BUILT if edition.state == EditionState.DRAFT else None)


@reports.post("/reports/<string:reference>/build")
@commits
def build(reference: str) -> ResponseReturnValue:
    """Take the figures anew."""
    edition = found(reference)
    operations.build_again(edition, VersionForm().seen, g.viewer, g.now)
    return _begin(edition)


@reports.post("/reports/<string:reference>/review")
@commits
def review(reference: str) -> ResponseReturnValue:
    """Ask a colleague to read it."""
    edition = found(reference)
    operations.send_for_review(edition, VersionForm().seen, g.viewer, g.now)
    return see_other(pages.path_of(edition), "The report waits for review. A colleague can publish it or give it back.")


@reports.post("/reports/<string:reference>/give-back")
@commits
def give_back(reference: str) -> ResponseReturnValue:
    """Back to draft."""
    edition = found(reference)
    operations.give_back(edition, VersionForm().seen, g.viewer, g.now)
    return see_other(pages.path_of(edition), "The report is a draft again.")


@reports.route("/reports/<string:reference>/publish", methods=["GET", "POST"])
@commits
def publish(reference: str) -> ResponseReturnValue:
    """What publishing does, and the button."""
    edition = found(reference)
    path = pages.path_of(edition)
    if edition.state not in (EditionState.DRAFT, EditionState.IN_REVIEW):
        return see_other(path)
    form = VersionForm(data={"version": edition.version})
    if form.validate_on_submit():
        operations.publish(edition, form.seen, g.viewer, g.now)
        return see_other(path, PUBLISHED)
    missing = pages.unwritten(content_of(edition), edition.narrative)
    template = Path(current_app.config["DATA_DIR"]) / TEMPLATE_NAME
    fault = apart(template_fault, template) if template.exists() else ""
    return form_page(
        "reports/publish.html",
        form,
        title=f"Publish: {pages.title_of(edition)}",
        path=path,
        said=pages.what_publishing_does(edition, missing),
        missing=missing,
        small=pages.small_numbers_of(content_of(edition), edition, values_at(("suppression_threshold",), g.today)),
        template_fault=fault,
    )


@reports.route("/reports/<string:reference>/correct", methods=["GET", "POST"])
@commits
def correct(reference: str) -> ResponseReturnValue:
    """Begin the edition that corrects a published one."""
    edition = found(reference)
    path = pages.path_of(edition)
    if edition.state != EditionState.PUBLISHED:
        return see_other(path)
    there = queries.newest_of(edition.kind, edition.last_month, edition.audience)
    if there is not None and there.id != edition.id:
        return see_other(pages.path_of(there), "A correction is begun already.")
    form = CorrectForm(data={"version": edition.version})
    if form.validate_on_submit():
        return _begin(operations.correct(edition, form.reason.data or "", g.viewer, g.now))
    return form_page("reports/correct.html", form, title=f"Correct: {pages.title_of(edition)}", path=path)


@reports.get("/reports/month/<string:month>")
def month(month: str) -> ResponseReturnValue:
    """A month's close: what is missing, what is late, build, look, publish."""
    chosen = month_from(month, date.min)
    facts = closing.facts_of(chosen, g.viewer)
    if facts is None:
        raise NotFound
    edition = queries.newest_of(ReportKind.MONTHLY, chosen, Audience.INTERNAL)
    built = edition is not None and edition.state != EditionState.BUILDING
    missing = pages.unwritten(content_of(edition), edition.narrative) if edition is not None and built else []
    return render_template(
        "reports/month.html",
        title=f"Close {month_name(chosen)}",
        facts=facts,
        steps=pages.close_steps(facts, edition, len(missing)),
        edition=edition,
        path=pages.path_of(edition) if edition else "",
        make=f"/reports/new?kind=monthly&month={month}",
    )
