"""Which low scores are handled like high ones, so that the score can be proved wrong? (promise C17)

A share that the policy names (`[score] review_share`), chosen by a hash of the lead's id: nobody picks them, and who
has the ids finds the same again. It is decided once, when the lead arrives, and stands on it from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

LOW: Final = "D"  # below the last threshold of a policy
_SEED: Final = "low scores, checked by chance"
_WHOLE: Final = 2**64
_NOBODYS: Final = ("discard",)  # nobody works on it, so that nothing could prove it wrong


def is_low(said: Mapping[str, Any]) -> bool:
    """Of an assessment: whether its score would make it wait longer than others."""
    return said["grade"] == LOW and said["disposition"] not in _NOBODYS and not said["safety"]


def is_chosen(organization: int, lead: UUID, share: float) -> bool:
    """Of those with a low score. `share`: from 0, none, to 1, all."""
    digest = hashlib.sha256(f"{_SEED}/{organization}/{lead}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _WHOLE


def is_sampled(organization: int, lead: UUID, said: Mapping[str, Any], share: float) -> bool:
    return is_low(said) and is_chosen(organization, lead, share)
