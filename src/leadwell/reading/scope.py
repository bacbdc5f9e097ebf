"""Is a text about health at all? (promise 10)

Who treats, what is done, where it hurts, what it is called: the words of `lexicon/medical.toml`.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from leadwell.reading import lexicons
from leadwell.reading.finding import Texts, find
from leadwell.reading.heard import NONE
from leadwell.reading.search import Search, build

# Words that only medicine forms: names of operations, inflammations and specialists.
_FORMED = (
    r"(?-u:\b)[a-z]{3,}"
    r"(?:ectom(?:y|ies)|otom(?:y|ies)|ostomy|oscopy|plasty|itis|ologists?|iatrists?|opathy|algia)(?-u:\b)"
)


@lru_cache(maxsize=1)
def _search() -> Search:
    words = (p for entry in lexicons.entries() if entry.kind == lexicons.MEDICAL for p in entry.phrases)
    return build(words, lexicons.families(), lexicons.real_words())


def medical(texts: pl.Series) -> pl.Series:
    """Whether each text names anything medical; what only sounds so ("Doctor Strange") does not count."""
    frame = pl.DataFrame({"message": texts})
    searched = Texts.of(frame, quotes=True)
    found = find(searched, _search())
    mentions = found.placed(found.spans).sort("first", "last", descending=[False, True], maintain_order=True)
    inside = pl.col("last") <= pl.col("last").cum_max().shift(1)
    outermost = mentions.filter(~inside.fill_null(False) & (pl.col("key") != NONE))
    formed = searched.frame.filter(pl.col("folded").str.contains(_FORMED))
    rows = pl.concat([outermost["row"], formed["row"]])
    return pl.select(pl.int_range(frame.height, dtype=pl.UInt32).is_in(rows.implode())).to_series()
