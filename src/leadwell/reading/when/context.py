"""What do the words round a day say of it: past or to come, a deadline, a birthday, or no day at all?"""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from leadwell.reading.when.stretches import trie
from leadwell.reading.when.vocabulary import vocabulary

BEFORE, AFTER = 70, 45
_EDGE: Final = r"(?-u:\b)"
_MONTHS: Final = "(?:april|may|june|august|march|abril|julio|mayo)"


@cache
def cue(kind: str, *, near: bool = False) -> str:
    """A pattern for any cue of `kind`; `near`: with at most three short words between it and the day."""
    words = trie(word.replace(".", " ") for word in vocabulary().around[kind])
    reach = r"(?:[ '\x22]+[a-z0-9']+){0,3}[ '\x22]*$" if near else _EDGE
    return f"{_EDGE}{words}{reach}"


@cache
def _follows(kind: str) -> str:
    return f"^ +{trie(vocabulary().around[kind])}{_EDGE}"


@cache
def _tenses() -> tuple[list[str], list[str]]:
    around = vocabulary().around
    return [f" {w} " for w in around["past"]], [f" {w} " for w in around["future"]]


def _spaced(text: pl.Expr) -> pl.Expr:
    return " " + text.str.replace_all("[^a-z0-9'!]", " ") + " "


def around(mentions: pl.LazyFrame) -> pl.LazyFrame:
    """Adds what the words before and after each mention say."""
    first = pl.min_horizontal(pl.col("start"), pl.lit(BEFORE))
    texts = mentions.with_columns(
        _before=_spaced(pl.col("folded").str.slice(pl.col("start") - first, first).str.extract("[^!\n]*$", 0)),
        _after=_spaced(pl.col("folded").str.slice(pl.col("end"), AFTER).str.extract("^[^!\n]*", 0)),
        _next=pl.col("folded").str.slice(pl.col("end"), 20),
    )
    said = pl.col("said")
    before, after, beside = pl.col("_before"), pl.col("_after"), pl.col("_next")
    past, future = _tenses()
    both = [*past, *future]
    texts = texts.with_columns(
        _cue=before.str.extract_many(both, overlapping=True).list.last(),
        _later=after.str.extract_many(both, overlapping=True).list.first(),
    )
    ended = before.str.contains(" (?:[a-z]{3,}(?:[^e]ed|eed))(?: [a-z']+){0,2} +$")
    return texts.with_columns(
        past=pl.coalesce(
            pl.col("_cue").is_in(past), ended.replace(False, None), pl.col("_later").is_in(past)
        ).fill_null(False),
        wished=pl.col("_cue").is_in(future).fill_null(False),
        event=(before.str.contains(cue("event")) | after.str.contains(cue("event"))),
        opens=(before.str.contains(cue("opens")) | after.str.contains(cue("opens"))),
        term=before.str.contains(cue("term", near=True)),
        papers=before.str.contains(f"{_EDGE}{trie(vocabulary().around['papers'])}(?: [a-z]+)? +$"),
        led_after=before.str.contains(cue("after")),
        call=before.str.contains(cue("call", near=True)),
        greeting=before.str.contains(f"{_EDGE}{trie(vocabulary().around['greeting'])} +$"),
        birth=before.str.contains(cue("birth", near=True)),
        refused=before.str.contains(
            f"{_EDGE}{trie(vocabulary().around['not'])}(?: on| this| the| el| la| coming| for| en)* +$"
        ),
        street=before.str.contains(f"{_EDGE}{trie(vocabulary().around['street'])} +$")
        | beside.str.contains(_follows("road")),
        named=before.str.contains(f"{_EDGE}{trie(vocabulary().around['name'])} +$"),
        kin=before.str.contains(f"{_EDGE}{trie(vocabulary().around['kin'])} +$"),
        verb=before.str.contains(f"{_EDGE}(?:can|cannot|could|to|i|we|they|will|would|and|you) +$"),
        dated=before.str.contains(cue("dated", near=True)) | (before.str.contains("^ *$") & ~said.str.contains("/10$")),
        scale=before.str.contains(cue("scale")) | after.str.contains(cue("scale")),
        counted=beside.str.contains(_follows("ranked")),
        stands=beside.str.contains(r"^ *$|^ ?[^a-z0-9 ]|^ +[0-9]|" + _follows("follows")),
    ).drop("_before", "_after", "_next", "_cue", "_later")


def is_day() -> pl.Expr:
    """False for "the 3rd floor", "calle 5 de mayo", "April Waters", "I can march", "happy new year", "pain of 8/10"."""
    said = pl.col("said")
    alone = said.str.contains(f"^{_MONTHS}$") & (pl.col("grain") == "m")
    titled = pl.col("text").str.slice(pl.col("end"), 2).str.contains("^ [A-Z]") & pl.col("text").str.slice(
        pl.col("start") + 1, 1
    ).str.contains("[a-z]")
    verb = said.eq("march") & pl.col("verb")
    return ~(
        pl.col("greeting")
        | pl.col("street")
        | (
            (pl.col("grain") == "o")
            & (
                ~pl.col("stands") & ~said.str.contains(r"^(?:the )?(?:1[1-9]|2[0-9]|3[01])[a-z]")
                | pl.col("counted")
                | said.str.contains(r"(?:^|the |el |la )(?:first|second|third|primer|segund|tercer)[a-z]*$")
            )
        )
        | (
            alone
            & (
                pl.col("named")
                | titled
                | (pl.col("kin") & pl.col("text").str.slice("start", 1).str.contains("[A-Z]"))
                | verb
                | pl.col("text").str.slice(pl.col("end"), 4).str.to_lowercase().eq(" of ")
            )
        )
        | (pl.col("grain").eq("b") & ~pl.col("dated"))
        | (pl.col("scale") & said.str.contains(r"^[0-9]+/[0-9]+$"))
    )
