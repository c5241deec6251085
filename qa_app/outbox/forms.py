"""Forms of mail."""

from qa_app.core.forms import Form, RadioField, Required


class SwitchOnForm(Form):
    """What becomes of mails that were written before today."""

    old = RadioField(
        "What should happen to the mails written before today?",
        [Required("Choose what should happen to the mails written before today")],
        choices=[
            ("drop", "Drop them: they stay on the list, and each can still be sent"),
            ("send", "Send them too, where what they ask for is not settled"),
        ],
    )
