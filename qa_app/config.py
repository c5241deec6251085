"""Configuration, all of it from environment variables (docs/configuration.md), checked before start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


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
    return found


def flask_settings(config: Config) -> dict[str, Any]:
    """The settings that Flask and its extensions read."""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {} if config.database_url.startswith("sqlite") else {"pool_pre_ping": True},
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
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
    }
