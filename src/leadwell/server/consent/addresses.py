"""Which addresses does somebody have, and under which token is each known? A telephone as E.164, an e-mail in lower
case.

The same normal form in which people are found (`people.actions`), so that a stop finds whoever comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from leadwell.contact import email_text, phone_text
from leadwell.permission.values import CHANNELS, Channel
from leadwell.server.consent.models import ALL
from leadwell.server.people.correcting import addresses_before
from leadwell.server.privacy.tokens import Blind

Kind = Literal["phone", "email"]
Address = tuple[Kind, str]  # in its normal form
Token = tuple[Kind, bytes]
KINDS: Final[tuple[Kind, ...]] = ("phone", "email")
OF_CHANNEL: Final[Mapping[str, tuple[Kind, ...]]] = {
    "call": ("phone",), "text": ("phone",), "email": ("email",), ALL: KINDS,
}  # fmt: skip
# Neither before an extension ("…, ext 5") nor in a spreadsheet's number (3125550147,0).
_BETWEEN: Final = re.compile(r"(?:[,;|]|\s/\s)(?!\s*(?:ext|x|#|int|anexo)|0+$)", re.IGNORECASE)
_AND: Final = re.compile(r"\s(?:and|or|y|o|e|u|&)\s|[\r\n]", re.IGNORECASE)
_MAIL: Final = re.compile(r"[^\s<>()\[\]\"]{1,320}@[^\s<>()\[\]\"]{1,320}")
_LIKE_ONE: Final = re.compile(r"[@\d]")
_A_WHOLE_ONE: Final = re.compile(r"@|(?:\d\D*){7}")
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


@dataclass(frozen=True)
class Said:
    """Every address of a text. `rest`: what else stands there that is none, but for words beside an address."""

    addresses: tuple[Address, ...] = field(repr=False)
    rest: tuple[str, ...] = field(repr=False)

    @property
    def cut(self) -> bool:
        """Whether there is an address, and beside it what may be meant for another."""
        return bool(self.addresses) and any(map(_LIKE_ONE.search, self.rest))


def said(text: str) -> Said:
    """All that is written there, of which `normal` takes the first alone."""
    found: dict[Address, None] = {}
    rest: list[str] = []
    for part in _BETWEEN.split(text):
        read = [_read(piece) for piece in _AND.split(part)]
        there = [address for addresses, _ in read for address in addresses]
        found.update(dict.fromkeys(there))
        left = " ".join(text for _, text in read).strip()
        if _LIKE_ONE.search(left) or (not there and any(map(str.isalnum, left))):
            rest.append(left)
    whole = None if found else normal(text)
    return Said((whole,), ()) if whole else Said(tuple(found), tuple(rest))


def several(text: str) -> bool:
    """Whether more than one address is written there, of which `normal` would take the first; one that cannot be read
    counts."""
    read = said(text)
    return len(read.addresses) + any(map(_A_WHOLE_ONE.search, read.rest)) > 1


def _read(piece: str) -> tuple[list[Address], str]:
    """Its addresses, and what is left."""
    found: list[Address] = []

    def take(match: re.Match[str]) -> str:
        read = {one: normal(one) for one in match[0].split("/")}
        words = [one for one, address in read.items() if not address and any(map(str.isalpha, one))]
        if words and match[0].count("@") == 1 and (whole := normal(match[0])):
            read = {match[0]: whole}  # a slash may be a part of it
        found.extend(address for address in read.values() if address)
        return " ".join(one for one, address in read.items() if not address)

    left = _MAIL.sub(take, piece)
    numbers, left = phone_text.every(left) if any(map(str.isdecimal, left)) else ([], left)
    return found + [("phone", number) for number in numbers], left


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


def tokens_before(blind: Blind, identity: Mapping[str, str]) -> Iterator[Token]:
    """Of those that somebody's own record told once, until it was corrected."""
    for kind in KINDS:
        yield from ((kind, blind.token(kind, one)) for one in addresses_before(identity, kind))


def channels_of(kinds: frozenset[Kind] | set[Kind]) -> tuple[Channel, ...]:
    """By which channels somebody with addresses of these kinds can be reached."""
    return tuple(one for one in CHANNELS if set(OF_CHANNEL[one]) & kinds)
