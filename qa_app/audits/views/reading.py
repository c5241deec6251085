"""An audit as those see it who may: its auditor, its managers and the QA team."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from qa_app.access.permissions import Permission
from qa_app.actions.queries import seen_of
from qa_app.audits import operations, presenters, queries
from qa_app.audits.permissions import can_conduct, can_manage, grades_hidden_from
from qa_app.audits.presenters.put_right import put_right
from qa_app.audits.views import audits
from qa_app.core.database import commits
from qa_app.core.web import see_other


@audits.get("/audits/<string:round>/<int:number>")
@commits
def audit(round: str, number: int) -> ResponseReturnValue:
    """The list of sections for its auditor while it is open; for everybody else, and later, what was submitted."""
    found = queries.audit_for(g.viewer, round, number)
    if grades_hidden_from(g.viewer, found):
        return see_other(f"/moderation/{round}/{number}")
    operations.record_view(found, g.viewer, g.now)
    if can_conduct(g.viewer, found):
        submissions = queries.submissions_of(found) if found.first_submitted_at else ()
        declaration = queries.newest_declaration_of(found)
        page = presenters.overview_page(found, queries.draft_content(found), submissions, declaration, g.today)
        return render_template("audits/overview.html", page=page)
    submissions = queries.submissions_of(found)
    page_read = presenters.reading_page(
        found, submissions, queries.history_of(found), g.today, manages=can_manage(g.viewer)
    )
    own = found.auditor_id == g.viewer.person_id or not g.viewer.can(Permission.PROGRESS_READ)
    back = ("/my-audits", "My audits") if own else (f"/progress/{found.round.reference}", "Progress")
    actions = put_right(seen_of(g.viewer, "audit", found.id)) if submissions else []
    return render_template("audits/audit.html", page=page_read, actions=actions, back=back)


@audits.get("/audits/<string:round>/<int:number>/versions/<int:version>")
@commits
def version(round: str, number: int, version: int) -> ResponseReturnValue:
    """One submitted version, as it was."""
    found = queries.audit_for(g.viewer, round, number)
    if grades_hidden_from(g.viewer, found):
        return see_other(f"/moderation/{round}/{number}")
    operations.record_view(found, g.viewer, g.now)
    submission = queries.submission_of(found, version)
    return render_template("audits/version.html", page=presenters.version_page(found, submission, g.today))
