"""What was looked up of the numbers at which somebody is reached? Of several the strictest counts, and only while it is
fresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from django.utils import timezone

from leadwell.permission import law, looked, values
from leadwell.server.consent.addresses import Kind, Token, normal
from leadwell.server.consent.models import LookUp
from leadwell.server.consent.queries.confirmed import confirmed_of, numbers
from leadwell.server.consent.queries.standing import pages
from leadwell.server.people.queries import identity
from leadwell.server.privacy.tokens import Blind

Looks = Mapping[bytes, list[LookUp]]  # of a number, the newest first
_KIND: Final[Kind] = "phone"


def look_ups(organization: int, tokens: Collection[Token]) -> Looks:
    found: dict[bytes, list[LookUp]] = defaultdict(list)
    for page in pages(sorted(token for kind, token in tokens if kind == _KIND)):
        rows = LookUp.objects.of(organization).filter(token__in=page).order_by("-checked_at", "-listed", "-pk")
        for one in rows:
            found[bytes(one.token)].append(one)
    return found


def numbers_looked_up(organization: int, person: UUID) -> dict[str, list[LookUp]]:
    """Each number in somebody's own record, and those that were confirmed with them, as they can be dialled -> what was
    looked up of it."""
    blind, known = Blind(organization), identity(organization, person) or {}
    later = numbers(confirmed_of(organization, [person], timezone.now()).get(person, ()))
    said = [normal(one) for one in (known.get("phone"), known.get("phone_2"), *later) if one]
    tokens = {number: blind.token(kind, number) for kind, number in filter(None, said) if kind == _KIND}
    looks = look_ups(organization, {(_KIND, token) for token in tokens.values()})
    return {number: looks.get(token, []) for number, token in tokens.items()}


def registry(looks: Looks, numbers: Collection[Token], now: datetime) -> values.DoNotCall | None:
    """None where one of the numbers was not asked about; whether that is fresh, the gate knows. What lies ahead, by a
    clock that is fast, was looked up now."""
    asked = [
        looked.told(
            values.DoNotCall(one.listed, min(one.checked_at, now))
            for one in looks.get(token, ())
            if one.listed is not None
        )
        for kind, token in numbers
        if kind == _KIND
    ]
    told = [one for one in asked if one is not None]
    listed = [one for one in told if one.listed]
    if listed or not told or len(told) < len(asked):
        return listed[0] if listed else None
    return min(told, key=lambda one: one.checked_at)


def line(
    looks: Looks, numbers: Collection[Token], now: datetime
) -> tuple[values.LineType | None, tuple[values.Channel, ...]]:
    """Of all of the numbers; None where they differ or are not known. With the channels that a line may not take where
    two looks of one moment disagree. A number is carried to another line, so that it holds no longer than a look at the
    registry."""
    fresh = now - timedelta(days=law().registry.fresh_days)
    asked = [looked.last(filter(_tells_line, looks.get(token, ()))) for kind, token in numbers if kind == _KIND]
    types = [{one.line_type for one in told if one.checked_at > fresh} for told in asked]
    every = set[str]().union(*types)
    if len(every) == 1 and all(types):
        return cast(values.LineType, every.pop()), ()
    unable = law().unable
    return None, tuple(c for c in values.CHANNELS if types and all(told & {*unable.get(c, ())} for told in types))


def _tells_line(look: LookUp) -> bool:
    return look.line_type != ""
