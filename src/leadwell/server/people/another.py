"""Is somebody plainly another person than whom we know? By how the engine finds two records to differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from django.utils import timezone

from leadwell.identity.compare import compare
from leadwell.identity.pairs import plainly_two
from leadwell.identity.records import records
from leadwell.server.people.comparable import comparable


def another(told: Mapping[str, str], known: Sequence[Mapping[str, str]]) -> bool:
    """Than each of these. A typing error, a married name or a corrected date of birth makes nobody another person;
    whoever tells neither name nor birth is nobody else."""
    people = records(comparable([told, *known], [timezone.now().date()] * (len(known) + 1)))
    ours, theirs = people.record_of[:1], people.record_of[1:]
    return bool(len(theirs)) and bool(
        plainly_two(compare(people, np.repeat(ours, len(theirs)), theirs, listed=False)).all()
    )
