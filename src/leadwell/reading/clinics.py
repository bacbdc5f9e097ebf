"""Which of our clinics do they name as the one they want?"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import wanted
from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Picked, codes

_KINDS: Final = ("location", "home")
# "Augusta here, I need a shot" says where they are.
_OPENS: Final = r"(?:^|[^a-z0-9' ]) *$"
_HERE: Final = r"^ +(?:here|aqui|resident|residente|native|local)(?: *$| *[^a-z0-9' ])"
_BEHIND: Final = 20


def _here(picked: Picked, named: Ints) -> Flags:
    folded, (text, start, end) = picked.mentions.texts.frame["folded"], picked.spans(named)
    before = words(folded, Spans(text, np.maximum(start - _BEHIND, 0), start))
    here: Flags = holds(before, _OPENS) & holds(words(folded, Spans(text, end, end + _BEHIND)), _HERE)
    return here


def location(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.location`: the first named that is not denied, past or somebody else's, nor only where they live."""
    picked, facts = Picked.of(mentions, codes(wanted.search(playbook), _KINDS)), Facts.of(mentions)
    homes, named = picked.of_kind("home"), picked.of_kind("location")
    meant = picked.asserted[named] & ~np.isin(picked.first[named], picked.last[homes] + 1) & ~_here(picked, named)
    facts.add("location", picked, named[meant])
    return pl.DataFrame(facts.columns())
