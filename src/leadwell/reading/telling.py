"""Which facts do phrases tell, once heard together? Readiness, relations, insurance, papers, reach, place, language.

One rule for `read`: the mentions of these kinds are picked once and shared.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import besttime, insurance, readiness, relations, whereabouts, wishes
from leadwell.reading.heard import Heard
from leadwell.reading.language import language
from leadwell.reading.mentions import Mentions

KINDS: Final = (*readiness.KINDS, *relations.KINDS, *insurance.KINDS, *wishes.KINDS, *whereabouts.KINDS)
_WHOM: Final = (*readiness.KINDS, *relations.KINDS)


def telling(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    heard = Heard.of_kinds(mentions, KINDS)
    ready = readiness.readiness(heard)
    told = [
        ready.facts,
        relations.relations(heard, ready),
        insurance.insurance(heard, playbook),
        wishes.wishes(heard),
        besttime.best_time(heard),
        whereabouts.whereabouts(heard),
        language(mentions),
    ]
    return pl.concat(told, how="horizontal")


def whom(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """Of all that only whom they ask for, and who speaks: `telling` where nothing else is wanted."""
    heard = Heard.of_kinds(mentions, _WHOM)
    return relations.relations(heard, readiness.readiness(heard))
