"""Where is mail handed in, from which address, and signed by whom? As the environment says. (docs/outbox.md)"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.core.exceptions import ImproperlyConfigured

from leadwell.server import environment

Security = Literal["starttls", "tls", "none"]
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_HERE: Final = ("127.0.0.1", "::1", "localhost")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})")


@dataclass(frozen=True)
class Signature:
    domain: str
    selector: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """`bounces`: the address that mail comes back to, '' where it comes back to `sender`. `timeout`: seconds."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    authorities: str
    timeout: int
    sender: str
    bounces: str
    signature: Signature | None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()


def given() -> Settings | None:
    """None where no mail server is set. Raises ImproperlyConfigured."""
    host = environment.text("LEADWELL_SMTP_HOST")
    if not host:
        return None
    security = _security(host)
    sender = _address("LEADWELL_MAIL_FROM", needed=True)
    return Settings(
        host=host,
        port=environment.number("LEADWELL_SMTP_PORT", _PORTS[security], least=1, most=65535),
        security=security,
        user=environment.text("LEADWELL_SMTP_USER"),
        password=environment.secret("LEADWELL_SMTP_PASSWORD") or "",
        authorities=environment.text("LEADWELL_SMTP_CA"),
        timeout=environment.number("LEADWELL_SMTP_TIMEOUT", 30, least=1, most=300),
        sender=sender,
        bounces=_address("LEADWELL_MAIL_BOUNCES"),
        signature=_signature(sender),
    )


def is_set() -> bool:
    """Whether an administrator has said where mail is handed in, rightly or not."""
    return bool(environment.text("LEADWELL_SMTP_HOST"))


def bounces() -> str:
    """The address that mail comes back to; '' where none is set."""
    return _address("LEADWELL_MAIL_BOUNCES")


def bounce_mailbox() -> dict[str, Any]:
    """Where what comes back is read, as `base.imap` wants it; `host` is '' where nowhere. By TLS, without it from this
    machine alone. Raises ImproperlyConfigured."""
    host, plain = environment.text("LEADWELL_BOUNCES_IMAP_HOST"), environment.flag("LEADWELL_BOUNCES_IMAP_PLAIN")
    if host and plain and host not in _HERE:
        raise ImproperlyConfigured(
            "LEADWELL_BOUNCES_IMAP_PLAIN is for a mailbox on this machine alone: take it away, and it is read by TLS."
        )
    return {
        "host": host,
        "port": environment.number("LEADWELL_BOUNCES_IMAP_PORT", 143 if plain else 993, least=1, most=65535),
        "user": environment.text("LEADWELL_BOUNCES_IMAP_USER"),
        "password": environment.secret("LEADWELL_BOUNCES_IMAP_PASSWORD") or "",
        "folder": environment.text("LEADWELL_BOUNCES_IMAP_FOLDER", "INBOX"),
        "plain": plain,
    }


def a_minute() -> int:
    """How many messages a minute may go to one provider."""
    return environment.number("LEADWELL_MAIL_PER_MINUTE", 60, least=1, most=6_000)


def _security(host: str) -> Security:
    said = environment.text("LEADWELL_SMTP_SECURITY", "starttls").lower()
    for known in ("starttls", "tls", "none"):
        if said == known:
            if known == "none" and host not in _HERE:
                raise ImproperlyConfigured(
                    "LEADWELL_SMTP_SECURITY is “none”, which is for a server on this machine alone: starttls or tls."
                )
            return known
    raise ImproperlyConfigured(f"LEADWELL_SMTP_SECURITY is “{said}”; it is starttls, tls or none.")


def _address(name: str, *, needed: bool = False) -> str:
    said = environment.text(name)
    if (said or needed) and not _ADDRESS.fullmatch(said):
        raise ImproperlyConfigured(f"{name} is “{said}”; it is an address of yours, as hello@clinic.example.")
    return said


def _signature(sender: str) -> Signature | None:
    key = environment.secret("LEADWELL_DKIM_KEY")
    if not key:
        return None
    domain = environment.text("LEADWELL_DKIM_DOMAIN") or sender.rpartition("@")[2].lower()
    selector = environment.text("LEADWELL_DKIM_SELECTOR")
    if not selector:
        raise ImproperlyConfigured("LEADWELL_DKIM_KEY needs LEADWELL_DKIM_SELECTOR: where its public half stands.")
    return Signature(domain, selector, key)
