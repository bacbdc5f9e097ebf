"""What is shown of an organisation beside its lead: what it asks for and how that fits, who decides, when we meet?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from leadwell.permission.saying import city
from leadwell.playbook import Playbook
from leadwell.playbook.model import Offer
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.roles import May
from leadwell.server.business.models import Meeting, Result
from leadwell.server.business.naming import undoable
from leadwell.server.business.queries import (
    colleagues_of,
    meetings_of,
    others_of,
    told_by,
    told_of_meeting,
)
from leadwell.server.consent.telling import when
from leadwell.server.leads import names, telling
from leadwell.server.leads.beside import Seen
from leadwell.server.leads.models import Lead
from leadwell.server.leads.rows import columns_if_open
from leadwell.server.leads.verifying import UNDO_WITHIN


@dataclass(frozen=True)
class Somebody:
    """One of the organisation. `number`: None of whoever asked; `decides`: None where nobody knows; `called`:
    whether it is they who are called; `reach`: telephone or e-mail, as one reads it; `may_undo`: whether who looks
    can take it back."""

    number: UUID | None
    name: str
    role: str
    decides: bool | None
    called: bool
    reach: str
    may_undo: bool = False


@dataclass(frozen=True)
class Ahead:
    """A meeting. `when`: on whose clock it was agreed; `ours`: on ours, '' where that says the same; `over`: whether
    somebody may say whether it was held; `result`: '' while nobody has; `may_undo`: the last word on it is their
    own."""

    number: UUID
    at: datetime
    when: str
    ours: str
    minutes: int
    with_whom: str
    where: str
    over: bool
    result: str
    by: str
    may_undo: bool
    undo_at: datetime | None


@dataclass(frozen=True)
class Other:
    number: UUID
    name: str
    about: str
    at: datetime


@dataclass(frozen=True)
class Firm:
    """`name`: '' where they gave none, or it is hidden; `offer`: what they ask for, '' while that is unknown; `people`:
    whoever asked, then the others; `decides`: who does, in a sentence; `known`: whether anybody knows."""

    lead: UUID
    may: bool
    visible: bool
    name: str
    offer: str
    fits: str
    because: tuple[str, ...]
    deciders: str
    decides: str
    known: bool
    people: tuple[Somebody, ...]
    meeting: Ahead | None
    earlier: tuple[Ahead, ...]
    others: tuple[Other, ...]


def firm(seen: Seen) -> Firm:
    lead, ours = seen.lead, seen.lead.organization_id
    columns = (columns_if_open(lead) or {}) if seen.visible else {}
    offer = offer_of(seen.said, columns, seen.playbook)
    people = _people(seen, columns)
    meetings = _meetings(seen)
    last = meetings[0] if meetings else None
    fit = (seen.said.get("dimensions") or {}).get("fit") or {}
    known = any(one.decides for one in people) or _finding(seen.said) == "met"
    return Firm(
        lead=lead.pk,
        may=seen.member.may(May.CALL) and seen.visible,
        visible=seen.visible,
        name=columns.get("organization", ""),
        offer=offer.name if offer else "",
        fits=fit.get("finding") or "unknown",
        because=tuple(_because(fit, offer)) if seen.visible else (),
        deciders=", ".join(offer.decides) if offer else "",
        decides=_decides(people, seen.said, columns, visible=seen.visible),
        known=known,
        people=people if seen.visible else (),
        meeting=last,
        earlier=meetings[1:],
        others=tuple(_other(one) for one in others_of(ours, lead.pk)) if seen.visible else (),
    )


def offer_of(said: Mapping[str, Any], columns: Mapping[str, str], playbook: Playbook) -> Offer | None:
    """What was confirmed or filled in, else the first of the offers that their words ask for."""
    filled = columns.get("service", "").strip().lower()
    because = ((said.get("dimensions") or {}).get("fit") or {}).get("because") or ()
    told = {str(one.get("says")) for one in because}
    for one in playbook.offers.values():
        if filled and filled in (one.key, one.name.lower()):
            return one
    return next((one for one in playbook.offers.values() if f"asks for {one.name}" in told), None)


def _because(fit: Mapping[str, Any], offer: Offer | None) -> list[str]:
    """What else they ask for, and the words of it."""
    found: dict[str, list[str]] = {}
    for one in fit.get("because") or ():
        words = (one.get("evidence") or {}).get("text") or ""
        found.setdefault(str(one.get("says") or ""), []).extend([f"“{words}”"] if words else [])
    ours = f"asks for {offer.name}" if offer else ""
    told = [f"{'' if says == ours else says + ' '}{', '.join(dict.fromkeys(words))}" for says, words in found.items()]
    return [one.strip() for one in told if one.strip()]


def _finding(said: Mapping[str, Any]) -> str:
    return ((said.get("dimensions") or {}).get("decision_maker") or {}).get("finding") or "unknown"


def _people(seen: Seen, columns: Mapping[str, str]) -> tuple[Somebody, ...]:
    said, ours = seen.said, seen.lead.organization_id
    rows = colleagues_of(ours, seen.lead.pk)
    contact = said.get("contact") or {}
    decides = {"met": True, "not met": False}.get(_finding(said))
    role = telling.fact_value(said.get("facts") or {}, "contact_role", seen.playbook)
    reach = telling.dialled(contact.get("phone") or "") or contact.get("email") or ""
    asker = Somebody(None, names.name(columns), role, decides, not any(one.called for one in rows), reach)
    return (asker, *(_colleague(one, seen) for one in rows))


def _colleague(one: Any, seen: Seen) -> Somebody:
    told = told_by(one)
    name = "Cannot be opened" if told is None else told.get("name") or "Erased"
    told = told or {}
    reach = telling.dialled(told.get("phone", "")) or told.get("email", "")
    undo = undoable(one, seen.member.actor, timezone.now())
    return Somebody(one.pk, name, told.get("role", ""), one.decides, one.called, reach, undo)


def _decides(
    people: tuple[Somebody, ...], said: Mapping[str, Any], columns: Mapping[str, str], *, visible: bool
) -> str:
    named = [one for one in people[1:] if one.decides]
    if named and not visible:
        return "Somebody else, who is known"
    if named:
        role = f", {named[-1].role}" if named[-1].role else ""
        return f"Somebody else: {named[-1].name}{role}"
    words, finding = _in_their_words(said, columns), _finding(said)
    another = f"Somebody else: “{words}”" if words else "Somebody else, not named yet"
    return {"met": "Whoever asked", "not met": another}.get(finding, "Not known yet")


def _in_their_words(said: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    """The sentence in which they say that somebody else decides; '' where they wrote none, or it is hidden."""
    because = ((said.get("dimensions") or {}).get("decision_maker") or {}).get("because") or ()
    told = [one["evidence"] for one in because if one.get("evidence")]
    heard: Mapping[str, str] = next((one for one in told if one.get("provenance") == "extracted"), {})
    words, text = heard.get("text") or "", columns.get(heard.get("field") or "", "")
    if not words:
        return ""
    return next((one.strip() for one in re.split(r"(?<=[.!?])\s|\n", text) if words in one), words).rstrip(".")


def _meetings(seen: Seen) -> tuple[Ahead, ...]:
    ours = seen.lead.organization_id
    rows = meetings_of(ours, seen.lead.pk)
    by = names_of_users(ours) if rows else {}
    return tuple(_ahead(one, seen, by.get(one.by, "A program")) for one in rows)


def _ahead(one: Meeting, seen: Seen, by: str) -> Ahead:
    now, told = timezone.now(), told_of_meeting(one) if seen.visible else {}
    since, mine = now - UNDO_WITHIN, seen.member.actor
    undo = (one.result_by, one.result_at) if one.result else (one.by, one.noted_at)
    result = "moved" if one.moved_to else str(Result(one.result).label).lower() if one.result else ""
    if told is None:
        told = {"with_whom": "cannot be opened"}
    return Ahead(
        number=one.pk,
        at=one.at,
        when=said_of(one.at, one.zone),
        ours=_ours(one.at, one.zone),
        minutes=one.minutes,
        with_whom=told.get("with_whom", ""),
        where=told.get("where", ""),
        over=one.at <= now,
        result=result,
        by=by,
        may_undo=not one.moved_to and undo[0] == mine and undo[1] is not None and undo[1] >= since,
        undo_at=undo[1],
    )


def said_of(at: datetime, zone: str) -> str:
    """“Tue 1 Dec, 10:00 am, New York time”: with its day and whose clock."""
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {clock}, {city(zone)} time"


def _ours(at: datetime, zone: str) -> str:
    same = at.astimezone(ZoneInfo(zone)).utcoffset() == timezone.localtime(at).utcoffset()
    return "" if same else f"{when(at, timezone.now())}, our time"


def _other(lead: Lead) -> Other:
    columns = columns_if_open(lead)
    name = names.name(columns) if columns is not None else names.code(lead.pk)
    return Other(lead.pk, name, f"{lead.type.capitalize()} lead", lead.received_at)
