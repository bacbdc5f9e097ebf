"""Who has made, moved or cancelled an appointment by an invitation that came with a mail?

Whoever invites us; or, where a booking system or we ourselves invite, whoever else is invited. All that comes of one
appointment is one lead. What changes it counts only from an address by which it was made: anybody can write its UID and
its organizer's name into a mail (RFC 6047, 3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from leadwell.formats.invitations import Invitation, Party, when
from leadwell.server.consent.models import Way
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.email.labelled import groups
from leadwell.server.intake.sources.email.markup import words
from leadwell.server.intake.sources.email.message import Mail
from leadwell.server.intake.sources.email.series import AT, HOURS, STATUS, UNTIL, settled, written
from leadwell.server.leads.joining import Later

_NOBODY: Final = re.compile(
    r"^(?:no-?reply|do-?not-?reply|calendar-notification|notifications?|invites?|bookings?)\b", re.IGNORECASE
)
_ANSWERS: Final = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")
_FROM: Final = "extra.invitation_from"
_ORGANIZER: Final = "extra.invitation_organizer"
_MAKERS: Final = ("email", _FROM, _ORGANIZER)
# Who it is of, and by whom it was made, was said with the first.
_STAYS: Final = dict.fromkeys(("full_name", "subject", *_MAKERS), ())
_VERSION: Final = "extra.calendar_version"
_KNOWN_ANSWERS: Final = ("accepted", "declined", "tentative")


def invited(reading: Reading, mail: Mail, ours: frozenset[str], mapping: Mapping[str, str], *, author: str) -> Reading:
    """`reading`: of the mail without it; `ours`: addresses and domains, in small letters, that are none of theirs;
    `author`: from whose address it came to us. Of several appointments each is a lead."""
    first = mail.invitations[0]
    if first.kind == "VFREEBUSY":
        return Reading(not_a_lead="it says when somebody is free, and asks nothing")
    if first.kind not in ("VEVENT", ""):
        return reading
    if not all(one.kind and one.uid for one in mail.invitations):
        return Reading(problem="its invitation cannot be read, or has no UID by which what comes of it is found")
    if len(reading.leads) > 1:
        return reading
    said = reading.leads[0]
    names = [f"ics/{one.uid}" for one in mail.invitations]
    later = _later(first, _who(mail, first, ours))
    return replace(
        reading,
        leads=tuple(_lead(said, mail, one, ours, mapping) | _made_by(one, author) for one in mail.invitations),
        names=(names[0], *reading.names),
        further=tuple(names[1:]),
        answers=(names[0], *reading.answers),
        later=later,
        author=author,
        makers=_MAKERS,
        beside=Later(event="booking.doubted", codes={"says": later.event}, way=""),
        alone=_alone(first) if len(names) == 1 else "",
        early=first.cancelled,
    )


def _lead(
    said: Mapping[str, str], mail: Mail, invitation: Invitation, ours: frozenset[str], mapping: Mapping[str, str]
) -> dict[str, str]:
    who = _who(mail, invitation, ours)
    named = mail.name if mail.sender == who.address and not _NOBODY.match(who.address) else ""
    own = {**said, "full_name": named, **_columns(invitation, who)}
    columns = {**own, **_labelled(invitation, who, mapping), **_words(said, invitation)}
    return {column: text for column, text in columns.items() if text.strip()}


def _made_by(invitation: Invitation, author: str) -> dict[str, str]:
    organizer = invitation.organizer.address.lower() if invitation.organizer else ""
    return {name: address for name, address in ((_FROM, author), (_ORGANIZER, organizer)) if address}


def _who(mail: Mail, invitation: Invitation, ours: frozenset[str]) -> Party:
    organizer = invitation.organizer
    if organizer is None or _is_ours(organizer, ours) or _NOBODY.match(organizer.address):
        theirs = [one for one in invitation.attendees if not _is_ours(one, ours)]
        sender = next((one for one in theirs if one.address.lower() == mail.sender.lower()), None)
        organizer = sender or next((one for one in theirs if not _NOBODY.match(one.address)), None)
    return organizer or Party(mail.sender)


def _is_ours(party: Party, ours: frozenset[str]) -> bool:
    address = party.address.lower()
    return address in ours or address.rpartition("@")[2] in ours


def _columns(invitation: Invitation, who: Party) -> dict[str, str]:
    if invitation.method in _ANSWERS:
        proposed = invitation.starts if invitation.method == "COUNTER" else ""
        return {"email": who.address, "extra.answer": who.answer, "extra.proposed_at": proposed}
    others = [one.name or one.address for one in (invitation.organizer, *invitation.attendees) if one]
    columns = {
        "email": who.address,
        "full_name": who.name,
        "appointment_type": invitation.summary,
        AT: invitation.starts,
        UNTIL: invitation.ends,
        HOURS: written(invitation.hours),
        "timeline": when(invitation.starts),
        "extra.place": invitation.place,
        STATUS: "cancelled" if invitation.cancelled else "booked",
        "extra.invited": "; ".join(dict.fromkeys(others)),
        _version(invitation): invitation.version,
    }
    return {column: text for column, text in columns.items() if text.strip()}


def _labelled(invitation: Invitation, who: Party, mapping: Mapping[str, str]) -> dict[str, str]:
    """What lines of the description name, as booking systems write answers; who it is, the invitation knows better."""
    named = groups(invitation.description, mapping)
    known = {} if _NOBODY.match(who.address) else {"email": who.address, "full_name": who.name}
    return {column: text for column, text in named[0].items() if not known.get(column)} if len(named) == 1 else {}


def _words(said: Mapping[str, str], invitation: Invitation) -> dict[str, str]:
    """What stands in the mail, and what in the invitation, where it is not the same; an answer holds ours."""
    told = said.get("message", "")
    theirs = "" if invitation.method in _ANSWERS and invitation.method != "COUNTER" else invitation.description
    for more in (theirs, invitation.comment, _in_markup(invitation) if not theirs else ""):
        if more and more not in told:
            told = more if told in more else f"{told}\n\n{more}"
    return {"message": told}


def _in_markup(invitation: Invitation) -> str:
    """What only its HTML says: Outlook writes there what somebody answers, and else the description again."""
    said = words(invitation.markup)
    return "" if " ".join(said.split()) in " ".join(invitation.description.split()) else said


def _later(invitation: Invitation, who: Party) -> Later:
    if invitation.method in _ANSWERS:
        codes = {"answer": who.answer} if who.answer in _KNOWN_ANSWERS else {}
        return Later(event="booking.answered", codes=codes, part=True, keeps=_STAYS)
    if invitation.changes:
        later = Later(event="booking.changed", way=Way.EMAIL_REPLY, part=True, keeps=_STAYS)
        return replace(later, counted=_version(invitation), taken=partial(settled, invitation))
    event = "booking.noted"
    if invitation.cancelled:
        event = "booking.cancelled"
    elif invitation.changed:
        event = "booking.changed"
    return Later(event=event, way=Way.EMAIL_REPLY, part=True, keeps=_STAYS, counted=_VERSION)


def _version(invitation: Invitation) -> str:
    """Each hour of many has versions of its own."""
    return f"{_VERSION} of {invitation.changes[0].of}" if invitation.changes else _VERSION


def _alone(invitation: Invitation) -> str:
    if invitation.method in _ANSWERS and invitation.method != "COUNTER":
        return "an answer to an invitation of ours"
    return "of an appointment that is not known here" if invitation.cancelled else ""
