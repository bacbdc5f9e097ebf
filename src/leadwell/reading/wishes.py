"""What papers do they have, and how do they want to be reached and seen?"""

from __future__ import annotations

from typing import Final

import numpy as np

from leadwell.reading.facts import NO_YES, Facts
from leadwell.reading.grouped import Ints
from leadwell.reading.heard import Heard

KINDS: Final = ("referral", "order", "interpreter", "channel", "visit_mode", "time")
BESIDE: Final = ("referral", "order", "interpreter", "channel")
_PAPERS: Final = {"has_referral": "referral", "has_order": "order", "interpreter_needed": "interpreter"}


def wishes(heard: Heard, facts: Facts) -> None:
    for fact, kind in _PAPERS.items():
        _yes_or_no(heard, facts, fact, kind)
    facts.add("preferred_channel", heard.said, _channels(heard))
    facts.add("visit_mode", heard.said, heard.alike(heard.asserted("visit_mode")))


def _channels(heard: Heard) -> Ints:
    """Ways to reach them that are not denied: by what stands right before, since one often names both ("no llamen,
    mándenme un correo")."""
    found, said = heard.all("channel"), heard.said
    settled = ~said.other[found] & ~said.hypothetical[found] & ~said.past[found]
    return found[settled & ~heard.fits(found, "channel-denied")]


def _yes_or_no(heard: Heard, facts: Facts, fact: str, kind: str) -> None:
    """Denied is no; supposed, unsure, somebody else's or on its way is nothing. A no outweighs a yes."""
    found, said = heard.all(kind), heard.said
    settled = ~said.hypothetical[found] & ~said.other[found] & ~said.uncertain[found] & ~heard.keyed(found, "waiting")
    found = found[settled]
    yes = heard.keyed(found, "yes") & ~heard.fits(found, "denied")
    order = np.argsort(yes, kind="stable")
    facts.add(fact, said, found[order], NO_YES, yes[order].astype(np.int64))
