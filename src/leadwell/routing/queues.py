"""For which team does a lead wait? The first whose `handles` is true; the fallback team where none is.

A lead that is no enquiry for care goes to the playbook's team for its kind. Unknown is not true: only TRUE acts.
"""

from __future__ import annotations

import polars as pl

from leadwell.playbook.model import Playbook


def queue(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """A judged frame (facts, findings, `other`, `grade`, `urgency`, `disposition`) -> the key of a team; never NULL."""
    other = [pl.when(pl.col("other") == o.key).then(pl.lit(o.team)) for o in playbook.other.values()]
    handles = [pl.when(t.handles.expr).then(pl.lit(t.key)) for t in playbook.teams.values() if t.handles]
    return frame.select(pl.coalesce(*other, *handles, pl.lit(playbook.fallback_team)).alias("queue")).to_series()
