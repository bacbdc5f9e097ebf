"""What do two say of themselves, and what would be closed, and not be sent, once they are one person?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from leadwell.server.consent import actions
from leadwell.server.consent.likely import Somebody, somebody
from leadwell.server.consent.queries import Closes, closed_by_joining
from leadwell.server.consent.telling import FOR, NAMES, STATES
from leadwell.server.people.forms import short
from leadwell.server.people.linking import CannotLink
from leadwell.server.people.queries import identity, name_of

_SHOWN: Final = (
    ("Name", ()), ("Birth date", ("birth_date", "patient_birth_date")), ("Telephone", ("phone", "phone_2")),
    ("E-mail", ("email",)), ("Address", ("address", "city", "state", "zip")),
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """What both say of themselves; `same`: in the same letters."""

    name: str
    first: str
    second: str
    same: bool


@dataclass(frozen=True)
class Compared:
    """`closes`: what one of them permits now and not any more once they are one; `waiting`: how many messages would not
    be sent."""

    other: Somebody
    facts: tuple[Beside, ...]
    closes: tuple[str, ...]
    waiting: int


def compared(organization: int, number: UUID, other: UUID | None, *, actor: str) -> Compared | None:
    if other is None:
        return None
    first, second = ({} if known is None else known for known in (identity(organization, n) for n in (number, other)))
    facts = tuple(one for name, keys in _SHOWN if (one := _beside(name, keys, first, second)) is not None)
    closes = closed_by_joining(organization, number, other, now=timezone.now())
    waiting = _waiting(organization, number, other, actor=actor)
    return Compared(somebody(organization, other), facts, tuple(_closes(one) for one in closes), waiting)


def _waiting(organization: int, number: UUID, other: UUID, *, actor: str) -> int:
    try:
        return actions.would_cancel(organization, number, other, actor=actor)
    except CannotLink:
        return 0  # nothing is cancelled by it; whoever tries is told why


def _beside(name: str, keys: tuple[str, ...], first: Mapping[str, str], second: Mapping[str, str]) -> Beside | None:
    said = [", ".join(one[key] for key in keys if one.get(key)) if keys else name_of(one) for one in (first, second)]
    if not any(said):
        return None
    return Beside(name, said[0], said[1], said[0].casefold() == said[1].casefold())


def _closes(one: Closes) -> str:
    name = NAMES[one.channel]
    sent = f"{name} by a machine" if one.automated else name
    what = f"{sent} to {short(one.person)} about {FOR[one.purpose]}"
    return f"{what}: {STATES[one.now]} now, {STATES[one.then]} once they are one."
