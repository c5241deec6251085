"""Configuration, all of it from environment variables (docs/configuration.md), checked before start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NOTIFY_KEY_LENGTH = 74
"""A key ends with two identifiers of 36 characters, after its name and between hyphens."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class MailConfig:
    """How mail leaves. `transport` is smtp, notify, demo (which sends nothing) or empty: then everything waits."""

    transport: str = ""
    sender: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_ca_file: str = ""
    notify_api_key: str = field(default="", repr=False)
    notify_template_id: str = ""


@dataclass(frozen=True)
class Config:
    """What one installation is told from outside."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    product_name: str
    demo: bool
    trusted_proxies: int
    mail: MailConfig = field(default_factory=MailConfig)

    @property
    def hosts(self) -> list[str]:
        """Host names that requests may name; any other is refused."""
        host = urlsplit(self.base_url).hostname or ""
        return [host, *LOOPBACK]

    @property
    def is_https(self) -> bool:
        """Whether people reach it by https."""
        return self.base_url.startswith("https://")


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration. `DATA_DIR` is made where it is missing."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or "instance").absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Config(
        data_dir=data_dir,
        database_url=sqlalchemy_url(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'qa.sqlite'}"),
        secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir),
        base_url=(env.get("BASE_URL") or f"http://127.0.0.1:{env.get('PORT') or 8000}").rstrip("/"),
        product_name=env.get("PRODUCT_NAME") or "Case audits",
        demo=env.get("DEMO", "") == "1",
        trusted_proxies=int(env.get("TRUSTED_PROXIES") or 0),
        mail=_mail(env),
    )


def _mail(env: Mapping[str, str]) -> MailConfig:
    security = env.get("SMTP_SECURITY") or "starttls"
    return MailConfig(
        transport=env.get("MAIL_TRANSPORT") or ("demo" if env.get("DEMO", "") == "1" else ""),
        sender=env.get("MAIL_FROM") or "",
        smtp_host=env.get("SMTP_HOST") or "",
        smtp_port=int(env.get("SMTP_PORT") or (465 if security == "tls" else 587)),
        smtp_security=security,
        smtp_user=env.get("SMTP_USER") or "",
        smtp_password=env.get("SMTP_PASSWORD") or "",
        smtp_ca_file=env.get("SMTP_CA_FILE") or "",
        notify_api_key=env.get("NOTIFY_API_KEY") or "",
        notify_template_id=env.get("NOTIFY_TEMPLATE_ID") or "",
    )


def sqlalchemy_url(url: str) -> str:
    """The address as SQLAlchemy wants it: PostgreSQL through psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret(data_dir: Path) -> str:
    """A secret of this installation's own, made once and readable by its user alone."""
    path = data_dir / "secret-key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def faults(config: Config) -> list[str]:
    """What must be mended before real use, each as a sentence. The demo is excused on loopback only."""
    found = []
    host = urlsplit(config.base_url).hostname or ""
    if config.demo and host not in LOOPBACK:
        found.append("DEMO=1 lets anyone sign in as anybody: leave it out unless BASE_URL is on this machine.")
    if not config.demo and not config.is_https and host not in LOOPBACK:
        found.append("BASE_URL must begin with https://, since people's sessions travel over it.")
    if len(config.secret_key) < 32:
        found.append("SECRET_KEY is too short: use at least 32 random characters, or leave it out to have one made.")
    return found + mail_faults(config.mail, demo=config.demo)


def mail_faults(mail: MailConfig, *, demo: bool) -> list[str]:
    """What is missing for mail to leave. None set up at all is no fault: mails then wait."""
    if mail.transport == "smtp":
        return _smtp_faults(mail)
    if mail.transport == "notify":
        needed = {"NOTIFY_API_KEY": mail.notify_api_key, "NOTIFY_TEMPLATE_ID": mail.notify_template_id}
        found = [f"{name} is missing: GOV.UK Notify needs it." for name, value in needed.items() if not value]
        if mail.notify_api_key and len(mail.notify_api_key) < NOTIFY_KEY_LENGTH:
            found.append("NOTIFY_API_KEY is not a whole key: copy it again from GOV.UK Notify.")
        return found
    if mail.transport == "demo" and not demo:
        return ["MAIL_TRANSPORT=demo sends nothing, so it goes only with DEMO=1. Set smtp or notify."]
    if mail.transport not in ("", "demo"):
        return [f"MAIL_TRANSPORT={mail.transport} is not known: set smtp or notify, or leave it out."]
    return []


def _smtp_faults(mail: MailConfig) -> list[str]:
    needed = {"SMTP_HOST": mail.smtp_host, "MAIL_FROM": mail.sender}
    found = [f"{name} is missing: mail by SMTP needs it." for name, value in needed.items() if not value]
    if mail.sender and "@" not in mail.sender:
        found.append("MAIL_FROM must be an address, such as case-audits@council.gov.uk.")
    if mail.smtp_security not in ("starttls", "tls", "none"):
        found.append("SMTP_SECURITY must be starttls, tls or none.")
    if mail.smtp_security == "none" and mail.smtp_host not in LOOPBACK:
        found.append("SMTP_SECURITY=none sends mail in the open, so it goes only with a mail server on this machine.")
    return found


def flask_settings(config: Config) -> dict[str, Any]:
    """The settings that Flask and its extensions read."""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # an error's text goes to the log, and values may be what people wrote
            "pool_pre_ping": not config.database_url.startswith("sqlite"),
        },
        "SESSION_COOKIE_NAME": "__Host-session" if config.is_https else "session",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 40 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "TRUSTED_HOSTS": config.hosts,
        "PROVIDE_AUTOMATIC_OPTIONS": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": config.is_https,
        "PRODUCT_NAME": config.product_name,
        "BASE_URL": config.base_url,
        "DATA_DIR": config.data_dir,
        "DEMO": config.demo,
        "MAIL": config.mail,
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
    }
