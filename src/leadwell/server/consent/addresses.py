"""Which addresses does somebody have, and under which token is each known? A telephone as E.164, an e-mail in lower
case.

The same normal form in which people are found (`people.actions`), so that a stop finds whoever comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from leadwell.contact import email_text, phone_text
from leadwell.permission.values import CHANNELS, Channel
from leadwell.server.consent.models import ALL
from leadwell.server.privacy.tokens import Blind

Kind = Literal["phone", "email"]
Address = tuple[Kind, str]  # in its normal form
Token = tuple[Kind, bytes]
KINDS: Final[tuple[Kind, ...]] = ("phone", "email")
OF_CHANNEL: Final[Mapping[str, tuple[Kind, ...]]] = {
    "call": ("phone",), "text": ("phone",), "email": ("email",), ALL: KINDS,
}  # fmt: skip
_BETWEEN: Final = re.compile(r"[,;|/\n]|\s(?:and|or|y|o)\s", re.IGNORECASE)
# What a person's record holds, but where the tokens in the database have it already.
_OTHERS: Final[tuple[tuple[str, Kind], ...]] = (("phone", "phone"), ("phone_2", "phone"), ("email", "email"))


def normal(text: str) -> Address | None:
    """The kind and the normal form of an address as it was written; None where it is none."""
    text = text.strip()
    if "@" in text:
        found = email_text.judge(text, accept=True).email
        return ("email", found) if found else None
    number = phone_text.read(text).e164
    return ("phone", number) if number else None


def several(text: str) -> bool:
    """Whether more than one address is written there, of which `normal` would take the first."""
    return sum(normal(part) is not None for part in _BETWEEN.split(text)) > 1


def token_of(blind: Blind, address: str) -> Token | None:
    """The kind and the token of an address as it was written; None where it is none."""
    found = normal(address)
    return (found[0], blind.token(*found)) if found else None


def tokens_said(blind: Blind, identity: Mapping[str, str]) -> Iterator[Token]:
    """Of the addresses in somebody's own record, as far as they can be read."""
    for column, kind in _OTHERS:
        found = normal(identity[column]) if identity.get(column) else None
        if found is not None and found[0] == kind:
            yield kind, blind.token(*found)


def channels_of(kinds: frozenset[Kind] | set[Kind]) -> tuple[Channel, ...]:
    """By which channels somebody with addresses of these kinds can be reached."""
    return tuple(one for one in CHANNELS if set(OF_CHANNEL[one]) & kinds)
