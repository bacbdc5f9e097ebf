"""Is a table of `contact_rules.toml` what it should be? Each value is taken by its kind; what is wrong is gathered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadwell.permission.legal_days import LegalDay
from leadwell.permission.legal_days import read as legal_day
from leadwell.playbook.hours import Window, windows

_LONG_AGO = date(1970, 1, 1)


class RulesError(ValueError):
    """The rules cannot be used; `problems` names each, with its table."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The contact rules cannot be read:\n" + "\n".join(problems))
        self.problems = tuple(problems)


class Entry:
    """One table. A value that is missing or wrong is noted among the problems, and something harmless given back."""

    def __init__(self, place: str, values: Mapping[str, Any], problems: list[str]) -> None:
        self.place = place
        self._values = values
        self._problems = problems
        self._asked: set[str] = set()

    def wrong(self, key: str, says: str) -> None:
        self._problems.append(f"[{self.place}] {key}: {says}" if self.place else f"{key}: {says}")

    def own(self) -> tuple[str, ...]:
        return tuple(self._values)

    def done(self, also: Collection[str] = ()) -> None:
        """Names what nobody asked for: a slip of the pen must not switch a rule off."""
        for key in self._values:
            if key not in self._asked and key not in also:
                self.wrong(key, "no such key is known here")

    def _get(self, key: str, kind: type, says: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._values.get(key, default)
        fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if value is None or not fits:
            self.wrong(key, f"{says} is needed" if value is None else f"must be {says}, is {value!r}")
            return None
        return value

    def table(self, key: str) -> Entry:
        found = self._get(key, dict, "a table", None)
        return Entry(f"{self.place}.{key}".lstrip("."), found or {}, self._problems)

    def tables(self, key: str) -> list[Entry]:
        found = self._get(key, list, "a list of tables", None) or []
        return [Entry(f"{key}.{i}", one, self._problems) for i, one in enumerate(found, 1)]

    def below_states(self) -> list[str]:
        """The keys that are tables: each is a state's two letters."""
        found = [key for key, value in self._values.items() if isinstance(value, dict)]
        for key in found:
            self._state(key, key)
        return found

    def text(self, key: str) -> str:
        value = self._get(key, str, "a text", None)
        if value == "":
            self.wrong(key, "says nothing")
        return value or ""

    def one_of(self, key: str, options: Sequence[str]) -> str:
        value = self._get(key, str, "a text", None)
        if value is not None and value not in options:
            self.wrong(key, f"must be one of {', '.join(options)}, is {value!r}")
        return value or options[0]

    def texts(self, key: str, options: Sequence[str], default: Sequence[str] | None = None) -> tuple[str, ...]:
        value = self._get(key, list, "a list of texts", None if default is None else list(default)) or []
        for one in value:
            if one not in options:
                self.wrong(key, f"must be of {', '.join(options)}, has {one!r}")
        return tuple(value)

    def states(self, key: str) -> tuple[str, ...]:
        value = self._get(key, list, "a list of states", []) or []
        for one in value:
            self._state(key, one)
        return tuple(value)

    def _state(self, key: str, value: object) -> None:
        if not (isinstance(value, str) and len(value) == 2 and value.isalpha() and value.isupper()):
            self.wrong(key, f"{value!r} is no state's two letters")

    def zones(self, key: str) -> tuple[str, ...]:
        value = self._get(key, list, "a list of time zones", None) or []
        for one in value:
            try:
                ZoneInfo(one)
            except (KeyError, OSError, TypeError, ValueError):
                self.wrong(key, f"{one!r} is no time zone")
        return tuple(value)

    def number(self, key: str) -> int:
        value = self._get(key, int, "a whole number", None)
        if value is not None and value < 1:
            self.wrong(key, f"must be at least 1, is {value}")
        return value or 1

    def yes(self, key: str) -> bool:
        return bool(self._get(key, bool, "true or false", False))

    def day(self, key: str) -> date:
        value = self._get(key, date, "a date", None)
        if isinstance(value, datetime):
            self.wrong(key, "must be a date without a time")
            return value.date()
        return value or _LONG_AGO

    def windows(self, key: str) -> tuple[Window, ...]:
        text = self.text(key)
        try:
            return windows(text)
        except ValueError as error:
            self.wrong(key, str(error))
            return ()

    def legal_days(self, key: str) -> tuple[LegalDay, ...]:
        found = []
        for one in self._get(key, list, "a list of days", None) or []:
            try:
                found.append(legal_day(str(one)))
            except ValueError as error:
                self.wrong(key, str(error))
        return tuple(found)

    def spans(self, key: str) -> tuple[tuple[date, date], ...]:
        """Dates and spans of dates: "2026-09-01" or "2026-09-01..2026-09-14", both ends in."""
        found = []
        for one in self._get(key, list, "a list of dates", []) or []:
            try:
                first, _, last = str(one).partition("..")
                span = date.fromisoformat(first), date.fromisoformat(last or first)
            except ValueError:
                self.wrong(key, f'{one!r} is neither a date nor a span "2026-09-01..2026-09-14"')
                continue
            if span[1] < span[0]:
                self.wrong(key, f"{one!r} ends before it begins")
            found.append(span)
        return tuple(found)
