"""How is a thing mentioned? Denied, supposed, over, of somebody else, unsure: by the cues around it.

Cues are phrases of the lexicons (`cues-*.toml`). `cue.<flag>` governs what follows, what precedes, or both, within its
sentence: as many words as it reaches, not past a colon (one right after the cue is its own), never across a `cue.end`
of its flag or of `all` ("but"), nor a `cue.start` that opens a clause ("no insurance, need an MRI"). A cue inside a
longer one is none; `cue.none` are longer ones that mean nothing ("not only").
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.finding import Found
from leadwell.reading.phrases import FLAGS

_PLACE = pl.Int64
_FAR: Final = 1 << 40  # beyond any word; flags are told apart by how many times it a place is
_BITS: Final = {flag: 1 << i for i, flag in enumerate(FLAGS)}
_FLAGS: Final = pl.DataFrame(
    {"flag": list(range(len(FLAGS))), "own": list(_BITS.values())}, schema={"flag": _PLACE, "own": pl.UInt8}
)


def mentions(found: Found) -> pl.DataFrame:
    """What was found without its cues, placed, with a Boolean for each of FLAGS and `context` of contract.CONTEXTS."""
    known = found.search.table.drop("kind", "key", "wording", "width")
    spans = pl.concat([found.spans, known[found.spans["phrase"]]], how="horizontal")
    named = spans.filter(~pl.col("cue")).with_row_index("number")
    cues = spans.filter("cue")
    governed = cues.filter(pl.col("bit") > 0)["sentence"]  # other sentences are as they are
    cues = outermost(
        cues.filter(pl.col("sentence").is_in(governed.unique().implode())) if len(governed) else cues.clear()
    )
    bits = _bits(named, cues, found.words.frame)
    done = pl.when("doable").then((pl.col("bits") & _BITS["done"]) != 0).otherwise(False)
    flags = {flag: (pl.col("bits") & bit) != 0 for flag, bit in _BITS.items()}
    flags["past"] = (flags["past"] | done) & ~pl.col("lasts")
    flagged = named.select("phrase", "first", "last", "sentence", "doable", "lasts", bits=bits).with_columns(**flags)
    return found.placed(flagged.drop("bits", "doable", "lasts").with_columns(context=_CONTEXT))


_CONTEXT: Final = (
    pl.when("negated").then(pl.lit("negated"))
    .when("other").then(pl.lit("other person"))
    .when("hypothetical").then(pl.lit("hypothetical"))
    .when("past").then(pl.lit("past"))
    .otherwise(pl.lit("asserted"))
)  # fmt: skip


def outermost(cues: pl.DataFrame) -> pl.DataFrame:
    """Cues that no longer cue holds; what ends scopes holds none."""
    return cues.filter(~within_longer(cues, cues.filter(pl.col("ends") == 0)))


def within_longer(found: pl.DataFrame, longer: pl.DataFrame) -> pl.Series:
    """Which spans lie inside a longer one of another frame (`first`, `last`)."""
    if found.is_empty() or longer.is_empty() or (longer is found and found.height == 1):
        return pl.Series([False]).new_from_index(0, found.height)
    own = found.select("first", "last", own=pl.int_range(pl.len(), dtype=pl.Int64))
    spans = pl.concat([own, longer.select("first", "last", own=pl.lit(None, dtype=pl.Int64)).unique()])
    spans = spans.sort("first", "last", "own", descending=[False, True, False], nulls_last=True)
    reached = pl.when(pl.col("own").is_null()).then("last").cum_max().forward_fill().shift(1)
    inside = spans.select("own", inside=pl.col("last") <= reached).drop_nulls("own").sort("own")
    return inside["inside"].fill_null(False)


def overlaps(found: pl.DataFrame, other: pl.DataFrame) -> pl.Series:
    """Which spans share a word with one of another frame, whose spans lie apart from each other."""
    if found.is_empty() or other.is_empty():
        return pl.Series([False]).new_from_index(0, found.height)
    other = other.sort("first")
    before = pl.lit(other["first"]).search_sorted(pl.col("last"), "right").cast(_PLACE) - 1
    reaches = pl.lit(other["last"]).gather(before.clip(0)) >= pl.col("first")
    return found.select((before >= 0) & reaches).to_series()


def _bits(named: pl.DataFrame, cues: pl.DataFrame, words: pl.DataFrame) -> pl.Series:
    """For each mention the bits of the flags whose cues govern it."""
    none = pl.Series([0], dtype=pl.UInt8).new_from_index(0, named.height)
    if cues.is_empty() or named.is_empty():
        return none
    scopes = _scopes(cues, words)
    pairs = named.select("number", "sentence", "first", "last").join(scopes, on="sentence", how="inner")
    follows = (pl.col("first") > pl.col("cue_last")) & (pl.col("first") <= pl.col("until"))
    precedes = (pl.col("last") < pl.col("cue_first")) & (pl.col("last") >= pl.col("from"))
    told = pairs.filter(follows | precedes).group_by("number").agg(pl.col("bit").bitwise_or())
    return none.scatter(told["number"], told["bit"])


def _scopes(cues: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """From where and until where each cue governs. Places beyond a sentence do no harm: scopes are joined by it."""
    clause = pl.lit(words["clause"])
    here = clause.gather(pl.col("first"))
    before = clause.gather((pl.col("first").cast(_PLACE) - 1).clip(0))
    after = clause.gather((pl.col("last").cast(_PLACE) + 1).clip(0, max(words.height - 1, 0)))
    cues = cues.with_columns(opening=(pl.col("first") == 0) | (before != here), closing=after != here)
    ends = _ends(cues)
    places = cues.filter(pl.col("bit") > 0).join(_FLAGS, left_on="bit", right_on="own", how="inner", coalesce=False)
    places = places.with_columns(pl.col("first", "last").cast(_PLACE), apart=pl.col("flag") * _FAR)
    colons = words["heading"].arg_true().cast(_PLACE)
    end = _next(ends["first"], pl.col("apart") + pl.col("last")) - pl.col("apart") - 1
    start = _previous(ends["last"], pl.col("apart") + pl.col("first")) - pl.col("apart") + 1
    until = pl.min_horizontal(pl.col("last") + pl.col("reach"), end, _next(colons, pl.col("last")))
    since = pl.max_horizontal(pl.col("first") - pl.col("reach"), start, _previous(colons, pl.col("first")) + 1)
    # "No, I need ..." answers; it denies nothing. What governs both ways looks ahead only from where it opens a clause.
    answers = (pl.col("bit") == _BITS["negated"]) & pl.col("closing")
    answers = answers | (pl.col("backward") & ~pl.col("opening"))
    return places.select(
        "sentence", "bit",
        pl.when(pl.col("forward") & ~answers).then(until).otherwise(-1).alias("until"),
        pl.when("backward").then(since).otherwise(_FAR).alias("from"),
        cue_first="first", cue_last="last",
    )  # fmt: skip


def _ends(cues: pl.DataFrame) -> pl.DataFrame:
    """First and last word of what ends scopes, once for each flag it ends, each flag's apart; sorted both."""
    ending = cues.filter((pl.col("ends") > 0) & (~pl.col("opens") | pl.col("opening")))
    each = ending.join(_FLAGS, how="cross").filter((pl.col("ends") & pl.col("own")) != 0)
    apart = pl.col("flag") * _FAR
    return each.select((pl.col("first") + apart).sort(), (pl.col("last") + apart).sort())


def _next(places: pl.Series, after: pl.Expr) -> pl.Expr:
    """The first of sorted places after one, or beyond all."""
    beyond = places.clone().append(pl.Series([_FAR * (len(FLAGS) + 1)], dtype=_PLACE))
    return pl.lit(beyond).gather(pl.lit(places).search_sorted(after, "right"))


def _previous(places: pl.Series, before: pl.Expr) -> pl.Expr:
    """The last of sorted places before one, or beyond all."""
    beyond = pl.Series([-_FAR], dtype=_PLACE).append(places)
    return pl.lit(beyond).gather(pl.lit(places).search_sorted(before, "left"))
