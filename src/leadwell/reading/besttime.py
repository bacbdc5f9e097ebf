"""When do they want to be called? The words beside a channel ("call me after 5:30") or a best time."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.reading.heard import Heard

_BEFORE: Final = 40  # characters
_AFTER: Final = 70
_CLOCK: Final = r"\d{1,2}(?:[^a-z0-9' ]\d\d)?(?: ?[ap]!? ?m!?| o'?clock)?"
_DAYS: Final = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays|weekends|"
    r"lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fines de semana"
)
_PART: Final = (
    r"mornings?|afternoons?|evenings?|nights?|lunch(?: ?time| hour| break)?|noon|work|school|class|"
    r"mananas?|tardes?|noches?|mediodia|trabajo"
)
_LEAD: Final = (
    r"after|before|between|around|until|till|at|past|from|by|during|on my|on|"
    r"despues del?|antes del?|entre|a partir de|hasta|desde|como a"
)
_TIME: Final = (
    rf"(?:any ?time(?: (?:after|before) {_CLOCK})?|a cualquier hora|cualquier dia|any day)"
    rf"|(?:(?:{_LEAD})(?: las?| the| my| your)? (?:{_CLOCK}|{_PART})"
    rf"(?:(?: and| to| or| y| a| o|,|-)(?: las?)? {_CLOCK})?(?: (?:on )?(?:{_DAYS}))?)"
    rf"|(?:{_CLOCK}(?: ?-| to| a) ?{_CLOCK})"
    rf"|(?:(?:weekday|weekend|early|late|most|{_DAYS})? ?"
    rf"(?:mornings?|afternoons?|evenings?|nights?|mananas|tardes|noches))"
    rf"|(?:(?:por|en|de) las? (?:manana|tarde|noche)s?)|(?:{_DAYS})"
)
_PATTERN: Final = rf"(?:^|[^a-z0-9'])({_TIME})(?:[^a-z0-9']|$)"


def best_time(heard: Heard) -> pl.DataFrame:
    """The words of the first time that stands beside a wish to be reached, within its sentence."""
    cues = [cue for kind in ("time", "channel") if not (cue := heard.all(kind)).is_empty()]
    if not cues:
        return heard.fact("best_time", heard.empty)
    found = pl.concat(cues)
    texts = heard.mentions.texts.frame
    near = found.select(
        "row", "text", "field",
        folded=pl.lit(texts["folded"]).gather(pl.col("text")),
        from_=(pl.col("start").cast(pl.Int64) - _BEFORE).clip(lower_bound=0),
        start=pl.col("start").cast(pl.Int64), end=pl.col("end").cast(pl.Int64),
    )  # fmt: skip
    after = pl.col("folded").str.slice(pl.col("start"), pl.col("end") - pl.col("start") + _AFTER)
    before = pl.col("folded").str.slice(pl.col("from_"), pl.col("start") - pl.col("from_"))
    before = before.str.extract(r"([^!]*)$")
    near = near.with_columns(after=_words(after), before=_words(before), lead=pl.col("start") - before.str.len_bytes())
    near = near.with_columns(
        at=pl.coalesce(
            pl.col("start") + after.str.find(pl.col("after"), literal=True).cast(pl.Int64),
            pl.col("lead") + before.str.find(pl.col("before"), literal=True).cast(pl.Int64),
        ),
        size=pl.coalesce("after", "before").str.len_bytes().cast(pl.Int64),
    )
    near = near.drop_nulls("at").unique("row", keep="first", maintain_order=True)
    received = texts["received"].gather(near["text"])
    near = near.with_columns(said=received).with_columns(said=pl.col("said").str.slice("at", "size"))
    words = pl.struct(
        pl.col("field").cast(pl.String), text="said", start=pl.col("at").cast(pl.UInt32),
        end=(pl.col("at") + pl.col("size")).cast(pl.UInt32),
    ).cast(EVIDENCE)  # fmt: skip
    told = near.select("row", pl.col("said").alias("read.best_time"), words.alias("read.best_time@"))
    return heard.by_lead(told)


def _words(around: pl.Expr) -> pl.Expr:
    return around.str.extract(_PATTERN).str.strip_chars(" ")
