"""The searcher finds what is planted, however it is written; so where it finds nothing, nothing is there."""

import gzip
import html
import json
import os
import sqlite3
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pyarrow
import pytest
from tests.journeys.searching import Searcher

WORDS = ["Quillfeather", "Señora Ñandú-Vélez", "312-555-0147", "1961-04-17", "zorbimaxlet", "12 Möwenweg"]


def zstd(data: bytes) -> bytes:
    return bytes(pyarrow.Codec("zstd").compress(data, asbytes=True))


def folded(data: bytes) -> bytes:
    whole = b64encode(data)
    return b"\r\n".join(whole[at : at + 76] for at in range(0, len(whole), 76))


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "latin-1": lambda text: text.encode("latin-1"),
    "upper": lambda text: text.upper().encode(),
    "lower": lambda text: text.lower().encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "hex upper": lambda text: text.encode().hex().upper().encode(),
    "base64 at 0": lambda text: b64encode(text.encode()),
    "base64 at 1": lambda text: b64encode(b"x" + text.encode() + b"yz"),
    "base64 at 2": lambda text: b64encode(b"xy" + text.encode() + b"z"),
    "base64 of utf-16": lambda text: b64encode(b"x" + text.encode("utf-16-le")),
    "base64 for addresses": lambda text: urlsafe_b64encode(b"\xff\xfe\xff" + text.encode() + b"\xff\xfe"),
    "base64, folded": lambda text: folded(b"x" * 50 + text.encode() + b"y" * 90),
    "percent": lambda text: quote(text, safe="").encode(),
    "percent, of a form": lambda text: quote_plus(text).encode(),
    "percent, everything": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()).encode(),
    "json": lambda text: json.dumps(text).encode(),
    "json, everything": lambda text: "".join(f"\\u{ord(one):04x}" for one in text).encode(),
    "html": lambda text: html.escape(text).encode(),
    "html, everything": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib": lambda text: zlib.compress(text.encode()),
    "zstd": lambda text: zstd(text.encode() * 3),
    "gzip in base64": lambda text: b64encode(gzip.compress(text.encode())),
    "zlib in base64 in json": lambda text: json.dumps({"a": b64encode(zlib.compress(text.encode())).decode()}).encode(),
    "zstd in hex": lambda text: zstd(text.encode()).hex().encode(),
    "utf-16 in gzip": lambda text: gzip.compress(text.encode("utf-16-le")),
    "gzip in zlib": lambda text: zlib.compress(gzip.compress(text.encode())),
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("how", WRITTEN)
def test_a_planted_word_is_found_however_it_is_written(how: str, word: str) -> None:
    noise = os.urandom(400)
    data = noise + b'{"a": "' + WRITTEN[how](f"so {word} wrote") + b'"}' + noise
    assert word in {found.word for found in Searcher(WORDS).search(data)}


def test_nothing_is_found_where_nothing_is_planted() -> None:
    data = (
        os.urandom(200_000) + zlib.compress(b"the knee of somebody else") + json.dumps({"state": "assessed"}).encode()
    )
    assert Searcher(WORDS).search(data) == []


@pytest.mark.parametrize("column", ["TEXT", "BLOB"])
def test_a_row_is_found_in_a_database_file_also_before_it_has_left_the_log(tmp_path: Path, column: str) -> None:
    path = tmp_path / "some.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(f"CREATE TABLE some (one {column})")
        value = "Ana Quillfeather" if column == "TEXT" else zlib.compress(b"Ana Quillfeather")
        database.execute("INSERT INTO some VALUES (?)", (value,))
        database.commit()
        files = b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir()))
    assert {found.word for found in Searcher(WORDS).search(files)} == {"Quillfeather"}


def test_a_word_that_chance_could_write_is_no_word_to_search_for() -> None:
    with pytest.raises(AssertionError, match="so short"):
        Searcher(["Ana"])
