"""How is a thing mentioned? Denied, supposed, over, of somebody else, unsure: by the cues around it.

Cues are phrases of the lexicons (`cues-*.toml`). `cue.<flag>` governs what follows, what precedes, or both, within its
sentence: as many words as it reaches, not past a colon (one right after the cue is its own), never across a `cue.end`
of its flag or of `all` ("but"), nor a `cue.start` that opens a clause ("no insurance, need an MRI"). A cue inside a
longer one is none; `cue.none` are longer ones that mean nothing ("not only").
"""

from __future__ import annotations

from typing import Final

import polars as pl

FLAGS: Final = ("negated", "hypothetical", "past", "other", "uncertain", "done")
# What one does or has done is over once one "had" it; a condition one "had" may well be there still.
_DOABLE: Final = ("service", "elsewhere", "offer", "procedure", "imaging", "concept.done")
CONTEXT: Final = (*FLAGS, "context")  # the columns added: Booleans, and one of contract.CONTEXTS
_PLACE = pl.Int64


def add(mentions: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Mentions -> the same without cues, with `negated`, `hypothetical`, `past`, `other`, `uncertain` and `context`."""
    is_cue = pl.col("kind").str.starts_with("cue.")
    cues = outermost(mentions.filter(is_cue))
    named = mentions.filter(~is_cue)
    if cues.is_empty() or named.is_empty():
        return _summed_up(named.with_columns(pl.lit(False).alias(flag) for flag in FLAGS))
    ends = _ends(cues, words)
    flagged = named.with_columns(_governed(named, cues, ends, words, flag) for flag in FLAGS)
    return _summed_up(flagged.with_columns(past=pl.col("past") | (pl.col("done") & pl.col("kind").is_in(_DOABLE))))


def _summed_up(flagged: pl.DataFrame) -> pl.DataFrame:
    context = (
        pl.when("negated").then(pl.lit("negated"))
        .when("other").then(pl.lit("other person"))
        .when("hypothetical").then(pl.lit("hypothetical"))
        .when("past").then(pl.lit("past"))
        .otherwise(pl.lit("asserted"))
    )  # fmt: skip
    return flagged.with_columns(context=context)


def within_longer(found: pl.DataFrame, longer: pl.DataFrame) -> pl.Series:
    """Which mentions lie inside a longer one of another frame (`first`, `last`)."""
    spans = pl.concat([found.select("first", "last", own=True), longer.select("first", "last", own=False)])
    spans = spans.unique().sort("first", "last", "own", descending=[False, True, True])
    reached = pl.when(~pl.col("own")).then("last").cum_max().forward_fill().shift(1)
    inside = spans.filter(pl.col("own") & (pl.col("last") <= reached))
    marked = inside.with_columns(inside=pl.lit(True))
    joined = found.select("first", "last").join(marked, on=["first", "last"], how="left", maintain_order="left")
    return joined["inside"].fill_null(False)


def outermost(cues: pl.DataFrame) -> pl.DataFrame:
    """Cues that no longer cue holds; what ends scopes holds none."""
    ends = pl.col("kind").is_in(["cue.end", "cue.start"])
    return cues.filter(~within_longer(cues, cues.filter(~ends))).sort("first", "last")


def _ends(cues: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """What ends a scope: the flag it ends (or `all`), and its words."""
    opens = _neighbour(words, cues["first"].cast(_PLACE) - 1, "clause") != cues["clause"]
    ending = (pl.col("kind") == "cue.end") | ((pl.col("kind") == "cue.start") & pl.lit(opens))
    return cues.filter(ending).select("key", "first", "last")


def _neighbour(words: pl.DataFrame, place: pl.Series, column: str) -> pl.Series:
    """That column of the words at these places, 0 beyond the first and last."""
    known = place.is_between(0, words.height - 1)
    return words[column].gather(place.clip(0, words.height - 1)).zip_with(known, pl.Series([0], dtype=pl.UInt32))


def _governed(named: pl.DataFrame, cues: pl.DataFrame, ends: pl.DataFrame, words: pl.DataFrame, flag: str) -> pl.Series:
    own = cues.filter(pl.col("kind") == f"cue.{flag}")
    ends = ends.filter(pl.col("key").is_in(["all", flag]))
    after = _after(named, own.filter(pl.col("governs") != "before"), ends, words, flag)
    before = _before(named, own.filter(pl.col("governs") != "after"), ends, words)
    return (after | before).alias(flag)


def _after(named: pl.DataFrame, cues: pl.DataFrame, ends: pl.DataFrame, words: pl.DataFrame, flag: str) -> pl.Series:
    """Which mentions follow a cue within its scope. Scopes never cross a sentence, so the furthest so far counts."""
    if flag == "negated":  # "No, I need ..." answers; it denies nothing
        cues = cues.filter(_neighbour(words, cues["last"].cast(_PLACE) + 1, "clause") == cues["clause"])
    if cues.is_empty():
        return pl.repeat(False, named.height, eager=True)
    cues = cues.sort("last")
    last = cues["last"].cast(_PLACE)
    sentence_end = words["sentence"].search_sorted(cues["sentence"], "right").cast(_PLACE) - 1
    scopes = [last + cues["reach"], sentence_end]
    if not ends.is_empty():
        first = ends["first"].cast(_PLACE).sort().append(pl.Series([words.height], dtype=_PLACE))
        scopes.append(first.gather(first.search_sorted(last, "right").clip(0, len(first) - 1)) - 1)
    colons = words["heading"].arg_true().cast(_PLACE).append(pl.Series([words.height], dtype=_PLACE))
    scopes.append(colons.gather(colons.search_sorted(last, "right")))
    furthest = pl.select(pl.min_horizontal(scopes)).to_series().cum_max()
    before = named["first"].cast(_PLACE)
    nearest = last.search_sorted(before, "left").cast(_PLACE) - 1
    return (nearest >= 0) & (furthest.gather(nearest.clip(0)) >= before)


def _before(named: pl.DataFrame, cues: pl.DataFrame, ends: pl.DataFrame, words: pl.DataFrame) -> pl.Series:
    """Which mentions stand before a cue within its scope: the same, mirrored."""
    if cues.is_empty():
        return pl.repeat(False, named.height, eager=True)
    cues = cues.sort("first")
    first = cues["first"].cast(_PLACE)
    scopes = [first - cues["reach"], words["sentence"].search_sorted(cues["sentence"], "left").cast(_PLACE)]
    if not ends.is_empty():
        last = pl.Series([-1], dtype=_PLACE).append(ends["last"].cast(_PLACE).sort())
        scopes.append(last.gather(last.search_sorted(first, "left").cast(_PLACE) - 1) + 1)
    colons = pl.Series([-1], dtype=_PLACE).append(words["heading"].arg_true().cast(_PLACE))
    scopes.append(colons.gather(colons.search_sorted(first, "left").cast(_PLACE) - 1) + 1)
    furthest = pl.select(pl.max_horizontal(scopes)).to_series().cum_min(reverse=True)
    after = named["last"].cast(_PLACE)
    nearest = first.search_sorted(after, "right").cast(_PLACE)
    return (nearest < len(first)) & (furthest.gather(nearest.clip(0, len(first) - 1)) <= after)
