"""How is a mailbox read? By IMAP over TLS: what is unseen is given out, one mail after another, and marked as seen by
whoever has kept it.

One mail that cannot be fetched holds up no other: it stays unseen, and is told of at the end of the turn.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
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


class Trouble(Exception):  # noqa: N818  its message is for whoever looks after the mailbox
    """Why a mailbox could not be read; nothing of a mail, nor of how one signs in."""


class _NotGiven(Exception):  # noqa: N818  of one mail, of which the server says that it cannot give it
    pass


@dataclass(frozen=True)
class Mail:
    """`body`: its beginning alone where it is larger than MOST_BYTES. `seen`: marks it in the mailbox; `set_aside`:
    marks it for a person, too, as people do with a flag."""

    body: bytes = field(repr=False)
    size: int
    seen: Callable[[], object]
    set_aside: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Unseen:
    """`how_many_aside`: of all the mailbox, those that have been marked for a person."""

    mails: Iterator[Mail]
    how_many_aside: Callable[[], int]

    def __iter__(self) -> Iterator[Mail]:
        return self.mails


@contextmanager
def unseen(settings: Mapping[str, Any]) -> Iterator[Unseen]:
    """What is new in the mailbox of `settings` (`host`, `port`, `user`, `password`, `folder`, `plain`), at most two
    hundred mails. Raises Trouble, whatever goes wrong with it meanwhile."""
    try:
        with _connection(settings) as box, _hung_up_after(box, _LONGEST):
            _sign_in(box, settings)
            missing = list[str]()
            mails = _mails(box, _found(box, "UNSEEN")[:_MOST], missing)
            yield Unseen(mails, lambda: len(_found(box, "FLAGGED")))
            if missing:
                raise Trouble(f"{len(missing)} of its mails cannot be fetched")
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


def _found(box: imaplib.IMAP4, which: str) -> list[str]:
    numbers = _answered(box.uid("SEARCH", which), "its mails cannot be listed")[0] or b""
    return [number.decode() for number in numbers.split()]


def _mails(box: imaplib.IMAP4, numbers: Sequence[str], missing: list[str]) -> Iterator[Mail]:
    """`missing`: gets those that could not be given."""
    for number in numbers:
        try:
            mail = _mail(box, number)
        except _NotGiven:
            missing.append(number)
            continue
        if mail is not None:
            yield mail


def _mail(box: imaplib.IMAP4, number: str) -> Mail | None:
    """None where somebody has taken it out meanwhile. Raises _NotGiven."""
    sizes = b" ".join(one for one in _fetched(box, number, "RFC822.SIZE") if isinstance(one, bytes))
    found = _SIZE.search(sizes)
    if found is None:
        return None
    size = int(found[1])
    part = f"BODY.PEEK[]<0.{_BEGINNING}>" if size > MOST_BYTES else "BODY.PEEK[]"
    body = next((bytes(one[1]) for one in _fetched(box, number, part) if isinstance(one, tuple)), None)
    if body is None:
        raise _NotGiven
    mark = partial(box.uid, "STORE", number, "+FLAGS")
    return Mail(body, size, partial(mark, "(\\Seen)"), partial(mark, "(\\Seen \\Flagged)"))


def _fetched(box: imaplib.IMAP4, number: str, what: str) -> list[Any]:
    try:
        said, found = box.uid("FETCH", number, f"({what})")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise _NotGiven from error
    if said != "OK":
        raise _NotGiven
    return found
