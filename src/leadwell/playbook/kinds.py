"""What can stand behind a key of the playbook? Each kind reads a value and describes itself as JSON Schema.

A kind returns None where it has reported a problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from leadwell.playbook import durations, hours
from leadwell.playbook.conditions.types import Place
from leadwell.playbook.problems import Path, Report, nearest, shown

LONGEST_TEXT: Final = 10_000


class Kind(Protocol):
    def read(self, value: object, path: Path, report: Report) -> Any: ...
    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """Text in quotes. `pattern` with the sentence that says what it wants."""

    pattern: str = ""
    wants: str = ""

    def read(self, value: object, path: Path, report: Report) -> str | None:
        if not isinstance(value, str):
            report.add(path, f"needs text in quotes, found {shown(value)}", found=shown(value), suggest=False)
        elif not value.strip() or len(value) > LONGEST_TEXT:
            report.add(path, "is empty" if not value.strip() else f"is longer than {LONGEST_TEXT:,} characters")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            report.add(path, f"{shown(value)} cannot be used: {self.wants}", found=value, suggest=False)
        else:
            return value
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1} | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})


@dataclass(frozen=True, slots=True)
class OneOf:
    options: tuple[str, ...]

    def read(self, value: object, path: Path, report: Report) -> str | None:
        if isinstance(value, str) and value in self.options:
            return value
        report.add(path, f"cannot be {shown(value)}", found=str(value), allowed=self.options)
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True, slots=True)
class Whole:
    least: int
    most: int

    def read(self, value: object, path: Path, report: Report) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        report.add(
            path, f"needs a whole number from {self.least} to {self.most:,}, found {shown(value)}", found=shown(value)
        )
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Share:
    """A number from 0 to 1."""

    def read(self, value: object, path: Path, report: Report) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        report.add(path, f"needs a share from 0 to 1, like 0.05, found {shown(value)}", found=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": 0, "maximum": 1}


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, value: object, path: Path, report: Report) -> bool | None:
        if isinstance(value, bool):
            return value
        report.add(
            path, f"needs true or false, without quotes, found {shown(value)}", found=shown(value), suggest=False
        )
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of texts; one text alone is a list of one."""

    of: Kind = Text()
    least: int = 0

    def read(self, value: object, path: Path, report: Report) -> tuple[str, ...] | None:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            report.add(path, f"needs a list of texts in square brackets, found {shown(value)}", found=shown(value))
            return None
        if len(value) < self.least:
            report.add(path, "is an empty list; name at least one")
            return None
        read = [self.of.read(part, (*path, i), report) for i, part in enumerate(value)]
        return tuple(dict.fromkeys(read)) if None not in read else None

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.of.schema(), "minItems": self.least}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in words. `working`: may be counted in working time."""

    working: bool = False

    def read(self, value: object, path: Path, report: Report) -> str | None:
        duration = durations.parse(value) if isinstance(value, str) else None
        if duration is None or not isinstance(value, str):
            examples = ", ".join(
                f'"{example}"' for example in durations.EXAMPLES if self.working or "working" not in example
            )
            report.add(
                path,
                f"{shown(value)} is no length of time; write one like {examples}",
                found=shown(value),
                suggest=False,
            )
            return None
        if not self.working and (duration.working or duration.working_days):
            report.add(
                path, f"{shown(value)} counts working time, which only service levels do", found=value, suggest=False
            )
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": list(durations.EXAMPLES)}


@dataclass(frozen=True, slots=True)
class Hours:
    def read(self, value: object, path: Path, report: Report) -> str | None:
        if not isinstance(value, str):
            report.add(path, f'needs hours in quotes, like "{hours.EXAMPLE}", found {shown(value)}', found=shown(value))
            return None
        try:
            hours.windows(value)
        except ValueError as error:
            report.add(path, str(error), found=value, suggest=False)
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": [hours.EXAMPLE]}


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as it stands in the file, to be compiled once all facts are known."""

    text: str
    path: Path
    place: Place


@dataclass(frozen=True, slots=True)
class Sql:
    place: Place

    def read(self, value: object, path: Path, report: Report) -> Written | None:
        if isinstance(value, str):
            return Written(value, path, self.place)
        report.add(path, f'needs a condition in quotes, like "age >= 18", found {shown(value)}', found=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 2_000}


@dataclass(frozen=True, slots=True)
class Either:
    """A text, kept under `alone`, or a table of texts."""

    table: Named
    alone: str = ""

    def read(self, value: object, path: Path, report: Report) -> Any:
        if isinstance(value, str):
            text = Text().read(value, path, report)
            return None if text is None else {self.alone: text}
        return self.table.read(value, path, report)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [Text().schema(), self.table.schema()]}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. Without a value it is `default`; `needed` keys have none."""

    name: str
    kind: Kind
    means: str
    needed: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """Known keys; with `rest`, any other key too. Read into a dict with every known key; None where a key was wrong."""

    keys: tuple[Key, ...]
    rest: Named | None = None
    means: str = field(default="", compare=False)

    def read(self, value: object, path: Path, report: Report) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            report.add(path, f"needs a table of its own, found {shown(value)}", found=shown(value), suggest=False)
            return None
        known = {key.name: key for key in self.keys}
        others = {name: part for name, part in value.items() if name not in known}
        read = {key.name: self._value(key, value, path, report) for key in self.keys}
        if self.rest is not None:
            read[""] = self.rest.read(others, path, report) or {}
        else:
            for name in others:
                report.add((*path, name), "is no key that is known here", found=name, allowed=tuple(known), on_key=True)
        return read

    def _value(self, key: Key, value: Mapping[str, object], path: Path, report: Report) -> Any:
        if key.name in value:
            return key.kind.read(value[key.name], (*path, key.name), report)
        if key.needed:
            close = nearest(key.name, [name for name in value if name not in {k.name for k in self.keys}])
            hint = f' (is "{close}" meant?)' if close else ""
            report.add(path, f'has no "{key.name}"{hint}: {key.means}', on_key=True)
        return key.default

    def schema(self) -> dict[str, Any]:
        described = {key.name: key.kind.schema() | {"description": key.means} for key in self.keys}
        for key in self.keys:
            if isinstance(key.default, (str, int, float)):
                described[key.name]["default"] = key.default
        needed = [key.name for key in self.keys if key.needed]
        rest: Any = self.rest.of.schema() if self.rest else False
        made: dict[str, Any] = {"type": "object", "properties": described, "additionalProperties": rest}
        return made | ({"required": needed} if needed else {})


@dataclass(frozen=True, slots=True)
class Named:
    """Values under names of their own. `pattern` and `wants` say what a name may be; `options`, which are allowed."""

    of: Kind
    pattern: str = r"[a-z0-9][a-z0-9_-]*"
    wants: str = "a name is made of small letters, digits and hyphens"
    options: tuple[str, ...] = ()

    def read(self, value: object, path: Path, report: Report) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            report.add(path, f"needs a table with a name for each entry, found {shown(value)}", found=shown(value))
            return None
        for name in value:
            if self.options and name not in self.options:
                report.add(
                    (*path, name),
                    f'"{name}" is none of those known here',
                    found=name,
                    allowed=self.options,
                    on_key=True,
                )
            elif not re.fullmatch(self.pattern, name) or len(name) > 80:
                report.add(
                    (*path, name),
                    f"{shown(name)} cannot be a name: {self.wants}",
                    found=name,
                    on_key=True,
                    suggest=False,
                )
        return {name: self.of.read(part, (*path, name), report) for name, part in value.items()}

    def schema(self) -> dict[str, Any]:
        names = {"enum": list(self.options)} if self.options else {"pattern": f"^(?:{self.pattern})$"}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.of.schema()}


@dataclass(frozen=True, slots=True)
class Rows:
    of: Table

    def read(self, value: object, path: Path, report: Report) -> tuple[dict[str, Any], ...] | None:
        if not isinstance(value, list):
            name = path[-1] if path else ""
            report.add(
                path, f"needs a list; each entry starts with [[{name}]], found {shown(value)}", found=shown(value)
            )
            return None
        read = [self.of.read(part, (*path, i), report) for i, part in enumerate(value)]
        return tuple(row for row in read if row is not None)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.of.schema()}
