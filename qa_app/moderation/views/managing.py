"""The QA team's pages: another moderator, and what the moderation panel decided."""

from http import HTTPStatus
from typing import Any

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.allocation.queries import case_of
from qa_app.audits.content import read_scale
from qa_app.audits.operations import record_view
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment, see_other
from qa_app.moderation import operations, presenters, queries
from qa_app.moderation.forms import ModeratorForm, PanelForm
from qa_app.moderation.messages import page_of
from qa_app.moderation.permissions import acting_moderator, is_party, sees_grades
from qa_app.moderation.queries.selections import counts_of, issued_references, selections_of
from qa_app.moderation.states import GRADING, ModerationState
from qa_app.moderation.views import moderation
from qa_app.moderation.views.grading import MEANWHILE
from qa_app.rounds.queries import round_by_reference
from qa_app.sampling.queries import current_draw
from qa_app.tools.queries import domains
from qa_app.trail.exports import take_away


def _page(found: queries.Moderation) -> presenters.Page:
    sees = sees_grades(g.viewer, found)
    blind = acting_moderator(g.viewer, found) is not None and not sees
    return presenters.page_for(
        found,
        domains(found.audit.round.tool_version_id),
        queries.own_sections(found.id),
        queries.newest_content(found.audit_id) if sees else None,
        g.today,
        shows_own=sees,
        selection=None if blind else queries.selection_of(found.audit_id),
    )


@moderation.get("/moderation/selection")
def selections() -> ResponseReturnValue:
    """On to the round that was asked for, or the newest that was issued."""
    rounds = issued_references()
    asked = request.args.get("round", "")
    if not rounds:
        return see_other("/moderation", "No round is issued yet, so nothing is selected for moderation.")
    return see_other(f"/moderation/selection/{asked if asked in rounds else rounds[0]}")


@moderation.get("/moderation/selection/<string:round>")
def selection(round: str) -> ResponseReturnValue:
    """Which submitted audits of a round are moderated, and why."""
    found = round_by_reference(round)
    page = _selection_list(round)
    rows, total = selections_of(found.id, page.order_by, limit=page.limit, offset=page.offset)
    page.fill(rows, total)
    drawn = current_draw(found.id)
    return page_or_fragment(
        "moderation/selection.html",
        "moderation/_selection.html",
        list=page,
        title=presenters.selection_heading(found.month, counts_of(found.id)),
        facts=presenters.rule_facts(rows, drawn.seed if drawn else found.reference),
        rounds=issued_references(),
        round=found.reference,
        export_path=f"/moderation/selection/{found.reference}/export",
    )


@moderation.get("/moderation/selection/<string:round>/export")
@commits
def export_selection(round: str) -> ResponseReturnValue:
    """The same list as a workbook, in its order."""
    found, page = round_by_reference(round), _selection_list(round)
    return take_away(
        page,
        lambda limit: selections_of(found.id, page.order_by, limit=limit, offset=0),
        f"Selection {found.reference}",
        "moderation:selection-exported",
        g.viewer,
        g.now,
        subject=("round", found.id),
    )


def _selection_list(round: str) -> ListPage[Any]:
    columns = presenters.selection_columns(g.viewer.person_id)
    return ListPage(columns, (), request.args, f"/moderation/selection/{round}", "audit")


@moderation.route("/moderation/<string:round>/<int:number>/moderator", methods=["GET", "POST"])
@commits
def moderator(round: str, number: int) -> ResponseReturnValue:
    """Give a moderation to somebody else, with the rules' verdict on each."""
    found = queries.moderation_for(g.viewer, round, number)
    if found.state not in GRADING:
        return see_other(page_of(found), MEANWHILE)
    case = case_of(found.audit)
    everybody = queries.candidates(found.audit, case, found.due_on, g.today, by_head=found.by_head)
    verdicts = presenters.verdicts(case, everybody, found.audit.auditor_id, found.moderator_id)
    form = ModeratorForm(presenters.choices(verdicts), data={"version": found.version})
    if form.validate_on_submit():
        try:
            chosen = int(form.moderator.data)
            operations.reassign(found, chosen, form.reason.data or "", g.viewer, g.now, form.seen)
            return see_other(page_of(found), "Given to the new moderator, who is told by mail.")
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except (IllegalMove, Stale):
            return see_other(page_of(found), MEANWHILE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    begun = found.state == ModerationState.IN_PROGRESS
    page = _page(found)
    return make_response(
        render_template("moderation/moderator.html", form=form, page=page, verdicts=verdicts, begun=begun), status
    )


@moderation.route("/moderation/<string:round>/<int:number>/panel", methods=["GET", "POST"])
@commits
def panel(round: str, number: int) -> ResponseReturnValue:
    """Record what the moderation panel decided."""
    found = queries.moderation_for(g.viewer, round, number)
    if found.state != ModerationState.DISPUTED:
        return see_other(page_of(found), MEANWHILE)
    record_view(found.audit, g.viewer, g.now)
    scale = read_scale(found.audit.round.tool_version.scale)
    form = PanelForm(queries.panel_people(found, g.today), scale, data={"version": found.version})
    if form.validate_on_submit():
        try:
            operations.decide(found, form.typed(), g.viewer, g.now, form.seen)
            return see_other(page_of(found), "Recorded. The grade is final; those concerned are told by mail.")
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except (IllegalMove, Stale):
            return see_other(page_of(found), MEANWHILE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    party = is_party(g.viewer, found)
    return make_response(render_template("moderation/panel.html", form=form, page=_page(found), is_party=party), status)
