"""Do the facts agree with each other? (promise 14)

Not met where two facts cannot both be right: the playbook's conflicts, and a few that hold everywhere. Both sides are
shown. A mobile number from another state is no conflict: people move and keep their number.

Adds: `conflict:<i>` for each conflict (whether it holds, never NULL); consistency, never unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.assessing import stated as fields
from leadwell.assessing.because import Because
from leadwell.assessing.facts import quotable
from leadwell.assessing.findings import MET, NOT_MET
from leadwell.assessing.longtable import Choice, chosen
from leadwell.assessing.patient import OLDEST, for_self
from leadwell.assessing.sources import IN, in_a_field
from leadwell.playbook.model import Playbook

NEEDS: Final = (
    "in.age", "birth_date", "birth_date#", "as_of_date", "read.age", "read.age@", "asks_for", "zip_state",
    "contact.state", "named.service", "asked.services", "unwanted.services",
)  # fmt: skip
ADDS: Final = ("consistency",)
PREFIX: Final = "conflict:"

_AGES: Final = "The age given and the date of birth do not agree"
_AGE_WORDS: Final = "The age in the form and the age in the words differ"
_BIRTH_WORDS: Final = "The date of birth and the age in the words do not agree"
_BY_WORDS: Final = (_AGE_WORDS, _BIRTH_WORDS)
_OF_ONESELF: Final = r"(?i)\b(?:i['’]?m|i am|i turned|i was born|my age|tengo|soy|mi edad|cumplí|cumpli|naci|nací)\b"
_STATES: Final = "The ZIP code is not in the state given"
_UNWANTED: Final = "The form asks for a service that the words say is not wanted"


def conflicts(playbook: Playbook) -> dict[str, tuple[pl.Expr, tuple[str, ...]]]:
    """What each conflict says -> when it holds, and the columns or facts that are its sides."""
    stated_age = fields.number(IN + "age")
    from_birth = (pl.col("as_of_date") - pl.col("birth_date")).dt.total_days() / 365.2425
    sensible = stated_age.is_between(0, OLDEST)
    own = {
        _AGES: (sensible & ((stated_age.floor() - from_birth.floor()).abs() > 1), ("age", "birth_date")),
        _AGE_WORDS: (sensible & for_self() & ((stated_age - pl.col("read.age")).abs() > 1), ("age",)),
        _BIRTH_WORDS: (_born_otherwise(from_birth), ("birth_date",)),
        _STATES: (pl.col("contact.state") != pl.col("zip_state"), ("zip", "state")),
        _UNWANTED: (_refused(), ("service",)),
    }
    if any({"state", "zip_state"} <= c.when.names for c in playbook.conflicts):
        del own[_STATES]  # the playbook says it in its own words
    of_playbook = {c.says: (c.when.expr, c.when.in_order) for c in playbook.conflicts}
    return of_playbook | own


def _born_otherwise(from_birth: pl.Expr) -> pl.Expr:
    """The date of birth is a field's, and who asks for themselves says of themselves to be of another age."""
    differ = (from_birth.floor() - pl.col("read.age")).abs() > 1
    own = (pl.col("asks_for") == "self") & pl.col("read.age@").struct.field("text").str.contains(_OF_ONESELF)
    return in_a_field("birth_date") & own & differ & pl.col(IN + "age").is_null()


def _refused() -> pl.Expr:
    """The chosen service is named in the words only as not wanted."""
    chosen = pl.col("named.service").struct.field("key")
    unwanted, wanted = pl.col("unwanted.services"), pl.col("asked.services")
    return chosen.is_not_null() & unwanted.list.contains(chosen) & ~wanted.list.contains(chosen)


def columns(playbook: Playbook) -> dict[str, pl.Expr]:
    found = {f"{PREFIX}{i}": when.fill_null(False) for i, (when, _) in enumerate(conflicts(playbook).values())}
    disagree = pl.any_horizontal(list(found))
    return found | {"consistency": pl.when(disagree).then(pl.lit(NOT_MET)).otherwise(pl.lit(MET))}


def held(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead, what its conflicts say: list of text."""
    choice = _choice(playbook)
    return chosen(frame[[f"{PREFIX}{i}" for i in range(len(choice.first))]], choice)


@lru_cache(maxsize=64)
def _choice(playbook: Playbook) -> Choice:
    return Choice.of(list(conflicts(playbook)), pl.String())


def because(playbook: Playbook) -> Iterator[Because]:
    for i, (says, (_, sides)) in enumerate(conflicts(playbook).items()):
        for side in quotable(sides, playbook):
            yield Because("consistency", pl.col(f"{PREFIX}{i}"), says, fact=side)
        if says in _BY_WORDS:
            yield Because("consistency", pl.col(f"{PREFIX}{i}"), says, words="read.age@")
    yield Because("consistency", pl.col("consistency") == "met", "no two facts contradict each other")
