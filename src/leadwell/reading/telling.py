"""Which facts do phrases tell, once heard together? Readiness, relations, insurance, papers, reach, place, language.

One rule for `read`: the mentions of these kinds are picked once and shared.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading import besttime, insurance, readiness, relations, wanted, whereabouts, wishes
from leadwell.reading.facts import Facts
from leadwell.reading.heard import Heard
from leadwell.reading.language import language
from leadwell.reading.mentions import Mentions
from leadwell.reading.picked import codes

_RULES: Final = (readiness, relations, insurance, wishes, whereabouts)
KINDS: Final = tuple(kind for rule in _RULES for kind in rule.KINDS)
BESIDE: Final = tuple(kind for rule in _RULES for kind in rule.BESIDE)
_WHOM: Final = (*readiness.KINDS, *relations.KINDS)
_BESIDE_WHOM: Final = (*readiness.BESIDE, *relations.BESIDE)


def telling(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    heard, facts = Heard.of(mentions, codes(wanted.search(playbook), KINDS), BESIDE), Facts.of(mentions)
    ready = readiness.readiness(heard, facts)
    relations.relations(heard, ready, facts)
    insurance.insurance(heard, playbook, facts)
    wishes.wishes(heard, facts)
    besttime.best_time(heard, facts)
    whereabouts.whereabouts(heard, facts)
    return pl.DataFrame([*facts.columns(), *language(mentions).get_columns()])


def whom(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """Of all that only whom they ask for, and who speaks: `telling` where nothing else is wanted."""
    heard, facts = Heard.of(mentions, codes(wanted.search(playbook), _WHOM), _BESIDE_WHOM), Facts.of(mentions)
    relations.relations(heard, readiness.readiness(heard, facts), facts)
    return pl.DataFrame(facts.columns())
