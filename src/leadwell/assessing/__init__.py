"""What is each lead, what should happen next, and why? `assess` = `link` (who is who), then `judge` (row by row)."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from leadwell import contract
from leadwell.assessing.linking import link
from leadwell.assessing.pipeline import decided, judge, known, settled, told
from leadwell.assessing.prepare import MissingTime, times_told
from leadwell.playbook.model import Playbook

__all__ = ["MissingTime", "assess", "decided", "judge", "known", "link", "settled", "times_told", "told"]


def assess(leads: pl.DataFrame, playbook: Playbook, *, as_of: datetime | None = None) -> pl.DataFrame:
    """Assessments of a list of leads, one row a lead, in their order. One lead alone has nobody to be linked with."""
    linked = link(leads, playbook, as_of=as_of) if leads.height > 1 else leads.drop(contract.LINK, strict=False)
    return judge(linked, playbook, as_of=as_of)
