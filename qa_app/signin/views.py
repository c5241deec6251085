"""Sign-in pages: signing in and out, choosing a password from a link, one's own account, and who may sign in."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, g, make_response, render_template, request, session, url_for
from flask_login import current_user, login_user

from qa_app.core.clock import london_day
from qa_app.core.database import commits, transaction
from qa_app.core.errors import NotFound
from qa_app.core.format import clock_time, long_day
from qa_app.core.web import see_other
from qa_app.people.queries import roles_of
from qa_app.people.rules import may_have_deputy
from qa_app.signin import operations, queries
from qa_app.signin.authentication import Answer, authenticate, confirm, only_reading
from qa_app.signin.browsers import make_known, origin
from qa_app.signin.forms import ChangePasswordForm, ChoosePasswordForm, SignInForm
from qa_app.signin.passwords import make_hash
from qa_app.signin.queries import KnownAccount
from qa_app.signin.rules import local_path
from qa_app.signin.sessions import find_session, idle_limit

signin = Blueprint("signin", __name__)

WRONG = "Check your email and password: they do not match an account that can sign in"


@signin.route("/sign-in", methods=["GET", "POST"])
@commits
def sign_in() -> Response:
    """Sign in with email and password, and go on to where one was."""
    going_to = local_path(request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return see_other(going_to or "/")
    form = SignInForm()
    status: HTTPStatus = HTTPStatus.OK
    headers: dict[str, str] = {}
    if form.validate_on_submit():
        where = origin()
        answer = authenticate(str(form.email.data), str(form.password.data), where, g.now)
        if answer.account:
            return _signed_in(answer, str(form.password.data), where.browser, going_to)
        status, headers = _refused(answer, form)
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    people = queries.ready_people(g.today) if current_app.config["DEMO"] else []
    page = render_template("signin/sign_in.html", form=form, people=people, going_to=going_to)
    return make_response(page, status, headers)


def _signed_in(answer: Answer, password: str, browser: str, going_to: str | None) -> Response:
    assert answer.account is not None
    token = operations.begin_session(
        answer.account.person_id,
        g.now,
        browser=browser,
        how="password",
        keys=answer.keys.values(),
        new_hash=make_hash(password) if answer.outdated else None,
    )
    return _enter(token, answer.account.person_id, going_to)


def _refused(answer: Answer, form: SignInForm) -> tuple[HTTPStatus, dict[str, str]]:
    """Count the failure in a transaction of its own, since the page that says so is an error and keeps nothing."""
    if answer.wait_until:
        form.form_errors.append(_wait_words(answer.wait_until))
        seconds = int((answer.wait_until - g.now).total_seconds()) + 1
        return HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}
    with transaction():
        operations.note_failure(answer.keys.values(), answer.claimed_id, g.now)
    form.email.errors = [WRONG]
    return HTTPStatus.UNPROCESSABLE_ENTITY, {}


def _wait_words(until: datetime) -> str:
    return (
        f"Too many tries. You can try again at {clock_time(until + timedelta(seconds=59))}. Your account is not locked."
    )


def _enter(token: str, person_id: int, going_to: str | None) -> Response:
    """Put the new session, and nothing of any earlier one, into the browser."""
    session.clear()
    login_user(find_session(token, g.now))
    response = see_other(going_to or "/")
    make_known(response, person_id)
    return response


@signin.post("/demo-sign-in")
@commits
def demo_sign_in() -> Response:
    """In the demonstration only: sign in as the ready person of a role."""
    chosen = next((p for p in queries.ready_people(g.today) if p.role == request.form.get("role")), None)
    if chosen is None:
        raise NotFound
    token = operations.begin_session(chosen.person_id, g.now, browser=origin().browser, how="demo")
    return _enter(token, chosen.person_id, local_path(request.form.get("next")))


@signin.post("/sign-out")
@commits
def sign_out() -> Response:
    """Sign out here. Someone whose session has ended already is signed out just as well."""
    if current_user.is_authenticated:
        operations.sign_out(current_user.session_id, current_user.viewer, g.now)
    return _leave("You have signed out.")


@signin.post("/sign-out-everywhere")
@commits
def sign_out_everywhere() -> Response:
    """Sign out in every browser."""
    operations.sign_out_everywhere(g.viewer, g.now)
    return _leave("You have signed out in every browser.")


def _leave(message: str) -> Response:
    session.clear()
    response = see_other(url_for("signin.sign_in"), message)
    # Not "cookies": the browser stays known to its owner, so that strangers' guesses elsewhere never make them wait.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    g.pop("viewer", None)
    return response


@signin.route("/choose-password/<string:token>", methods=["GET", "POST"])
@commits
def choose_password(token: str) -> Response:
    """Choose a password from a link that an administrator sent."""
    with only_reading():
        account = queries.account_by_invitation(token, g.now)
    if account is None or not account.usable:
        return make_response(render_template("signin/old_link.html"), HTTPStatus.NOT_FOUND)
    form = ChoosePasswordForm(*_own_words(account))
    if form.validate_on_submit():
        with only_reading():
            password_hash = make_hash(str(form.new_password.data))
        operations.choose_password(token, password_hash, g.now)
        return see_other(url_for("signin.sign_in"), "Your password is set. Sign in with it now.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(render_template("signin/choose_password.html", form=form, account=account), status)


def _own_words(account: KnownAccount) -> tuple[str, ...]:
    return (account.name, account.email, current_app.config["PRODUCT_NAME"])


@signin.get("/account")
def account() -> str:
    """One's own account: roles, browsers signed in, and the password."""
    return _account_page(_own_account(), ChangePasswordForm())


@signin.post("/account/password")
@commits
def change_password() -> Response:
    """Set a new password; every other browser is signed out."""
    viewer, browser = g.viewer, origin().browser
    with only_reading():
        mine = _own_account()
    form = ChangePasswordForm(*_own_words(mine))
    if form.validate_on_submit():
        answer = confirm(mine, str(form.password.data), g.now)
        if answer.account:
            password_hash = make_hash(str(form.new_password.data))
            operations.change_password(viewer, password_hash, g.now)
            token = operations.begin_session(mine.person_id, g.now, browser=browser, how="new password")
            response = _enter(token, mine.person_id, url_for("signin.account"))
            flash("Your password is changed. Every other browser has been signed out.")
            return response
        _refuse_change(answer, form)
    return make_response(_account_page(mine, form), HTTPStatus.UNPROCESSABLE_ENTITY)


def _refuse_change(answer: Answer, form: ChangePasswordForm) -> None:
    if answer.wait_until:
        form.form_errors.append(_wait_words(answer.wait_until))
        return
    with transaction():
        operations.note_failure(answer.keys.values(), answer.claimed_id, g.now)
    form.password.errors = ["Enter the password that you use now"]


def _own_account() -> KnownAccount:
    mine = queries.account_by_person(g.viewer.person_id, g.now)
    if mine is None:
        raise NotFound
    return mine


def _account_page(mine: KnownAccount, form: ChangePasswordForm) -> str:
    return render_template(
        "signin/account.html",
        form=form,
        account=mine,
        roles=queries.roles_in_words(mine.person_id),
        may_have_deputy=may_have_deputy(roles_of(mine.person_id)),
        sessions=queries.live_sessions(mine.person_id, idle_limit(g.viewer.roles), g.now),
        this_session=current_user.session_id,
    )


@signin.post("/account/sessions/<int:session_id>/end")
@commits
def end_session(session_id: int) -> Response:
    """Sign out in one browser."""
    operations.end_own_session(session_id, g.viewer, g.now)
    return see_other(url_for("signin.account"), "That browser is signed out.")


@signin.post("/account/stay")
@commits
def stay() -> Response:
    """Stay signed in: that the request was made is all it takes (`sessions.touch_after`)."""
    return see_other(local_path(request.form.get("next")) or "/")


@signin.post("/people/<int:person_id>/invite")
@commits
def invite(person_id: int) -> str:
    """Make a link with which a person chooses a password, and show it once."""
    token = operations.invite(person_id, g.viewer, g.now)
    account = queries.account_by_person(person_id, g.now)
    path = url_for("signin.choose_password", token=token)
    last_day = long_day(london_day(g.now + operations.INVITATION_LASTS))
    link = current_app.config["BASE_URL"] + path
    return render_template("signin/invited.html", account=account, link=link, last_day=last_day)


@signin.post("/people/<int:person_id>/disable-account")
@commits
def disable_account(person_id: int) -> Response:
    """Take a person's access away, at once."""
    operations.disable_account(person_id, g.viewer, g.now)
    return see_other(f"/people/{person_id}", "Access taken away. They have been signed out everywhere.")


@signin.post("/people/<int:person_id>/enable-account")
@commits
def enable_account(person_id: int) -> Response:
    """Give a person's access back."""
    operations.enable_account(person_id, g.viewer, g.now)
    return see_other(f"/people/{person_id}", "Access given back. They can sign in with the password they had.")
