"""Which messages came together? One, several one after another, or a batch of them (FHS, BHS … BTS, FTS). Bytes in,
slices of them out.

A batch is answered by a batch with the answer to each of its messages: of the ways that the standard leaves open
(2.5.1, 2.10.3.3) the one by which a sender misses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_FRAME: Final = b"\x0b\x1c\r\n \t"
_HEADERS: Final = ("FHS", "BHS")
_MESSAGE: Final = re.compile(rb"(?:\A|(?<=[\r\n]))MSH(?=[^A-Za-z0-9\s])")
_ANY: Final = re.compile(
    rb"(?:\A|(?<=[\r\n]))(?:(?:FHS|BHS|MSH)(?=[^A-Za-z0-9\s])|(?:BTS|FTS)(?=[^A-Za-z0-9\s]|[\r\n]|\Z))"
)
_LENGTH_OF_HEADER: Final = 12  # fields of FHS and BHS


@dataclass(frozen=True)
class Batch:
    """`pieces`: the name of the segment with which each begins, and its bytes as they came."""

    pieces: tuple[tuple[str, bytes], ...]

    @property
    def messages(self) -> tuple[bytes, ...]:
        return tuple(said for name, said in self.pieces if name == "MSH")

    @property
    def envelope(self) -> str:
        """Headers and trailers; '' of messages that came without."""
        return "\r".join(said.decode("latin-1").strip() for name, said in self.pieces if name != "MSH")


def batch_of(body: bytes) -> Batch:
    """A body of one message, or of what is none, is one piece."""
    raw = body.strip(_FRAME).removeprefix(b"\xef\xbb\xbf")
    begins = _ANY if raw[:3].decode("latin-1") in _HEADERS else _MESSAGE
    places = [found.start() for found in begins.finditer(raw)]
    if len(places) < 2 or places[0]:
        return Batch((("MSH", body),))
    ends = [*places[1:], len(raw)]
    return Batch(tuple((raw[at : at + 3].decode(), raw[at:end]) for at, end in zip(places, ends, strict=True)))


def answered(batch: Batch, told: Sequence[bytes], *, number: str, at: datetime) -> bytes:
    """`told`: the answer to each message, b"" where its sender wants none; `number`: ours for the batch."""
    if not batch.envelope:
        return b"".join(told)
    answers, parts = iter(told), list[bytes]()
    batches = came = given = 0
    for name, said in batch.pieces:
        if name == "MSH":
            parts.append(next(answers, b""))
            came, given = came + 1, given + bool(parts[-1])
        elif name in _HEADERS:
            batches += name == "BHS"
            came = given = 0
            parts.append(_header(said, number, at))
        else:
            parts.append(_trailer(said, batches) if name == "FTS" else _trailer(said, given, came))
    return b"".join(parts)


def _header(said: bytes, number: str, at: datetime) -> bytes:
    """As it came, from the other side, and to which it is an answer."""
    sign, fields = _fields(said)
    fields += [""] * (_LENGTH_OF_HEADER - len(fields))
    name, signs, application, facility, ours, our_facility, _, _, called, _, theirs = fields[:11]
    when = at.strftime("%Y%m%d%H%M%S%z")
    told = [name, signs, ours, our_facility, application, facility, when, "", called, "", number, theirs]
    return _line(sign, told)


def _trailer(said: bytes, count: int, came: int | None = None) -> bytes:
    """How many stand in the answer; where fewer or more came than their own trailer says, that too."""
    sign, fields = _fields(said)
    claimed = fields[1].strip() if len(fields) > 1 else ""
    differs = came is not None and claimed.isascii() and claimed.isdigit() and int(claimed) != came
    return _line(sign or "|", [fields[0], str(count), f"{came} of {claimed} messages came" if differs else ""])


def _fields(said: bytes) -> tuple[str, list[str]]:
    line = re.split(r"[\r\n]", said.decode("latin-1"), maxsplit=1)[0]
    sign = line[3:4]
    return sign, line.split(sign) if sign else [line]


def _line(sign: str, fields: Sequence[str]) -> bytes:
    return (sign.join(fields).rstrip(sign) + "\r").encode("latin-1")
