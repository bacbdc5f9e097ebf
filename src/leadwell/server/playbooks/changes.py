"""What would publishing a version change in meaning? Each change with what is struck and what is new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from leadwell.playbook import Playbook
from leadwell.playbook.comparing import compare

_VALUE: Final = r"(“[^”]*”|[^\s“”]+)"
_FROM_TO: Final = re.compile(rf"^(.+) from {_VALUE} to {_VALUE}\.$", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """`says`: the sentence; of one that goes from something to something, what comes before, and both; else ''."""

    says: str
    old: str = ""
    new: str = ""


def changes(old: Playbook, new: Playbook) -> tuple[Change, ...]:
    """In the order of the file; empty where the two mean the same."""
    return tuple(map(_change, compare(old, new)))


def _change(sentence: str) -> Change:
    found = _FROM_TO.match(sentence)
    return Change(*found.groups()) if found else Change(sentence)
