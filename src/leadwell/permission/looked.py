"""Of several looks at a number, which counts? The latest; those of one second may disagree, and the stricter counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from leadwell.permission.clocks import seconds_of
from leadwell.permission.values import DoNotCall


class Look(Protocol):
    @property
    def checked_at(self) -> datetime: ...


_Look = TypeVar("_Look", bound=Look)


def last(looks: Iterable[_Look]) -> list[_Look]:
    """Those of the latest second, in their order."""
    made = [(seconds_of(look.checked_at), look) for look in looks]
    latest = max((second for second, _ in made), default=0)
    return [look for second, look in made if second == latest]


def told(looks: Iterable[DoNotCall]) -> DoNotCall | None:
    """What the registry said last, the stricter of one second; None where nobody looked."""
    return max(last(looks), key=lambda look: (look.listed, look.checked_at), default=None)
