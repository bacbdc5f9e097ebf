"""What do we look for? Phrases of the playbook and of the lexicons, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to be found in one sentence, and what they mean.

    `loose`: in any order, with at most three other words between; otherwise exactly side by side.
    `inflect`: plural and verb endings count as the same word. `misspelt`: small typing errors do too.
    `governs` and `reach` are for cues of context only: 'after' (what follows), 'before' or 'both', and how many words.
    """

    kind: str
    key: str
    text: str
    language: str = "en"
    loose: bool = True
    inflect: bool = True
    misspelt: bool = True
    governs: str | None = None
    reach: int = 0
