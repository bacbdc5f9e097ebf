"""What do we look for? Phrases of the playbook and of the lexicons, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# How a thing may be mentioned, each told by cues of the kind `cue.<flag>`. `done` means past where the thing is one
# that one does: who "had an MRI" is done with it, who "had knee pain" may have it still.
FLAGS: Final = ("negated", "hypothetical", "past", "other", "uncertain", "done")
DANGEROUS: Final = ("emergency", "crisis", "danger", "sign")
DOABLE: Final = ("service", "elsewhere", "offer", "procedure", "imaging")


Sets = tuple[tuple[str, tuple[str, ...]], ...]  # name -> members


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to be found in one sentence, and what they mean.

    `loose`: in any order, with at most three other words between; otherwise exactly side by side.
    `inflect`: plural and verb endings count as the same word. `misspelt`: small typing errors do too.
    `governs` and `reach` are for cues of context only: 'after' (what follows), 'clause' (what follows in its
    clause), 'before' or 'both', and how many words.
    Exact phrases may hold names of sets in braces: "my {relative} had"; `sets` are those of its file.
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
    sets: Sets = ()
    lasts: bool = False  # a condition or an injury: who "had" it last year asks about it all the same
