"""What does a trail say of a backup that was brought back, and which notes of its end does that explain?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from leadwell.server.privacy.anchors import Anchor, sum_of
from leadwell.server.privacy.models import TrailEntry

RESTORED: Final = "backup.restored"


@dataclass(frozen=True)
class Restore:
    """Told by entry `number`: the backup's trail ended with entry `last`, and ones up to `cut_to` had been noted."""

    number: int
    at: datetime
    backup: str
    last: int
    cut_to: int | None
    cut: str

    @classmethod
    def of(cls, entry: TrailEntry) -> Restore:
        codes: Mapping[str, Any] = entry.codes
        return cls(entry.number, entry.at, codes["backup"], codes["last"], codes["cut_to"], codes["cut"])

    def explains(self, anchor: Anchor, anchors: Iterable[Anchor]) -> bool:
        """Whether this anchor is one of those that the restore has cut."""
        mine = [one for one in anchors if one.cut_by == self.number]
        return anchor in mine and sum_of(mine) == self.cut

    @property
    def says(self) -> str:
        told = f"on {self.at:%d %b %Y at %H:%M} UTC a backup of {_moment(self.backup)} was brought back"
        if self.cut_to is None:
            return f"{told}; nothing later had been noted"
        if self.cut_to <= self.last:
            return f"{told}: the trail of until then, noted up to entry {self.cut_to:,}, is gone"
        return f"{told}: entries {self.last + 1:,} to {self.cut_to:,} of until then are gone"


def _moment(at: str) -> str:
    try:
        return f"{datetime.fromisoformat(at):%d %b %Y at %H:%M} UTC"
    except ValueError:
        return "an unknown time"
