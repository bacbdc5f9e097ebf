"""Do two records share a telephone or a mailbox, or nearly?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from leadwell.identity.names import MISSING, edits, likeness
from leadwell.identity.records import Codes
from leadwell.identity.sides import Levels, Pairs, close_to, levels_of, nearly


def contact(pairs: Pairs, table: Codes, field: str) -> tuple[Levels, Codes]:
    """Any contact the same; else how the first ones differ."""
    first, second = table[pairs.low], table[pairs.high]
    shared = np.zeros(len(first), dtype=np.int32)
    for a in range(table.shape[1]):
        for b in range(table.shape[1]):
            same = (first[:, a] > 0) & (first[:, a] == second[:, b])
            shared = np.where(same, first[:, a], shared)
    judge = _numbers(pairs) if field == "phone" else _mailboxes(pairs)
    levels = levels_of(np.where(shared > 0, shared, first[:, 0]), np.where(shared > 0, shared, second[:, 0]), judge)
    return levels, shared


def _numbers(pairs: Pairs) -> Callable[[Codes, Codes], Levels]:
    """A mistyped number, unless both are of the hundred kept for fiction, which are alike by design."""
    close = close_to(pairs, "phone", most=1)

    def judge(a: Codes, b: Codes) -> Levels:
        fiction = [pairs.texts("phone", codes).str.contains(r"\d{3}55501\d\d$").to_numpy() for codes in (a, b)]
        levels = close(a, b)
        levels[(levels == 1) & fiction[0] & fiction[1]] = MISSING
        return levels

    return judge


def _mailboxes(pairs: Pairs) -> Callable[[Codes, Codes], Levels]:
    def judge(a: Codes, b: Codes) -> Levels:
        one, other = pairs.records.mailboxes[a], pairs.records.mailboxes[b]
        same_name = (one == other) & (one > 0)
        close = np.zeros(len(a), dtype=np.bool_)
        near = np.flatnonzero(nearly(pairs, "email", a, b, most=4))
        x, y = (pairs.texts("email", codes[near]).to_list() for codes in (a, b))
        close[near] = (edits(x, y) <= 2) & (likeness(x, y) >= 0.92)
        return np.select([same_name, close], [1, 2], default=3).astype(np.uint8)

    return judge


def unmark_mailboxes_named_alike(pairs: Pairs, levels: Levels) -> None:
    """Two people of one name have mailboxes alike (johnsmith, john_smith7): that says no more than the name did.

    Unless the figures in them are the same.
    """
    at = np.flatnonzero((levels == 1) | (levels == 2))
    if len(at) == 0:
        return
    one, other = (
        pairs.texts("email", pairs.records.emails[side[at], 0]).str.extract(r"^([^@]+)@").fill_null("")
        for side in (pairs.low, pairs.high)
    )
    frame = pl.DataFrame({"mailbox": one.str.replace_all(r"[^\p{L}\p{N}]", "")}).with_columns(
        pairs.texts(field, pairs.sides(field)[0][at]).str.replace_all(" ", "").alias(field)
        for field in ("given", "family")
    )
    named = pl.any_horizontal(
        pl.col("mailbox").str.contains(pl.col(field), literal=True) & (pl.col(field).str.len_chars() >= 3)
        for field in ("given", "family")
    )
    figures, others = one.str.replace_all(r"\D", ""), other.str.replace_all(r"\D", "")
    told = (figures == others) & (figures.str.len_chars() >= 2)
    plain = frame.select(named.fill_null(False)).to_series() & ~told
    levels[at[plain.to_numpy()]] = MISSING
