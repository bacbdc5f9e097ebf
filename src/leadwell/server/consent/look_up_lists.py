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
from leadwell.server.consent.addresses import normal
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
            one, why = _one(cells, places, now)
            if one is not None:
                looked.append(one)
            if why:
                unread.append(Unread(number, ", ".join(cell for cell in cells if cell), why))
    return Read(tuple(looked), tuple(sorted(unread, key=lambda one: one.row)))


def _one(cells: Sequence[str | None], places: Sequence[int | None], now: datetime) -> tuple[LookedUp | None, str]:
    """What a row says, and why that is not all of it, '' where it is."""
    phone, listed, line, day = ((cells[place] or "").strip() if place is not None else "" for place in places)
    found = normal(phone)
    if found is None or found[0] != "phone":
        return None, "no telephone number that can be read"
    on = _SAID.get(listed.casefold())
    meant = _LINE_SAID.get(line.casefold(), line.casefold())
    line_type = meant if meant in LINE_TYPES else ""
    odd = (listed and on is None) or (line and not line_type)
    why = f"listed is yes or no, line_type one of {', '.join(LINE_TYPES)}" if odd else ""
    if on is None and not line_type:
        return None, why or NEEDS
    at = day_of(day) if day else now
    if at is None or at < FIRST:
        return None, "a day that cannot be read, as 2026-11-26 or 11/26/2026"
    if day and only_day(day):
        at -= DAY_EVERYWHERE  # its beginning: no fresher than it was
    if at > now + AHEAD:
        return None, "a day that lies ahead"
    return LookedUp(phone, on, line_type, at, "import"), why
