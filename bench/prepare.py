"""Migrate and seed a database; print the pages to measure and a signed-in cookie for each person, as JSON."""

import json
import sys
import time
from datetime import date

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from bench import seed
from bench.server import application
from qa_app.access.viewer import system
from qa_app.audits.models import Audit
from qa_app.core.clock import months_before
from qa_app.core.database import db
from qa_app.reports import operations
from qa_app.reports.running import build_now
from qa_app.reports.states import Audience, ReportKind
from qa_app.rounds.models import Round
from qa_app.schema import upgrade
from qa_app.signin.sessions import start_session
from qa_app.tools.models import Domain

SAVE = {
    "grade": "good",
    "strengths": "Visits are in time.",
    "improvements": "",
    "affects_child_now": "no",
    "version": "1",
}


def a_report(month: date) -> str:
    """Publish a month's report, and say how long it took to build. Gives the address of its page."""
    who = system()
    made = operations.make(ReportKind.MONTHLY, month, Audience.INTERNAL, who, seed.NOW)
    began = time.perf_counter()
    build_now(made, who, seed.NOW)
    print(f"a monthly report is built in {time.perf_counter() - began:.2f} s", file=sys.stderr)
    operations.publish(made, made.version, who, seed.NOW)
    db.session.commit()
    return f"/reports/{made.reference}"


def main(size: int) -> None:
    """Seed `size` audits."""
    app = application()
    with app.app_context():
        upgrade()
        seed.seed(size)
        signing = SecureCookieSessionInterface().get_signing_serializer(app)
        cookies = {}
        for name, person in (("manager", seed.MANAGER), ("qa", seed.QA), ("lead", seed.LEAD)):
            token = start_session(person, seed.NOW)
            cookies[name] = signing.dumps({"_user_id": token, "_fresh": True})
        db.session.commit()
        current = db.session.scalars(select(Round).where(Round.state == "issued")).one()
        mine = db.session.scalars(
            select(Audit).where(Audit.round_id == current.id, Audit.auditor_id == seed.MANAGER)
        ).first()
        key = db.session.scalars(select(Domain.key).order_by(Domain.position)).first()
        report = a_report(months_before(current.month, 1))
    section = f"/audits/{mine.reference.split('/')[0]}/{mine.number}/sections/{key}"
    pages = [
        {"name": "floor", "path": "/bench/floor", "person": "manager"},
        {"name": "home of an auditor", "path": "/", "person": "manager"},
        {"name": "home of the QA team", "path": "/", "person": "qa"},
        {"name": "my audits", "path": "/my-audits", "person": "manager"},
        {"name": "an audit's section", "path": section, "person": "manager"},
        {"name": "a save", "path": section, "person": "manager", "form": SAVE},
        {"name": "actions of an owner", "path": "/actions", "person": "manager"},
        {"name": "actions of everybody", "path": "/actions?whose=all", "person": "qa"},
        {"name": "actions by owner's name", "path": "/actions?whose=all&owner=Manager+17", "person": "qa"},
        {"name": "actions, common name", "path": "/actions?whose=all&owner=manager", "person": "qa"},
        {"name": "all actions, by name", "path": "/actions?whose=all&state=all&owner=Manager+17", "person": "qa"},
        {"name": "one action", "path": "/actions/A-0005", "person": "qa"},
        {"name": "progress by manager", "path": f"/progress/{current.reference}", "person": "qa"},
        {"name": "monthly report", "path": report, "person": "qa"},
        {"name": "dashboard", "path": "/dashboard", "person": "qa"},
        {"name": "moderation queue", "path": "/moderation", "person": "qa"},
        {"name": "all moderations", "path": "/moderation?state=all", "person": "qa"},
        {"name": "improvement board", "path": "/improvement", "person": "lead"},
        {"name": "board, every process", "path": "/improvement?show=all", "person": "lead"},
        {"name": "one process", "path": f"/improvement/IP-{size // seed.PROCESSES - 9:04d}", "person": "lead"},
        {"name": "home of the Practice Lead", "path": "/", "person": "lead"},
        {"name": "actions of everybody, changed", "path": "/actions?whose=all", "person": "qa", "changed": True},
        {"name": "progress, changed", "path": f"/progress/{current.reference}", "person": "qa", "changed": True},
        {"name": "dashboard, changed", "path": "/dashboard", "person": "qa", "changed": True},
    ]
    print(json.dumps({"cookies": cookies, "pages": pages}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
