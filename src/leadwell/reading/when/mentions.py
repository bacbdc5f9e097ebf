"""What does each day named in a text mean: care wanted then, a deadline, a birthday, and is it past or to come?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.when.context import Around, is_day
from leadwell.reading.when.found import Dates, Days, Names, found_days

# A mention: where it stands, its words as received and folded, its first and last day (NULL: open), how wide it is
# (grain), what stands before it (role), what it is (kind), and whether it is past.
MENTIONS: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "field": pl.String(), "received": pl.Date(), "words": pl.String(), "said": pl.String(),
    "start": pl.UInt32(), "end": pl.UInt32(),
    "first": pl.Date(), "last": pl.Date(), "grain": pl.String(), "role": pl.String(),
    "kind": pl.String(),   # day | deadline | opens | birth | grown | soon | call | refused | awaited | course
    "tense": pl.String(),  # past | now | future
}  # fmt: skip


_LONG: Final = np.timedelta64(300, "D")


@dataclass(frozen=True, eq=False)
class Meant:
    """MENTIONS as arrays; `at`: in which text."""

    at: Ints
    start: Ints
    end: Ints
    first: Dates
    last: Dates
    received: Dates
    grain: Names
    role: Names
    kind: Names
    tense: Names

    def where(self, which: Flags | Ints) -> Meant:
        return Meant(*(values[which] for values in vars(self).values()))

    def followed(self, other: Meant) -> Meant:
        return Meant(*(np.concatenate(both) for both in zip(vars(self).values(), vars(other).values(), strict=True)))


def meant(texts: pl.DataFrame, among: Flags | None = None) -> tuple[Meant, pl.Series] | None:
    """The days named in `texts` (text, folded, received), `among` these, and their words folded; None where there are
    none."""
    days = found_days(texts, among)
    if days is None:
        return None
    around, one, which = Around.of(days)
    few = days.where(one)
    past, refused = around.past() | (around.papers() & (few.role == "from")), around.refused()
    back = (past | (few.role == "since")) & np.isin(few.role, ["on", "this", "since", "from"])
    back = back[which] & ~np.isnat(days.back_last)
    first, last = np.where(back, days.back_first, days.first), np.where(back, days.back_last, days.last)
    ended = (few.role == "until") & around.held()
    told = Meant(
        days.at,
        days.start,
        days.end,
        first,
        last,
        days.received,
        days.grain,
        np.where(refused & (few.role == "before"), "from", few.role)[which],
        _kind(few, around, refused)[which],
        np.where(ended[which], "past", _tense(days, first, last, past[which])),
    )
    kept = is_day(few, around)[which]
    return told.where(kept), days.said.filter(pl.Series(kept))


def _tense(days: Days, first: Dates, last: Dates, past: Flags) -> Names:
    gone = (last < days.received) | (np.isin(days.role, ["ago", "since"]) & (first <= days.received))
    covers = (first <= days.received) & (last >= days.received)
    # "Three miscarriages in 2 years" is told of what was.
    lasted = past & np.isin(days.role, ["in", "within"]) & (last - days.received > _LONG)
    over = gone | lasted | (covers & past & ~np.isin(days.role, ["within", "in", "before"]))
    return np.select([over, covers], ["past", "now"], "future")


def _kind(days: Days, around: Around, refused: Flags) -> Names:
    fixed = np.isin(days.grain, ["d", "o", "b"]) & (days.role != "after")
    awaited = around.led("awaited") | (around.led("due") & around.before_it("pregnant"))
    told = {
        "birth": around.led("birth"),
        "grown": around.grown(days),
        "refused": (refused & ~np.isin(days.role, ["after", "from", "until", "before"])) | around.others(days),
        "call": around.led("call"),
        "awaited": awaited & ~around.either("afterwards"),
        "opens": around.either("opens"),
        "deadline": (around.led("term") & (days.role != "after")) | around.either("event", fixed),
        "course": around.course(),
    }
    return np.select(list(told.values()), list(told), "day")


def read_mentions(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` as in `read_times` -> MENTIONS, by row and place."""
    told = meant(texts)
    if told is None:
        return pl.DataFrame(schema=MENTIONS)
    mentions, said = told
    whose = texts.select("row", "field", "text")[pl.Series(mentions.at)]
    placed = [pl.Series(name, values) for name, values in vars(mentions).items() if name != "at"]
    words = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
    found = whose.with_columns(said.alias("said"), *placed).with_columns(words=words)
    return found.select(pl.col(name).cast(kind) for name, kind in MENTIONS.items())
