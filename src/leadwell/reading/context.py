"""How is a thing mentioned? Denied, supposed, over, of somebody else, unsure: by the cues around it.

Cues are phrases of the lexicons (`cues-*.toml`) of the kinds `cue.<flag>`; a cue governs what follows it, what precedes
it, or both, within its sentence, as far as it reaches and no further than a cue of the kind `cue.end` ("but").
"""

from __future__ import annotations

from typing import Final

import polars as pl

FLAGS: Final = ("negated", "hypothetical", "past", "other", "uncertain")
CONTEXT: Final = (*FLAGS, "context")  # the columns added: Booleans, and one of contract.CONTEXTS


def add(mentions: pl.DataFrame) -> pl.DataFrame:
    """Mentions -> the same with `negated`, `hypothetical`, `past`, `other`, `uncertain` and `context`."""
    flagged = mentions.with_columns(pl.lit(False).alias(flag) for flag in FLAGS)
    context = (
        pl.when("negated").then(pl.lit("negated"))
        .when("other").then(pl.lit("other person"))
        .when("hypothetical").then(pl.lit("hypothetical"))
        .when("past").then(pl.lit("past"))
        .otherwise(pl.lit("asserted"))
    )  # fmt: skip
    return flagged.with_columns(context=context)
