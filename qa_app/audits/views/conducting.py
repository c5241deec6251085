"""The auditor's pages: the list, the form in sections, check and submit, and 'I can't audit this case'."""

from http import HTTPStatus

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.audits import operations, presenters, queries
from qa_app.audits.content import read_scale
from qa_app.audits.forms import (
    ConversationsForm,
    DeclareForm,
    OverallForm,
    SectionForm,
    SubmitForm,
    word_of,
)
from qa_app.audits.inputs import ConversationInput
from qa_app.audits.permissions import can_conduct
from qa_app.audits.views import audits
from qa_app.core.database import commits
from qa_app.core.drafts import answer_changed, answer_saved, answer_unreadable
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.lists import ListPage
from qa_app.core.web import see_other
from qa_app.trail.exports import take_away


@audits.get("/my-audits")
def my_audits() -> ResponseReturnValue:
    """What the viewer has to do, and what they have done."""
    page = ListPage(presenters.PAST_COLUMNS, (), request.args, request.path, default_sort="", size=12)
    past, total = queries.past_audits_of(g.viewer, page.limit, page.offset)
    page.fill(past, total)
    cards = [presenters.card(audit, g.today) for audit in queries.open_audits_of(g.viewer)]
    return render_template("audits/my_audits.html", cards=cards, list=page)


@audits.get("/my-audits/export")
@commits
def export_my_audits() -> ResponseReturnValue:
    """The viewer's past audits as a workbook."""
    page = ListPage(presenters.PAST_COLUMNS, (), request.args, "/my-audits", default_sort="")
    return take_away(
        page,
        lambda limit: queries.past_audits_of(g.viewer, limit, 0),
        "My audits",
        "audit:own-exported",
        g.viewer,
        g.now,
        without=("feedback",),
    )


@audits.get("/audits/<string:round>/<int:number>/sections/<string:key>")
@commits
def section(round: str, number: int, key: str) -> ResponseReturnValue:
    """One section of the form."""
    audit = queries.own_audit(g.viewer, round, number)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    operations.record_view(audit, g.viewer, g.now)
    found = queries.section_of(audit, key)
    answer = found.answer
    form = SectionForm(
        read_scale(audit.round.tool_version.scale),
        found.domain.may_be_not_applicable,
        data={
            "version": answer.version if answer else 0,
            "grade": answer.grade if answer else None,
            "strengths": answer.strengths if answer else "",
            "improvements": answer.improvements if answer else "",
            "affects_child_now": word_of(answer.affects_child_now) if answer else None,
        },
    )
    page = _section_page(audit, found)
    return render_template("audits/section.html", form=form, page=page)


@audits.post("/audits/<string:round>/<int:number>/sections/<string:key>")
@commits
def save_section(round: str, number: int, key: str) -> ResponseReturnValue:
    """Save a section, by its button or by itself."""
    audit = queries.own_audit(g.viewer, round, number)
    found = queries.section_of(audit, key)
    form = SectionForm(read_scale(audit.round.tool_version.scale), found.domain.may_be_not_applicable)
    if not form.validate():
        page = _section_page(audit, found)
        return answer_unreadable(form, "audits/section.html", page=page)
    try:
        version = operations.save_section(audit, found.domain, form.typed(), form.seen, g.viewer, g.now)
    except operations.Changed as changed:
        found = queries.section_of(audit, key)
        page = _section_page(audit, found)
        theirs = presenters.their_section(found, audit)
        context = {"page": page, "theirs": theirs}
        return answer_changed(form, "audits/section.html", changed.version, **context)
    return answer_saved(version, _after_section(audit, found, form.then.data or ""))


def _section_page(audit: queries.Audit, found: queries.Section) -> presenters.SectionPage:
    actions, linked = queries.actions_of_section(audit, found.domain), queries.links_of_section(audit, found.domain)
    return presenters.section_page(audit, found, actions, linked)


def _after_section(audit: queries.Audit, found: queries.Section, then: str) -> str:
    base = presenters.path_of(audit)
    if then == "action":
        return f"{base}/sections/{found.domain.key}/actions/new"
    if then == "next":
        following = queries.next_section_key(audit, found.domain)
        return f"{base}/sections/{following}" if following else f"{base}/conversations"
    return base


@audits.get("/audits/<string:round>/<int:number>/conversations")
@commits
def conversations(round: str, number: int) -> ResponseReturnValue:
    """With whom the auditor talked, or why not."""
    audit = queries.own_audit(g.viewer, round, number)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    operations.record_view(audit, g.viewer, g.now)
    kept = queries.conversations_of(audit)
    values: dict[str, object] = {"version": max((row.version for row in kept.values()), default=0)}
    for whom, row in kept.items():
        values |= {f"{whom}_held": word_of(row.held), f"{whom}_why_not": row.why_not, f"{whom}_learned": row.learned}
    return render_template(
        "audits/conversations.html", form=ConversationsForm(data=values), page=presenters.draft_page(audit)
    )


@audits.post("/audits/<string:round>/<int:number>/conversations")
@commits
def save_conversations(round: str, number: int) -> ResponseReturnValue:
    """Save what is answered about conversations."""
    audit = queries.own_audit(g.viewer, round, number)
    form, page = ConversationsForm(), presenters.draft_page(audit)
    if not form.validate():
        return answer_unreadable(form, "audits/conversations.html", page=page)
    try:
        version = operations.save_conversations(audit, form.typed(), form.seen, g.viewer, g.now)
    except operations.Changed as changed:
        rows = queries.conversations_of(audit)
        kept = {whom: ConversationInput(row.held, row.why_not, row.learned) for whom, row in rows.items()}
        context = {"page": page, "theirs": presenters.their_conversations(kept)}
        return answer_changed(form, "audits/conversations.html", changed.version, **context)
    base = presenters.path_of(audit)
    onward = f"{base}/overall" if audit.round.tool_version.has_overall_grade else f"{base}/check"
    return answer_saved(version, onward if form.then.data == "next" else base)


@audits.get("/audits/<string:round>/<int:number>/overall")
@commits
def overall(round: str, number: int) -> ResponseReturnValue:
    """The overall grade with its reasons."""
    audit = queries.own_audit(g.viewer, round, number)
    if not can_conduct(g.viewer, audit) or not audit.round.tool_version.has_overall_grade:
        return see_other(presenters.path_of(audit))
    operations.record_view(audit, g.viewer, g.now)
    values = {"version": audit.overall_version, "grade": audit.overall_grade, "reasons": audit.overall_reasons}
    form = OverallForm(read_scale(audit.round.tool_version.scale), data=values)
    content = queries.draft_content(audit)
    return render_template(
        "audits/overall.html", form=form, page=presenters.draft_page(audit), grades=presenters.section_grades(content)
    )


@audits.post("/audits/<string:round>/<int:number>/overall")
@commits
def save_overall(round: str, number: int) -> ResponseReturnValue:
    """Save the overall grade."""
    audit = queries.own_audit(g.viewer, round, number)
    form, page = OverallForm(read_scale(audit.round.tool_version.scale)), presenters.draft_page(audit)
    if not form.validate():
        return answer_unreadable(form, "audits/overall.html", page=page)
    try:
        version = operations.save_overall(audit, form.typed(), form.seen, g.viewer, g.now)
    except operations.Changed as changed:
        context = {"page": page, "theirs": presenters.their_overall(audit)}
        return answer_changed(form, "audits/overall.html", changed.version, **context)
    base = presenters.path_of(audit)
    return answer_saved(version, f"{base}/check" if form.then.data == "next" else base)


@audits.get("/audits/<string:round>/<int:number>/check")
@commits
def check(round: str, number: int) -> ResponseReturnValue:
    """Every answer, what is missing, and the button that submits."""
    audit = queries.own_audit(g.viewer, round, number)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    operations.record_view(audit, g.viewer, g.now)
    page = presenters.check_page(audit, queries.draft_content(audit), g.today)
    return render_template("audits/check.html", form=SubmitForm(), page=page)


@audits.post("/audits/<string:round>/<int:number>/check")
@commits
def submit(round: str, number: int) -> ResponseReturnValue:
    """Submit. A second press of the button finds it done and shows the same page."""
    audit = queries.own_audit(g.viewer, round, number)
    path = presenters.path_of(audit)
    if not can_conduct(g.viewer, audit):
        return see_other(path)
    form = SubmitForm()
    try:
        if form.validate():
            operations.submit_audit(audit, g.viewer, g.now)
            return see_other(path, presenters.SUBMITTED)
    except BadInput as refusal:
        form.form_errors.append(str(refusal))
    except (IllegalMove, Stale):
        return see_other(path)
    page = presenters.check_page(audit, queries.draft_content(audit), g.today)
    return make_response(render_template("audits/check.html", form=form, page=page), HTTPStatus.UNPROCESSABLE_ENTITY)


@audits.route("/audits/<string:round>/<int:number>/declare", methods=["GET", "POST"])
@commits
def declare(round: str, number: int) -> ResponseReturnValue:
    """I can't audit this case."""
    audit = queries.own_audit(g.viewer, round, number)
    path = presenters.path_of(audit)
    if not can_conduct(g.viewer, audit) or queries.open_declaration_of(audit):
        return see_other(path)
    form = DeclareForm()
    if form.validate_on_submit():
        operations.declare(audit, form.kind.data, form.reason.data or "", g.viewer, g.now)
        return see_other(path, presenters.DECLARED)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(render_template("audits/declare.html", form=form, page=presenters.draft_page(audit)), status)
