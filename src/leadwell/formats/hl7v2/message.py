"""What stands where in an HL7 v2 message, whatever its delimiters, line ends and characters?

We take messages apart ourselves and not by hl7apy: it refuses the whole for one segment that its version does not have
(PRT in 2.5.1), needs 90 ms for a long one, and raises errors of many kinds on what is malformed, and a hospital's
message that the profile rejects must still be read. In the tests it holds what we read and write to the standard
(`tests/engine/test_formats_hl7v2.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

MOST_SEGMENTS: Final = 5_000
NULL: Final = '""'  # says that the sender has deleted it; nothing stands there
_FRAME: Final = b"\x0b\x1c"
_LINE: Final = re.compile(r"\r\n|\r|\n")
_CHARSETS: Final[Mapping[str, str]] = {
    "ASCII": "ascii", "8859/1": "cp1252", "8859/15": "iso8859-15", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8",
    "UTF8": "utf-8", "UNICODE": "utf-8", "UNICODE UTF-16": "utf-16", "UNICODE UTF-32": "utf-32",
    "ISO IR87": "iso2022_jp", "ISO IR14": "shift_jis", "ISO IR159": "iso2022_jp_2", "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr", "BIG-5": "big5",
    **{f"8859/{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9)},
}  # fmt: skip


class NotHl7(ValueError):  # noqa: N818  its message says what is wrong, and quotes nothing
    pass


@dataclass(frozen=True, slots=True)
class Signs:
    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    sub: str = "&"

    @property
    def encoding(self) -> str:
        return self.component + self.repetition + self.escape + self.sub


@dataclass(frozen=True)
class Segment:
    """`fields[n]` is field n as it came, still escaped; of MSH, too."""

    name: str
    fields: tuple[str, ...]
    signs: Signs
    codec: str

    def raw(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[Field]:
        """Those that say something."""
        parts = self.raw(number).split(self.signs.repetition) if self.signs.repetition else [self.raw(number)]
        return [Field(part, self) for part in parts if part and part != NULL]

    def first(self, number: int) -> Field:
        return next(iter(self.repetitions(number)), Field("", self))

    def text(self, number: int, component: int = 1) -> str:
        return self.first(number).text(component)

    def words(self, number: int) -> str:
        """A field of free text: its repetitions are lines of it."""
        return "\n".join(one.whole for one in self.repetitions(number)).strip()


@dataclass(frozen=True)
class Field:
    """One repetition of a field."""

    said: str
    segment: Segment

    @cached_property
    def components(self) -> list[str]:
        return self.said.split(self.segment.signs.component)

    def text(self, component: int = 1, sub: int = 1) -> str:
        """Of a component, its subcomponent; '' where it is not there or null."""
        said = self.components[component - 1] if component <= len(self.components) else ""
        signs = self.segment.signs
        parts = said.split(signs.sub) if signs.sub else [said]
        return unescaped(parts[sub - 1], self.segment).strip() if sub <= len(parts) and parts[sub - 1] != NULL else ""

    @property
    def whole(self) -> str:
        """All of it as text, where nothing in it is a component."""
        return unescaped(self.said, self.segment).strip()

    def coded(self) -> str:
        """Of a coded element its text, by whichever of its codes; else a code."""
        return next(filter(None, map(self.text, (2, 9, 5, 1, 4))), "")


@dataclass(frozen=True)
class Message:
    segments: tuple[Segment, ...]
    signs: Signs

    def first(self, name: str) -> Segment:
        """The first segment of that name, or an empty one."""
        return next(self.all(name), Segment(name, (name,), self.signs, "utf-8"))

    def all(self, name: str) -> Iterator[Segment]:
        return (segment for segment in self.segments if segment.name == name)

    def has(self, name: str) -> bool:
        return any(True for _ in self.all(name))

    @property
    def header(self) -> Segment:
        return self.first("MSH")


def message_of(body: bytes) -> Message:
    """Raises NotHl7."""
    raw = body.strip(_FRAME + b"\r\n \t")
    text, codec = _decoded(raw)
    if not text.startswith("MSH") or len(text) < len("MSH|^~\\&"):
        raise NotHl7("no HL7 v2 message: it does not begin with MSH")
    signs = _signs(text)
    lines = _lines(text, signs)
    if len(lines) > MOST_SEGMENTS:
        raise NotHl7(f"more than {MOST_SEGMENTS:,} segments")
    if sum(line.startswith("MSH" + signs.field) for line in lines) > 1:
        raise NotHl7("several messages in one; each is to be sent by itself")
    return Message(tuple(_segment(line, signs, codec) for line in lines), signs)


def _signs(text: str) -> Signs:
    field = text[3]
    rest = _LINE.split(text[4:20])[0].split(field)[0]
    if field.isalnum() or field.isspace() or not field.isprintable() or any(map(str.isalnum, rest[:4])):
        raise NotHl7("no HL7 v2 message: its delimiters are none")
    signs = (rest + "^~\\&"[len(rest) :])[:4] if len(rest) < 4 else rest[:4]
    if len({field, *signs}) < 5:
        raise NotHl7("no HL7 v2 message: two of its delimiters are the same")
    return Signs(field, *signs)


def _lines(text: str, signs: Signs) -> list[str]:
    """A line that begins no segment goes on with the one before: some break the lines of a note."""
    begins = re.compile(rf"[A-Z][A-Z0-9]{{2}}(?:{re.escape(signs.field)}|$)")
    lines: list[list[str]] = []
    for line in _LINE.split(text):
        if begins.match(line):
            lines.append([line])
        elif lines and line.strip():
            lines[-1].append(line)
    return ["\n".join(parts) for parts in lines]


def _segment(line: str, signs: Signs, codec: str) -> Segment:
    fields = line.split(signs.field)
    if fields[0] == "MSH":
        fields.insert(1, signs.field)
    return Segment(fields[0], tuple(fields), signs, codec)


def _decoded(raw: bytes) -> tuple[str, str]:
    """By MSH-18; where that is silent or wrong, UTF-8, else Windows-1252. What UTF-8 makes letters of several bytes of
    was hardly meant as two signs each."""
    if wide := _wide(raw):
        return raw.decode(wide, errors="replace").removeprefix("\ufeff"), wide
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    header = re.split(rb"[\r\n]", raw, maxsplit=1)[0].decode("latin-1")
    fields = header.split(header[3:4] or "|")
    said = fields[17].split(fields[1][1:2] or "~")[0].strip().upper() if len(fields) > 17 else ""
    told = _CHARSETS.get(said, "utf-8")
    first = "utf-8" if told.startswith(("iso8859", "cp1252")) else told
    for codec in (first, told, "utf-8", "cp1252"):
        try:
            return raw.decode(codec), codec
        except (UnicodeError, LookupError):
            continue
    return raw.decode("latin-1"), "latin-1"


def _wide(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-16-le" if raw.startswith(b"M\0S\0") else "utf-16-be" if raw.startswith(b"\0M\0S") else ""


def unescaped(said: str, segment: Segment) -> str:
    sign = segment.signs.escape
    if sign not in said:
        return said
    mark = re.escape(sign)
    known = rf"[FSTREHNP]|X[0-9A-Fa-f]*|\.[a-z]{{2}}[+-]?\d*|[CM][0-9A-Fa-f]+|Z[^{mark}]*"
    return re.sub(rf"{mark}({known}){mark}", lambda found: _meant(found[1], segment), said)


def _meant(code: str, segment: Segment) -> str:
    signs = segment.signs
    plain = {"F": signs.field, "S": signs.component, "T": signs.sub, "R": signs.repetition, "E": signs.escape}
    if code in plain:
        return plain[code]
    if code.startswith("."):
        return {".sp": "\n", ".br": "\n", ".ti": "\n", ".ce": "\n", ".sk": " "}.get(code[:3], "")
    if code.startswith("X") and len(code) % 2:
        text = bytes.fromhex(code[1:]).decode(segment.codec, errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return ""  # highlighting, other character sets, what two sites agreed on


def escaped(text: str, signs: Signs) -> str:
    """Text as it stands in a field."""
    marks = {signs.escape: "E", signs.field: "F", signs.component: "S", signs.repetition: "R", signs.sub: "T"}
    one_line = " ".join(text.split())
    return "".join(f"{signs.escape}{marks[c]}{signs.escape}" if c in marks else c for c in one_line)
