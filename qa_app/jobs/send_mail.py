"""Send the mails that are due, each minute."""

from datetime import datetime

from flask import current_app

from qa_app.core.jobs import Done
from qa_app.outbox.sending import send_due
from qa_app.outbox.transports import transport_for
from qa_app.reasons import REASONS


def send_mail(now: datetime) -> Done:
    """Send what is due by the transport that is set up, and say what was done."""
    config = current_app.config
    return send_due(now, transport_for(config["MAIL"], config["BASE_URL"]), REASONS)
