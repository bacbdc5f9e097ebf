"""Who pays: which plan, of which kind, or the person themselves? (promise 12)

A payer they ask about ("do you take Aetna?") is probably theirs and counts where they name no other. A plan that is
lost, denied or not to be used does not count.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.evidence import said as words
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.heard import NONE, Heard, differ
from leadwell.reading.lexicons import entries_of
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Codes

KINDS: Final = ("payer", "payer.second", "plan", "payment")
BESIDE: Final = ("payer", "plan", "payment")
_NOT_THEIRS: Final = ("payment-unable", "payment-asked", "payment-over", "payment-beyond")  # sides of what one pays
_UNINSURED: Final = r"insur|segur|coverage|(?-u:\b)ins(?-u:\b)"
_PUBLIC: Final = {"medicare": 0, "medicaid": 0}  # whoever names an insurer beside them means the insurer's plan
_PLAN_RANK: Final = {"medicare-advantage": 0, "medicaid": 1, "hmo": 2, "ppo": 2, "pos": 2, "other": 3, "medicare": 4}


def insurance(heard: Heard, playbook: Playbook, facts: Facts) -> None:
    held = _held(heard, "payer")
    selves = _not_awaiting(heard, _not_replaced(heard, _not_unwilling(heard, _payments(heard, "self")), held))
    plans = heard.of_others(_payments(heard, "plan"), selves)
    _payer(heard, held, playbook, facts)
    _plan(heard, selves, facts)
    facts.add("payment", heard.said, np.concatenate([selves, plans]))


def _payments(heard: Heard, key: str) -> Ints:
    found, said = heard.all("payment"), heard.said
    return found[heard.keyed(found, key) & ~said.negated[found] & ~said.other[found] & ~said.past[found]]


def _not_unwilling(heard: Heard, selves: Ints) -> Ints:
    """Who cannot pay themselves, asks whether they must, or is through with it does not; nor does who is "not without
    insurance". Who has none has none, whatever they are able to."""
    if not len(selves):
        return selves
    told = words(heard.mentions.texts.frame["folded"], heard.said.spans(selves))
    unwilling = np.logical_or.reduce([heard.fits(selves, side) for side in _NOT_THEIRS])
    return selves[~np.where(holds(told, _UNINSURED), heard.fits(selves, "payment-not-without"), unwilling)]


def _not_replaced(heard: Heard, selves: Ints, payers: Ints) -> Ints:
    """Without what stands before a plan that they have by now: "was paying cash, now I have Cigna"."""
    said = heard.said
    payers = heard.of_the_same(payers, selves)
    now = payers[heard.fits(payers, "payer-now")]
    if not len(now) or not len(selves):
        return selves
    last = np.full(heard.mentions.height, -1, dtype=np.int64)
    np.maximum.at(last, said.row[now], said.first[now])
    return selves[last[said.row[selves]] <= said.first[selves]]


def _not_awaiting(heard: Heard, selves: Ints) -> Ints:
    """Who has no insurance and waits for a plan has not said who pays; who pays cash meanwhile has."""
    payers = heard.of_the_same(heard.all("payer"), selves)
    awaited = payers[heard.fits(payers, "payer-awaited")]
    if not len(awaited) or not len(selves):
        return selves
    told = words(heard.mentions.texts.frame["folded"], heard.said.spans(selves))
    waits = heard.said.leads(awaited)[heard.said.row[selves]] & holds(told, _UNINSURED)
    return selves[~waits]


def _held(heard: Heard, kind: str) -> Ints:
    """Mentions of a plan that is not denied, lost or somebody else's."""
    found, said = heard.all(kind), heard.said
    found = found[~said.negated[found] & ~said.hypothetical[found] & ~said.past[found]]
    found = found[~heard.fits(found, "payer-over")]
    return found[~heard.fits(found, "payer-ended")]


def _payer(heard: Heard, found: Ints, playbook: Playbook, facts: Facts) -> None:
    said = heard.said
    row, key = said.row[found], said.key[found]
    second = said.leads(heard.all("payer.second"))[row]
    asked = heard.fits(found, "payer-asks") & ~heard.fits(found, "payer-has")
    public = said.codes.ranks(_PUBLIC)[key] == 0
    rank = np.select([said.other[found], asked, public & ~second], [3, 2, 1], 0)
    medicare = heard.keyed(found, "medicare") & second
    order = np.lexsort((said.first[found], ~_accepts(said.codes, key, playbook), ~medicare, rank, row))
    best = order[heard.least(found[order], rank[order])]
    payers, which = _as_accepted(said.codes, key[best], playbook)
    settled = ~(differ(row[best], which, heard.mentions.height)[row[best]] & (rank[best] == 2))
    facts.add("payer", said, found[best[settled]], payers, which[settled])


def _accepts(codes: Codes, key: Ints, playbook: Playbook) -> Flags:
    """Which of these payers the playbook accepts: who names two plans is asked which only where neither is."""
    names = {*accepted_names(playbook), *playbook.payers.accepted}
    one, which = np.unique(key, return_inverse=True)
    accepted = np.array([codes.keys[number] in names for number in one.tolist()], dtype=np.bool_)
    return accepted[which]


def _as_accepted(codes: Codes, key: Ints, playbook: Playbook) -> tuple[pl.Series, Ints]:
    """The playbook's own names for payers, where it lists them under another spelling of the same family, and which
    of these each key is."""
    accepted, (distinct, which) = accepted_names(playbook), np.unique(key, return_inverse=True)
    names = [accepted.get(codes.keys[number], codes.keys[number]) for number in distinct]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return pl.Series(list(number), dtype=pl.String), np.array([number[name] for name in names], dtype=np.int64)[which]


_names: dict[str, dict[str, str]] = {}


def accepted_names(playbook: Playbook) -> dict[str, str]:
    """Family -> the name by which the playbook accepts it; the family's own name wins."""
    if playbook.version not in _names:
        families = {name: family_of(name) for name in playbook.payers.accepted}
        by_family = {family: name for name, family in reversed(families.items()) if family is not None}
        by_family |= {family: family for family in by_family if family in families}
        _names[playbook.version] = by_family
    return _names[playbook.version]


def family_of(name: str) -> str | None:
    """The canonical family of a payer's name: "Blue Cross Blue Shield of IL" is bcbs."""
    plain = f" {_plain(name)} "
    known = [(len(text), family) for family, text in _families() if f" {_plain(text)} " in plain]
    return max(known)[1] if known else None


@cache
def _families() -> tuple[tuple[str, str], ...]:
    """Each family of payers with each of its names."""
    payers = (entry for entry in entries_of("insurance.toml") if entry.kind == "payer")
    return tuple((entry.key, phrase.text) for entry in payers for phrase in entry.phrases)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _plan(heard: Heard, selves: Ints, facts: Facts) -> None:
    """Who pays themselves uses no plan; HMO and PPO together are a question."""
    found, said = heard.of_others(_held(heard, "plan"), selves), heard.said
    rank = said.codes.ranks(_PLAN_RANK)[said.key[found]]
    found = heard.alike(found[heard.least(found, rank)])
    kinds = pl.concat([said.codes.names, pl.Series("key", [NONE])])
    none = np.full(len(selves), len(said.codes.keys))
    facts.add("plan_kind", said, np.concatenate([selves, found]), kinds, np.concatenate([none, said.key[found]]))
