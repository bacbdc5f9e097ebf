"""How much does it mean that both have this value? The rarer it is in the list, the more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity import names
from leadwell.identity.records import Codes, Records
from leadwell.identity.rules import Texts, applied
from leadwell.identity.weights import Rarity, Weights

Bits = npt.NDArray[np.float64]
# As many people on one telephone or mailbox as a household may have; beyond, it is an office's.
HOUSEHOLD: Final = 6


def rarities(records: Records, weights: Weights) -> Mapping[str, Bits]:
    """log2 of each value's share, by field and number (the first is for no value)."""
    found = {
        field: _log2(_share(records, field, rarity))
        for field, rarity in weights.rarity.items()
        if field not in ("phone", "email")
    }
    for field, table in (("phone", records.phones), ("email", records.emails)):
        found[field] = _log2(_contact_share(records, field, table, weights.rarity[field]))
    return found


def unlisted(records: Records, weights: Weights) -> Mapping[str, Bits]:
    """The same as it is known before any list: so that what two say of each other never hangs on a third."""
    return {
        field: _log2(_before(records.texts[field], field, rarity.share)) for field, rarity in weights.rarity.items()
    }


def _log2(share: Bits) -> Bits:
    return np.asarray(np.log2(share), dtype=np.float64)


def _share(records: Records, field: str, rarity: Rarity) -> Bits:
    """Of the records of the list, the pair itself left out, beside what is known before."""
    counts = np.bincount(records.codes[field], minlength=len(records.texts[field])).astype(np.float64)
    before = _before(records.texts[field], field, rarity.share)
    total = counts[1:].sum()
    share = (np.maximum(counts - 2, 0) + rarity.records * before) / (total + rarity.records)
    return np.asarray(np.maximum(share, rarity.share))


def _before(texts: Texts, field: str, unseen: float) -> Bits:
    if field not in ("given", "family"):
        return np.full(len(texts), unseen)
    first = applied(names.first_word, texts) if field == "given" else texts
    share = names.share_of(field)
    return np.maximum([share.get(name, unseen) for name in first.to_list()], unseen)


def _contact_share(records: Records, field: str, table: Codes, rarity: Rarity) -> Bits:
    """A contact is as common as the given names it is used with, once there are more than a household has."""
    record, column = np.nonzero(table)
    contact = table[record, column]
    often = np.bincount(contact, minlength=1)[contact] > HOUSEHOLD
    use = pl.DataFrame({"contact": contact[often], "given": records.codes["given"][record[often]]})
    people = use.filter(pl.col("given") > 0).group_by("contact").agg(pl.col("given").n_unique())
    many = np.zeros(len(records.texts[field]))
    many[people["contact"].to_numpy()] = people["given"].to_numpy()
    return np.asarray(np.maximum((many - HOUSEHOLD) / max(1, len(records)), rarity.share))
