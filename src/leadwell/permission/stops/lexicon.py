"""Which words say that somebody wants to be left alone? The files of `lexicon/`, compiled once.

They have the shape of `leadwell.reading.lexicons`, each entry beside an example that a test runs. Kinds:

    word                a sentence of such words says it alone. Key: `always`, and a clause too; `sentence`; `alone`,
                        where it is the whole message; `booking`, the same, and a person after words about a booking
    filler, beside      what may stand in a wish and changes nothing (`.before`: before a filler alone); the latter only
                        beside a `word`
    answer              a whole message that answers: restart, help, yes, no; all of several; needless; refusal and
                        unclear, which a person looks at where they answer nothing else
    stop, ask, harmless a wish; what may be one (the key says why); what holds such words and says something else.
                        With `.opening` only where a clause begins, `.whole` only where it is all of one, `.short` only
                        in a message of few words; `.loose` holds nothing and is held by everything; `.named` only
                        with an `after name` of the same key behind a name; `.after` only behind a `spoken before`
                        of the same key
    wonders, limited    before or after a wish: asked about or supposed, limited to hours or places
    day, another time   a day that a wish is limited to, and another that is named: with both, and without a
                        `for good` in the message, it is no wish
    hour, no hour       what a wish is limited to, of which no more is wished, unless a `for good` is in the message;
                        what holds such words and counts something
    redirect, no redirect    where a clause begins: the number that they give in place of another; what threatens
    undo, no undo       anywhere: it was a mistake, or is not clear; what holds such words and takes nothing back
    again, no again     they ask for messages again, which counts beside a mistake; what holds such words and does not
    channel, welcome, spoken of, purpose, whose, but, or, instead, object, joint, article    what scope is read from
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from leadwell.reading import lexicons
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.phrases import Phrase
from leadwell.reading.search import Search, build


@lru_cache(maxsize=1)
def entries() -> tuple[lexicons.Entry, ...]:
    """All entries, by file name and then as they stand."""
    folder = resources.files("leadwell.permission.stops").joinpath("lexicon")
    files = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return tuple(entry for path in files for entry in lexicons.read(path.name, path.read_text(encoding="utf-8")))


@dataclass(frozen=True, eq=False)
class Lexicon:
    """`search` looks for all phrases at once; `kinds`, `keys` and `loose` are those of each phrase, `fills` the groups
    of fillers, `leads` those of what is one before a filler."""

    search: Search
    kinds: list[str]
    keys: list[str]
    loose: Flags
    fills: Flags
    leads: Flags

    def of(self, *kinds: str, key: str | None = None) -> Flags:
        """Which phrases are of these kinds, and of this key."""
        return np.array(
            [kind in kinds and key in (None, own) for kind, own in zip(self.kinds, self.keys, strict=True)],
            dtype=np.bool_,
        )


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    phrases: tuple[Phrase, ...] = tuple(dict.fromkeys(phrase for entry in entries() for phrase in entry.phrases))
    search = build(phrases, real=lexicons.real_words())
    fills, leads = (_groups(search, phrases, kind) for kind in ("filler", "filler.before"))
    kinds, keys = [phrase.kind for phrase in phrases], [phrase.key for phrase in phrases]
    loose = np.array([phrase.loose for phrase in phrases], dtype=np.bool_)
    return Lexicon(search, kinds, keys, loose, fills, leads)


@lru_cache(maxsize=1)
def fillers() -> frozenset[str]:
    return frozenset(phrase.text for entry in entries() if entry.kind == "filler" for phrase in entry.phrases)


def knows(word: str) -> bool:
    """Whether a folded word stands in any phrase."""
    vocabulary = lexicon().search.vocabulary
    return word in vocabulary.forms or word in vocabulary.groups


def _groups(search: Search, phrases: tuple[Phrase, ...], kind: str) -> Flags:
    """The groups of words that find a phrase of a kind."""
    of_kind = np.array([phrase.kind == kind for phrase in phrases], dtype=np.bool_)
    groups: Ints = np.arange(len(search.alone.starts) - 1)
    which, phrase = search.alone.each(groups)
    found = np.zeros(len(groups), dtype=np.bool_)
    found[which[of_kind[phrase]]] = True
    return found
