"""What is wrong with a playbook, and where? Every problem at once, in sentences that a clinic manager understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

MOST = 500  # problems told at once; a broken export would otherwise cost minutes of searching for near names
LISTED = 12  # so many allowed values are listed in a sentence; more would bury it


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `line` and `column` count from 1, columns in characters."""

    line: int
    column: int
    says: str
    found: str | None = None
    allowed: tuple[str, ...] = ()
    nearest: str | None = None

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.says}"


class PlaybookError(ValueError):
    """A playbook that cannot be used; trying again never helps. `problems` holds them all, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem whose place is still a path into the file, and `offset` characters into the text there, if said."""

    path: Path
    says: str
    found: str | None = None
    allowed: tuple[str, ...] = ()
    nearest: str | None = None
    offset: int | None = None
    on_key: bool = False


@dataclass(slots=True)
class Report:
    """Collects troubles while a playbook is read."""

    troubles: list[Trouble] = field(default_factory=list)
    more: int = 0  # beyond the first MOST

    def has(self, path: Path) -> bool:
        """Whether something is wrong at this path or below it."""
        return any(trouble.path[: len(path)] == path for trouble in self.troubles)

    def add(  # noqa: PLR0913  each is part of what a person is told
        self,
        path: Path,
        says: str,
        *,
        found: str | None = None,
        allowed: Iterable[str] = (),
        offset: int | None = None,
        on_key: bool = False,
        suggest: bool = True,
        advice: str | None = None,
    ) -> None:
        if len(self.troubles) >= MOST:
            self.more += 1
            return
        options = tuple(allowed)
        near = nearest(found, options) if suggest and found is not None else None
        says = f"{where(path)}: {says}" if path else f"this playbook {says}"
        self.troubles.append(
            Trouble(
                path,
                says + (_advice(options, near) if advice is None else advice),
                found,
                options,
                near,
                offset,
                on_key,
            )
        )


def nearest(found: str, allowed: Sequence[str]) -> str | None:
    """The allowed name that was probably meant, if one is near enough."""
    from difflib import get_close_matches  # noqa: PLC0415  only where something is wrong

    folded = {name.lower(): name for name in reversed(allowed)}
    close = get_close_matches(found.lower()[:80], list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def where(path: Path) -> str:
    """A path as a manager would say it: criteria.age.when, conflicts 2: says."""
    said = ""
    for part in path:
        if isinstance(part, int):
            said += f" {part + 1}"
        else:
            said += f".{part}" if said and not said[-1].isdigit() else f"{': ' if said else ''}{part}"
    return said


def shown(value: object) -> str:
    """What was found, short enough for a sentence."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            text = value if len(value) <= 60 else value[:57] + "..."
            return f'"{text}"'
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def listed(options: Sequence[str], joint: str = "or") -> str:
    if len(options) < 2:
        return "".join(options)
    return f"{', '.join(options[:-1])} {joint} {options[-1]}"


def _advice(allowed: tuple[str, ...], near: str | None) -> str:
    said = f'. Did you mean "{near}"?' if near else ""
    if allowed and len(allowed) <= LISTED:
        said += f"{'' if said else '.'} Allowed: {', '.join(allowed)}."
    return said
