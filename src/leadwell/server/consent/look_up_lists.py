"""What was looked up of many numbers at once? A list of a provider: `phone`, `listed`, `line_type`, `checked_at`.

A row counts as far as it can be read, and is named where that is not the whole of it. A number without either answer
is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from leadwell.permission.values import LINE_TYPES
from leadwell.server.consent.actions.looking import AHEAD, FIRST, LookedUp
from leadwell.server.consent.addresses import said
from leadwell.server.consent.lists import DAY_EVERYWHERE, Unread, day_of, only_day, opened, place_of, rows_of

_PHONES: Final = ("phone", "phone number", "number", "telephone")
_LISTED: Final = ("listed", "dnc", "national dnc", "do not call", "on registry", "registry")
_LINES: Final = ("line type", "line", "phone type", "type")
_DAYS: Final = ("checked at", "checked", "date", "looked up at", "scrubbed at")
_SAID: Final = {
    "yes": True, "y": True, "true": True, "1": True, "listed": True,
    "no": False, "n": False, "false": False, "0": False, "clean": False,
}  # fmt: skip
_LINE_SAID: Final = {"wireless": "mobile", "cell": "mobile", "fixed": "landline", "fixed line": "landline"}
NEEDS: Final = "a column phone, and one of listed and line_type, are needed"


@dataclass(frozen=True)
class Read:
    """`unread`: rows of which something could not be read; what could be is in `looked`."""

    looked: tuple[LookedUp, ...]
    unread: tuple[Unread, ...]


def read(body: bytes, *, now: datetime) -> Read:
    """CSV, TSV, XLSX, JSON Lines or Parquet. A row that names no day counts from `now`. Raises CannotRead."""
    looked: list[LookedUp] = []
    unread: list[Unread] = []
    with opened(body) as listed:
        headers = [(meant.header.casefold().strip(), meant.column) for meant in listed.meant]
        places = [place_of(headers, names) for names in (_PHONES, _LISTED, _LINES, _DAYS)]
        for number, cells in rows_of(listed, unread):
            found, why = _row(cells, places, now)
            looked += found
            if why:
                unread.append(Unread(number, ", ".join(cell for cell in cells if cell), why))
    return Read(tuple(looked), tuple(sorted(unread, key=lambda one: one.row)))


def _row(cells: Sequence[str | None], places: Sequence[int | None], now: datetime) -> tuple[list[LookedUp], str]:
    """What a row says of each of its numbers, and why that is not all of it, '' where it is."""
    phone, listed, line, day = ((cells[place] or "").strip() if place is not None else "" for place in places)
    found = said(phone)
    numbers = [address for kind, address in found.addresses if kind == "phone"]
    if not numbers:
        return [], "no telephone number that can be read"
    on = _SAID.get(listed.casefold())
    meant = _LINE_SAID.get(line.casefold(), line.casefold())
    line_type = meant if meant in LINE_TYPES else ""
    odd = (listed and on is None) or (line and not line_type)
    why = f"listed is yes or no, line_type one of {', '.join(LINE_TYPES)}" if odd else ""
    if on is None and not line_type:
        return [], why or NEEDS
    at = day_of(day) if day else now
    if at is None or at < FIRST:
        return [], "a day that cannot be read, as 2026-11-26 or 11/26/2026"
    if day and only_day(day):
        at -= DAY_EVERYWHERE  # its beginning: no fresher than it was
    if at > now + AHEAD:
        return [], "a day that lies ahead"
    if found.rest or len(numbers) < len(found.addresses):
        why = why or "beside its number there is what cannot be read as one"
    return [LookedUp(number, on, line_type, at, "import") for number in numbers], why
