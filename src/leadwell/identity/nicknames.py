"""Which given names may be one person's, though unlike? By a wide public list, and by short ones of our own.

The public list also relates names that two of one family bear (Jane and Janet, Hugh and Hubert); ours say which name is
short for which, or another spelling of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_OURS: Final = ("nicknames_en.csv", "nicknames_es.csv")
_ALL: Final = ("nicknames.csv", *_OURS)
_SHORT: Final = 3  # letters: what the public list relates to so short a name is mostly what that is short for
# Found through the public list, but as often the names of two of one family.
_TWO: Final = (
    "aaron-erin bill-robert billy-robert bill-fred billy-fred fred-willie elizabeth-lisa alice-lisa patrick-peter "
    "bobby-roger john-nathan johnny-nathan jon-nathan jonathan-nathan linda-rosa linda-rose mary-rose marie-rose "
    "jane-virginia erica-frederick cindy-lucy charlotte-sherry patricia-patrick joan-john"
)
# Both short for one name, or nearly; but two of one family bear them, too.
_EACH_ITS_OWN: Final = frozenset((
    "leo-leon", "thea-theo", "dora-thea", "charlie-lottie", "fran-frank", "amy-millie", "mia-millie", "ella-nora",
    "ellie-nora", "nell-nora", "nell-penny", "lena-magda", "toni-tony", "roni-ronnie", "randi-randy", "fred-will",
    "fred-willie",
))  # fmt: skip


def related(first: Sequence[str | None], second: Sequence[str | None]) -> Flags:
    """Those that any of the lists holds to be one person's, pair by pair."""
    return nicknamed(numbers(first), numbers(second))


def numbers(names: Sequence[str | None]) -> Numbers:
    """Of each its place in the lists; -1: not there."""
    return _places(names, _ALL)


def nicknamed(a: Numbers, b: Numbers) -> Flags:
    """As `related`, by `numbers`."""
    return _paired(a, b, _ALL)


def surely_one(first: Sequence[str | None], second: Sequence[str | None]) -> Flags:
    """Those of which one is plainly short for the other, or another spelling of it."""
    ours = _paired(_places(first, _OURS), _places(second, _OURS), _OURS)
    lengths = (np.array([len(name or "") for name in side], dtype=np.int64) for side in (first, second))
    both = ("-".join(sorted((one or "", other or ""))) for one, other in zip(first, second, strict=True))
    own = np.array([one in _EACH_ITS_OWN for one in both], dtype=np.bool_)
    return np.asarray((ours | (related(first, second) & (np.minimum(*lengths) <= _SHORT))) & ~own)


def is_listed(name: str) -> bool:
    return name in _listed(_ALL)[0]


def _places(names: Sequence[str | None], files: tuple[str, ...]) -> Numbers:
    place = _listed(files)[0]
    return np.array([place.get(name, -1) if name else -1 for name in names], dtype=np.int64)


def _paired(a: Numbers, b: Numbers, files: tuple[str, ...]) -> Flags:
    pairs = _listed(files)[1]
    keys = np.minimum(a, b) * 100_000 + np.maximum(a, b)
    at = np.searchsorted(pairs, keys).clip(max=len(pairs) - 1)
    return np.asarray((a >= 0) & (b >= 0) & (pairs[at] == keys))


@lru_cache(maxsize=2)
def _listed(files: tuple[str, ...]) -> tuple[dict[str, int], Numbers]:
    """Each name's number, and the sorted keys (lower * 100,000 + higher) of the pairs that can name one person.

    A line of the lists says that name2 is short for, or another spelling of, name1; two short ones of one formal name
    can be one person's.
    """
    tables = [pl.read_csv(_data(name)).select(formal="name1", short="name2") for name in files]
    nicknames = pl.concat(tables).unique()
    # Bob and Rob are both Robert; but Robert and William are not one name since both are found under Bill.
    shorter = nicknames.filter(pl.col("short").str.len_chars() <= pl.col("formal").str.len_chars())
    both = shorter.join(shorter, on="formal").filter(pl.col("short") < pl.col("short_right"))
    every = pl.concat([nicknames.select(a="formal", b="short"), both.select(a="short", b="short_right")])
    every = every.select(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).unique()
    two = pl.DataFrame([pair.split("-") for pair in _TWO.split()], schema=["a", "b"], orient="row")
    every = every.join(two, on=["a", "b"], how="anti")
    names = pl.concat([every["a"], every["b"]]).unique().sort().to_list()
    one, other = (every[side].replace_strict(names, range(len(names))).to_numpy() for side in ("a", "b"))
    return dict(zip(names, range(len(names)), strict=True)), np.sort(one * 100_000 + other)


def _data(name: str) -> bytes:
    return resources.files("leadwell.identity").joinpath("data", name).read_bytes()
