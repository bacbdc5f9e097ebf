"""Who pays: which plan, of which kind, or the person themselves? (promise 12)

A payer they ask about ("do you take Aetna?") is probably theirs and counts where they name no other. A plan that is
lost, denied or not to be used does not count.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.playbook.model import Playbook
from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard

KINDS: Final = ("payer", "payer.second", "plan", "payment")
_OVER: Final = ("payer-over", "payer-ended")
_PUBLIC: Final = ("medicare", "medicaid")  # whoever names an insurer beside them means the insurer's plan
_PLAN_RANK: Final = {"medicare-advantage": 0, "medicaid": 1, "hmo": 2, "ppo": 2, "pos": 2, "other": 3, "medicare": 4}


def insurance(heard: Heard, playbook: Playbook) -> pl.DataFrame:
    selves = _payments(heard, "self")
    plans = _without_rows(_payments(heard, "plan"), selves)
    paid = pl.concat([selves, plans])
    facts = [_payer(heard, playbook), _plan(heard, selves), heard.fact("payment", paid)]
    return pl.concat(facts, how="horizontal")


def _payments(heard: Heard, key: str) -> pl.DataFrame:
    found = heard.all("payment")
    if found.is_empty():
        return found
    return found.filter((pl.col("key") == key) & ~pl.col("negated") & ~pl.col("other") & ~pl.col("past"))


def _without_rows(found: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    if found.is_empty() or leads.is_empty():
        return found
    return found.filter(~pl.col("row").is_in(leads["row"].implode()))


def _held(heard: Heard, kind: str) -> pl.DataFrame:
    """Mentions of a plan that is not denied, lost or somebody else's."""
    found = heard.all(kind)
    if found.is_empty():
        return found
    found = found.filter(~pl.col("negated") & ~pl.col("hypothetical") & ~pl.col("past"))
    over = beside(heard.mentions.texts, found, *_OVER)
    return found.filter(~(over["payer-over"] | over["payer-ended"]))


def _payer(heard: Heard, playbook: Playbook) -> pl.DataFrame:
    found = _held(heard, "payer")
    if found.is_empty():
        return heard.fact("payer", found)
    says = beside(heard.mentions.texts, found, "payer-has", "payer-asks")
    named = pl.concat([found, says], how="horizontal").with_columns(payer=_as_accepted(playbook))
    second = heard.all("payer.second")["row"].unique()
    public = pl.col("key").is_in(_PUBLIC) & ~pl.col("row").is_in(second.implode())
    asked = pl.col("payer-asks") & ~pl.col("payer-has")
    named = named.with_columns(
        rank=pl.when("other").then(3).when(asked).then(2).when(public).then(1).otherwise(0),
        medicare=(pl.col("key") == "medicare") & pl.col("row").is_in(second.implode()),
    ).sort("row", "rank", "medicare", "first", descending=[False, False, True, False], maintain_order=True)
    best = pl.col("rank") == pl.col("rank").min().over("row")
    named = named.filter(best)
    several = (pl.col("payer").n_unique().over("row") > 1) & (pl.col("rank") == 2)
    return heard.fact("payer", named.filter(~several), pl.col("payer"))


def _as_accepted(playbook: Playbook) -> pl.Expr:
    """The playbook's own name for the payer, where it lists it under another spelling of the same family."""
    return pl.col("key").replace(accepted_names(playbook))


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
    from leadwell.reading.lexicons import phrases  # noqa: PLC0415

    plain = f" {_plain(name)} "
    known = [(len(p.text), p.key) for p in phrases() if p.kind == "payer" and f" {_plain(p.text)} " in plain]
    return max(known)[1] if known else None


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _plan(heard: Heard, selves: pl.DataFrame) -> pl.DataFrame:
    """Who pays themselves uses no plan; HMO and PPO together are a question."""
    found = _without_rows(_held(heard, "plan"), selves)
    if not found.is_empty():
        rank = pl.col("key").replace_strict(_PLAN_RANK, default=9, return_dtype=pl.Int32)
        ranked = found.with_columns(rank=rank).filter(pl.col("rank") == pl.col("rank").min().over("row"))
        found = ranked.filter(pl.col("key").n_unique().over("row") == 1).drop("rank")
    none = selves.with_columns(key=pl.lit("none"))
    return heard.fact("plan_kind", pl.concat([none, found]))
