"""The same gate for a whole list: may each of these people be contacted? A frame in, a frame out, row by row.

The decision is the one that `may_contact` takes; here its numbers are read from columns in the place of one value.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from leadwell.permission.asked import Asked
from leadwell.permission.deciding import NO_ONE, Decided, Stricter, decide
from leadwell.permission.framed import of_frame
from leadwell.permission.gate import consent_rule, refusal_rule
from leadwell.permission.own import stricter_of
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import Rules, law
from leadwell.permission.values import Channel, Purpose
from leadwell.playbook.model import Playbook

_YES: Final = len(Refusal)  # numbers of rules: first the refusals, then yes, then what waits, then stops by state


def may_contact_columns(  # noqa: PLR0913  as `may_contact`
    frame: pl.DataFrame,
    *,
    channel: Channel,
    purpose: Purpose,
    at: datetime | str,
    rules: Rules | None = None,
    playbook: Playbook | None = None,
) -> pl.DataFrame:
    """A row for each of the frame's: answer ("yes" | "never" | "not_before"), not_before (Datetime in UTC, NULL), rule.

    `at`: an instant, or the column that holds one for each row. `frame` has what is known, as `Known` has it; a column
    that is missing, or NULL, is not known:

        zones, states             List(String): IANA names; two letters. Those of `Place`, each in any order
        consents                  List(Struct): channel, purpose, kind, at, and until, referred (may be missing)
        stops                     List(Struct): channel or "all", at, and purpose (may be missing)
        contacts                  List(Struct): channel, at
        automated, prerecorded    Boolean
        line_type                 String
        inquired_at               Datetime with a time zone, as all times
        wrong                     List(String): channels by which we reach nobody of theirs
        unable                    List(String): channels that their line may not take
        dnc_listed                Boolean
        dnc_checked_at            Datetime

    Answers equal those of `may_contact`; it alone says why in words. ValueError where a value is none that there is.
    """
    rules = law() if rules is None else rules
    asked = of_frame(frame, channel=channel, purpose=purpose, at=at)
    decided = decide(asked, rules, stricter_of(playbook) if playbook is not None else Stricter())
    refused, waits = decided.refusal != Refusal.NONE, decided.by != NO_ONE
    answer = np.where(refused, 1, np.where(waits, 2, 0))
    not_before = pl.Series(decided.opens).cast(pl.Int64) * 1_000_000
    return pl.DataFrame({
        "answer": pl.Series(["yes", "never", "not_before"]).gather(answer),
        "not_before": not_before.set(pl.Series(answer != 2), None).cast(pl.Datetime("us", "UTC")),
        "rule": _rules(asked, decided, rules),
    })  # fmt: skip


def _rules(asked: Asked, decided: Decided, rules: Rules) -> pl.Series:
    plain = [refusal_rule(refusal, asked, frozenset(), rules) if refusal else "" for refusal in Refusal]
    names = [*plain, consent_rule(asked, rules), *(wait.rule for wait in decided.waits)]
    numbers = np.where(decided.by == NO_ONE, _YES, _YES + 1 + decided.by)
    numbers = np.where(decided.refusal != Refusal.NONE, decided.refusal, numbers)
    stopped = decided.refusal == Refusal.STOPPED
    if stopped.any():  # a state may have a rule of its own for stops
        numbers[stopped] = len(names) + asked.place[stopped]
        names += [refusal_rule(Refusal.STOPPED, asked, where.states, rules) for where in asked.places]
    return pl.Series(names, dtype=pl.String).gather(numbers)
