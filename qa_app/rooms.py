"""Every room that has pages or commands, once."""

from click import Command
from flask import Flask

from qa_app.access import commands as access_commands
from qa_app.actions.views import actions
from qa_app.allocation import commands as allocation_commands
from qa_app.allocation.views import allocation
from qa_app.audits.views import audits
from qa_app.calendars.views import calendars
from qa_app.calibration.views import calibration
from qa_app.cases import commands as cases_commands
from qa_app.cases.views import cases
from qa_app.comments.views import comments
from qa_app.dashboard.views import dashboard
from qa_app.demo import commands as demo_commands
from qa_app.exemptions.views import exemptions
from qa_app.feeds import commands as feeds_commands
from qa_app.feeds.views import feeds
from qa_app.figures.views import figures
from qa_app.health.views import health
from qa_app.home.views import home
from qa_app.improvement.views import improvement
from qa_app.inspection import commands as inspection_commands
from qa_app.inspection.views import inspection
from qa_app.issuing.views import issuing
from qa_app.jobs import commands as jobs_commands
from qa_app.mirror.views import mirror
from qa_app.moderation.views import moderation
from qa_app.outbox.views import outbox
from qa_app.people import commands as people_commands
from qa_app.people.views import people
from qa_app.progress import commands as progress_commands
from qa_app.progress.views import progress
from qa_app.recommendations.views import recommendations
from qa_app.reminders.views import reminders
from qa_app.reports import commands as report_commands
from qa_app.reports.views import reports
from qa_app.rounds.sample_views import samples
from qa_app.rounds.views import rounds
from qa_app.settings.views import settings
from qa_app.signin import commands as signin_commands
from qa_app.signin.views import signin
from qa_app.slippage.views import slippage
from qa_app.story.views import story
from qa_app.tools.views import tools
from qa_app.trail import commands as trail_commands
from qa_app.trail.views import trail

ROOMS = (
    actions,
    allocation,
    audits,
    calendars,
    calibration,
    cases,
    comments,
    dashboard,
    exemptions,
    figures,
    feeds,
    health,
    home,
    improvement,
    inspection,
    issuing,
    mirror,
    moderation,
    outbox,
    progress,
    people,
    recommendations,
    reminders,
    reports,
    rounds,
    samples,
    settings,
    signin,
    slippage,
    story,
    tools,
    trail,
)

COMMANDS: tuple[Command, ...] = (
    *access_commands.COMMANDS,
    *allocation_commands.COMMANDS,
    *cases_commands.COMMANDS,
    *demo_commands.COMMANDS,
    *feeds_commands.COMMANDS,
    *inspection_commands.COMMANDS,
    *jobs_commands.COMMANDS,
    *people_commands.COMMANDS,
    *progress_commands.COMMANDS,
    *report_commands.COMMANDS,
    *signin_commands.COMMANDS,
    *trail_commands.COMMANDS,
)
"""Each room's commands: `*<area>_commands.COMMANDS`."""


def register_rooms(app: Flask) -> None:
    """Register the blueprint of every room."""
    for blueprint in ROOMS:
        app.register_blueprint(blueprint)
