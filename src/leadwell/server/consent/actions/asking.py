"""Note that somebody asked us for something: that is consent to answer it, by the channels they gave, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from leadwell.server.base import bulk
from leadwell.server.consent.models import Inquiry

_COLUMNS: Final = ("organization", "person", "lead", "at", "channels", "business", "reply", "referred")


class Asked(NamedTuple):
    """A lead, as far as this is concerned. `phone`, `email`: whether they gave one that can be used; of a `reply`
    by which of them it came. `text`: whether their telephone may be texted, too, as where they gave it themselves.
    `referred`: whether somebody else asked, by a referral."""

    person: UUID
    lead: UUID
    at: datetime
    phone: bool
    email: bool
    business: bool
    reply: bool = False
    text: bool = True
    referred: bool = False


def note_inquiries(organization: int, asked: Sequence[Asked]) -> None:
    """In the transaction that writes the leads; one statement for them all. Of who gave no address it permits nothing,
    but who joins it asks for the same."""
    rows = [
        (organization, one.person, one.lead, one.at, _channels(one), one.business, one.reply, one.referred)
        for one in asked
    ]
    bulk.insert_values(Inquiry, _COLUMNS, rows)


def gave_otherwise(organization: int, asked: Asked) -> None:
    """A later part of their request says by what they may be answered: from then on it permits that, as of when they
    asked, so that a stop that was said meanwhile stands."""
    theirs = Inquiry.objects.of(organization).filter(person=asked.person, lead=asked.lead, reply=False)
    for one in theirs.select_for_update():
        only_called = "call" in one.channels and "text" not in one.channels
        one.channels = _channels(asked._replace(text=asked.text and not only_called))
        one.save(update_fields=["channels"])


def _channels(one: Asked) -> str:
    channels = _CHANNELS[one.phone, one.email]
    return channels if one.text else channels.replace("call,text", "call")


def asks_for_itself(organization: int, person: UUID, *, joined: UUID, lead: UUID) -> None:
    """What they had asked again, and so joined, is a lead of its own from now on."""
    Inquiry.objects.of(organization).filter(person=person, lead=joined).update(lead=lead)


# Whoever gives a telephone number may be called and texted about what they gave it for (FCC 15-72, 2015, §§ 140-147).
_CHANNELS: Final = {
    (False, False): "", (True, False): "call,text", (False, True): "email", (True, True): "call,text,email",
}  # fmt: skip
