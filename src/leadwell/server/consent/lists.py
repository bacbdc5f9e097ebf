"""Which stops are in a list that another system kept? Its rows, read; and those that cannot be, with the reason.

Columns are known by their headers: addresses (`phone`, `email` …), and where they are there a channel, a purpose and a
day. What is an address under any header that speaks of one is stopped too; where none does, in any cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Final

from leadwell.formats import CannotRead, LeadList, WrongMapping, open_list
from leadwell.permission.values import CHANNELS, PURPOSES
from leadwell.server.base.unpacked import too_large
from leadwell.server.consent.addresses import Kind, said
from leadwell.server.consent.models import ALL, EVERY
from leadwell.server.consent.scope import FIRST_LAW, Scope

MOST_ROWS: Final = 1_000_000
_ADDRESSES: Final = ("phone", "phone_2", "email")
# Headers that speak of addresses without being known as such: "Mobile No", "SMS Number", "Do Not Call".
_SPOKEN_OF: Final = ("phone", "mobile", "cell", "tel", "sms", "fax", "dnc", "do not call", "contact", "number", "mail")
_CHANNELS: Final = ("channel", "method", "medium")
_PURPOSES: Final = ("purpose",)
_DAYS: Final = ("date", "day", "at", "stopped", "opted out", "opt out", "unsubscribed", "stopped at", "opted out at")
_SPOKEN: Final[Mapping[str, str]] = {
    "call": "call", "calls": "call", "phone": "call", "voice": "call", "text": "text", "texts": "text", "sms": "text",
    "email": "email", "e-mail": "email", "mail": "email", "all": ALL, "any": ALL, "everything": ALL,
}  # fmt: skip
_EVERYTHING: Final = ("all", "any", "everything")
# What ends where the list does not say by which channel: as with a STOP by text (scope.CLOSES).
_CLOSES: Final[Mapping[Kind, tuple[str, ...]]] = {"phone": ("call", "text"), "email": ("email",)}
_DAY_FORMATS: Final = ("%m/%d/%Y", "%m/%d/%y")
DAY_EVERYWHERE: Final = timedelta(hours=36)  # from its beginning by UTC until it has ended in Hawaii
_LAST_YEAR: Final = 9000
MOST_ODD: Final = 200  # rows that are named
_LONGEST_ODD: Final = 40  # characters
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z /&_-]{0,29}")  # anything else may be somebody's, and is not said back
NO_ADDRESS: Final = "no telephone number or e-mail that can be read"
CUT: Final = "beside what was stopped there is what cannot be read"


@dataclass(frozen=True)
class Listed:
    """An address of a list, in its normal form, and what is to be closed for it, since when. `day`: where the list
    gives a day and no time, `at` is when that has ended everywhere, and no later than now."""

    kind: Kind
    normal: str = field(repr=False)
    scopes: tuple[Scope, ...]
    at: datetime
    day: date | None = None


@dataclass(frozen=True)
class Unread:
    """A row that holds no stop: its number, its cells as they stand, and why."""

    row: int
    said: str = field(repr=False)
    why: str


@dataclass(frozen=True)
class Odd:
    """A row whose channel or purpose (`what`) is none of ours, as it stands there: everything by its addresses was
    stopped."""

    row: int
    what: str
    said: str = field(repr=False)

    @property
    def why(self) -> str:
        """What is allowed, and what was done."""
        said = f"“{self.said}”" if _PLAIN.fullmatch(self.said) else "what stands there"
        one_of = (*CHANNELS, ALL) if self.what == "channel" else PURPOSES
        stopped = "it was stopped by every way" if self.what == "channel" else "it was stopped for every purpose"
        return f"{said} is no {self.what} ({', '.join(one_of)}); {stopped}"


@dataclass(frozen=True)
class Read:
    """`odd`: the first of such rows, of `odd_rows`."""

    listed: tuple[Listed, ...]
    unread: tuple[Unread, ...]
    odd: tuple[Odd, ...] = ()
    odd_rows: int = 0


def read(body: bytes, *, now: datetime) -> Read:
    """CSV, TSV, XLSX, JSON Lines or Parquet. A row that names no day counts from `now`. Raises CannotRead."""
    with opened(body) as listed:
        return _read(listed, now)


def one(text: str, *, now: datetime) -> tuple[Listed, ...]:
    """The stops of one row that somebody has mended: its addresses, between commas or spaces."""
    return tuple(Listed(*address, _scopes(address[0], "", ""), now) for address in said(text).addresses)


def mends(row: Unread, text: str) -> bool:
    """Whether a row that is corrected so can be taken: one that was cut has to be whole then, for its page offers it as
    it was."""
    return not (row.why == CUT and said(text).rest)


@contextmanager
def opened(body: bytes) -> Iterator[LeadList]:
    """Raises CannotRead, whatever is wrong with it."""
    if too_large(body, most_rows=MOST_ROWS):
        raise CannotRead("unpacked it has more rows or bytes than a list may; send it in parts")
    try:
        listed = open_list(BytesIO(body))
    except (CannotRead, WrongMapping) as error:
        raise CannotRead(str(error).replace("standard input", "the list")) from error
    except Exception as error:
        raise CannotRead("it is damaged, or no list at all") from error
    try:
        yield listed
    except CannotRead:
        raise
    except Exception as error:
        raise CannotRead("damaged, so that it cannot be read to its end") from error
    finally:
        listed.close()


def _read(listed: LeadList, now: datetime) -> Read:
    columns = _Columns([(meant.header.casefold().strip(), meant.column) for meant in listed.meant])
    stops: list[Listed] = []
    unread: list[Unread] = []
    odd: list[Odd] = []
    odd_rows = 0
    for number, cells in rows_of(listed, unread):
        found = list(columns.stops(cells, now))
        stops += found
        if found and (what := columns.not_understood(cells)):
            odd_rows += 1
            odd += [Odd(number, *one) for one in what] if odd_rows <= MOST_ODD else []
        if not found:
            unread.append(Unread(number, ", ".join(cell for cell in cells if cell), NO_ADDRESS))
        elif lost := columns.unreadable(cells):
            cut = any(said(one).addresses for one in lost)
            unread.append(Unread(number, ", ".join(lost), CUT if cut else NO_ADDRESS))
    stops.sort(key=lambda one: one.at, reverse=True)  # of one address the latest counts
    return Read(tuple(stops), tuple(sorted(unread, key=lambda one: one.row)), tuple(odd), odd_rows)


def rows_of(listed: LeadList, unread: list[Unread]) -> Iterator[tuple[int, list[str | None]]]:
    names = [str(place) for place in range(len(listed.meant))]
    for piece in listed.pieces():
        unread += [Unread(one.row, ", ".join(cell for cell in one.cells if cell), one.reason) for one in piece.rejected]
        frame = piece.frame
        there = [name for name in names if name in frame.columns]
        for number, *cells in frame.select("row", *there).iter_rows():
            by_name = dict(zip(there, cells, strict=True))
            yield int(number), [by_name.get(name) for name in names]


class _Columns:
    """What the columns of a list mean to us."""

    def __init__(self, headers: Sequence[tuple[str, str]]) -> None:
        self._addresses = [place for place, (_, column) in enumerate(headers) if column in _ADDRESSES]
        self._channel = place_of(headers, _CHANNELS)
        self._purpose = place_of(headers, _PURPOSES)
        self._day = place_of(headers, _DAYS)
        others = {self._channel, self._purpose, self._day}
        spoken_of = [place for place, (header, _) in enumerate(headers) if any(word in header for word in _SPOKEN_OF)]
        likely = {*self._addresses, *spoken_of} or range(len(headers))
        self._any = sorted(place for place in likely if place not in others)

    def stops(self, cells: Sequence[str | None], now: datetime) -> Iterator[Listed]:
        text = {place: cells[place] or "" for place in range(len(cells))} | {None: ""}
        at = min(day_of(text[self._day]) or now, now)
        day = only_day(text[self._day])
        for address in dict.fromkeys(one for place in self._any for one in said(text[place]).addresses):
            yield Listed(*address, _scopes(address[0], text[self._channel], text[self._purpose]), at, day)

    def not_understood(self, cells: Sequence[str | None]) -> list[tuple[str, str]]:
        """Its channel, its purpose or both, where they are there and none of ours."""
        asked = (("channel", self._channel, _SPOKEN), ("purpose", self._purpose, (*PURPOSES, *_EVERYTHING)))
        there = ((what, (cells[place] or "").strip(), known) for what, place, known in asked if place is not None)
        return [(what, text[:_LONGEST_ODD]) for what, text, known in there if text and text.casefold() not in known]

    def unreadable(self, cells: Sequence[str | None]) -> list[str]:
        """What stands in a column of addresses and is none, and cells of which not all could be read."""
        return [cell for place in self._any if (cell := cells[place]) and cell.strip() and self._lost(place, cell)]

    def _lost(self, place: int, cell: str) -> bool:
        read = said(cell)
        return read.cut or (place in self._addresses and bool(read.rest or not read.addresses))


def place_of(headers: Sequence[tuple[str, str]], names: Sequence[str]) -> int | None:
    """Which of the columns has one of these headers."""
    return next((place for place, (header, _) in enumerate(headers) if header.replace("_", " ") in names), None)


def _scopes(kind: Kind, channel: str, purpose: str) -> tuple[Scope, ...]:
    """A channel or purpose that is none of ours ends what would end without one: never less than was asked."""
    meant = _SPOKEN.get(channel.casefold().strip())
    for_what = purpose.casefold().strip() if purpose.casefold().strip() in PURPOSES else EVERY
    return tuple((one, for_what) for one in ((meant,) if meant else _CLOSES[kind]))


def day_of(text: str) -> datetime | None:
    """A day or a time, as ISO 8601 or in American order; None where it is neither, or a placeholder, for a guess might
    open something. A day without a time, or with one that may be of any zone, is over everywhere before it counts: it
    takes back what was agreed on it."""
    text = text.strip()
    found = _read_day(text)
    if found is None:
        return None
    if ":" in text and found.tzinfo is not None:
        return found
    return found.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC) + DAY_EVERYWHERE


def only_day(text: str) -> date | None:
    """The day as it is given, where no moment is: without a time, or with one whose offset nobody knows."""
    found = _read_day(text.strip())
    return None if found is None or (":" in text and found.tzinfo is not None) else found.date()


def _read_day(text: str) -> datetime | None:
    found = _iso(text) or next((day for one in _DAY_FORMATS if (day := _as(text, one)) is not None), None)
    return found if found is not None and FIRST_LAW.year <= found.year < _LAST_YEAR else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _as(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
