"""Is it the same again? Only where nothing that came in between concerned the same order.

What a sender says of an order is kept under the order's name; what it says after that under the name and a number, in
turn. An order that was taken back and is sent again, to the letter, is said anew; so is one whose patient was erased.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from leadwell.server.intake.accepting import Delivery, Receipt, accept
from leadwell.server.intake.models import Source, Submission
from leadwell.server.privacy.tokens import Blind

_IDLE: Final = "idle "  # before the name of an order that is not to be done for now
_AHEAD: Final = 16  # turns that are looked for at once
_Turns = Mapping[str, Sequence[UUID]]  # a name -> what was kept under it, in turn


@dataclass(frozen=True)
class Turn:
    """`before`: what was kept under the same name and not erased since, in turn."""

    receipt: Receipt
    before: tuple[UUID, ...]


def said_of(number: UUID) -> str:
    """The name of what is said of an order under our id."""
    return f"said of {number}"


def idle(name: str) -> str:
    return _IDLE + name


def sent_about(source: Source, name: str, number: UUID) -> set[UUID]:
    """The submissions that speak of an order, by its sender's name for it ('' where it has none) and our own."""
    known = _turns(source, {name, idle(name)} if name else ())
    named = {number, *(one for these in known.values() for one in these)}
    return named | {one for these in _turns(source, set(map(said_of, named))).values() for one in these}


def kept_as(source: Source, name: str) -> list[UUID]:
    """What a sender sent under its name for an order, and was not erased since; in turn."""
    known = _turns(source, [name]).get(name, [])
    erased = _erased(source, known)
    return [one for one in known if one not in erased]


def keep_in_turn(source: Source, deliveries: Sequence[Delivery], *, beside: Sequence[str] = ()) -> list[Turn]:
    """Keeps them durably. `beside`: under which names else the same order is spoken of."""
    names = [one.key.removeprefix(_IDLE) for one in deliveries if one.key is not None]
    if len(set(names)) < len(names):  # of two of one order the second comes after the first
        return [turn for one in deliveries for turn in keep_in_turn(source, [one], beside=beside)]
    known = _turns(source, {*names, *map(idle, names), *beside})
    known |= _turns(source, {said_of(one) for these in known.values() for one in these} - known.keys())
    erased = _erased(source, {one for these in known.values() for one in these})
    places = [_place(one.key, known, beside, erased) for one in deliveries]
    wanted = [_at(one, place) for one, place in zip(deliveries, places, strict=True)]
    receipts = accept(source.organization_id, source.pk, wanted)
    return [
        _settled(source, one, place, receipt, [at for at in known.get(one.key or "", ()) if at not in erased])
        for one, place, receipt in zip(deliveries, places, receipts, strict=True)
    ]


def _settled(source: Source, delivery: Delivery, place: int, receipt: Receipt, before: Sequence[UUID]) -> Turn:
    """Where another has had its turn, it comes after that."""
    earlier = list(before)
    while receipt.conflict:
        earlier += [receipt.id] if receipt.id not in earlier else []
        place += 1
        (receipt,) = accept(source.organization_id, source.pk, [_at(delivery, place)])
    return Turn(receipt, tuple(earlier))


def _place(name: str | None, known: _Turns, beside: Sequence[str], erased: Collection[UUID]) -> int:
    """The newest turn of its name, where that is the newest of all that concerned its order, and not erased; else the
    one after it."""
    if name is None:
        return 1
    order = name.removeprefix(_IDLE)
    said = [one for kin in (order, idle(order), *beside) for one in known.get(kin, ())]
    said += [one for about in said for one in known.get(said_of(about), ())]
    own = known.get(name, ())
    return len(own) if own and own[-1] == max(said) and own[-1] not in erased else len(own) + 1


def _at(delivery: Delivery, place: int) -> Delivery:
    return replace(delivery, key=_nth(delivery.key, place)) if delivery.key is not None else delivery


def _nth(name: str, place: int) -> str:
    return name if place == 1 else f"{name} #{place}"


def _erased(source: Source, numbers: Collection[UUID]) -> set[UUID]:
    emptied = Submission.objects.of(source.organization_id).filter(pk__in=numbers, sealed=b"")
    return set(emptied.values_list("pk", flat=True)) if numbers else set()


def _turns(source: Source, names: Collection[str]) -> dict[str, list[UUID]]:
    blind, found, first = Blind(source.organization_id), dict[str, list[UUID]](), 1
    left = set(names)
    while left:
        places = range(first, first + _AHEAD)
        tokens = {blind.token("key", f"{source.pk}/{_nth(name, at)}"): (at, name) for name in left for at in places}
        kept = Submission.objects.of(source.organization_id).filter(key__in=tokens).values_list("key", "pk")
        for (_, name), number in sorted((tokens[bytes(key or b"")], number) for key, number in kept):
            found.setdefault(name, []).append(number)
        first += _AHEAD
        left = {name for name in left if len(found.get(name, ())) == first - 1}
    return found
