"""How does mail reach us directly? A small SMTP server that takes what is addressed to one of our sources.

A mail is answered with 250 only once it is durable. Recipients are `<handle>@anything`; others are refused at RCPT.
Put it behind your mail server (a route or alias per source), which does TLS, SPF and greylisting.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from leadwell.server.base.imap import MOST_BYTES
from leadwell.server.base.logs import log
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Source
from leadwell.server.intake.queries import open_source

LONGEST_LINE: Final = 1_000_000
MEDIA_TYPE: Final = "message/rfc822"
_AGAIN: Final = "451 4.3.0 Not kept; please try again"
_UNREADABLE: Final = "554 5.6.0 It cannot be read"
_LOG: Final = log("leadwell.intake.smtp")


class Patient(SMTP):
    """Takes longer lines than RFC 5321 (4.5.3.1.6) asks for: what many a form sends is wrapped nowhere."""

    line_length_limit = LONGEST_LINE


class Listener(UnthreadedController):
    def factory(self) -> SMTP:
        return Patient(self.handler, **self.SMTP_kwargs)


@dataclass(frozen=True)
class Desk:
    """Addresses of another purpose at the same server: which they are, and who takes the mail, durably before it
    returns; False for one that can never be taken."""

    has: Callable[[str], bool]
    takes: Callable[[bytes, str], bool]


class Handler:
    """What aiosmtpd asks at each step of the conversation."""

    def __init__(self, desk: Desk | None = None) -> None:
        self._desk = desk or Desk(lambda address: False, lambda body, address: True)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self._desk.has(address):
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 OK"
        try:
            source = await sync_to_async(_source, thread_sensitive=True)(address)
        except DatabaseError as error:
            _LOG.error("an address could not be looked up", error=type(error).__name__)
            return _AGAIN
        if source is None:
            return "550 5.1.1 There is nobody of this address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        body = envelope.content if isinstance(envelope.content, bytes) else b""
        return await sync_to_async(_taken, thread_sensitive=True)(body, list(envelope.rcpt_tos), self._desk)


def _source(address: str) -> Source | None:
    close_old_connections()
    handle = address.partition("@")[0].lower()
    source = open_source(handle) if handle.isascii() and handle.isprintable() else None
    return source if source is not None and source.kind == "email" else None


def _taken(body: bytes, addresses: list[str], desk: Desk) -> str:
    """250 once it is on disk for every recipient; a sender that repeats after an error does not double it. One whose
    source was closed since it was named is told at that repetition."""
    key = f"smtp/{hashlib.sha256(body).hexdigest()}"
    try:
        close_old_connections()
        read = [desk.takes(body, address) for address in filter(desk.has, addresses)]
        sources = [_source(address) for address in addresses if not desk.has(address)]
        for source in filter(None, sources):
            accept(source.organization_id, source.pk, [Delivery(body, media_type=MEDIA_TYPE, key=key)])
    except DatabaseError as error:
        _LOG.error("a mail could not be kept", error=type(error).__name__)
        return _AGAIN
    if not all(sources):
        return _AGAIN
    return "250 2.0.0 Kept" if sources or all(read) else _UNREADABLE


def listen(host: str, port: int, *, ready: Callable[[], object], desk: Desk | None = None) -> None:
    """Takes mail in until Ctrl-C."""
    loop = asyncio.new_event_loop()
    server: Any = Listener(Handler(desk), hostname=host, port=port, loop=loop, data_size_limit=MOST_BYTES)
    server.begin()
    ready()
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        server.end()
