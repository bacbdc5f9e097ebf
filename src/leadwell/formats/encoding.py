"""In which characters is this file written? Found from its first bytes, then read as UTF-8 whatever it is.

Lists are put together from several systems, so one file may hold lines of two encodings: a line that is not UTF-8 is
read as Windows-1252 (which holds Latin-1's letters), the others as they are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

UTF8: Final = "UTF-8"
MIXED: Final = "UTF-8 and Windows-1252 mixed"
WINDOWS: Final = "Windows-1252"

_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16-be"),
)


def encoding_of(sample: bytes) -> tuple[str, str, int]:
    """Its name for a person, the codec ('utf-8' for everything that is read line by line), and the length of its
    mark."""
    for mark, name, codec in _MARKS:
        if sample.startswith(mark):
            return name, codec, len(mark)
    if wide := _without_mark(sample):
        return "UTF-16", wide, 0
    return _eight_bits(sample), "utf-8", 0


def _without_mark(sample: bytes) -> str | None:
    """UTF-16 shows in every other byte of plain text being zero."""
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    even, odd = sample[: pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.6 and even < pairs * 0.1:
        return "utf-16-le"
    if even > pairs * 0.6 and odd < pairs * 0.1:
        return "utf-16-be"
    return None


def _eight_bits(sample: bytes) -> str:
    lines = sample[: sample.rfind(b"\n") + 1 or len(sample)].split(b"\n")
    foreign = [line for line in lines if not line.isascii()]
    utf8 = sum(map(_is_utf8, foreign))
    if utf8 == len(foreign):
        return UTF8
    return MIXED if utf8 else WINDOWS


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def as_utf8(block: bytes) -> bytes:
    """A block of whole lines in UTF-8."""
    if block.isascii() or _is_utf8(block):
        return block
    return b"\n".join(map(_line_as_utf8, block.split(b"\n")))


def _line_as_utf8(line: bytes) -> bytes:
    if line.isascii() or _is_utf8(line):
        return line
    try:
        return line.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError:  # five bytes mean nothing in Windows-1252; Latin-1 keeps them
        return line.decode("latin-1").encode("utf-8")


def blocks(stream: BinaryIO, codec: str, *, size: int) -> Iterator[bytes]:
    """The rest of the stream in pieces of about `size` bytes, without NULs; wide encodings turned into UTF-8."""
    decoder = None if codec == "utf-8" else codecs.getincrementaldecoder(codec)(errors="replace")
    while raw := stream.read(size):
        block = raw if decoder is None else decoder.decode(raw).encode("utf-8", errors="replace")
        yield block.replace(b"\0", b"") if b"\0" in block else block
