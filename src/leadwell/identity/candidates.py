"""Which pairs are worth comparing? Those that share a key: a contact, or two things that rarely agree by chance.

Each record meets the records of its block. A block too large to compare in full is either cut to its neighbours (a
shared office line still finds its repeats, since equal rows are one record already) or, for a weak key, left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity.records import Codes, Records

Keys = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]

STRONG_BLOCK: Final = 40
WEAK_BLOCK: Final = 24


def _mixed(*parts: Codes) -> Keys:
    """One number for several; 0 where any is missing."""
    mixed = np.full(len(parts[0]), 0x9E3779B97F4A7C15, dtype=np.uint64)
    whole = np.ones(len(parts[0]), dtype=np.bool_)
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
        whole &= part > 0
    return np.where(whole, mixed | np.uint64(1), np.uint64(0))


def _derived(records: Records, field: str, text: pl.Expr, of: Codes | None = None) -> Codes:
    """A coarser number of a field: that of `text` over its texts; 0 where it gives NULL."""
    short = pl.DataFrame({field: records.texts[field]}).select(text.rank("dense")).to_series()
    return short.fill_null(0).to_numpy().astype(np.int32)[records.codes[field] if of is None else of]


def _weak_keys(records: Records) -> Iterator[Keys]:
    code = records.codes
    birth, family, zip_, city, house = (code[name] for name in ("birth", "family", "zip", "city", "house"))
    given = _derived(records, "given", pl.col("given").str.extract(r"^(\S+)"))
    family_3 = _derived(records, "family", pl.col("family").str.replace_all(" ", "").str.slice(0, 3))
    street = _derived(records, "street", pl.col("street").str.replace_all(" ", "").str.slice(0, 6))
    mailbox = _derived(records, "email", pl.col("email").str.extract(r"^([^@]{5,})@"), records.emails[:, 0])
    yield from (_mixed(birth, other) for other in (family_3, given, zip_, street, city))
    yield from (_mixed(street, other) for other in (house, zip_, family_3, given, city))
    yield from (_mixed(given, family), _mixed(given, family, zip_), _mixed(given, family, city))
    yield from (_mixed(zip_, house, family), _mixed(zip_, given, family_3), _mixed(zip_, city, house))
    yield from (_mixed(place, other) for place in (code["place"],) for other in (family, given, zip_, city))
    yield from (_mixed(city, family_3, house), _mixed(city, given, house), _mixed(mailbox), _mixed(birth))
    yield from _crossed_keys(records, birth, street, zip_, city)


def _crossed_keys(records: Records, *others: Codes) -> Iterator[Keys]:
    """The beginnings of given and family name, whichever stands first, with something else."""
    both = pl.concat([records.texts["given"], records.texts["family"]]).str.slice(0, 2)
    rank = both.rank("dense").fill_null(0).to_numpy().astype(np.int32)
    split = len(records.texts["given"])
    given, family = rank[:split][records.codes["given"]], rank[split:][records.codes["family"]]
    low, high = np.minimum(given, family), np.maximum(given, family)
    yield from (_mixed(other, low, high) for other in others)


def _contact_keys(contacts: Codes) -> tuple[Keys, Index]:
    record, column = np.nonzero(contacts)
    return contacts[record, column].astype(np.uint64), record.astype(np.int64)


def _blocks(keys: Keys, record: Index, largest: int, *, cut: bool) -> Iterator[Index]:
    """Pairs (as lower record * 2**32 + higher) of records with one key. `cut`: neighbours of a block too large."""
    present = keys != 0
    keys, record = keys[present], record[present]
    order = np.argsort(keys, kind="stable")
    keys, record = keys[order], record[order]
    if not cut:
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
        sizes = np.diff(np.r_[starts, len(keys)])
        fits = np.repeat((sizes > 1) & (sizes <= largest), sizes)
        keys, record = keys[fits], record[fits]
    for lag in range(1, largest + 1):
        same = keys[lag:] == keys[:-lag]
        if not same.any():
            return
        low, high = record[:-lag][same], record[lag:][same]
        yield (np.minimum(low, high) << 32) + np.maximum(low, high)


def candidates(records: Records) -> tuple[Index, Index]:
    """The pairs of records to compare, each once, lower record first, in order."""
    everyone = np.arange(len(records), dtype=np.int64)
    found: list[Index] = []
    for contacts in (records.phones, records.emails):
        found += _blocks(*_contact_keys(contacts), STRONG_BLOCK, cut=True)
    for keys in _weak_keys(records):
        found += _blocks(keys, everyone, WEAK_BLOCK, cut=False)
    pairs = np.concatenate([np.zeros(0, dtype=np.int64), *found])
    pairs = pl.Series(pairs).unique().sort().to_numpy()
    pairs = pairs[(pairs >> 32) != (pairs & 0xFFFFFFFF)]
    return pairs >> 32, pairs & 0xFFFFFFFF
