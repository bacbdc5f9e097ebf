"""What do the named fields of a form or webhook mean? The same understanding of names as for the headers of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.formats.meaning import Meant, map_headers

DEEPEST: Final = 12
MOST_FIELDS: Final = 500


class TooMuch(ValueError):  # noqa: N818  its message says what and how much is allowed
    pass


def flattened(value: Any) -> dict[str, str]:
    """A JSON value as named texts: `{"contact": {"phones": ["1", "2"]}}` is `contact.phones.0` and `contact.phones.1`.

    A list of plain values is one text, its parts joined with `; `. Raises TooMuch.
    """
    found: dict[str, str] = {}
    _flatten(value, "", 0, found)
    return found


def _flatten(value: Any, name: str, depth: int, found: dict[str, str]) -> None:
    if depth > DEEPEST:
        raise TooMuch(f"nested more than {DEEPEST} deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{name}.{key}" if name else str(key), depth + 1, found)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, inner in enumerate(value):
            _flatten(inner, f"{name}.{number}" if name else str(number), depth + 1, found)
    elif (text := _text(value)) is not None:
        if len(found) >= MOST_FIELDS:
            raise TooMuch(f"more than {MOST_FIELDS} fields")
        found[name or "value"] = text


def in_words(value: Any) -> str:
    """A plain value as text, a list's parts joined with `; `; '' where there is none."""
    return _text(value) or ""


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(text for one in value if (text := _text(one)) is not None)
    return str(value)


def understood(fields: Mapping[str, str], mapping: Mapping[str, str], *, nested: bool = True) -> tuple[Meant, ...]:
    """What each field is taken for. `mapping`: field -> column, as somebody of the organisation said; where a field is
    not there, its line is passed over. A name that is `nested` is understood by its last part; a question is not, whose
    dots are none of a path."""
    short = _short(fields) if nested else {name: name for name in fields}
    corrections = {short[name]: column for name, column in mapping.items() if name in short}
    samples = {short[name]: [text] for name, text in fields.items()}
    meant = map_headers(list(short.values()), samples=samples, corrections=corrections)
    return tuple(Meant(name, m.column, m.why) for name, m in zip(fields, meant, strict=True))


def lead(fields: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The fields under our columns; what is not understood is carried as `extra.<name>`."""
    return {m.column: fields[m.header] for m in understood(fields, mapping) if fields[m.header].strip()}


def _short(fields: Mapping[str, str]) -> dict[str, str]:
    """Full name -> its last part where that is the only one of its kind and no number, else the full name."""
    last = {name: name.rpartition(".")[2] for name in fields}
    counts: dict[str, int] = {}
    for part in last.values():
        counts[part] = counts.get(part, 0) + 1
    return {name: part if counts[part] == 1 and not part.isdigit() else name for name, part in last.items()}
