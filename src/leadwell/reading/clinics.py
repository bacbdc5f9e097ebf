"""Which of our clinics do they name as the one they want?"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import wanted
from leadwell.reading.facts import Facts
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import Picked, codes

_KINDS: Final = ("location", "home")


def location(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.location`: the first named that is not denied, past or somebody else's, nor only where they live."""
    picked, facts = Picked.of(mentions, codes(wanted.search(playbook), _KINDS)), Facts.of(mentions)
    homes, named = picked.of_kind("home"), picked.of_kind("location")
    meant = picked.asserted[named] & ~np.isin(picked.first[named], picked.last[homes] + 1)
    facts.add("location", picked, named[meant])
    return pl.DataFrame(facts.columns())
