"""When do they want to be called? The words beside a channel ("call me after 5:30") or a best time."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Ints
from leadwell.reading.heard import Heard
from leadwell.reading.patterns import group, holds

_BEFORE: Final = 40  # characters
_AFTER: Final = 70
_CLOCK: Final = r"\d{1,2}(?:[^a-z0-9' ]\d\d)?(?: ?[ap]!? ?m!?| o'?clock)?"
_DAYS: Final = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays|weekends|"
    r"lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fines de semana"
)
_PART: Final = (
    r"mornings?|afternoons?|evenings?|nights?|lunch(?: ?time| hour| break)?|noon|work|school|class|"
    r"supper|dinner|breakfast|mananas?|tardes?|noches?|mediodia|trabajo|cenar?|comer|comida"
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
# "Not mornings", "no me hablen en la mañana": the time behind it is meant, if there is one.
_NOT: Final = r"(?:^|[^a-z0-9'])(?:not|never|no|except|but not|don'?t|excepto|menos|nunca)(?: [a-z']+){0,3}?"
_PATTERN: Final = rf"(?:{_NOT} {_TIME}[^a-z0-9'][^!?]{{0,30}}?)?(?:^|[^a-z0-9'])({_TIME})(?:[^a-z0-9']|$)"
_NO: Final = "not "
_DENIED: Final = f"{_NOT} $"


def best_time(heard: Heard, facts: Facts) -> None:
    """The words of the first time that stands beside a wish to be reached, within its sentence."""
    found, said = np.concatenate([heard.all("time"), heard.all("channel")]), heard.said
    if not len(found):
        return
    text, start, end = said.spans(found)
    folded = heard.mentions.texts.frame["folded"]
    before = group(words(folded, Spans(text, np.maximum(start - _BEFORE, 0), start)), "[^!]*$", 0)
    sooner, shorter = _time(before)
    denied = said.negated[found]
    after = words(folded, Spans(text, start, end + _AFTER)).to_frame("after")
    no = pl.when(pl.Series(denied)).then(pl.lit(_NO)).otherwise(pl.lit(""))
    later, size = _time(after.select(no + pl.col("after")).to_series())
    later -= np.where(denied, len(_NO), 0)
    lead = start - before.str.len_bytes().to_numpy()
    at, size = np.where(size > 0, start + later, lead + sooner), np.where(size > 0, size, shorter)
    told = np.flatnonzero(size)
    place = Spans(text[told], at[told], at[told] + size[told])
    received = words(heard.mentions.texts.frame["received"], place)
    facts.add_spans("best_time", said.row[found[told]], place, received, np.arange(len(told)))


def _time(around: pl.Series) -> tuple[Ints, Ints]:
    """Where in each text the first time begins, and its length; 0 where none stands there."""
    start, size = np.zeros((2, len(around)), dtype=np.int64)
    found = group(around, _PATTERN).alias("words")
    at = np.flatnonzero(found.is_not_null().to_numpy())
    if len(at):
        told = pl.DataFrame([around.alias("text"), found])[pl.Series(at)]
        told = told.with_columns(pl.col("words").str.strip_chars(" "))
        told = told.select(
            "text", start=pl.col("text").str.find(pl.col("words"), literal=True), size=pl.col("words").str.len_bytes()
        )
        start[at], size[at] = told["start"].to_numpy(), told["size"].to_numpy()
        size[at[holds(told.select(pl.col("text").str.head(pl.col("start"))).to_series(), _DENIED)]] = 0
    return start, size
