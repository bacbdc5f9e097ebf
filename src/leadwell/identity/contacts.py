"""Do two records share a telephone or a mailbox, or nearly?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from leadwell.identity.names import MISSING, edits, likeness, solid
from leadwell.identity.records import Codes
from leadwell.identity.rules import Columns, applied, flags, worked_out
from leadwell.identity.sides import Levels, Pairs, close_to, figures, levels_of, nearly


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
        fiction = [flags(applied(_of_fiction, pairs.texts("phone", codes))) for codes in (a, b)]
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
    a, b = (pairs.texts("email", pairs.records.emails[side[at], 0]) for side in (pairs.low, pairs.high))
    given, family = (pairs.texts(field, pairs.sides(field)[0][at]) for field in ("given", "family"))
    plain = worked_out(_named_alike, a=a, b=b, given=given, family=family)["plain"]
    levels[at[flags(plain)]] = MISSING


def _named_alike(a: Columns, b: Columns, given: Columns, family: Columns) -> dict[str, Columns]:
    """The mailbox of the first bears their name, and its figures are not the other's."""
    one, other = (local_part(address).fill_null("") for address in (a, b))
    mailbox = one.str.replace_all(r"[^\p{L}\p{N}]", "")
    named = bears(mailbox, solid(given)).fill_null(False) | bears(mailbox, solid(family)).fill_null(False)
    told = (figures(one) == figures(other)) & (figures(one).str.len_chars() >= 2)
    return {"plain": named & told.not_()}


def local_part(address: Columns) -> Columns:
    return address.str.extract(r"^([^@]+)@")


def bears(mailbox: Columns, name: Columns) -> Columns:
    """The name stands in it, and is more than an initial."""
    return mailbox.str.contains(name, literal=True) & (name.str.len_chars() >= 3)


def _of_fiction(number: Columns) -> Columns:
    return number.str.contains(r"\d{3}55501\d\d$")
