"""Read what reminders are about: quiet days, and who still owes how many audits of which round."""

from datetime import date

from qa_app.reminders import rules
from qa_app.settings.queries import value_at


def quiet_days(day: date) -> rules.QuietDays:
    """The days without reminders, by the setting in force on a day."""
    return rules.read_quiet_days(value_at("quiet_days", day))


def is_quiet(day: date) -> bool:
    """Whether the council wants no reminders on a day."""
    return rules.is_quiet(day, quiet_days(day))
