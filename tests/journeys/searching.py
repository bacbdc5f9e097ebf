"""Does any of these words stand in those bytes, however it is written? Used to prove that a database holds none.

Each word is looked for in upper and lower case, as UTF-8, UTF-16 and Latin-1, in hexadecimal, base64 (at its three
offsets), percent, JSON and HTML escapes; and all of that again inside whatever gzip, zlib, zstd, hexadecimal or base64
is recognised, some layers deep.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from base64 import b64decode, b64encode
from binascii import Error, unhexlify
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import polars as pl
import pyarrow

_DEEP = 3
_MOST = 32_000_000  # bytes unpacked of one container
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class Found:
    word: str
    how: str


class Searcher:
    def __init__(self, words: Iterable[str]) -> None:
        self.needles: dict[str, tuple[str, str]] = {}
        for word in words:
            assert len(word) >= 6, f"{word} is so short that chance alone would find it"
            for text in dict.fromkeys((word, word.lower(), word.upper(), word.title())):
                for how, needle in _written(text):
                    self.needles.setdefault(needle.decode("latin-1"), (word, how))

    def search(self, data: bytes) -> list[Found]:
        layers = list(_layers(data, "", _DEEP))
        texts = pl.Series([layer.decode("latin-1") for _, layer in layers])  # a character for each byte
        hits = texts.str.extract_many(list(self.needles), overlapping=True)
        found = [(how, needle) for (how, _), hit in zip(layers, hits, strict=True) for needle in hit]
        return list(dict.fromkeys(Found(self.needles[n][0], self.needles[n][1] + inside) for inside, n in found))


def _layers(data: bytes, inside: str, deep: int) -> Iterator[tuple[str, bytes]]:
    """The bytes, and whatever is packed in them; once more with the lines joined that mail folds."""
    texts = [data, re.sub(rb"=?\r?\n", b"", data)] if b"\n" in data else [data]
    for text in texts:
        yield inside, text
        if deep:
            for how, unpacked in _unpacked(text):
                yield from _layers(unpacked, f" in {how}{inside}", deep - 1)


def _written(text: str) -> Iterator[tuple[str, bytes]]:
    """Each way in which a text may stand in bytes."""
    utf8 = text.encode()
    yield "utf-8", utf8
    plain = [utf8]
    for name in ("utf-16-le", "utf-16-be", "latin-1"):
        try:
            encoded = text.encode(name)
        except UnicodeEncodeError:
            continue
        plain.append(encoded)
        yield name, encoded
    for encoded in plain:
        yield "hex", encoded.hex().encode()
        yield "hex", encoded.hex().upper().encode()
        for offset in range(3):
            for needle in _base64(encoded, offset):
                yield f"base64 at {offset}", needle
    for escaped in (quote(text, safe=""), quote_plus(text), "".join(f"%{byte:02X}" for byte in utf8)):
        yield "percent", escaped.encode()
        yield "percent", re.sub("%..", lambda found: found[0].lower(), escaped).encode()
    for escaped in (json.dumps(text)[1:-1], "".join(f"\\u{ord(one):04x}" for one in text)):
        yield "json", escaped.encode()
    for escaped in (html.escape(text), "".join(f"&#{ord(one)};" for one in text)):
        yield "html", escaped.encode()


def _base64(data: bytes, offset: int) -> Iterator[bytes]:
    """What of the base64 does not depend on what stands before and after."""
    whole = b64encode(bytes(offset) + data)
    sure = whole[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]
    yield sure
    yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Whatever is recognised as packed or written otherwise, unpacked."""
    for found in _HEX.finditer(data):
        yield "hex", unhexlify(found[0])
    for found in _BASE64.finditer(data):
        text = found[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            yield "base64", b64decode(text + b"=" * (-len(text) % 4))
        except Error:
            continue
    for at in _places(data, _GZIP):
        yield from _named("gzip", _inflated(data[at:], 31))
    for found in _ZLIB.finditer(data):
        yield from _named("zlib", _inflated(data[found.start() :], 15))
    for at in _places(data, _ZSTD):
        yield from _named("zstd", _from_zstd(data[at:]))


def _named(how: str, unpacked: bytes) -> Iterator[tuple[str, bytes]]:
    if unpacked:
        yield how, unpacked


def _places(data: bytes, magic: bytes) -> Iterator[int]:
    at = data.find(magic)
    while at >= 0:
        yield at
        at = data.find(magic, at + 1)


def _inflated(data: bytes, bits: int) -> bytes:
    """As much as opens: what follows a container is another's."""
    engine, parts = zlib.decompressobj(bits), []
    try:
        for start in range(0, min(len(data), _MOST), 512):
            parts.append(engine.decompress(data[start : start + 512], _MOST))
            if engine.eof:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def _from_zstd(data: bytes) -> bytes:
    parts = []
    try:
        with pyarrow.CompressedInputStream(pyarrow.BufferReader(data), "zstd") as stream:
            while part := stream.read(512):
                parts.append(part)
    except OSError:
        pass
    return b"".join(parts)
