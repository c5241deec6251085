"""One process whole, the concerns that it raised, and whether it goes on."""

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

from qa_app.actions.queries import actions_of
from qa_app.audits.queries import readable_address
from qa_app.core.database import commits
from qa_app.core.errors import NotFound
from qa_app.core.forms import Form, VersionForm
from qa_app.improvement import operations, presenters, queries
from qa_app.improvement.forms import ConcernForm, EndForm
from qa_app.improvement.operations.closing import close_obstacles
from qa_app.improvement.operations.recording import SOURCE
from qa_app.improvement.permissions import can_lead
from qa_app.improvement.views.room import act, found, improvement, page


@improvement.get("/improvement/<string:reference>")
@commits
def show(reference: str) -> ResponseReturnValue:
    """One process, whole, with what is asked of this reader."""
    process = queries.whole_process(g.viewer, reference)
    operations.record_view(process, g.viewer, g.now)
    return _page(process)


@improvement.post("/improvement/<string:reference>/end")
@commits
def end(reference: str) -> ResponseReturnValue:
    """The grade has changed, and the Practice Lead ends the process."""
    process, form = found(reference, can_lead, queries.whole_process), EndForm()
    return act(
        process,
        form,
        lambda: operations.end_process(process, form.reason.data or "", g.viewer, g.now, form.seen),
        f"{process.reference} is ended. Nobody need act any more.",
        lambda: _page(process, form, ending=form),
    )


@improvement.post("/improvement/<string:reference>/go-on")
@commits
def go_on(reference: str) -> ResponseReturnValue:
    """The grade has changed, and the process goes on all the same."""
    process, form = found(reference, can_lead, queries.whole_process), VersionForm()
    return act(
        process,
        form,
        lambda: operations.go_on(process, g.viewer, g.now, form.seen),
        f"{process.reference} goes on as it was.",
        lambda: _page(process, form),
    )


@improvement.post("/improvement/<string:reference>/concerns/<int:concern_id>")
@commits
def answer_concern(reference: str, concern_id: int) -> ResponseReturnValue:
    """What became of a concern."""
    process, form = found(reference, can_lead, queries.whole_process), _answer_form(concern_id)
    if concern_id not in {concern.id for concern in process.concerns}:
        raise NotFound
    return act(
        process,
        form,
        lambda: operations.answer_concern(process, concern_id, form.answer.data or "", g.viewer, g.now),
        "Noted what became of the concern.",
        lambda: _page(process, form, answering={concern_id: form}),
    )


def _answer_form(concern_id: int, **values: Any) -> ConcernForm:
    form = ConcernForm(**values)
    form.answer.id = f"answer-{concern_id}"
    return form


def _page(
    process: queries.ImprovementProcess,
    wrong: Form | None = None,
    *,
    ending: EndForm | None = None,
    answering: dict[int, ConcernForm] | None = None,
) -> ResponseReturnValue:
    shown = presenters.process_page(
        process,
        actions_of(SOURCE, process.id),
        queries.following(process),
        g.viewer,
        g.today,
        obstacles=close_obstacles(process),
        audit_path=readable_address(g.viewer, process.audit_id),
    )
    seen = {"version": process.version}
    answers = {one.id: _answer_form(one.id, formdata=None) for one in shown.concerns if not one.answer}
    return page(
        "improvement/process.html",
        wrong,
        page=shown,
        legend=presenters.legend(),
        ending=ending or EndForm(formdata=None, data=seen),
        going_on=VersionForm(formdata=None, data=seen),
        answers=answers | (answering or {}),
    )
