"""Do two names name the same person? Folding, suffixes, nicknames, typing errors, and how rare a name is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from leadwell.identity.few import Few
from leadwell.identity.nicknames import is_listed, nicknamed, numbers, related, surely_one
from leadwell.identity.rules import Columns, Texts, applied, flags, framed, share_a_word, shorter, when, worked_out

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.uint8]

MISSING: Final = 255
GIVEN: Final = ("same", "nickname", "typing error", "similar", "initial", "swapped", "differs")
FAMILY: Final = ("same", "part", "typing error", "similar", "swapped", "differs")

_TITLE: Final = r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|rev|sr|sra|srta|don|dona)\s+"
_SUFFIX: Final = r"\s+(jr|junior|sr|senior|ii|iii|iv|2nd|3rd)$"
_SUFFIXES: Final = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii",
    "iv": "iv",
}  # fmt: skip
SUFFIXES: Final = ("jr", "sr", "ii", "iii", "iv")
# What people type where they have no name to give; a title alone is none either.
_NO_NAME: Final = (
    "unknown", "unk", "n a", "na", "none", "null", "anonymous", "no name", "not given", "baby", "xx", "xxx",
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "sra", "srta",
)  # fmt: skip


def folded(text: Columns, *, plain: bool = False) -> Columns:
    """Lower case without accents, apostrophes or punctuation; words one blank apart; NULL where nothing is left.

    `plain` texts hold ASCII only, which is folded in a third of the time.
    """
    if plain:
        letters = text.str.replace_all("'", "", literal=True).str.to_lowercase()
        words = letters.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    else:
        letters = text.str.normalize("NFKD").str.replace_all(r"[\p{M}\p{Cf}'’`´]", "").str.to_lowercase()
        words = letters.str.replace_all("ß", "ss").str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return when(words != "", words)


def folded_name(text: Columns, *, plain: bool = False) -> Columns:
    """Like `folded`, without titles and the words that say that no name is given. A suffix stays."""
    words = folded(text, plain=plain).str.replace(_TITLE, "")
    return when(words.is_in(_NO_NAME).not_(), words)


def suffix(name: Columns) -> Columns:
    """'jr', 'sr', 'ii' … of a folded name, else NULL."""
    return name.str.extract(_SUFFIX).replace_strict(_SUFFIXES, default=None, return_dtype=pl.String)


def without_suffix(name: Columns) -> Columns:
    return name.str.replace(_SUFFIX, "")


_HEARD_APART: Final = ("sz", "zs", "fv", "vf")  # as first letters
_SINGLE: Final = list("bdfgiklmnprstaeou")
_DOUBLED: Final = [letter * 2 for letter in _SINGLE]
_BITS: Final = np.array(
    [1 << (byte % 64) if chr(byte).isalnum() else 0 for byte in range(128)] + [1] * 128, dtype=np.uint64
)
_PIECE: Final = 1 << 13  # texts at once: eight bytes a letter are to stay in the processor's cache


def _data(name: str) -> bytes:
    return resources.files("leadwell.identity").joinpath("data", name).read_bytes()


@lru_cache(maxsize=1)
def shares() -> dict[str, pl.DataFrame]:
    """For 'given' and 'family': `name`, `share` of the people who bear it (US census of 1990)."""
    table = pl.read_csv(_data("names.csv")).with_columns(share=pl.col("per_million") / 1e6)
    return {part: table.filter(pl.col("part") == part).select("name", "share") for part in ("given", "family")}


@lru_cache(maxsize=2)
def share_of(part: str) -> dict[str, float]:
    """The same by name: of a few names it is told at once."""
    table = shares()[part]
    return dict(zip(table["name"].to_list(), table["share"].to_list(), strict=True))


@dataclass(frozen=True)
class GivenHints:
    """What of each given name tells cheaply that two unlike ones may still be one person's."""

    number: npt.NDArray[np.int64]  # in the list of nicknames; -1: not there
    begins: npt.NDArray[np.uint64]  # its first three letters
    initial: npt.NDArray[np.uint64]  # its first letter
    short: Flags  # only a letter
    several: Flags  # several words

    def related(self, a: Codes, b: Codes) -> Flags:
        letter = (self.short[a] | self.short[b]) & (self.initial[a] == self.initial[b])
        known = nicknamed(self.number[a], self.number[b])
        return np.asarray(known | letter | (self.begins[a] == self.begins[b]) | self.several[a] | self.several[b])


def given_hints(names: Texts) -> GivenHints:
    first = applied(first_word, names)
    found = worked_out(_hints, name=names, first=first)
    begins, initial = (found[name].to_numpy().astype(np.uint64) for name in ("begins", "initial"))
    return GivenHints(numbers(first.to_list()), begins, initial, flags(found["short"]), flags(found["several"]))


def first_word(name: Columns) -> Columns:
    """The first word."""
    return name.str.extract(r"^(\S+)")


def several_words(name: Columns) -> Columns:
    return name.str.contains(" ", literal=True)


def _hints(name: Columns, first: Columns) -> dict[str, Columns]:
    return {
        "begins": name.str.slice(0, 3).hash(),
        "initial": name.str.slice(0, 1).hash(),
        "short": first.str.len_chars() == 1,
        "several": several_words(name),
    }


def edits(first: list[str], second: list[str]) -> npt.NDArray[np.int32]:
    """Edits (a transposition counts one) between texts pair by pair; 4 stands for four or more."""
    found = cpdist(first, second, scorer=OSA.distance, score_cutoff=3, workers=_workers(first))
    return np.asarray(found, dtype=np.int32)


def likeness(first: list[str], second: list[str]) -> npt.NDArray[np.float32]:
    found = cpdist(first, second, scorer=JaroWinkler.similarity, workers=_workers(first), dtype=np.float32)
    return np.asarray(found, dtype=np.float32)


def _workers(texts: list[str]) -> int:
    """A second processor only where there is more to do than to start it."""
    return 2 if len(texts) > 2_000 else 1


def letters(texts: Texts) -> npt.NDArray[np.uint64]:
    """Which letters and digits each text has, as bits: two texts alike have nearly the same."""
    if isinstance(texts, Few):
        return _letters([len((text or "").encode()) for text in texts.values], "".join(filter(None, texts.values)))
    pieces = (texts.slice(at, _PIECE) for at in range(0, len(texts), _PIECE))
    found = (_letters(piece.str.len_bytes().fill_null(0).to_numpy(), piece.str.join().item() or "") for piece in pieces)
    return np.concatenate([np.zeros(0, dtype=np.uint64), *found])


def _letters(bytes_of_each: npt.ArrayLike, together: str) -> npt.NDArray[np.uint64]:
    sizes = np.asarray(bytes_of_each, dtype=np.int64)
    every = np.frombuffer(together.encode(), dtype=np.uint8)
    found = np.zeros(len(sizes), dtype=np.uint64)
    starts = np.cumsum(sizes) - sizes
    if len(every):
        found[sizes > 0] = np.bitwise_or.reduceat(_BITS[every], starts[sizes > 0])
    return found


def unlike(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """How many letters only one of the two has."""
    return np.asarray(np.bitwise_count(a ^ b), dtype=np.uint8)


def sound(name: Columns) -> Columns:
    """Spellings of one name told alike (Steven, Stephen; Katherine, Catherine); two names of its own stay two."""
    letters = name.str.replace_many(["ph", "ck", "ce", "ci", "cy"], ["f", "k", "se", "si", "si"])
    letters = letters.str.replace_many(["c", "q", "y", "z", "v"], ["k", "k", "i", "s", "f"])
    return letters.str.slice(0, 1) + letters.str.slice(1).str.replace_all(r"[h ]", "").str.replace_many(
        _DOUBLED, _SINGLE
    )


def _given_forms(a: Columns, b: Columns) -> dict[str, Columns]:
    return {"x": solid(a), "y": solid(b), "f": first_word(a), "g": first_word(b)}


def solid(name: Columns) -> Columns:
    return name.str.replace_all(" ", "", literal=True)


def _given_flags(a: Columns, b: Columns, **forms: Columns) -> dict[str, Columns]:
    x, y, f, g = (forms[name] for name in "xyfg")
    letter = (f.str.len_chars() == 1) | (g.str.len_chars() == 1)
    short = shorter(x.str.len_chars(), y.str.len_chars())
    return {
        "same": (x == y) | ((f == g) & letter.not_()),
        "sound": sound(x) == sound(y),
        "initial": letter & (f.str.slice(0, 1) == g.str.slice(0, 1)),
        "middle": a.str.ends_with(framed(" ", b)) | b.str.ends_with(framed(" ", a)),
        "prefix": (x.str.starts_with(y) | y.str.starts_with(x)) & (short >= 3),
        "short": short < 3,
    }


def given_levels(first: Texts, second: Texts) -> Levels:
    """Levels of GIVEN for folded, unequal given names, pair by pair. 'similar': alike, but each a name of its own."""
    if len(first) == 0:
        return np.zeros(0, dtype=np.uint8)
    forms = worked_out(_given_forms, a=first, b=second)
    is_ = {name: flags(told) for name, told in worked_out(_given_flags, a=first, b=second, **forms).items()}
    x, y, f, g = (forms[side].to_list() for side in "xyfg")
    is_["known"] = _both_known(f, g)
    like, apart = likeness(x, y), edits(x, y)
    nickname = related(f, g) | is_["sound"] | is_["middle"] | (is_["prefix"] & ~is_["known"])
    close = ((apart <= 1) & ~is_["short"]) | (like >= 0.86) | is_["prefix"]
    return np.select(
        [is_["same"], nickname, is_["initial"], close & ~is_["known"], close],
        [GIVEN.index(name) for name in ("same", "nickname", "initial", "typing error", "similar")],
        default=GIVEN.index("differs"),
    ).astype(np.uint8)


def forms_of_one(first: Texts, second: Texts) -> Flags:
    """Of given names those that are one person's: in short, by ear, with a middle name before it, or as a list of
    nicknames says; but of the last not two that are common by themselves (Jane and Janet, Maria and Marie)."""
    forms = worked_out(_given_forms, a=first, b=second)
    is_ = {name: flags(told) for name, told in worked_out(_given_flags, a=first, b=second, **forms).items()}
    f, g = (forms[side].to_list() for side in "fg")
    listed = surely_one(f, g) | (related(f, g) & ~_both_known(f, g))
    return np.asarray((is_["sound"] & _heard_as_one(f, g)) | is_["middle"] | listed)


def _heard_as_one(first: Sequence[str | None], second: Sequence[str | None]) -> Flags:
    """By ear one of the two is a spelling of a name that we know; Sara is not heard as Zara."""
    both = ((one or "", other or "") for one, other in zip(first, second, strict=True))
    return np.array(
        [(is_name(one) or is_name(other)) and one[:1] + other[:1] not in _HEARD_APART for one, other in both],
        dtype=np.bool_,
    )


def is_name(text: str) -> bool:
    """Given names, those that are handed down in families, and those that are short for others."""
    return text in share_of("given") or text in share_of("family") or is_listed(text)


def _both_known(first: Sequence[str | None], second: Sequence[str | None]) -> Flags:
    named = share_of("given")
    return np.array([one in named and other in named for one, other in zip(first, second, strict=True)], dtype=np.bool_)


def _family_forms(a: Columns, b: Columns) -> dict[str, Columns]:
    return {"x": solid(a), "y": solid(b)}


def _family_flags(*, a: Columns, b: Columns, x: Columns, y: Columns) -> dict[str, Columns]:
    return {
        "same": x == y,
        "part": share_a_word(a, b, least=3),
        "short": shorter(x.str.len_chars(), y.str.len_chars()) < 3,
    }


def family_levels(first: Texts, second: Texts) -> Levels:
    """Levels of FAMILY for folded, unequal family names, pair by pair."""
    if len(first) == 0:
        return np.zeros(0, dtype=np.uint8)
    forms = worked_out(_family_forms, a=first, b=second)
    is_ = {name: flags(told) for name, told in worked_out(_family_flags, a=first, b=second, **forms).items()}
    x, y = forms["x"].to_list(), forms["y"].to_list()
    like, apart = likeness(x, y), edits(x, y)
    close = ((apart <= 1) & ~is_["short"]) | ((like >= 0.92) & (apart <= 2))
    return np.select(
        [is_["same"], is_["part"], close, like >= 0.86],
        [FAMILY.index(name) for name in ("same", "part", "typing error", "similar")],
        default=FAMILY.index("differs"),
    ).astype(np.uint8)
