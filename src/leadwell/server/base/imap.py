"""How is a mailbox read? By IMAP over TLS: what is unseen is given out, one mail after another, and marked as seen by
whoever has kept it."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

MOST_BYTES: Final = 25_000_000
_MOST: Final = 200
_TIMEOUT: Final = 20  # seconds for one answer
_LONGEST: Final = 300.0  # for a whole turn: one that answers a letter at a time keeps no other waiting for ever
_BEGINNING: Final = 64_000  # bytes kept of a mail that is too large
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_NO_MAIL: Final = "a mail cannot be fetched"


class Trouble(Exception):  # noqa: N818  its message is for whoever looks after the mailbox
    """Why a mailbox could not be read; nothing of a mail, nor of how one signs in."""


@dataclass(frozen=True)
class Mail:
    """`body`: its beginning alone where it is larger than MOST_BYTES. `seen`: marks it in the mailbox."""

    body: bytes = field(repr=False)
    size: int
    seen: Callable[[], object]


@contextmanager
def unseen(settings: Mapping[str, Any]) -> Iterator[Iterator[Mail]]:
    """What is new in the mailbox of `settings` (`host`, `port`, `user`, `password`, `folder`, `plain`), at most two
    hundred mails. Raises Trouble, whatever goes wrong with it meanwhile."""
    try:
        with _connection(settings) as box, _hung_up_after(box, _LONGEST):
            _sign_in(box, settings)
            numbers = _answered(box.uid("SEARCH", "UNSEEN"), "its mails cannot be listed")[0] or b""
            yield (_mail(box, number.decode()) for number in numbers.split()[:_MOST])
    except ssl.SSLCertVerificationError as error:
        raise Trouble("its certificate is not one that this machine trusts") from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise Trouble("it does not answer, or hung up") from error
    except (imaplib.IMAP4.error, ValueError) as error:
        raise Trouble("it answers, but not as a mailbox does") from error


def _connection(settings: Mapping[str, Any]) -> imaplib.IMAP4:
    host, port = str(settings["host"]), int(settings.get("port") or 0)
    if settings.get("plain"):  # on this machine alone
        return imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT)
    return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)


@contextmanager
def _hung_up_after(box: imaplib.IMAP4, seconds: float) -> Iterator[None]:
    """Ends the connection then, whatever it is at: what was taken by then is kept, the rest comes at the next turn."""
    watch = threading.Timer(seconds, _hang_up, [box])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(box: imaplib.IMAP4) -> None:
    with suppress(OSError):  # it has ended by itself
        box.socket().shutdown(socket.SHUT_RDWR)


def _sign_in(box: imaplib.IMAP4, settings: Mapping[str, Any]) -> None:
    try:
        box.login(str(settings.get("user", "")), str(settings.get("password", "")))
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        raise Trouble("the name or password was refused") from error
    folder = str(settings.get("folder") or "INBOX").replace("\\", "\\\\").replace('"', '\\"')
    _answered(box.select(f'"{folder}"'), "there is no folder of that name")


def _answered(answer: tuple[str, list[Any]], otherwise: str) -> list[Any]:
    said, found = answer
    if said != "OK":
        raise Trouble(otherwise)
    return found


def _mail(box: imaplib.IMAP4, number: str) -> Mail:
    sizes = b" ".join(one for one in _answered(box.uid("FETCH", number, "(RFC822.SIZE)"), _NO_MAIL) if one)
    size = int(found[1]) if (found := _SIZE.search(sizes)) else 0
    part = f"BODY.PEEK[]<0.{_BEGINNING}>" if size > MOST_BYTES else "BODY.PEEK[]"
    answer = _answered(box.uid("FETCH", number, f"({part})"), _NO_MAIL)
    body = next((bytes(one[1]) for one in answer if isinstance(one, tuple)), b"")
    return Mail(body, size, partial(box.uid, "STORE", number, "+FLAGS", "(\\Seen)"))
