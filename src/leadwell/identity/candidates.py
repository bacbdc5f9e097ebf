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

from leadwell.identity import rules
from leadwell.identity.names import first_word
from leadwell.identity.records import Codes, Records, mixed
from leadwell.identity.rules import Columns

Keys = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]

DIRECTION: Final = r"^(?:north|south|east|west)(?:east|west)? "
STRONG_BLOCK: Final = 40
WEAK_BLOCK: Final = 24
_HALF: Final = np.uint64(32)
# A weak key may give so many pairs, or one for ten records: of many by chance the rarest are worth most.
LEAST_PAIRS: Final = 30_000


def _key(*parts: Codes | Keys) -> Keys:
    """One number for several; 0 where any is missing."""
    if not all(part.any() for part in parts):
        return np.zeros(len(parts[0]), dtype=np.uint64)
    keys = mixed(parts)
    keys |= np.uint64(1)
    for part in parts:
        keys *= part > 0
    return keys


def _derived(records: Records, field: str, part: rules.Fold) -> Keys:
    """A coarser number of a field: that of what `part` makes of its texts; 0 where it makes NULL or nothing."""

    def number(text: Columns) -> Columns:
        short = part(text)
        return rules.when(short != "", short.hash()).fill_null(0)

    return rules.applied(number, records.texts[field]).to_numpy().astype(np.uint64)[records.codes[field]]


def _beginning_of_family(name: Columns) -> Columns:
    return name.str.replace_all(" ", "").str.slice(0, 3)


def _beginning_of_street(street: Columns) -> Columns:
    return street.str.replace(DIRECTION, "").str.replace_all(" ", "").str.slice(0, 6)


def _beginning(name: Columns) -> Columns:
    return name.str.slice(0, 2)


def _weak_keys(records: Records) -> Iterator[Keys]:
    code = records.codes
    birth, family, zip_, city, house = (code[name] for name in ("birth", "family", "zip", "city", "house"))
    given = _derived(records, "given", first_word)
    family_3 = _derived(records, "family", _beginning_of_family)
    street = _derived(records, "street", _beginning_of_street)
    mailbox = records.mailboxes[records.emails[:, 0]]
    yield from (_key(birth, other) for other in (family_3, given, zip_, city))
    yield from (_key(street, other) for other in (house, zip_, family_3, city))
    yield from (_key(given, family), _key(given, family, zip_), _key(given, family, city), _key(family, zip_))
    yield from (_key(zip_, given, family_3), _key(zip_, city, house), _key(city, family_3, house))
    yield from (_key(code["place"], given), _key(mailbox), _key(birth))
    yield _key(np.where(birth == 0, code["born"], 0), zip_, family_3)  # who tells an age and no birth date
    yield from _crossed_keys(records, birth, street, zip_, city)


def _crossed_keys(records: Records, *others: Codes | Keys) -> Iterator[Keys]:
    """The beginnings of given and family name, whichever stands first, with something else."""
    given, family = (_derived(records, field, _beginning) for field in ("given", "family"))
    low, high = np.minimum(given, family), np.maximum(given, family)
    yield from (_key(other, low, high) for other in others)


def _contact_keys(contacts: Codes) -> tuple[Keys, Index]:
    record, column = np.nonzero(contacts)
    return mixed([contacts[record, column]]), record.astype(np.int64)


def _blocks(keys: Keys, record: Index, largest: int, *, cut: bool) -> Iterator[Index]:
    """Pairs (as lower record * 2**32 + higher) of records with one key. `cut`: neighbours of a block too large."""
    keys, record = _repeated(keys, record)
    budget = max(LEAST_PAIRS, len(keys) // 10)
    keys, record = _repeated(keys << _HALF | keys >> _HALF, record)  # again, by the other half of each key
    order = np.argsort(keys, kind="stable")
    keys, record = keys[order], record[order]
    if not cut:
        keys, record = _within_budget(keys, record, largest, budget=budget)
    for lag in range(1, largest + 1):
        same = keys[lag:] == keys[:-lag]
        if not same.any():
            return
        low, high = record[:-lag][same], record[lag:][same]
        yield (np.minimum(low, high) << 32) + np.maximum(low, high)


def _repeated(keys: Keys, record: Index) -> tuple[Keys, Index]:
    """Without most of the keys that occur once: a count by the key's last bits is five times cheaper than sorting."""
    present = keys != 0
    if not present.all():
        keys, record = keys[present], record[present]
    bits = max(10, len(keys).bit_length() + 1)
    bucket = (keys >> np.uint64(64 - bits)).astype(np.int64)
    often = (np.bincount(bucket, minlength=1 << bits) > 1)[bucket]
    return keys[often], record[often]


def _within_budget(keys: Keys, record: Index, largest: int, *, budget: int) -> tuple[Keys, Index]:
    """Blocks of two records and more, as large as the pairs of all blocks so large stay within the budget."""
    if len(keys) == 0:
        return keys, record
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)])
    blocks = np.bincount(np.minimum(sizes, largest + 1), minlength=largest + 2)[: largest + 1]
    pairs = np.cumsum(blocks * np.arange(largest + 1) * np.arange(-1, largest) // 2)
    most = max(2, int(np.flatnonzero(pairs <= budget)[-1]))
    fits = np.repeat((sizes > 1) & (sizes <= most), sizes)
    return keys[fits], record[fits]


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
