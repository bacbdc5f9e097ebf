"""What makes a request specific? A condition, procedure, reason, outside provider, clinic or earlier tests, by name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.contract import EVIDENCE, MENTION, READ_VALUES
from leadwell.playbook.model import Playbook
from leadwell.reading import lexicons
from leadwell.reading.asked import listed
from leadwell.reading.context import within_longer
from leadwell.reading.fold import folded_words
from leadwell.reading.mentions import Mentions

KINDS: Final = ("condition", "procedure", "reason", "provider", "clinic", "imaging")
_FOUND: Final = (*KINDS, "provider.title", "clinic.word", "location")
_NAME: Final = r"[A-ZÁÉÍÓÚÑ][\w'’.-]*"
_NAMED_AFTER: Final = rf"^\.?\s+(?:{_NAME}\s+)?[A-ZÁÉÍÓÚÑ][\w'’-]+"  # Dr. Sana Whitby
_NAMED_BEFORE: Final = rf"(?:{_NAME}\s+){{1,4}}$"  # St. Mary's Hospital
_NO_NAME: Final = (
    r"^(?:(?:The|A|An|My|Your|Our|At|In|I|Is|Do|Does|To|From|This|That|Hi|Hello|Dear|El|La|Mi|Su|En|Hola)\s+)+"
)
_WIDTH: Final = 60  # characters looked at on one side


@lru_cache(maxsize=1)
def _kinds() -> tuple[dict[str, tuple[int, str]], int]:
    """The folded words of the lexicon -> where they stand and their kind; and the most words of one."""
    phrases = [p for p in lexicons.phrases() if p.kind in ("condition", "reason", "imaging", "procedure")]
    kinds: dict[str, tuple[int, str]] = {}
    for at, (phrase, words) in enumerate(zip(phrases, folded_words([p.text for p in phrases]), strict=True)):
        kinds.setdefault(" ".join(words), (at, phrase.kind))
    return kinds, max((text.count(" ") + 1 for text in kinds), default=0)


@lru_cache(maxsize=4096)
def _known(words: str) -> str | None:
    """The kind of the longest words of the lexicon that these hold; of equally long ones, those that stand first."""
    kinds, most = _kinds()
    said = re.sub(r"[^a-z0-9]+", " ", words.lower()).split()
    runs = (" ".join(said[i:j]) for i in range(len(said)) for j in range(i + 1, min(i + most, len(said)) + 1))
    held = [(-len(run), *kinds[run]) for run in runs if run in kinds]
    return min(held)[-1] if held else None


def kind_of(words: str) -> str:
    """Of which kind a playbook's specific words are; a condition unless the lexicon knows better."""
    return _known(words) or "condition"


def lasts(words: str) -> bool:
    """Whether words name a condition or an injury, which is asked about however long ago it began."""
    return _known(words) in ("condition", "reason")


def specifics(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.specifics`, and of conditions and procedures the first that is the patient's: its words as we have them."""
    found = mentions.of(*_FOUND)
    if found.is_empty():
        return _nothing(mentions.height)
    found = _named(found, mentions, playbook)
    found = found.filter(~within_longer(found, found)).unique(
        ["kind", "first", "last"], keep="first", maintain_order=True
    )
    said = found.filter(~pl.col("negated") & ~pl.col("other")).sort("row", "past", maintain_order=True)
    facts = [
        mentions.fact(
            kind, said.filter(pl.col("kind") == kind), pl.lit(mentions.phrases["wording"]).gather(pl.col("phrase"))
        )
        for kind in ("condition", "procedure")
    ]
    return pl.concat([listed(mentions, "specifics", found.with_columns(key="kind")), *facts], how="horizontal")


def _nothing(height: int) -> pl.DataFrame:
    facts = {"condition": READ_VALUES["condition"], "procedure": READ_VALUES["procedure"]}
    schema: dict[str, pl.DataType] = {"read.specifics": pl.List(MENTION)}
    for name, kind in facts.items():
        schema |= {f"read.{name}": kind, f"read.{name}@": EVIDENCE}
    return pl.DataFrame(schema=schema).clear(height)


def _named(found: pl.DataFrame, mentions: Mentions, playbook: Playbook) -> pl.DataFrame:
    """Titles and kinds of clinic only with a name, and with it; the clinic they name of ours is a clinic."""
    bare = pl.col("kind").is_in(["provider.title", "clinic.word"])
    titles = found.filter(bare)
    if titles.height:
        titles = _with_name(titles, mentions, playbook)
    kind = pl.col("kind").replace({"location": "clinic", "provider.title": "provider", "clinic.word": "clinic"})
    return (
        pl.concat([found.filter(~bare), titles]).with_columns(kind).sort("row", "field", "first", maintain_order=True)
    )


def _with_name(found: pl.DataFrame, mentions: Mentions, playbook: Playbook) -> pl.DataFrame:
    received = pl.lit(mentions.texts.frame["received"]).gather(pl.col("text"))
    start = pl.col("start").cast(pl.Int64)
    behind = (start - _WIDTH).clip(0)
    before = received.str.slice(behind, start - behind).str.extract(f"({_NAMED_BEFORE})").str.replace(_NO_NAME, "")
    after = received.str.slice(pl.col("end"), _WIDTH).str.extract(f"({_NAMED_AFTER})")
    title = pl.col("kind") == "provider.title"
    found = found.with_columns(
        ahead=pl.when(~title & pl.col("said").str.contains("^[A-Z]"))
        .then(before.str.len_chars())
        .otherwise(0)
        .fill_null(0),
        beyond=pl.when(title).then(after.str.len_chars()).otherwise(0).fill_null(0),
    ).filter((pl.col("ahead") > 0) | (pl.col("beyond") > 0))
    found = found.with_columns(
        start=(pl.col("start") - pl.col("ahead")).cast(pl.UInt32),
        end=(pl.col("end") + pl.col("beyond")).cast(pl.UInt32),
    )
    ours = pl.lit(playbook.organization.name.lower())
    found = mentions.worded(found.drop("ahead", "beyond"))
    return found.filter(~ours.str.contains(pl.col("said").str.to_lowercase(), literal=True))
