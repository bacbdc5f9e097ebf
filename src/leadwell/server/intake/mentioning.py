"""Whose address stands in what never became a lead? Its blind token is kept beside, so that who is erased is erased
from there too: a call that only rang, a STOP, an auto-reply, what waits to be mended, what was refused.

What names many people is somebody's list and not one person's: it goes with time, and not for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from email.parser import BytesHeaderParser
from typing import Final
from urllib.parse import unquote_plus
from uuid import UUID

import orjson

from leadwell.formats import hl7v2, mime
from leadwell.server.consent.addresses import Token, token_of
from leadwell.server.intake.models import Mentioned, Source, State, Submission
from leadwell.server.intake.opening import Sent, opened
from leadwell.server.intake.sources.email.message import read_mail
from leadwell.server.intake.sources.fields import TooMuch, flattened
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.privacy.tokens import Blind

STATES: Final = (State.NOT_A_LEAD, State.NEEDS_MENDING, State.SET_ASIDE, State.REFUSED)  # of which it is noted
_MOST: Final = 8  # addresses of one person's matter: two of theirs, of who called for them, and ours
_MOST_TRIED: Final = 60
_LONGEST: Final = 200_000  # characters that are looked through
_HEAD: Final = re.compile(rb"\r?\n\r?\n")  # where a mail's headers end
_EMAIL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE: Final = re.compile(r"(?<![\w@.+-])\+?\(?\d[\d().\s-]{5,20}\d(?![\w@])")


def note(organization: int, ended: Sequence[Submission]) -> None:
    """Of those that are no leads, whose addresses they hold."""
    theirs = [one for one in ended if one.state in STATES and one.sealed]
    if not theirs:
        return
    ours = Source.objects.of(organization).filter(pk__in={one.source for one in theirs})
    kinds, blind = dict(ours.values_list("pk", "kind")), Blind(organization)
    rows = [
        Mentioned(organization_id=organization, submission=one.pk, token=token)
        for one in theirs
        for _, token in _tokens(one, kinds.get(one.source, ""), blind)
    ]
    Mentioned.objects.bulk_create(rows, ignore_conflicts=True)


def mentioning(organization: int, tokens: Iterable[Token], *, shared: Collection[bytes] = ()) -> set[UUID]:
    """The submissions that hold one of these addresses and are no leads. What waits to be mended may yet be one: by an
    address that is `shared` it may be another's."""
    ours = {token for _, token in tokens}
    found, alone = _holding(organization, ours), _holding(organization, ours - set(shared))
    theirs = Submission.objects.of(organization)
    ended = theirs.filter(pk__in=found, state__in=(State.NOT_A_LEAD, State.REFUSED))
    waiting = theirs.filter(pk__in=alone, state__in=(State.NEEDS_MENDING, State.SET_ASIDE))
    return {*ended.values_list("pk", flat=True), *waiting.values_list("pk", flat=True)}


def _holding(organization: int, tokens: Collection[bytes]) -> set[UUID]:
    ours = Mentioned.objects.of(organization).filter(token__in=tokens)
    return set(ours.values_list("submission", flat=True))


def forget(organization: int, submissions: Collection[UUID]) -> None:
    """Of those that are emptied nothing need be found any more."""
    Mentioned.objects.of(organization).filter(submission__in=submissions).delete()


def _tokens(one: Submission, kind: str, blind: Blind) -> set[Token]:
    try:
        sent = opened(one)
        whole = "\n".join(_raw(kind, sent) if one.state == State.SET_ASIDE else _texts(kind, sent))[:_LONGEST]
    except (Unopenable, ValueError, mime.TooMuch):
        return set()
    found: set[Token] = set()
    for text in _written(whole):
        if (token := token_of(blind, text)) is not None:
            found.add(token)
    return found if len(found) <= _MOST else set()


def _written(text: str) -> list[str]:
    """What may be an address, once each."""
    found = dict.fromkeys(one.group().strip() for pattern in (_EMAIL, _PHONE) for one in pattern.finditer(text))
    return list(found)[:_MOST_TRIED]


def _texts(kind: str, sent: Sent) -> Iterator[str]:
    if kind == "file":
        return
    if kind == "email":
        mail = read_mail(sent.body)
        yield from (mail.sender, *mail.recipients, mail.text)
    elif kind == "hl7v2":
        yield from hl7v2.read(sent.body).columns.values()
    elif sent.media_type.startswith(URLENCODED):
        yield from _raw(kind, sent)
    else:
        yield from _in_json(sent.body)


def _raw(kind: str, sent: Sent) -> Iterator[str]:
    """As it was sent: what fails whoever reads it, or ends them, is not read here either. Of a mail who sent it and its
    undecoded words: its other headers are full of what only looks like addresses."""
    if kind == "file":
        return
    body = sent.body[:_LONGEST]
    if kind == "email":
        headers = BytesHeaderParser().parsebytes(body)
        yield from (str(headers.get(name, "")) for name in ("reply-to", "from", "to"))
        body = _HEAD.split(body, maxsplit=1)[-1]
    text = body.decode(errors="replace")
    yield unquote_plus(text) if sent.media_type.startswith(URLENCODED) else text


def _in_json(body: bytes) -> Iterator[str]:
    """The texts of a JSON value, or what was sent as it is where that is none, or too much."""
    try:
        yield from flattened(orjson.loads(body)).values()
    except (orjson.JSONDecodeError, TooMuch):
        yield body.decode(errors="replace")
