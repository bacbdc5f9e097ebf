"""Which of our clinics do they name as the one they want?"""

from __future__ import annotations

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.mentions import Mentions


def location(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.location`: the first named that is not denied, past or somebody else's, nor only where they live."""
    named = mentions.asserted("location")
    if named.is_empty():
        return mentions.fact("location", named)
    homes = mentions.table.filter(pl.col("kind") == "home").select(first=pl.col("last") + 1)
    return mentions.fact("location", named.join(homes, on="first", how="anti", maintain_order="left"))
