"""How is a mail handed in? By SMTP over TLS, in the steps that matter here: announced, given, answered. (RFC 5321)

The one module that knows smtplib. A connection serves several mails of its thread, one after another; after any trouble
another is opened. What the server says is reduced to a class and a code: its words may name somebody.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from leadwell.formats.bounces import class_of
from leadwell.server.outreach.channels import Answer, NotReached, Refused, Written
from leadwell.server.outreach.channels.email.settings import Settings

_MOST: Final = 50  # mails of one connection
_IDLE: Final = 20.0  # seconds after which a connection may be gone
_GIVEN_WITHIN: Final = 3.0  # seconds for a mail's words to leave: a stop waits for that long at most
_TROUBLE: Final = (OSError, smtplib.SMTPException)
_threads: Final = threading.local()
_open: Final[WeakSet[Smtp]] = WeakSet()


class Smtp:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = _opened(settings)
        self._count, self._used_at = 0, time.monotonic()
        _open.add(self)

    @property
    def usable(self) -> bool:
        return self._server.sock is not None and self._count < _MOST and time.monotonic() - self._used_at < _IDLE

    def still_there(self) -> bool:
        """Whether the server has not hung up meanwhile."""
        try:
            return self._server.rset()[0] == 250
        except _TROUBLE:
            return False

    def announce(self, written: Written) -> None:
        self._count, self._used_at = self._count + 1, time.monotonic()
        try:
            self._expect(self._server.mail(written.sender, _options(self._server, written)))
            self._expect(self._server.rcpt(written.recipient))
            self._expect(self._server.docmd("DATA"), wanted=354)
        except UnicodeError as error:
            self.drop()
            raise Refused(Answer("refused", "ours", "5.6.7")) from error
        except _TROUBLE as error:
            self.drop()
            raise Refused(Answer("later", "transient")) from error

    def hand_over(self, written: Written) -> None:
        body = written.raw if written.raw.endswith(b"\r\n") else written.raw + b"\r\n"
        try:
            if self._server.sock is None:
                raise OSError("hung up")
            self._server.sock.settimeout(_GIVEN_WITHIN)
            self._server.send(re.sub(rb"(?m)^\.", b"..", body) + b".\r\n")
        except _TROUBLE as error:
            self.drop()
            raise NotReached("the mail server took no more") from error

    def answer(self) -> Answer:
        try:
            if self._server.sock is None:
                raise OSError("hung up")
            self._server.sock.settimeout(self._settings.timeout)
            code, says = self._server.getreply()
        except _TROUBLE:
            self.drop()
            return Answer("unknown")
        self._used_at = time.monotonic()
        return Answer("accepted", "", str(code)) if code // 100 == 2 else self._refusal(code, says)

    def drop(self) -> None:
        self._server.close()

    def cut(self) -> None:
        """From another thread: whoever waits for an answer waits no longer."""
        if self._server.sock is not None:
            with suppress(OSError):
                self._server.sock.shutdown(socket.SHUT_RDWR)

    def _expect(self, said: tuple[int, bytes], *, wanted: int = 250) -> None:
        code, says = said
        if code == wanted or (wanted == 250 and code == 251):
            return
        answer = self._refusal(code, says)
        with suppress(*_TROUBLE):
            if self._server.sock is not None:
                self._server.rset()
        raise Refused(answer)

    def _refusal(self, code: int, says: bytes) -> Answer:
        if code == 421 or not 400 <= code < 600:
            self.drop()
        return refusal(code, says)


def refusal(code: int, says: bytes) -> Answer:
    """What a reply means for the message: 4 is for now, 5 for good, whatever the class of the fault is."""
    text = f"{code} {says.decode('utf-8', errors='replace')}"
    try:
        fault, status = class_of("", text)
    except LookupError:
        fault, status = "ours", str(code)
    if 400 <= code < 500:
        return Answer("later", "mailbox-full" if fault == "mailbox-full" else "transient", status)
    return Answer("later" if fault == "mailbox-full" else "refused", fault if fault != "transient" else "ours", status)


def line_of(settings: Settings) -> Smtp:
    """This thread's connection, or another where it can be used no more. Raises NotReached."""
    known: Smtp | None = getattr(_threads, "line", None)
    if known is not None and known._settings == settings and known.usable and known.still_there():
        return known
    if known is not None:
        known.drop()
    opened = _threads.line = Smtp(settings)
    return opened


def hang_up() -> None:
    """This thread sends nothing more."""
    known: Smtp | None = getattr(_threads, "line", None)
    if known is not None:
        known.drop()
        _threads.line = None


def cut_all() -> None:
    """The process ends: no server is waited for any more."""
    for one in list(_open):
        one.cut()


def _opened(settings: Settings) -> smtplib.SMTP:
    try:
        context = ssl.create_default_context(cafile=settings.authorities or None)
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, local_hostname=settings.domain, timeout=settings.timeout, context=context
            )
        else:
            server = smtplib.SMTP(
                settings.host, settings.port, local_hostname=settings.domain, timeout=settings.timeout
            )
    except _TROUBLE as error:
        raise _not_reached(error) from error
    try:
        if settings.security == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, settings.password)
    except _TROUBLE as error:
        server.close()
        raise _not_reached(error) from error
    return server


def _not_reached(error: Exception) -> NotReached:
    match error:
        case ssl.SSLCertVerificationError():
            return NotReached("its certificate is not one that this machine trusts")
        case smtplib.SMTPAuthenticationError():
            return NotReached("the name or password was refused")
        case smtplib.SMTPNotSupportedError():
            return NotReached("it does not offer what the settings ask for")
        case socket.gaierror():
            return NotReached("there is no host of this name")
    return NotReached("it does not answer, or hung up")


def _options(server: smtplib.SMTP, written: Written) -> list[str]:
    size = [f"SIZE={len(written.raw)}"] if server.has_extn("size") else []
    if written.recipient.isascii():
        return size
    if not server.has_extn("smtputf8"):
        raise Refused(Answer("refused", "ours", "5.6.7"))
    return [*size, "SMTPUTF8", "BODY=8BITMIME"]
