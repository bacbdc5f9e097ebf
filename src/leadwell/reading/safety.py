"""Do the words suggest danger: an emergency, a crisis, or something a person should look at? (promise 18)

Three sources: the playbook's own words, sayings that say danger by themselves (`lexicon/safety-sayings.toml`), and signs
that do so together (`lexicon/safety-signs.toml`, combined by `dangers.toml`). What is denied, long over or said in another
sense does not count; whose body it is does not matter. Where it is unclear whether it is over, a person looks.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.dangers import CONCEPTS, DANGERS, NEAREST, combinations, pairs
from leadwell.reading.mentions import Mentions

_SAID: Final = ("danger", "emergency", "crisis")
_KINDS: Final = ("sign", "harmless", *_SAID)
_DENIAL_REACHES: Final = 7  # words; what names itself a denial ("denies") reaches through its whole sentence
_RANK: Final = {"emergency": 0, "crisis": 1, "doubt": 2}
_FOUND: Final = ("row", "text", "field", "first", "last", "start", "end", "says")


def safety(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    told = _weighed(mentions.table.filter(pl.col("kind").is_in(_KINDS)))
    signs = told.filter(pl.col("kind") == "sign").with_columns(_number())
    signs = signs.filter("counts")
    near = pairs(signs)
    found = [_said(told), _alarms(near), combinations(signs, near)]
    alarms = pl.concat([f.select(_FOUND) for f in found])
    alarms = alarms.sort(pl.col("says").replace_strict(_RANK, return_dtype=pl.UInt8), "first", maintain_order=True)
    first = alarms.unique("row", keep="first", maintain_order=True)
    return mentions.fact("safety", with_words(first, mentions), pl.col("says"))


def with_words(found: pl.DataFrame, mentions: Mentions) -> pl.DataFrame:
    """Spans -> the same with the words as received (`said`)."""
    received = mentions.texts.frame["received"].gather(found["text"]).alias("received")
    words = pl.col("received").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    return found.with_columns(received).with_columns(said=words)


def _weighed(found: pl.DataFrame) -> pl.DataFrame:
    """Mentions of danger with `counts` (it is so) and `unclear` (it was so, or is asked about: a person looks)."""
    found = found.filter(~_inside_harmless(found) & (pl.col("kind") != "harmless"))
    found = found.with_columns(
        denied=_denied(), recent=_in_sentence("now"), over=_in_sentence("over"), asks=_in_sentence("asks"), mild=_in_sentence("reflux")
    )
    bare = pl.col("kind").eq("sign") & pl.col("key").is_in(NEAREST)
    crisis = pl.col("kind").eq("crisis") | pl.col("key").str.starts_with("crisis")
    over = (pl.col("past") | pl.col("other") | pl.col("over")) & ~pl.col("recent")
    told = over | (pl.col("asks") & ~pl.col("recent") & pl.col("kind").ne("sign"))
    had = (pl.col("done") | (pl.col("mild") & pl.col("key").is_in(["pain", "ache"]))) & ~pl.col("recent")
    return found.with_columns(
        counts=bare | ~pl.col("denied") & (crisis | ~told),
        unclear=~bare & pl.when(crisis).then(told).otherwise(had),
    )


def _in_sentence(key: str) -> pl.Expr:
    """Whether a sign that only colours the others stands in the sentence."""
    return (pl.col("kind").eq("sign") & pl.col("key").eq(key)).any().over("sentence")


def _inside_harmless(found: pl.DataFrame) -> pl.Series:
    """Which mentions lie inside a harmless saying."""
    harmless = found.filter(pl.col("kind") == "harmless").select("first", "last").sort("first")
    if harmless.is_empty():
        return pl.repeat(False, found.height, eager=True)
    before = harmless["first"].search_sorted(found["first"], side="right").cast(pl.Int64) - 1
    furthest = harmless["last"].cum_max().gather(before.clip(0))
    return (before >= 0) & (furthest >= found["last"])


def _denied() -> pl.Expr:
    """Denied, as far as danger goes: "none" right after it, or what reading calls negated. But a plain "no" far off in the
    sentence denies nothing here, nor does one that only supposes ("if nobody helps me I will ...")."""
    sign = pl.col("kind").eq("sign")
    denial = sign & pl.col("key").is_in(["wont", "deny"])
    supposed = sign & pl.col("key").eq("if")
    last, where = _latest(denial, "last"), _latest(denial, "sentence")
    strong, after_if = _latest(denial, pl.col("key").eq("deny")), _latest(denial, _near_before(supposed))
    verb = sign & pl.col("key").eq("verb denial")
    elsewhere = (_latest(verb, "last") == last) & (_latest(verb, "clause") != pl.col("clause"))
    goes_on = _latest(sign & pl.col("key").eq("keeps"), "first") == _latest(denial, "first")
    weak = goes_on.fill_null(False) | ~strong & ((pl.col("first") - last - 1 > _DENIAL_REACHES) | after_if | elsewhere)
    none = sign & pl.col("key").eq("none")
    then = pl.when(none).then("first").backward_fill().shift(-1)
    there = pl.when(none).then("sentence").backward_fill().shift(-1)
    told_none = (there == pl.col("sentence")) & (then == pl.col("last") + 1)
    return (pl.col("negated") & ~((where == pl.col("sentence")) & weak).fill_null(False)) | told_none.fill_null(False)


def _latest(which: pl.Expr, what: str | pl.Expr) -> pl.Expr:
    """What stood in the last such row before this one."""
    return pl.when(which).then(what).forward_fill().shift(1)


def _near_before(which: pl.Expr) -> pl.Expr:
    """Whether such a row stands at most two words before."""
    return (
        (_latest(which, "sentence") == pl.col("sentence")) & (pl.col("first") - _latest(which, "last") <= 3)
    ).fill_null(False)


def _number() -> pl.Expr:
    return pl.col("key").replace_strict(CONCEPTS, default=0, return_dtype=pl.UInt8).alias("concept")


def _said(told: pl.DataFrame) -> pl.DataFrame:
    """What says danger by itself."""
    kind = pl.when(pl.col("kind") == "danger").then(pl.col("key").str.extract(r"^(\w+)")).otherwise("kind")
    said = told.filter(pl.col("kind").is_in(_SAID) & pl.col("counts"))
    return said.with_columns(says=pl.when(pl.col("unclear")).then(pl.lit("doubt")).otherwise(kind))


def _alarms(near: pl.DataFrame) -> pl.DataFrame:
    says = pl.col("danger").replace_strict({n: d.says for n, d in enumerate(DANGERS)}, return_dtype=pl.String)
    return near.with_columns(says=pl.when("unclear").then(pl.lit("doubt")).otherwise(says)).drop_nulls("says")
