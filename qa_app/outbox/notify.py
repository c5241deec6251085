"""GOV.UK Notify as a way by which mail leaves (docs/configuration.md)."""

from http import HTTPStatus
from typing import Any

from notifications_python_client.errors import HTTPError, TokenError
from notifications_python_client.notifications import NotificationsAPIClient

from qa_app.config import MailConfig
from qa_app.outbox.letters import TIMEOUT, Letter, OutOfReach, Refused, error_words

ABOUT_ONE_READER = ("email_address", "team-only", "recipient")
"""What is said of one address, and not of the whole service."""


class Notify:
    """GOV.UK Notify, through one template with the placeholders `subject` and `body`."""

    label = "GOV.UK Notify"

    def __init__(self, config: MailConfig, client: Any = None) -> None:
        self._template = config.notify_template_id
        self._client = client or NotificationsAPIClient(config.notify_api_key, timeout=TIMEOUT)  # type: ignore[no-untyped-call]

    def send(self, letter: Letter) -> None:
        """Hand one mail over.

        Raises:
            Refused, TryLater, OutOfReach: it was not taken.
        """
        try:
            self._client.send_email_notification(
                email_address=letter.email,
                template_id=self._template,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=letter.key,
            )
        except HTTPError as error:
            said = f"GOV.UK Notify said {error.status_code}: {_notify_words(error)}"
            if error.status_code == HTTPStatus.BAD_REQUEST and any(words in said for words in ABOUT_ONE_READER):
                raise Refused(said) from error
            raise OutOfReach(said) from error
        except (TokenError, OSError, AssertionError) as error:
            raise OutOfReach(f"GOV.UK Notify can't be used: {error_words(error)}") from error

    def close(self) -> None:
        """Nothing stays open."""


def _notify_words(error: HTTPError) -> str:
    message = error.message
    return "; ".join(str(one.get("message", one)) for one in message) if isinstance(message, list) else str(message)
