"""Which addresses are known to be wrong: another's, or closed to what we send? For whom does that count no more?

It counts for everybody who gives such an address. Only who gave it first may say again that it is theirs: a later
request of theirs with the same telephone number counts more than what somebody heard before. An answer to us gives no
number anew: whoever picked up there may be the one who writes. A mailbox that sends back what it gets does so however
often it is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from leadwell.permission import values
from leadwell.server.consent.addresses import OF_CHANNEL, Kind, Token
from leadwell.server.consent.models import Inquiry, WrongAddress
from leadwell.server.consent.queries.standing import pages

Wrongs = Mapping[bytes, Sequence[WrongAddress]]
Tokens = Collection[Token]


def wrongs(organization: int, tokens: Tokens) -> Wrongs:
    """What stands of these addresses; of nearly nobody's anything does."""
    found: dict[bytes, list[WrongAddress]] = defaultdict(list)
    for page in pages(sorted(token for _, token in tokens)):
        for one in WrongAddress.objects.of(organization).filter(token__in=page, ended_at=None):
            found[bytes(one.token)].append(one)
    return found


def known_wrong(organization: int, token: bytes, *, why: str) -> datetime | None:
    """Since when we know it; None where nobody has found it out."""
    ours = WrongAddress.objects.of(organization).filter(token=token, why=why, ended_at=None)
    return ours.order_by("at").values_list("at", flat=True).first()


def closed(
    found: Wrongs, addresses: Tokens, given: Mapping[UUID, tuple[Tokens, Sequence[Inquiry]]]
) -> tuple[values.Wrong, ...]:
    """Channels by which every one of these addresses is wrong. `given`: all who are one person, each with the addresses
    of their own and what they asked for."""
    return tuple(_closed(found, addresses, given))


def _closed(
    found: Wrongs, addresses: Tokens, given: Mapping[UUID, tuple[Tokens, Sequence[Inquiry]]]
) -> Iterator[values.Wrong]:
    if not found:
        return
    for channel in values.CHANNELS:
        theirs = [token for token in addresses if token[0] in OF_CHANNEL[channel]]
        wrong = [_latest(found, token, given) for token in theirs]
        told = [one for one in wrong if one is not None]
        if told and len(told) == len(theirs):
            last = max(told, key=lambda one: one.at)
            yield values.Wrong(channel, last.at, last.why, last.proof)  # type: ignore[arg-type]  # as it was written


def _latest(found: Wrongs, token: Token, given: Mapping[UUID, tuple[Tokens, Sequence[Inquiry]]]) -> WrongAddress | None:
    anew = _given_last(token, given)
    standing = [one for one in found.get(token[1], ()) if not _counts_no_more(one, anew, given)]
    return max(standing, key=lambda one: one.at, default=None)


def _counts_no_more(one: WrongAddress, anew: datetime | None, given: Collection[UUID]) -> bool:
    return one.why == values.ANOTHER and one.person in given and anew is not None and anew > one.at


def _given_last(token: Token, given: Mapping[UUID, tuple[Tokens, Sequence[Inquiry]]]) -> datetime | None:
    asked = (one for theirs, requests in given.values() if token in theirs for one in requests)
    return max((one.at for one in asked if _gives(one, token[0])), default=None)


def _gives(inquiry: Inquiry, kind: Kind) -> bool:
    return not inquiry.reply and any(kind in OF_CHANNEL.get(channel, ()) for channel in inquiry.channels.split(","))
