"""Every table, imported once, so that migrations and relationships know them all."""

from qa_app.actions import models as actions
from qa_app.allocation import models as allocation
from qa_app.audits import models as audits
from qa_app.calendars import models as calendars
from qa_app.calibration import models as calibration
from qa_app.cases import models as cases
from qa_app.comments import models as comments
from qa_app.core import states
from qa_app.exemptions import models as exemptions
from qa_app.feeds import models as feeds
from qa_app.improvement import models as improvement
from qa_app.inspection import models as inspection
from qa_app.jobs import models as jobs
from qa_app.moderation import models as moderation
from qa_app.outbox import models as outbox
from qa_app.people import models as people
from qa_app.recommendations import models as recommendations
from qa_app.reports import models as reports
from qa_app.rounds import models as rounds
from qa_app.sampling import models as sampling
from qa_app.settings import models as settings
from qa_app.signin import models as signin
from qa_app.slippage import models as slippage
from qa_app.tools import models as tools
from qa_app.trail import models as trail

__all__ = [
    "actions", "allocation", "audits", "calendars", "calibration", "cases", "comments", "exemptions", "feeds",
    "improvement", "inspection", "jobs", "moderation", "outbox", "people", "recommendations", "reports",
    "rounds", "sampling", "settings", "signin", "slippage", "states", "tools", "trail",
]  # fmt: skip
