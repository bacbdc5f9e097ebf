"""Is somebody another than whom we know? By how the engine finds two records to differ, and by the identifiers that a
sender has given them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from django.utils import timezone

from leadwell.formats.referral import identified
from leadwell.identity.compare import compare
from leadwell.identity.names import SUFFIXES
from leadwell.identity.pairs import agree, nothing_alike, plainly_two
from leadwell.identity.records import records
from leadwell.server.people.comparable import comparable

_LAST: Final = ("patient_last_name", "patient_full_name")
_BREAKS: Final = re.compile(r"[;,]")


def another(told: Mapping[str, str], known: Sequence[Mapping[str, str]]) -> bool:
    """Than whom all of these tell of. The same identifier makes the same patient, whatever else was corrected, where
    anything is alike; another one of the same system makes another, unless names and birth agree. Without any, one
    thing may have been corrected. Whoever tells nothing is nobody else."""
    if not known:
        return False
    said, ours = identified(told), frozenset[tuple[str, str]]().union(*map(identified, known))
    people = records(comparable([_whole(one) for one in (told, *known)], [timezone.now().date()] * (len(known) + 1)))
    theirs = people.record_of[1:]
    first = np.repeat(people.record_of[:1], len(theirs))
    compared = compare(people, first, theirs, listed=False)
    if said & ours:
        return bool(nothing_alike(compared).all())
    if {system for system, _ in said} & {system for system, _ in ours}:
        return not agree(compared).any()
    return bool(plainly_two(people, first, theirs, compared).all())


def _whole(columns: Mapping[str, str]) -> Mapping[str, str]:
    """With the suffix, which a referral tells beside the name."""
    pieces = (one.strip() for one in _BREAKS.split(columns.get("extra.other names", "")))
    suffix = next((one for one in pieces if one.casefold().rstrip(".") in SUFFIXES), "")
    name = next((name for name in _LAST if columns.get(name)), "")
    return {**columns, name: f"{columns[name]} {suffix}"} if suffix and name else columns
