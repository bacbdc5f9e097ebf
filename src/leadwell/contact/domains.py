"""Whose mailbox is behind the @? A provider's, an organisation's, a throw-away's, an example's, or a slip of the
fingers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

# RFC 2606: they belong to nobody, so samples may use them.
_EXAMPLES: Final = ("example.com", "example.org", "example.net", "example.edu", "example")
# RFC 6761 and 7686: mail never gets there.
_SPECIAL: Final = ("invalid", "localhost", "local", "test", "onion", "arpa")
_USUAL_ENDINGS: Final = frozenset(
    {"com", "net", "org", "edu", "gov", "mil", "info", "biz", "pro", "name", "coop", "int"}
)


class Domain(NamedTuple):
    """kind: personal | organization | disposable | fictional | special | mistyped. `meant` is the domain that is likely
    meant; where the kind is not mistyped it is only worth a question."""

    kind: str
    meant: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """What `mail.toml` says, and the throw-away domains."""

    personal: frozenset[str]
    national: frozenset[str]
    mistyped: tuple[str, ...]
    brands: dict[str, str]  # 'gmail' -> 'gmail.com'
    real: frozenset[str]
    slips: dict[str, str]
    misspelt: dict[str, str]
    perhaps: dict[str, str]
    disposable: frozenset[str]
    role: tuple[str, ...]
    nobody: tuple[str, ...]


@lru_cache(maxsize=1)
def mail() -> Mail:
    data = resources.files("leadwell.contact") / "data"
    said: dict[str, Any] = tomllib.loads((data / "mail.toml").read_text(encoding="utf-8"))
    named = (*said["mistyped"], *said["ending_only"])
    return Mail(
        personal=frozenset(said["personal"]),
        national=frozenset(said["national"]),
        mistyped=tuple(said["mistyped"]),
        brands={d.partition(".")[0]: d for d in reversed(said["mistyped"]) if d.count(".") == 1},
        real=frozenset(said["real"]) | frozenset(said["personal"]) | frozenset(named),
        slips=said["slips"],
        misspelt=said["misspelt"],
        perhaps=said["perhaps"],
        disposable=frozenset((data / "disposable_domains.txt").read_text(encoding="utf-8").split()),
        role=tuple(said["accounts"]["role"]),
        nobody=tuple(said["accounts"]["nobody"]),
    )


@lru_cache(maxsize=65536)
def domain_of(name: str) -> Domain:
    """What a domain in lower case is."""
    known = mail()
    if name in known.personal:
        return Domain("personal")
    if _within(name, _EXAMPLES):
        return Domain("fictional")
    if _within(name, _SPECIAL):
        return Domain("special")
    if meant := _meant(name, known):  # many a slip belongs to someone who collects what arrives there
        return Domain("mistyped", meant)
    if not known.disposable.isdisjoint(_parents(name)):
        return Domain("disposable")
    return _other(name, known)


def _other(name: str, known: Mail) -> Domain:
    if name.count(".") > 1 and name.rpartition(".")[2] in known.slips:
        return Domain("mistyped")
    first, _, ending = name.partition(".")
    if first in known.national and 2 <= len(ending) <= 6 and len(ending.rpartition(".")[2]) == 2:
        return Domain("personal")
    perhaps = known.perhaps.get(ending)
    return Domain("organization", f"{first}.{perhaps}" if perhaps else None)


def _within(name: str, parents: tuple[str, ...]) -> bool:
    return name.endswith(tuple("." + p for p in parents)) or name in parents


def _parents(name: str) -> list[str]:
    """The domain and those it lies in, without the ending alone."""
    labels = name.split(".")
    return [".".join(labels[i:]) for i in range(len(labels) - 1)]


def _meant(name: str, known: Mail) -> str | None:
    """The domain that a slip of the fingers made into this one."""
    if name in known.real:
        return None
    if near := known.misspelt.get(name) or _one_slip(name, known):
        return near
    first, _, ending = name.partition(".")
    if right := known.slips.get(ending):
        mended = f"{first}.{right}"
        return _one_slip(mended, known) or mended
    if ending in known.perhaps:
        mended = f"{first}.{known.perhaps[ending]}"
        return mended if mended in known.personal else _one_slip(mended, known)
    return _brand_with_strange_ending(first, ending, known)


def _one_slip(name: str, known: Mail) -> str | None:
    """The provider one letter added, dropped, changed or swapped away."""
    if name in known.real:
        return None
    best = process.extractOne(name, known.mistyped, scorer=OSA.distance, score_cutoff=1)
    return best[0] if best else None


def _brand_with_strange_ending(first: str, ending: str, known: Mail) -> str | None:
    strange = len(ending) > 2 and "." not in ending and ending not in _USUAL_ENDINGS
    return known.brands.get(first) if strange else None
