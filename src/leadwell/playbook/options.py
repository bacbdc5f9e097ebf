"""What answers may a one-of have? A list of them, or a table that gives each the words that say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadwell.playbook.kinds import Named, Texts
from leadwell.playbook.problems import Path, Report


@dataclass(frozen=True, slots=True)
class Options:
    def read(self, value: object, path: Path, report: Report) -> dict[str, tuple[str, ...]] | None:
        if isinstance(value, dict):
            return self._table().read(value, path, report)
        options = Texts(least=2).read(value, path, report)
        return None if options is None else dict.fromkeys(options, ())

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [Texts(least=2).schema(), self._table().schema()]}

    @staticmethod
    def _table() -> Named:
        return Named(Texts(), r".*\S.*", "an answer is a text")
