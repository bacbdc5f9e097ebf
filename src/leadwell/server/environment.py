"""What does the environment say? Every setting that an administrator may give, read in one place.

`LEADWELL_HOME`: the data folder (default `./var`). Secrets may stand in a file instead: `NAME_FILE` holds its path.
"""

from __future__ import annotations

import os
import re
import secrets
from base64 import b64encode
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SERVED: Final = "served.lock"  # held by whoever serves this data folder; it says where
_TRUE: Final = ("1", "true", "yes", "on")
_MAIN: Final = "leadwell.sqlite3"
_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")


def home() -> Path:
    return Path(os.environ.get("LEADWELL_HOME", "var")).resolve()


def is_begun() -> bool:
    """Whether there is a Leadwell already: data in the folder, or a database elsewhere."""
    made = home() / _MAIN
    return bool(secret("LEADWELL_DATABASE_URL")) or (made.exists() and made.stat().st_size > 0)


def served_at() -> str:
    """Where this data folder is served, or was the last time; '' where it never was."""
    path = home() / SERVED
    said = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
    return said if re.fullmatch(r"http://[^\s/]+:\d+", said) else ""


def public_url() -> str:
    """How people reach it: as LEADWELL_URL says, else where it is served."""
    return (text("LEADWELL_URL") or served_at() or "http://127.0.0.1:8000").rstrip("/")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    return text(name).lower() in _TRUE


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within its bounds."""
    said = text(name, str(default))
    if not said.isascii() or not said.isdigit() or not least <= int(said) <= most:
        raise ImproperlyConfigured(f"{name} is “{said}”; it is a whole number from {least} to {most}.")
    return int(said)


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret(name: str) -> str | None:
    """A secret from NAME, or from the file that NAME_FILE names; None where neither is set."""
    if given := text(name):
        return given
    path = text(f"{name}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from error


def kept_secret(name: str, file: str) -> str:
    """A secret that is given, or else made once and kept in the data folder, readable by its owner only."""
    if given := secret(name):
        return given
    path = home() / "keys" / file
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as kept:
        kept.write(b64encode(secrets.token_bytes(32)).decode())
    return path.read_text(encoding="utf-8").strip()


def single_sign_on() -> dict[str, Any]:
    """The one OpenID Connect provider, as allauth takes it; nothing where none is given."""
    issuer, client = text("LEADWELL_SSO_ISSUER"), text("LEADWELL_SSO_CLIENT_ID")
    if not issuer and not client:
        return {}
    if not issuer or not client:
        raise ImproperlyConfigured("Single sign-on needs both LEADWELL_SSO_ISSUER and LEADWELL_SSO_CLIENT_ID.")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured("LEADWELL_SSO_ISSUER begins with https://: over anything else it proves nothing.")
    app = {
        "provider_id": "sso",
        "name": text("LEADWELL_SSO_NAME", "your organisation"),
        "client_id": client,
        "secret": secret("LEADWELL_SSO_SECRET") or "",
        "settings": {
            "server_url": issuer.rstrip("/"),
            "issuer": issuer,
            "acr": listed("LEADWELL_SSO_ACR"),
            "oauth_pkce_enabled": True,
        },
    }
    return {"openid_connect": {"APPS": [app]}}


def databases() -> dict[str, dict[str, Any]]:
    """On PostgreSQL one database; on SQLite the inbox is a file of its own, so that a worker's writes never hold up an
    acknowledgement (docs/decisions/0007)."""
    url = secret("LEADWELL_DATABASE_URL")
    if url:
        return {"default": _postgresql(url)}
    return {"default": _sqlite(_MAIN, "NORMAL"), "inbox": _sqlite("inbox.sqlite3", "FULL")}


def _sqlite(file: str, synchronous: str) -> dict[str, Any]:
    pragmas = (
        "PRAGMA journal_mode=WAL;"
        f"PRAGMA synchronous={synchronous};"
        "PRAGMA cache_size=-32000;"
        "PRAGMA journal_size_limit=67108864;"
        # A worker moves the log into the file long before (`base.embedded`); this is for where none runs.
        "PRAGMA wal_autocheckpoint=50000;"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home() / file,
        "CONN_MAX_AGE": None,  # the last one that closes moves the whole log into the file
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"LEADWELL_DATABASE_URL begins with “{parts.scheme}:”; use postgresql://user:password@host:port/name, "
            "or leave it out for the embedded database."
        )
    return {
        "ENGINE": "leadwell.server.base.trusting",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
