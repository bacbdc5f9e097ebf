"""What of a mail did its writer write, and what is quoted or forwarded?

Told line by line, so that it takes no longer than the mail is long, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Final

_FORWARDED: Final = re.compile(
    r"[ >]*(?:-{2,}\s*(?:Forwarded message|Mensaje reenviado|Original Message|Mensaje original)\s*-{2,}"
    r"|Begin forwarded message:|Inicio del mensaje reenviado:)\s*",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"[ >]*\*?(From|De|Subject|Asunto|Date|Fecha|Sent|Enviado|To|Para|Cc)\*?:\s*(.*)", re.I)
_QUOTED: Final = re.compile(r"\s*>")
_ATTRIBUTED: Final = re.compile(r"(?:> ?)*(?:On|El)\s", re.I)
_WROTE: Final = re.compile(r"(?:wrote|escribi[óo])\s*:\s*$", re.I)
_OPENING: Final = ("from", "de")  # with which a header that an answer quotes begins
_ATTRIBUTION: Final = 4  # lines over which "On …, … wrote:" may be broken
_LONGEST: Final = 1_000  # characters of a line in which we look for such a sign


@dataclass(frozen=True)
class Inner:
    """A mail that was forwarded in the text: who wrote it, its subject, and its text with what the forwarder added."""

    sender: tuple[str, str] | None
    subject: str
    text: str


def unquoted(text: str) -> str:
    """What is written above what is quoted; else between and below it."""
    lines = text.split("\n")
    begins, goes_on = _quotation(lines)
    above = _own(lines[:begins])
    return above or _own(lines[goes_on:]) or text


def _own(lines: Sequence[str]) -> str:
    kept = [line for line in lines if not _QUOTED.match(line)]
    while kept and (not kept[-1].strip() or _WROTE.search(kept[-1][-_LONGEST:])):
        kept.pop()
    return "\n".join(kept)


def _quotation(lines: Sequence[str]) -> tuple[int, int]:
    """Where what is quoted begins, and behind the sign that says so; the end where there is none."""
    for place, line in enumerate(lines):
        if _FORWARDED.fullmatch(line[:_LONGEST]):
            return place, len(lines)
        if _ATTRIBUTED.match(line) and (end := _attribution(lines, place)):
            return place, end
        if len(_headers(lines[place : place + 2])) > 1 and _named(line) in _OPENING:
            return place, len(lines)
    return len(lines), len(lines)


def _attribution(lines: Sequence[str], place: int) -> int:
    """Behind which line "On …, … wrote:" ends; 0 where it is none."""
    for end in range(place, min(place + _ATTRIBUTION, len(lines))):
        if not lines[end].strip():
            return 0
        if _WROTE.search(lines[end][-_LONGEST:]):
            return end + 1
    return 0


def forwarded(text: str) -> Inner | None:
    """The first mail that stands forwarded in a text."""
    lines = text.split("\n")
    place = next((n for n, line in enumerate(lines) if _FORWARDED.fullmatch(line[:_LONGEST])), None)
    if place is None:
        return None
    note = "\n".join(lines[:place]).strip()
    rest = lines[place + 1 :]
    while rest and not rest[0].strip():
        rest = rest[1:]
    headers = _headers(rest)
    sender = headers.get("from") or headers.get("de", "")
    whom = [(name, address) for name, address in getaddresses([sender[:_LONGEST]]) if "@" in address]
    body = "\n".join(re.sub(r"^> ?", "", line) for line in rest[len(headers) :])
    said = "\n\n".join(part for part in (body.strip(), note) if part)
    return Inner(whom[0] if whom else None, headers.get("subject") or headers.get("asunto", ""), said)


def _headers(lines: Sequence[str]) -> dict[str, str]:
    """The lines at the beginning that name a header, each once."""
    found: dict[str, str] = {}
    for line in lines:
        match = _INNER.match(line[:_LONGEST])
        if match is None or match[1].lower() in found:
            break
        found[match[1].lower()] = match[2].strip()
    return found


def _named(line: str) -> str:
    match = _INNER.match(line[:_LONGEST])
    return match[1].lower() if match else ""
