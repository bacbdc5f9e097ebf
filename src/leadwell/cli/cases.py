"""What does a case of `leadwell may-contact` ask, and what does it know? One JSON object; what is missing is not known.

Nothing that a case says stands in an error: it names the key, and what may stand there. A key that is none of ours is
an error too: passed over, a stop under another name would be a stop that nobody hears.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from leadwell.contact.states import state_of
from leadwell.contact.whereabouts import whereabouts
from leadwell.permission import Consent, Contact, DoNotCall, Known, Place, Stop
from leadwell.permission.looked import told
from leadwell.permission.values import CHANNELS, KINDS, LINE_TYPES, PURPOSES, Channel, Kind, LineType, Purpose

KEYS: Final = (
    "zip", "state", "address_state", "phone", "stated_zone", "at", "channel", "purpose", "consents", "stops",
    "contacts", "automated", "prerecorded", "line_type", "inquired_at", "dnc",
)  # fmt: skip
_CONSENT: Final = ("channel", "purpose", "kind", "at", "until", "proof", "referred")
_STOP: Final = ("channel", "all", "purpose", "at", "proof")
_CONTACT: Final = ("channel", "at")
_DNC: Final = ("listed", "checked_at")
# They label a case for whoever wrote it, and say nothing of the person.
_LABELS: Final = frozenset(("id", "name", "note", "notes", "comment", "expect", "expects", "expected", "source"))
# What other programs call ours; of all else the nearest by its letters is named.
_OTHER_WORDS: Final = {
    "zip": ("postal", "postcode"),
    "stated_zone": ("timezone", "tz", "zone"),
    "phone": ("number", "tel", "telephone", "cell", "msisdn"),
    "at": ("time", "when", "now", "date", "datetime", "timestamp"),
    "stops": ("stop", "opt", "optout", "optouts", "unsubscribed", "unsubscribes", "suppressions", "revoked"),
    "consents": ("permission", "permissions", "optin", "optins", "agreed", "agreements"),
    "contacts": ("attempt", "attempts", "calls", "history"),
    "automated": ("autodialed", "autodialer", "machine", "bot", "robot", "robocall"),
    "prerecorded": ("recorded", "recording", "voice"),
    "line_type": ("line", "carrier"),
    "inquired_at": ("inquiry", "inquired", "requested"),
    "dnc": ("registry", "dnd", "donotcall"),
    "until": ("expires", "expiry", "ends"),
}  # fmt: skip


class CaseError(ValueError):
    """The line is no case; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Case:
    known: Known
    channel: Channel
    purpose: Purpose
    at: datetime


def read(line: bytes) -> Case:
    """CaseError, in one sentence, where the line is no case."""
    if not line:
        raise CaseError("the line is empty")
    try:
        values = json.loads(line, object_pairs_hook=_Object)
    except (ValueError, RecursionError):
        raise CaseError("the line is not JSON") from None
    case = _Table("", values, KEYS)
    at = case.needed_time("at")
    state, address_state = (_state(case, key) for key in ("state", "address_state"))
    line_type = case.one_of("line_type", LINE_TYPES)
    try:
        places = whereabouts(
            zip=case.digits("zip", 5), state=state, address_state=address_state, phone=case.digits("phone", 10),
            stated_zone=case.text("stated_zone"), line_type=line_type,
        )  # fmt: skip
    except ValueError as error:
        raise CaseError(str(error)) from None
    known = Known(
        consents=tuple(map(_consent, case.tables("consents", _CONSENT))),
        stops=tuple(map(_stop, case.tables("stops", _STOP))),
        contacts=tuple(Contact(_channel(c), c.needed_time("at")) for c in case.tables("contacts", _CONTACT)),
        places=tuple(Place(*place) for place in places),
        automated=case.yes("automated") or False,
        prerecorded=case.yes("prerecorded") or False,
        line_type=cast("LineType | None", line_type),
        inquired_at=case.time("inquired_at"),
        dnc=_dnc(case, at),
    )
    purpose = cast(Purpose, case.needed("purpose", case.one_of("purpose", PURPOSES)))
    return Case(known, _channel(case), purpose, at)


def _channel(table: _Table) -> Channel:
    return cast(Channel, table.needed("channel", table.one_of("channel", CHANNELS)))


def _state(case: _Table, key: str) -> str | None:
    text = case.text(key)
    if text is not None and text.strip() and state_of(text) is None:
        case.wrong(key, "must be a state of the US, like IL")
    return text


def _consent(table: _Table) -> Consent:
    return Consent(
        channel=_channel(table),
        purpose=cast(Purpose, table.needed("purpose", table.one_of("purpose", PURPOSES))),
        at=table.needed_time("at"),
        kind=cast(Kind, table.needed("kind", table.one_of("kind", KINDS))),
        until=table.time("until"),
        proof=table.text("proof") or "",
        referred=table.yes("referred") or False,
    )


def _stop(table: _Table) -> Stop:
    """Of one channel, or of all: `"channel": "all"` or `"all": true`."""
    channel = "all" if table.yes("all") else table.one_of("channel", (*CHANNELS, "all"))
    return Stop(
        channel=cast('Channel | Literal["all"]', table.needed("channel", channel)),
        at=table.needed_time("at"),
        purpose=cast("Purpose | None", table.one_of("purpose", PURPOSES)),
        proof=table.text("proof") or "",
    )


def _dnc(case: _Table, at: datetime) -> DoNotCall | None:
    """What the looks that were made by then tell; one of which either half is not known is none."""
    looks = [_look(table) for table in case.tables("dnc", _DNC, or_one=True)]
    return told(look for look in looks if look is not None and look.checked_at <= at)


def _look(table: _Table) -> DoNotCall | None:
    listed, checked_at = table.yes("listed"), table.time("checked_at")
    return None if listed is None or checked_at is None else DoNotCall(listed, checked_at)


def _nearest(key: str, keys: Collection[str]) -> str:
    """Which of the keys is likest: one of its words or of those that mean the same, or else by its letters."""

    def alike(own: str) -> float:
        return difflib.SequenceMatcher(None, key[:64].lower(), own).ratio()

    parts = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key[:64]).lower())
    words = {*parts, "".join(parts)}
    named = [own for own in keys if own in words or not words.isdisjoint(_OTHER_WORDS.get(own, ()))]
    if named:
        return max(named, key=lambda own: (own != "at", alike(own)))  # many keys of times end in "at"
    return max(keys, key=alike)


class _Object(dict[str, Any]):
    """A JSON object that knows which of its keys stand there twice: which of the two was meant, nobody can say."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs) if len(self) < len(pairs) else {}
        self.twice = [key for key in counts if counts[key] > 1]


class _Table:
    """A JSON object whose values are taken by kind; None where one is missing or null."""

    def __init__(self, place: str, values: Any, keys: Collection[str]) -> None:
        self._place = place
        if not isinstance(values, Mapping):
            raise CaseError(f"{place or 'the line'} must be a JSON object")
        self._values = values
        for key in getattr(values, "twice", ()):
            raise CaseError(f"{place}{': ' if place else ''}{key if key in keys else 'a key'} stands there twice")
        for key in values:
            if key not in keys and key not in _LABELS:
                raise CaseError(f"{place}{': ' if place else ''}a key is unknown; {_nearest(key, keys)} may be meant")

    def wrong(self, key: str, says: str) -> None:
        raise CaseError(f"{self._place}{': ' if self._place else ''}{key} {says}")

    def _get(self, key: str, kind: type | tuple[type, ...], says: str) -> Any:
        value = self._values.get(key)
        if value is not None and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            self.wrong(key, f"must be {says}")
        return value

    def text(self, key: str) -> str | None:
        found: str | None = self._get(key, str, "a text")
        return found

    def digits(self, key: str, width: int) -> str | None:
        """A text, or a whole number that lost its leading zeros."""
        found = self._get(key, (str, int), "a text")
        return f"{found:0{width}}" if isinstance(found, int) else found

    def yes(self, key: str) -> bool | None:
        found: bool | None = self._get(key, bool, "true or false")
        return found

    def one_of(self, key: str, options: Sequence[str]) -> str | None:
        found = self.text(key)
        if found is not None and found not in options:
            self.wrong(key, f"must be one of {', '.join(options)}")
        return found

    def time(self, key: str) -> datetime | None:
        text = self.text(key)
        try:
            found = datetime.fromisoformat(text) if text is not None else None
        except ValueError:
            found = None
        if text is not None and (found is None or found.tzinfo is None):
            self.wrong(key, "must be a time with its offset, like 2026-11-27T09:00:00-06:00")
        return found

    def needed(self, key: str, value: str | None) -> str:
        if value is None:
            self.wrong(key, "is needed")
        return value or ""

    def needed_time(self, key: str) -> datetime:
        found = self.time(key)
        if found is None:
            self.wrong(key, "is needed")
            raise AssertionError  # not reached
        return found

    def tables(self, key: str, keys: Collection[str], *, or_one: bool = False) -> list[_Table]:
        """`or_one`: a single object may stand for a list of it."""
        if or_one and isinstance(value := self._values.get(key), Mapping):
            return [_Table(key, value, keys)]
        found = self._get(key, list, "an object or a list of objects" if or_one else "a list of objects") or []
        return [_Table(f"{key} {i}", one, keys) for i, one in enumerate(found, 1)]
