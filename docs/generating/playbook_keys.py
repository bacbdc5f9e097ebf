"""Which keys may a playbook have? One section for each of its tables, read from the same declaration that loads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from generating.markdown import code, codes, page, table
from leadwell.playbook import durations, hours
from leadwell.playbook.kinds import (
    Either,
    Flag,
    Hours,
    Key,
    Named,
    OneOf,
    Rows,
    Share,
    Span,
    Sql,
    Table,
    Text,
    Texts,
    Whole,
)
from leadwell.playbook.options import Options
from leadwell.playbook.shape import ENGINE_REASONS, PLAYBOOK

OPENING: Final = """
# Keys of a playbook

Every key that a playbook may have. A key that is not here is an error: `leadwell playbook check` says so, and what was
probably meant. How to write and change a playbook is told in [Playbooks](../playbook.md), what a condition may say in
[Conditions](conditions.md).

"if left out" is what is assumed without the key; *needed* means that the playbook is refused without it. `NAME`
stands for a name of your own: small letters, digits and hyphens.
"""
_ANY_NAME: Final = Named(Text()).wants
NOTES: Final = {
    "reasons": f"These six are the engine's own and must be there: {codes(ENGINE_REASONS)}.",
    "stages": "Any other key of this table is the name of a stage, with the condition under which it is reached.",
    "facts.NAME": (
        "With a `type` it is a fact of your own, and any condition may name it. Without, the name is that of a built-in"
        " fact, which gets its question here."
    ),
    "safety": (
        "What is said stands in every language of the organisation. The answer to an emergency names 911 and that to a"
        " crisis names 988, or the playbook is refused."
    ),
    "score": "Points start at 0, are added up and held between 0 and 100. Below the last grade is `D`.",
    "teams.NAME": "Teams are tried in the order of the file.",
    "service_levels": "The first that applies holds.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the playbook: how its heading is written in TOML, what it means, and its keys."""

    path: str
    heading: str
    means: str
    keys: tuple[Key, ...]
    rest: Named | None


def page_text() -> str:
    return page(OPENING, *map(_section, sections()))


def sections() -> list[Section]:
    top = Section("", "top of the file", "", PLAYBOOK.keys, None)
    return [top, *(s for key in PLAYBOOK.keys for s in _below("", key))]


def _below(path: str, key: Key) -> Iterator[Section]:
    """The tables that stand under a key."""
    here = f"{path}.{key.name}" if path else key.name
    match key.kind:
        case Table() as inner:
            yield from _table(here, f"[{here}]", key.means, inner)
        case Named(of=Table() as inner):
            yield from _table(f"{here}.NAME", f"[{here}.NAME]", key.means, inner)
        case Rows(of=inner):
            yield from _table(here, f"[[{here}]]", key.means, inner)


def _table(path: str, heading: str, means: str, inner: Table) -> Iterator[Section]:
    yield Section(path, heading, means, inner.keys, inner.rest)
    for key in inner.keys:
        yield from _below(path, key)


def _section(section: Section) -> str:
    rows = [(code(key.name), kind(key.kind), _without(key), key.means) for key in section.keys]
    parts = [
        f"## {code(section.heading) if section.path else 'The top of the file'}",
        section.means[:1].upper() + section.means[1:] + "." if section.means else "",
        NOTES.get(section.path, ""),
        table(["key", "what it is", "if left out", "means"], rows) if rows else "",
    ]
    return "\n\n".join(filter(None, parts))


def _without(key: Key) -> str:
    if key.needed:
        return "*needed*"
    value = key.default
    if isinstance(value, (tuple, list)):
        return codes(value)
    if isinstance(value, dict):
        return codes(f"{name} = {part}" for name, part in value.items())
    return "" if value is None else code(str(value).lower() if isinstance(value, bool) else value)


def kind(of: Any) -> str:
    """What stands behind a key, in words."""
    match of:
        case OneOf(options):
            return codes(options)
        case Whole(least, most):
            return f"whole number, {least} to {most:,}"
        case Share():
            return "number from 0 to 1"
        case Flag():
            return "`true` or `false`"
        case Span(working):
            return "length of time, like " + _examples(working=working)
        case Hours():
            return f'hours, like "{hours.EXAMPLE}"'
        case Sql(place):
            return f"[condition](conditions.md) {place.called}"
        case Text(pattern, wants):
            return f"text ({wants})" if pattern else "text"
        case Texts(inner, least):
            return f"list of {_plural(inner)}" + (f", at least {least}" if least else "")
    return _nested(of)


def _nested(of: Any) -> str:
    match of:
        case Options():
            return "list of answers, or a table of answers with the words that say each"
        case Either(inner):
            return f"text, or a table of texts ({inner.wants})"
        case Table():
            return "table"
        case Named(inner, _, wants, options):
            names = f" ({codes(options)})" if options else "" if wants == _ANY_NAME else f" ({wants})"
            return f"{'tables' if isinstance(inner, Table) else kind(inner)} by name{names}"
        case Rows():
            return "list of tables"
    raise TypeError(f"{of!r} is a kind that the reference cannot describe yet")


def _plural(of: Any) -> str:
    return kind(of).replace("text", "texts", 1) if isinstance(of, Text) else kind(of)


def _examples(*, working: bool) -> str:
    fit = [example for example in durations.EXAMPLES if working or "working" not in example]
    return ", ".join(f'"{example}"' for example in fit)
