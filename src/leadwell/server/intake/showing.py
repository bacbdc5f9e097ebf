"""How is what was sent shown to a person? As it came, but readable: JSON indented, a form as its fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.form.adapter import MULTIPART, URLENCODED, fields_of

MOST: Final = 40_000  # characters shown; what is longer is cut, and says so


@dataclass(frozen=True)
class Shown:
    """`text`: what to show, cut at MOST; `more`: how many characters were left out; None text: not text at all.

    `fields`: of a form, name and value. `whole`: the text to correct, None where it cannot be corrected as text.
    """

    text: str | None
    more: int
    fields: tuple[tuple[str, str], ...] = ()
    whole: str | None = None


def shown(sent: Sent) -> Shown:
    try:
        text = sent.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Shown(None, 0)
    if "\0" in text:
        return Shown(None, 0)
    pretty = _indented(text) if "json" in sent.media_type else text
    return Shown(pretty[:MOST], max(0, len(pretty) - MOST), _fields(sent), pretty if len(pretty) <= MOST else None)


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _fields(sent: Sent) -> tuple[tuple[str, str], ...]:
    if not sent.media_type.startswith((URLENCODED, MULTIPART)):
        return ()
    try:
        return tuple(fields_of(sent).items())
    except ValueError:
        return ()
