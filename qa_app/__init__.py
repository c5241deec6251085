"""Case audits: monthly case-audit quality assurance for children's social care."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from qa_app import frame, logs, models, reactions, sources, subjects
from qa_app.access import hooks
from qa_app.actions.sources import connect as connect_sources
from qa_app.audits.queries import audits_of_case
from qa_app.cases.audited import connect as connect_case_audits
from qa_app.config import Config, flask_settings, read_config
from qa_app.core import assets, events, headers, requests, web
from qa_app.core.clock import utc_now
from qa_app.core.database import db
from qa_app.extensions import compress, csrf, login_manager
from qa_app.pictures import filters
from qa_app.rooms import register_rooms
from qa_app.signin import sessions
from qa_app.trail.subjects import connect as connect_subjects


def create_app(config: Config | None = None) -> Flask:
    """Make the application. It does not touch the database."""
    config = config or read_config()
    app = Flask(__name__, static_folder=None)
    app.config.update(flask_settings(config), CLOCK=utc_now)
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    logs.configure(app)
    db.init_app(app)
    app.extensions["models"] = models  # every table is known from here on
    hooks.install(app)
    requests.guard(app)
    csrf.init_app(app)
    # Its variable for templates, which none uses, would ask the database even for the page that says it can't answer.
    login_manager.init_app(app, add_context_processor=False)
    compress.init_app(app)
    headers.protect(app)
    web.register_web(app)
    assets.serve_assets(app)
    frame.install(app)
    filters.install(app)
    register_rooms(app)
    app.after_request(sessions.touch_after)
    events.connect(reactions.REACTIONS)
    connect_sources(sources.SOURCES)
    connect_subjects(subjects.SUBJECTS)
    connect_case_audits(audits_of_case)
    return app
