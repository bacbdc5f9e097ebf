"""They say that we may not: in force in the same transaction, with all that must obey it.

47 CFR 64.1200(a)(10)-(12): by any reasonable means, and one confirmation at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.permission.values import CHANNELS, PURPOSES
from leadwell.server.base import bulk
from leadwell.server.base.alone import alone
from leadwell.server.consent import noted
from leadwell.server.consent.actions import events
from leadwell.server.consent.addresses import OF_CHANNEL, Address, Token, normal
from leadwell.server.consent.lists import Listed
from leadwell.server.consent.models import ALL, EVERY, Confirmation, ConsentEvent, SuppressedAddress, Suppression, Way
from leadwell.server.consent.obeying import Closed, obeyed
from leadwell.server.consent.queries import (
    Standing,
    last_permitted,
    open_to,
    people_at_each,
    permitted_at,
    reached_by,
    reaches,
    said_by_key,
    standing,
    words_of,
)
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import CLOSES, Scope, covers
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind

# 47 CFR 64.1200(a)(12): one confirmation, presumed fine within five minutes. It goes back the way the stop came.
CONFIRM_WITHIN: Final = timedelta(minutes=5)
_CONFIRMED: Final = {Way.TEXT: "text", Way.EMAIL_REPLY: "email"}


class NobodyToStop(ValueError):  # noqa: N818  its message is for whoever tried
    pass


class SaidOtherwise(ValueError):  # noqa: N818  its message is for whoever tried
    """Something else was said by this key."""


@dataclass(frozen=True)
class Done:
    """`event`: what stands in the history, but where a link says it again; `new`: whether it closed what was open, as
    it does not where all of it was permitted anew since it was said; `cancelled`: how many messages were waiting and
    are not sent; `confirmation`: the one that is owed, if any; `repeat`: whether its key was known."""

    event: ConsentEvent
    new: bool
    cancelled: int = 0
    confirmation: Confirmation | None = None
    repeat: bool = False


@dataclass(frozen=True)
class _Closing:
    """What is to be closed, for whom, and at which addresses; `given`: the one that it was said of."""

    organization: int
    person: UUID | None
    saying: Saying
    at: datetime
    scopes: tuple[Scope, ...]
    doubt: bool
    given: Address | None
    group: frozenset[UUID]
    tokens: frozenset[Token]

    def tokens_of(self, scope: Scope) -> list[bytes]:
        return sorted(token for kind, token in self.tokens if kind in OF_CHANNEL[scope[0]])


def scopes(channels: Collection[str], purpose: str = EVERY) -> tuple[Scope, ...]:
    """These channels, for one purpose or every one. Raises NobodyToStop where there are none such."""
    asked = (ALL,) if ALL in channels or set(channels) == set(CHANNELS) else tuple(c for c in CHANNELS if c in channels)
    if not asked or (purpose and purpose not in PURPOSES):
        raise NobodyToStop("There is no such channel or purpose.")
    return tuple((channel, purpose) for channel in asked)


def stop(
    organization: int, person: UUID | None, saying: Saying, *, closes: Sequence[Scope] = (), doubt: bool = False
) -> Done:
    """Closes scopes (without any, what is closed where they did not say: `CLOSES`) for a person, an address, or both.
    `doubt`: it holds until somebody has said whether they meant it. Raises NobodyToStop, SaidOtherwise.

    Said again while nothing was permitted since, it closes nothing anew and owes no confirmation; that it was said is
    kept, but of a link. By a key that was used before it is told as it was then.
    """
    now = timezone.now()
    with transaction.atomic():
        alone(organization)
        closing = _closing(organization, person, saying, tuple(closes) or scopes(CLOSES[saying.way]), doubt=doubt)
        event = ConsentEvent(organization_id=organization, person=person, at=closing.at, by=saying.by)
        event.codes = {"way": saying.way, "closes": [list(scope) for scope in closing.scopes]}
        if saying.key and (said := _said_before(event, saying)) is not None:
            return said
        if saying.sent is not None and saying.sent != closing.at:
            event.codes["sent"] = saying.sent.isoformat()
        last = last_permitted(organization, closing.group, {token for _, token in closing.tokens})
        before = _still(closing, last)
        new = not all(_closed(closing, scope, before) for scope in closing.scopes)
        if not new and saying.way == Way.LINK:
            return Done(event, new=False)  # clicked again by whoever likes: it says nothing more, and nothing is kept
        event.name = "stop.repeated" if not new else "stop.doubted" if doubt else "stop.given"
        later = last is not None and last > closing.at
        was_open = open_to(organization, _whose(closing), now) if new and later else None
        cancelled = _close(closing, event, later=later) if new else 0
        event.codes |= {"cancelled": cancelled} if cancelled else {}
        events.append(event, saying.words)
        owed = _owed(closing, event, before, now) if new and not doubt else None
        events.tell(event, reached=_reached(closing) if new else ())
        if was_open is not None:
            new = bool(was_open - open_to(organization, _whose(closing), now))
    return Done(event, new, cancelled, owed)


def _said_before(event: ConsentEvent, saying: Saying) -> Done | None:
    """What was done when this was said by the same key; None where it is the first time, and the event gets its id by
    the key. Raises SaidOtherwise."""
    event.pk = UUID(bytes=Blind(event.organization_id).token("saying", saying.key))
    said = said_by_key(event.organization_id, saying.key)
    if said is None:
        return None
    same = said.person == event.person and event.codes.items() <= said.codes.items()
    at = saying.sent or saying.at
    then = datetime.fromisoformat(said.codes["sent"]) if "sent" in said.codes else said.at
    if not same or words_of(said) != saying.words or (at is not None and at != then):
        raise SaidOtherwise("This key was used before for another stop.")
    return Done(said, new=False, cancelled=said.codes.get("cancelled", 0), repeat=True)


def _closing(
    organization: int, person: UUID | None, saying: Saying, closes: tuple[Scope, ...], *, doubt: bool
) -> _Closing:
    """For a person all of their own addresses that the scopes concern, so that it also finds them when they come again
    as somebody new; those of the people linked with them are found by the link, and only while it stands."""
    given = normal(saying.address) if saying.address else None
    if person is None and given is None and saying.token is None:
        raise NobodyToStop("Neither somebody whom we know nor an address that can be read.")
    reach = reaches(organization, [person])[0] if person else None
    said = (given[0], Blind(organization).token(*given)) if given else saying.token
    tokens = {*(reach.own if reach else ()), *([said] if said else [])}
    return _Closing(
        organization,
        person,
        saying,
        saying.at or timezone.now(),
        closes,
        doubt,
        given,
        reach.heard if reach else frozenset(),
        frozenset(tokens),
    )


def _still(closing: _Closing, last: datetime | None) -> Standing:
    """The stops that stand for them, and since which they have permitted nothing."""
    before = standing(
        closing.organization, [closing.person] if closing.person else [], [token for _, token in closing.tokens]
    )
    return [(one, theirs) for one, theirs in before if last is None or one.at >= last]


def _closed(closing: _Closing, scope: Scope, before: Standing) -> bool:
    """Whether the person and each of the addresses are stopped so already; beyond doubt, where this is."""
    sure = [(one, tokens) for one, tokens in before if covers((one.channel, one.purpose), scope)]
    sure = [(one, tokens) for one, tokens in sure if closing.doubt or not one.doubt]
    person = closing.person is None or any(one.person == closing.person for one, _ in sure)
    return person and all(any(token in tokens for _, tokens in sure) for token in closing.tokens_of(scope))


def _close(closing: _Closing, event: ConsentEvent, *, later: bool) -> int:
    """Noted, then written, then obeyed; returns how many messages were cancelled. `later`: whether anything was
    permitted after it was said."""
    rows = [_row(closing, scope, event) for scope in closing.scopes]
    tokens = {row.pk: closing.tokens_of((row.channel, row.purpose)) for row in rows}
    _write(closing.organization, rows, tokens)
    whose = frozenset(token for theirs in tokens.values() for token in theirs)
    closed = Closed(closing.organization, event.pk, closing.at, closing.scopes, closing.group, whose)
    return obeyed(replace(closed, doubt=closing.doubt, asks=later))


def _reached(closing: _Closing) -> set[UUID]:
    """Whoever is known at the addresses that it closes."""
    closed = {token for scope in closing.scopes for token in closing.tokens_of(scope)}
    return {one for theirs in people_at_each(closing.organization, closed).values() for one in theirs}


def _whose(closing: _Closing) -> frozenset[UUID]:
    return reached_by(closing.organization, closing.group, {token for _, token in closing.tokens})


def _row(closing: _Closing, scope: Scope, event: ConsentEvent) -> Suppression:
    return Suppression(
        organization_id=closing.organization,
        event=event.pk,
        person=closing.person,
        channel=scope[0],
        purpose=scope[1],
        at=closing.at,
        way=closing.saying.way,
        doubt=closing.doubt,
    )


def _write(organization: int, rows: Sequence[Suppression], tokens: Mapping[UUID, list[bytes]]) -> None:
    """Rows, and the addresses that each holds for."""
    noted.note(noted.stop_line(row, tokens[row.pk]) for row in rows)
    bulk.insert(rows)
    addresses = [(organization, row.pk, token) for row in rows for token in tokens[row.pk]]
    bulk.insert_values(SuppressedAddress, ("organization", "suppression", "token"), addresses)


def _owed(closing: _Closing, event: ConsentEvent, before: Standing, now: datetime) -> Confirmation | None:
    """None where it came by a way that needs none, where the address was stopped so before, or so late that one would
    no longer be presumed fine."""
    channel, due_by = _CONFIRMED.get(Way(closing.saying.way)), closing.at + CONFIRM_WITHIN
    if channel is None or closing.given is None or closing.given[0] not in OF_CHANNEL[channel] or now >= due_by:
        return None
    token = Blind(closing.organization).token(*closing.given)
    if any(token in tokens and one.channel in (ALL, channel) and not one.doubt for one, tokens in before):
        return None
    made = Confirmation(organization_id=closing.organization, event=event.pk, person=closing.person, channel=channel)
    made.owed_at, made.due_by, made.language = closing.at, due_by, closing.saying.language[:8]
    made.sealed = seal_json(closing.organization, closing.given[1], place=f"consent.confirmation/{made.pk}")
    made.save(force_insert=True)
    return made


def stop_addresses(organization: int, listed: Iterable[Listed], *, event: ConsentEvent, way: str) -> tuple[int, int]:
    """Stops many addresses in the caller's transaction; returns how many are stopped anew, and how many were before."""
    alone(organization)
    blind, listed = Blind(organization), list(listed)
    given = [(one, blind.token(one.kind, one.normal)) for one in listed]
    last = permitted_at(organization, [token for _, token in given])
    before = _stopped_before(organization, [token for _, token in given], last)
    rows: list[Suppression] = []
    tokens: dict[UUID, list[bytes]] = {}
    known = 0
    for one, token in given:
        new = [scope for scope in one.scopes if not any(covers(other, scope) for other in before.get(token, ()))]
        known += not new
        for channel, purpose in new:
            row = Suppression(organization_id=organization, event=event.pk, channel=channel, purpose=purpose)
            row.at, row.day, row.way = one.at, one.day, way
            rows.append(row)
            tokens[row.pk] = [token]
        before.setdefault(token, []).extend(new)
    _write(organization, rows, tokens)
    _obey_each(event, rows, tokens, last)
    new_at = {token for theirs in tokens.values() for token in theirs}
    reached = people_at_each(organization, new_at).values()
    events.tell_reached(event, (one for theirs in reached for one in theirs))
    return len(listed) - known, known


def _obey_each(
    event: ConsentEvent,
    rows: Sequence[Suppression],
    tokens: Mapping[UUID, list[bytes]],
    last: Mapping[bytes, datetime],
) -> None:
    """Each scope at the addresses where it was closed; apart, where something was permitted after that (`last`)."""
    closes = defaultdict[tuple[Scope, bool], set[bytes]](set)
    for row in rows:
        for token in tokens[row.pk]:
            closes[(row.channel, row.purpose), last.get(token, row.at) > row.at].add(token)
    for (scope, asks), where in closes.items():
        obeyed(Closed(event.organization_id, event.pk, event.at, (scope,), frozenset(), frozenset(where), asks=asks))


def _stopped_before(
    organization: int, tokens: Sequence[bytes], last: Mapping[bytes, datetime]
) -> dict[bytes, list[Scope]]:
    """What stands for each address, and since which nobody who is reached at it has permitted anything (`last`)."""
    found: dict[bytes, list[Scope]] = {}
    for one, theirs in standing(organization, (), tokens):
        for token in theirs if not one.doubt else ():
            if last.get(token, one.at) <= one.at:
                found.setdefault(token, []).append((one.channel, one.purpose))
    return found
