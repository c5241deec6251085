"""A follow-up: begin it, judge one recommendation after the other, sum up, check and publish, and read it."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.drafts import answer_changed, answer_saved, answer_unreadable
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import VersionForm
from qa_app.core.web import autosaving, error_answer, see_other
from qa_app.recommendations import operations, presenters, queries
from qa_app.recommendations.forms import JudgementForm, SummaryForm
from qa_app.recommendations.operations.following import facts_of, missing_of
from qa_app.recommendations.permissions import can_manage, is_partial, reads_whole
from qa_app.recommendations.presenters import path_of
from qa_app.recommendations.states import FollowUpState
from qa_app.recommendations.views.room import form_page, recommendations

PUBLISHED = "This follow-up is published, so it is fixed."


def _found(reference: str, follow_up: int) -> queries.FollowUp:
    report = queries.report_for(g.viewer, reference)
    return queries.follow_up_of(report, follow_up, drafts=can_manage(g.viewer))


def _path(found: queries.FollowUp) -> str:
    return f"{path_of(found.report)}/follow-ups/{found.number}"


def _shown(found: queries.FollowUp, chosen: str = "") -> tuple[Any, Any]:
    judgements = queries.judgements_of(g.viewer, found)
    whole = reads_whole(g.viewer, found.report)
    page = presenters.follow_up_page(found, judgements, facts_of(judgements), whole=whole, chosen=chosen)
    return page, judgements


@recommendations.route("/recommendations/<string:reference>/follow-ups/new", methods=["GET", "POST"])
@commits
def start(reference: str) -> ResponseReturnValue:
    """What a follow-up takes up, and one button."""
    report = queries.report_for(g.viewer, reference)
    follow_ups = queries.follow_ups_of(report, drafts=True)
    found = queries.recommendations_of(g.viewer, report)
    page = presenters.report_page(report, found, follow_ups, {}, whole=True)
    if page.draft:
        return see_other(page.draft_path)
    form = VersionForm()
    if form.validate_on_submit():
        try:
            made = operations.start_follow_up(report, g.viewer, g.now)
        except IllegalMove as refusal:
            return see_other(page.path, str(refusal))
        return see_other(f"{page.path}/follow-ups/{made.number}")
    again = bool(follow_ups)
    return render_template("recommendations/start.html", form=form, page=page, again=again)


@recommendations.get("/recommendations/<string:reference>/follow-ups/<int:follow_up>")
def follow_up(reference: str, follow_up: int) -> ResponseReturnValue:
    """What is to be judged while it is a draft; the document once it is published."""
    page, _ = _shown(_found(reference, follow_up), request.args.get("outcome", ""))
    template = "recommendations/draft.html" if page.is_draft else "recommendations/follow_up.html"
    return render_template(template, page=page)


@recommendations.route(
    "/recommendations/<string:reference>/follow-ups/<int:follow_up>/<int:number>", methods=["GET", "POST"]
)
@commits
def judge(reference: str, follow_up: int, number: int) -> ResponseReturnValue:
    """One recommendation: how far, and what shows it. Saves itself."""
    found = _found(reference, follow_up)
    judgement = queries.judgement_of(g.viewer, found, number)
    if found.state != FollowUpState.DRAFT:
        return error_answer(409, PUBLISHED) if autosaving() else see_other(_path(found), PUBLISHED)
    page = _judge_page(judgement)
    template = "recommendations/judge.html"
    if request.method == "GET":
        values = {"version": judgement.version, "outcome": judgement.outcome, "evidence": judgement.evidence}
        return render_template(template, form=JudgementForm(formdata=None, data=values), page=page)
    form = JudgementForm()
    if not form.validate():
        return answer_unreadable(form, template, page=page)
    try:
        version = operations.save_judgement(judgement, form.typed(), form.seen, g.viewer, g.now)
    except operations.Changed as changed:
        theirs = presenters.their_judgement(queries.judgement_of(g.viewer, found, number))
        return answer_changed(form, template, changed.version, page=page, theirs=theirs)
    return answer_saved(version, _after(found, number, form.then.data or ""))


def _judge_page(judgement: Any) -> Any:
    recommendation = judgement.recommendation
    notes = queries.notes_on(recommendation)
    spoke = frozenset(note.by_id for note in notes)
    may = not is_partial(g.viewer.person_id, recommendation.owner_id, spoke)
    return presenters.judge_page(judgement, notes, queries.judgements_on(recommendation), g.today, may_judge=may)


def _after(found: queries.FollowUp, number: int, then: str) -> str:
    """The next recommendation, after the last the summary; or the list."""
    if then != "next":
        return _path(found)
    numbers = [each.recommendation.number for each in queries.judgements_of(g.viewer, found)]
    later = [each for each in numbers if each > number]
    return f"{_path(found)}/{later[0]}" if later else f"{_path(found)}/summary"


@recommendations.route(
    "/recommendations/<string:reference>/follow-ups/<int:follow_up>/summary", methods=["GET", "POST"]
)
@commits
def summary(reference: str, follow_up: int) -> ResponseReturnValue:
    """The follow-up as a whole. Saves itself."""
    found = _found(reference, follow_up)
    if found.state != FollowUpState.DRAFT:
        return error_answer(409, PUBLISHED) if autosaving() else see_other(_path(found), PUBLISHED)
    template, context = "recommendations/summary.html", {"path": _path(found), "found": found}
    if request.method == "GET":
        names = ("version", "dated", "period", "audits", "inadequate", "repeat_inadequate", "summary")
        values = {name: getattr(found, name) for name in names}
        return render_template(template, form=SummaryForm(formdata=None, data=values), **context)
    form = SummaryForm()
    if not form.validate():
        return answer_unreadable(form, template, **context)
    try:
        version = operations.save_summary(found, form.typed(), form.seen, g.viewer, g.now)
    except BadInput as refusal:
        form.add_errors(refusal.fields)
        return answer_unreadable(form, template, **context)
    except operations.Changed as changed:
        return answer_changed(form, template, changed.version, theirs=presenters.their_summary(found), **context)
    return answer_saved(version, _path(found))


@recommendations.route(
    "/recommendations/<string:reference>/follow-ups/<int:follow_up>/publish", methods=["GET", "POST"]
)
@commits
def publish(reference: str, follow_up: int) -> ResponseReturnValue:
    """Everything once more, what is missing, and one button."""
    found = _found(reference, follow_up)
    if found.state != FollowUpState.DRAFT:
        return see_other(_path(found), PUBLISHED)
    form = VersionForm()
    if form.validate_on_submit():
        try:
            operations.publish(found, g.viewer, g.now)
            return see_other(_path(found), "Published. Owners, Heads of Service and the Director are told by mail.")
        except BadInput as refusal:
            form.add_errors({"": str(refusal)})
        except (IllegalMove, Stale):
            return see_other(_path(found), "It was changed meanwhile. This is how it stands now.")
    shown, judgements = _shown(found)
    page = presenters.publish_page(shown, missing_of(found, judgements))
    return form_page("recommendations/publish.html", form, page=page)
