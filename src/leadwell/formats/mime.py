"""How is MIME taken apart, whatever it claims to be? Python's parser, held to what is read in a moment.

Its time grows with the square of a header's length and with the depth of parts, and on what is malformed it raises
errors of nearly every kind. So headers are cut where nobody writes on, one that cannot be read says nothing, and what
has more lines or parts than any mail is refused before it is parsed.
"""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import collapse_rfc2231_value
from typing import Any, Final

MOST_LINES: Final = 500_000  # a mail of 25 MB in base64 has 330,000
MOST_PARTS: Final = 1_000
DEEPEST: Final = 50
LONGEST_HEADER: Final = 4_000
_NOT_TEXT: Final = frozenset({"punycode", "idna"})  # codecs of host names: their time grows with the square

_SHIFTING: Final = ("iso-2022-", "hz", "utf-7")  # they write everything in ASCII
_WEST: Final = ("us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1")  # as which others write Windows' own signs too


class TooMuch(ValueError):  # noqa: N818  its message says what and how much is allowed
    pass


class _Tolerant(EmailPolicy):
    def header_fetch_parse(self, name: str, value: Any) -> Any:
        try:
            return super().header_fetch_parse(name, value[:LONGEST_HEADER])
        except Exception:  # noqa: BLE001  see above
            return self.header_factory(name, "")


def parsed(raw: bytes) -> EmailMessage:
    """Raises TooMuch."""
    if raw.count(b"\n") > MOST_LINES:
        raise TooMuch(f"more than {MOST_LINES:,} lines")
    try:
        parser: BytesParser[Any] = BytesParser(policy=_Tolerant())
        message: EmailMessage = parser.parsebytes(raw)
        deepest, parts = _size(message)
    except RecursionError:
        deepest, parts = DEEPEST + 1, 0
    if deepest > DEEPEST:
        raise TooMuch(f"parts within parts, more than {DEEPEST} deep")
    if parts > MOST_PARTS:
        raise TooMuch(f"more than {MOST_PARTS:,} parts")
    return message


def _size(message: EmailMessage) -> tuple[int, int]:
    """How deep its parts go, and how many there are."""
    deepest, count, open_parts = 0, 0, [(message, 1)]
    while open_parts:
        part, depth = open_parts.pop()
        deepest, count = max(deepest, depth), count + 1
        open_parts += [(inner, depth + 1) for inner in parts_of(part)]
    return deepest, count


def parts_of(message: EmailMessage) -> list[EmailMessage]:
    """The parts of a multipart, or the mail that is attached; none of anything else."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, EmailMessage)] if isinstance(payload, list) else []


def header(message: EmailMessage, name: str) -> str:
    """What a header says, in characters that can be kept; '' where it is not there."""
    return whole_characters(str(message.get(name, "")))


def parameter(part: EmailMessage, name: str, *, of: str) -> str | None:
    """A parameter of a header, as the name of a form's field; None where there is none."""
    try:
        found = part.get_param(name, header=of)
        said = found if found is None or isinstance(found, str) else collapse_rfc2231_value(found)
    except (ValueError, LookupError, TypeError):
        return None
    return None if said is None else whole_characters(said)


def content(part: EmailMessage) -> bytes:
    """The bytes of a part, decoded as far as they can be."""
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return raw if isinstance(raw, bytes) else b""


def is_packed(part: EmailMessage) -> bool:
    """Whether a mail or report that is attached stands there in base64, which its kind forbids and some send."""
    return header(part, "Content-Transfer-Encoding").strip().lower() == "base64" and bool(parts_of(part))


def unpacked(part: EmailMessage) -> bytes:
    """What is packed so, as far as it can be read: Python has taken it for a mail's beginning."""
    whole = b"".join(inner.as_bytes() for inner in parts_of(part))
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", whole)
    return base64.b64decode(digits[: len(digits) - (len(digits) % 4 == 1)] + b"===")


def opened(part: EmailMessage) -> EmailMessage:
    """The mail that is packed so. Raises TooMuch."""
    return parsed(unpacked(part))


def text(part: EmailMessage, most: int) -> str:
    """The text of a part, its first `most` characters."""
    raw = content(part)[: most * 4]
    charset = str(part.get_content_charset("utf-8"))
    if charset not in _NOT_TEXT:
        try:
            return whole_characters(raw.decode(charset, errors="replace")[:most])
        except (LookupError, ValueError):  # an unknown charset, or one that is none
            pass
    return raw.decode("utf-8", errors="replace")[:most]


def decoded(raw: bytes, charset: str) -> str:
    """What is in UTF-8 where it is, whatever it is said to be in; else in `charset`, or as Windows writes the West."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    seven_bits = charset.lower().startswith(_SHIFTING) and (b"\x1b" in raw or b"~{" in raw or b"+" in raw)
    if not seven_bits and b"\0" not in raw:
        with suppress(UnicodeDecodeError):
            return raw.decode()
    if charset and charset.lower() not in (*_NOT_TEXT, *_WEST):
        with suppress(LookupError, ValueError):
            return whole_characters(raw.decode(charset))
    return raw.decode("cp1252", errors="replace")


def whole_characters(said: str) -> str:
    """Halves of characters, which cannot be written, replaced."""
    return said.encode("utf-8", errors="replace").decode()
