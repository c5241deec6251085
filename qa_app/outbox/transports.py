"""How mail leaves: by a mail server, by GOV.UK Notify, or in the demonstration not at all (docs/configuration.md)."""

import smtplib
import ssl

from qa_app.config import MailConfig
from qa_app.outbox.letters import (
    TIMEOUT,
    ConnectionLost,
    Letter,
    OutOfReach,
    Refused,
    Transport,
    TryLater,
    as_message,
    error_words,
)

TAKEN, TOO_LARGE = 250, 552


def transport_for(config: MailConfig, base_url: str) -> Transport | None:
    """The transport that the configuration names; None where there is none, so that everything waits."""
    if config.transport == "smtp":
        return Smtp(config, base_url)
    if config.transport == "notify":
        from qa_app.outbox.notify import Notify  # noqa: PLC0415 - its client takes long to import

        return Notify(config)
    return Demo() if config.transport == "demo" else None


class Demo:
    """Sends nothing: the demonstration's mails are read on its pages."""

    label = "the demonstration, which sends nothing"

    def send(self, letter: Letter) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing is open."""


class Smtp:
    """A mail server. One connection is used for a whole run, and made anew when it is lost."""

    def __init__(self, config: MailConfig, base_url: str) -> None:
        self.label = f"the mail server {config.smtp_host}"
        self._config = config
        self._base_url = base_url
        self._client: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand one mail over.

        Raises:
            Refused, TryLater, OutOfReach: it was not taken.
        """
        message = as_message(letter, self._config.sender, self._base_url)
        client = self._connected()
        try:
            client.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            self._refuse(code, said)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == TOO_LARGE:
                self._refuse(error.smtp_code, error.smtp_error)
            self.close()
            raise OutOfReach(_said("The sender is refused", error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            self._refuse(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(f"The mail server can't take this address: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ConnectionLost(f"The connection was lost while sending: {error_words(error)}") from error

    def close(self) -> None:
        """Say goodbye, where somebody still listens."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.quit()
            except (smtplib.SMTPException, OSError):
                client.close()

    def _refuse(self, code: int, said: bytes | str) -> None:
        if self._client is not None and self._client.sock is None:  # it hung up with its answer
            self._client = None
        raise (Refused if code >= 500 else TryLater)(_said("The mail server said", code, said))

    def _connected(self) -> smtplib.SMTP:
        if self._client is not None:
            try:
                if self._client.noop()[0] == TAKEN:
                    return self._client
            except (smtplib.SMTPException, OSError):
                pass
            self._client.close()
        self._client = None
        try:
            self._client = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise OutOfReach(f"{self.label} can't be used: {error_words(error)}") from error
        return self._client

    def _connect(self) -> smtplib.SMTP:
        config = self._config
        trusted = ssl.create_default_context(cafile=config.smtp_ca_file or None)
        if config.smtp_security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                config.smtp_host, config.smtp_port, timeout=TIMEOUT, context=trusted
            )
        else:
            client = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT)
        try:
            if config.smtp_security == "starttls":
                client.starttls(context=trusted)
            if config.smtp_user:
                client.login(config.smtp_user, config.smtp_password)
        except BaseException:
            client.close()
            raise
        return client


def _said(what: str, code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{what} {code}: {' '.join(words.split())}"[:300]
