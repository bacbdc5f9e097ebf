"""What makes a request specific? A condition, procedure, reason, outside provider, clinic or earlier tests, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import wanted
from leadwell.reading.context import within_longer
from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Ints
from leadwell.reading.listed import listed
from leadwell.reading.mentions import Mentions
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Picked, codes, distinct

KINDS: Final = ("condition", "procedure", "reason", "provider", "clinic", "imaging")
_BARE: Final = ("provider.title", "clinic.word")
_FOUND: Final = (*KINDS, *_BARE, "location")
_TOLD_AS: Final = np.array([*range(len(KINDS)), KINDS.index("provider"), KINDS.index("clinic"), KINDS.index("clinic")])
_NAME: Final = r"[A-ZÁÉÍÓÚÑ][\w'’.-]*"
_NAMED_AFTER: Final = rf"^\.?\s+(?:{_NAME}\s+)?[A-ZÁÉÍÓÚÑ][\w'’-]+"  # Dr. Sana Whitby
_NAMED_BEFORE: Final = rf"(?:{_NAME}\s+){{1,4}}$"  # St. Mary's Hospital
_NO_NAME: Final = (
    r"^(?:(?:The|A|An|My|Your|Our|At|In|I|Is|Do|Does|To|From|This|That|Hi|Hello|Dear|El|La|Mi|Su|En|Hola)\s+)+"
)
_WIDTH: Final = 60  # characters looked at on one side


def specifics(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.specifics`, and of conditions and procedures the first that is the patient's: its words as we have them."""
    picked = Picked.of(mentions, codes(wanted.search(playbook), _FOUND))
    if not len(picked.at):
        return pl.DataFrame()
    picked, found = _named(picked, playbook)
    kind = _TOLD_AS[picked.kind]
    spans = pl.DataFrame({"first": picked.first[found], "last": picked.last[found]})
    found = found[~within_longer(spans, spans).to_numpy()]
    found = found[distinct(kind[found], picked.first[found], picked.last[found])]
    facts, wording = Facts.of(mentions), mentions.phrases["wording"]
    said = found[~picked.negated[found] & ~picked.other[found]]
    said = said[np.argsort(picked.past[said], kind="stable")]
    for name in ("condition", "procedure"):
        own = said[kind[said] == KINDS.index(name)]
        facts.add(name, picked, own, wording, picked.phrase[own])
    kinds = pl.Series(KINDS)[pl.Series(kind[found])]
    return pl.DataFrame([listed("specifics", picked, found, kinds, picked.context[found]), *facts.columns()])


def _named(picked: Picked, playbook: Playbook) -> tuple[Picked, Ints]:
    """Titles and kinds of clinic only with a name, and with it, and after what else begins at the same word."""
    bare = np.isin(picked.kind, [_FOUND.index(kind) for kind in _BARE])
    if not bare.any():
        return picked, np.arange(len(bare))
    at = np.flatnonzero(bare)
    ahead, beyond = _names(picked, at)
    start, end = picked.start.copy(), picked.end.copy()
    start[at] -= ahead
    end[at] += beyond
    picked = replace(picked, start=start, end=end)
    kept = np.ones(len(bare), dtype=np.bool_)
    kept[at] = (ahead + beyond) > 0
    named = at[kept[at]]
    if len(named):
        said = words(picked.mentions.texts.frame["received"], picked.spans(named)).str.to_lowercase()
        ours = pl.select(
            pl.lit(playbook.organization.name.lower()).str.contains(pl.lit(said), literal=True)
        ).to_series()
        kept[named] = ~ours.to_numpy()
    found = np.flatnonzero(kept)
    return picked, found[np.lexsort((bare[found], picked.first[found]))]


def _names(picked: Picked, bare: Ints) -> tuple[Ints, Ints]:
    """How many characters of a name stand before each kind of clinic, and after each title."""
    received, (text, start, end) = picked.mentions.texts.frame["received"], picked.spans(bare)
    said = words(received, Spans(text, start, np.minimum(end, start + 1)))
    around = pl.DataFrame(
        [
            words(received, Spans(text, np.maximum(start - _WIDTH, 0), start)).alias("before"),
            words(received, Spans(text, end, end + _WIDTH)).alias("after"),
            pl.Series("title", picked.kind[bare] == _FOUND.index("provider.title")),
            pl.Series("capital", holds(said, "^[A-Z]")),
        ]
    )
    before = pl.col("before").str.extract(f"({_NAMED_BEFORE})").str.replace(_NO_NAME, "").str.len_chars()
    after = pl.col("after").str.extract(f"({_NAMED_AFTER})").str.len_chars()
    told = around.select(
        pl.when(~pl.col("title") & pl.col("capital")).then(before).otherwise(0).fill_null(0).alias("ahead"),
        pl.when("title").then(after).otherwise(0).fill_null(0).alias("beyond"),
    )
    return told["ahead"].to_numpy().astype(np.int64), told["beyond"].to_numpy().astype(np.int64)
