"""What is asked for? Services, what others offer, what organisations ask; with the words that name them."""

from __future__ import annotations

import polars as pl

from leadwell.contract import MENTION
from leadwell.playbook.model import Playbook
from leadwell.reading.mentions import Mentions

_LISTS = {"services": "service", "elsewhere": "elsewhere", "offers": "offer"}


def asked(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    return pl.concat([listed(mentions, name, mentions.of(kind)) for name, kind in _LISTS.items()], how="horizontal")


def listed(mentions: Mentions, name: str, found: pl.DataFrame) -> pl.DataFrame:
    """Mentions of each lead as one list in the contract's shape; NULL where there are none."""
    one = pl.struct(
        "key", pl.col("field").cast(pl.String), pl.col("said").alias("text"), "start", "end", "context"
    ).cast(MENTION)
    grouped = found.group_by("row", maintain_order=True).agg(one.alias(f"read.{name}"))
    return mentions.by_lead(grouped)
