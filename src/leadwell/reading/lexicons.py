"""Which words does every clinic share? The files of `lexicon/`, each entry beside an example that a test runs.

A file is TOML: defaults for its entries on top, then `[[entry]]` tables.

    kind = "wish"                  # what a mention is; may stand on top or in an entry
    language = "en"                # en | es; the same
    match = "loose"                # loose (default): any order, at most three others between | exact: side by side
    inflect = true                 # plural and verb endings count as the same word
    misspelt = true                # so do small typing errors in words of six letters or more

    [[entry]]
    key = "book"                   # the value it says
    words = ["book an appointment", "schedule a visit"]
    example = { text = "Can I book an appointment?", finds = "book an appointment" }    # or a list of them
    not = "My books on appointments"                                                    # or a list; optional

Words may hold the name of a set, which stands for each of its members; sets stand on top of a file:

    sets.relative = ["mother", "father"]        # "my {relative} had" is two phrases

Entries of lay words (`lay.toml`) have `of`. Entries of cues of context also have `governs` = "after" | "before" |
"both" and `reach`, the most words governed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from leadwell.reading.phrases import Phrase

FAMILIES: Final = "families.toml"
LAY: Final = "lay"
MEDICAL: Final = "medical"  # the kind whose words only `scope` looks for
_KEYS: Final = frozenset(
    {"kind", "key", "language", "match", "inflect", "misspelt", "words", "example", "not", "governs", "reach", "of"}
)


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    finds: str | None  # None: the entry must not be found


@dataclass(frozen=True, slots=True)
class Entry:
    file: str
    kind: str
    key: str
    of: tuple[str, ...]  # of lay words: what a service must be called to take them
    phrases: tuple[Phrase, ...]
    examples: tuple[Example, ...]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _members(words: str, sets: Mapping[str, list[str]]) -> list[str]:
    """The words with each set's name replaced by each of its members in turn."""
    name = next((name for name in sets if f"{{{name}}}" in words), None)
    if name is None:
        return [words]
    replaced = [words.replace(f"{{{name}}}", member) for member in sets[name]]
    return [text for some in replaced for text in _members(some, sets)]


def _stays(words: str, phrase: Mapping[str, Any]) -> bool:
    """Whether sets may stay names: in exact phrases of more than a set."""
    return not phrase["loose"] and " " in words.strip()


def _entry(file: str, defaults: Mapping[str, Any], table: Mapping[str, Any], sets: Mapping[str, list[str]]) -> Entry:
    merged: dict[str, Any] = {**defaults, **table}
    if unknown := set(merged) - _KEYS:
        raise ValueError(f"{file}: unknown {', '.join(sorted(unknown))} in the entry {merged.get('key')!r}")
    phrase = {
        "kind": merged["kind"],
        "key": merged.get("key", merged["kind"]),
        "language": merged.get("language", "en"),
        "loose": merged.get("match", "loose") == "loose",
        "inflect": merged.get("inflect", True),
        "misspelt": merged.get("misspelt", True),
        "governs": merged.get("governs"),
        "reach": merged.get("reach", 0),
    }
    found = [Example(e["text"], e["finds"]) for e in _listed(merged.get("example", []))]
    missed = [Example(text, None) for text in _listed(merged.get("not", []))]
    texts = [text for words in merged["words"] for text in _members(words, {} if _stays(words, phrase) else sets)]
    named = tuple((name, tuple(members)) for name, members in sets.items())
    phrases = tuple(Phrase(text=t, sets=named if "{" in t else (), **phrase) for t in texts)
    return Entry(file, phrase["kind"], phrase["key"], tuple(merged.get("of", ())), phrases, (*found, *missed))


def _files() -> dict[str, str]:
    folder = resources.files("leadwell.reading").joinpath("lexicon")
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    return {p.name: p.read_text(encoding="utf-8") for p in paths}


def read(file: str, text: str) -> list[Entry]:
    """The entries of one file, as they stand. Other parts that look for words keep theirs in the same shape."""
    content = tomllib.loads(text)
    tables = content.pop("entry", [])
    sets = content.pop("sets", {})
    return [_entry(file, content, table, sets) for table in tables]


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All entries of all lexicons, by file name and then as they stand."""
    return tuple(entry for file, text in _files().items() if file != FAMILIES for entry in read(file, text))


@lru_cache(maxsize=1)
def phrases() -> tuple[Phrase, ...]:
    """What is looked for whatever the playbook: all but lay words (`lay`) and those of `scope`."""
    return tuple(
        dict.fromkeys(phrase for entry in entries() if entry.kind not in (LAY, MEDICAL) for phrase in entry.phrases)
    )


@lru_cache(maxsize=1)
def families() -> tuple[frozenset[str], ...]:
    """Irregular forms that find one another: foot, feet."""
    content = tomllib.loads(_files().get(FAMILIES, ""))
    return tuple(frozenset(family) for family in content.get("families", []))


@lru_cache(maxsize=1)
def real_words() -> frozenset[str]:
    """English and Spanish words that mean themselves, however near they stand to one we look for; folded."""
    path = resources.files("leadwell.reading").joinpath("data/real_words.txt")
    return frozenset(path.read_text(encoding="ascii").split())
