"""Pages that save themselves: their form, and how they answer: saved, not readable, or changed from somewhere else."""

from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.core.format import clock_time
from qa_app.core.forms import TextField, VersionForm
from qa_app.core.web import autosaving, saved, see_other


class DraftForm(VersionForm):
    """A page that saves itself: the version it was opened with, and what the pressed button asks for."""

    keep = TextField("Version that was looked at in a conflict")
    then = TextField("What to do next")

    @property
    def seen(self) -> int:
        """The version to replace: the one of the conflict that the person has looked at, else the page's."""
        looked_at = self.keep.data or ""
        if looked_at.isascii() and looked_at.isdigit() and len(looked_at) < 10:
            return int(looked_at)
        return super().seen


def answer_saved(version: int, next_page: str) -> ResponseReturnValue:
    """Quietly to an autosave; otherwise on to the next page."""
    return saved(version, clock_time(g.now)) if autosaving() else see_other(next_page)


def answer_unreadable(form: DraftForm, template: str, **context: Any) -> Response:
    """The page again with what could not be read; to an autosave, only the sentence."""
    if autosaving():
        response = make_response("", HTTPStatus.UNPROCESSABLE_ENTITY)
        response.headers["X-Message"] = "Not saved: " + "; ".join(str(line.text) for line in form.error_list())
        return response
    return make_response(render_template(template, form=form, **context), HTTPStatus.UNPROCESSABLE_ENTITY)


def answer_changed(form: DraftForm, template: str, version: int, **context: Any) -> Response:
    """Both texts: the person's own in the form, the other beside it (`theirs`). Nothing was written.

    Saving the page from here replaces `version`, which has been looked at.
    """
    context |= {"changed_version": version}
    if autosaving():
        response = make_response(render_template("components/conflict.html", **context), HTTPStatus.CONFLICT)
        response.headers["X-Fragment"] = "1"
        return response
    form.version.data = str(version)
    return make_response(render_template(template, form=form, **context), HTTPStatus.CONFLICT)
