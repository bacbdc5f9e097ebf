"""What does an order of a FHIR message become? A referral, or what comes later to one that its sender made before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.formats import fhir
from leadwell.server.consent.models import Way
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.joining import Later

# Headers that the door puts beside what was sent.
NTH: Final = "order"  # which of the orders in it, from 1
OURS: Final = "known-here-as"  # our own name for this order
PLACED: Final = "placed-as"  # its sender's name for this order, where a condition says it
ABOUT: Final = "about"  # our own name for the order that it speaks of
_AGAIN: Final = Later(event="referral.changed", way=Way.MESSAGE, part=True, restates=True)
_WITHDRAWN: Final = Later(event="referral.withdrawn", way=Way.MESSAGE, part=True, restates=True)
_ASKED: Final = Later(event="referral.asked", way=Way.MESSAGE, part=True, restates=True)


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    about = sent.headers.get(ABOUT, "")
    try:
        message = fhir.message_of(sent.body)
        order = fhir.order_of(message, nth_of(sent.headers))
    except fhir.NotRead as error:
        return Reading(problem=str(error))
    own = [name for name in (about, sent.headers.get(OURS), sent.headers.get(PLACED)) if name]
    names = tuple(f"fhir {settings.get('source', '')} {name}" for name in (*own, *order.names))
    whole = bool(message.requests) and not order.withdrawn and not order.not_asked  # a draft is asked for at last
    only_danger = bool(order.not_asked) and not about
    unknown = "it speaks of a referral that is not known here" if about and not whole else ""
    later = _WITHDRAWN if order.withdrawn else _ASKED if order.not_asked else _AGAIN
    return Reading(
        leads=(order.columns,),
        names=names,
        answers=names[:1] if about else names,
        proven=True,
        numbered=True,
        ours=bool(about),
        later=later,
        only_danger=only_danger,
        alone=order.not_asked if only_danger else order.idle or unknown,
        orphan="it takes back a referral that has not come" if order.withdrawn and not about else "",
    )


def nth_of(headers: Mapping[str, str]) -> int:
    said = headers.get(NTH, "1")
    return int(said) - 1 if said.isascii() and said.isdigit() and 0 < len(said) < 4 else 0
