"""What does Calendly tell of a booking? Who booked what for when, what they answered, and what became of it.

A booking is a lead. That it was cancelled, moved to another hour or not kept joins that lead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.formats import WrongMapping
from leadwell.formats.invitations import when
from leadwell.server.consent.models import Way
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import TooMuch, flattened, understood
from leadwell.server.leads.joining import Later

_VIDEO: Final = ("zoom", "google_conference", "google_meet", "microsoft_teams", "gotomeeting", "webex", "video")
_MOST_QUESTIONS: Final = 100
_GIVEN_UP: Final = "booking.given-up"  # for another hour
_NOT_KNOWN: Final = "of a booking that is not known here"


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: question -> column."""
    try:
        told = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    event = _text(told, "event") if isinstance(told, dict) else ""
    payload = _object(told, "payload")
    if not event or not payload:
        return Reading(problem="no event of Calendly: it has no “event” and “payload”")
    try:
        return _reading(event, payload, settings.get("mapping") or {})
    except TooMuch as error:
        return Reading(problem=str(error))
    except WrongMapping:
        return Reading(problem="its mapping no longer fits")


def _reading(event: str, payload: Mapping[str, Any], mapping: Mapping[str, str]) -> Reading:
    if event == "invitee.created":
        return _booked(payload, mapping)
    if event == "invitee.canceled":
        return _cancelled(payload)
    if event.startswith("invitee_no_show."):
        missed = event == "invitee_no_show.created"
        status = "no-show" if missed else "no-show taken back"
        name = "booking.missed" if missed else "booking.missed-not"
        return _happened(payload, (_text(payload, "invitee"),), name, {"extra.appointment_status": status})
    if event == "routing_form_submission.created":
        return _routed(payload, mapping)
    return Reading(not_a_lead="an event of Calendly that is no booking")


def _booked(payload: Mapping[str, Any], mapping: Mapping[str, str]) -> Reading:
    own, old, new = _chain(payload)
    columns = _invitee(payload) | _visit(payload)
    columns |= _answers(payload, mapping, columns)
    if not any(columns.get(name) for name in ("email", "phone", "full_name", "last_name")):
        return Reading(problem="it does not say who has booked")
    columns["extra.appointment_status"] = "moved" if old else "booked"
    routed = _text(_object(payload, "routing_form_submission"), "uri") or _text(payload, "routing_form_submission")
    later = Later(event="booking.changed" if old else "booking.noted", way=Way.MESSAGE, part=True)
    moved = replace(later, event=_GIVEN_UP, taken=partial(_but_its_hour, frozenset(_visit(payload))))
    outdated = dict.fromkeys(_names(own), moved) | dict.fromkeys(
        _ended(own), replace(later, event=_GIVEN_UP, taken=_but_its_status)
    )
    return Reading(
        leads=(columns,), names=_names(own, old, new), answers=_names(own, old, new, routed), proven=True,
        later=moved if new else later, gives_up=_names(old, own if new else ""), outdated=outdated,
    )  # fmt: skip


def _chain(payload: Mapping[str, Any]) -> tuple[str, str, str]:
    """A booking that was moved is a chain of invitees, of which each tells the one before and the one after: its own,
    and those, as far as they are told."""
    return _text(payload, "uri"), _text(payload, "old_invitee"), _text(payload, "new_invitee")


def _but_its_hour(hour: Collection[str], stands: Mapping[str, str], came: Mapping[str, str]) -> dict[str, str]:
    """Of a booking that was given up for another before it came: its words, and what the lead does not say."""
    return {name: text for name, text in came.items() if name == "message" or not (name in hour or stands.get(name))}


def _but_its_status(_: Mapping[str, str], came: Mapping[str, str]) -> dict[str, str]:
    """Of a booking that was cancelled before it came."""
    return {name: text for name, text in came.items() if name != "extra.appointment_status"}


def _cancelled(payload: Mapping[str, Any]) -> Reading:
    said = _object(payload, "cancellation")
    by, reason = _text(said, "canceler_type"), _text(said, "reason")
    own, old, new = _chain(payload)
    moved = payload.get("rescheduled") is True or bool(new)
    columns = {
        "extra.appointment_status": "" if moved else "cancelled",
        "extra.cancelled_by": _text(said, "canceled_by"),
    }
    columns |= {"extra.cancellation_reason": reason} if by == "host" else {"message": reason}
    codes = {"by": by} if by in ("host", "invitee") else {}
    event = _GIVEN_UP if moved else "booking.cancelled"
    told = _happened(payload, (own, old, new), event, columns, codes=codes)
    ends = _names(own) if moved else _ended(own)
    return replace(told, names=told.answers, gives_up=(*_names(old), *ends))


def _happened(
    payload: Mapping[str, Any],
    invitees: Collection[str],
    event: str,
    columns: Mapping[str, str],
    *,
    codes: Mapping[str, str] | None = None,
) -> Reading:
    said = {"email": _text(payload, "email"), **columns}
    said = {name: text for name, text in said.items() if text.strip()} or {"extra.event": event}
    way = Way.MESSAGE if said.get("message") else ""
    later = Later(event=event, codes=codes or {}, way=way, part=True)
    names = _names(*invitees)
    return Reading(leads=(said,), answers=names, proven=True, later=later, alone=_NOT_KNOWN, early=bool(names))


def _routed(payload: Mapping[str, Any], mapping: Mapping[str, str]) -> Reading:
    """A form that leads to bookings, filled in; whoever then books by it is the same lead."""
    columns = _tracking(payload)
    columns |= _answers(payload, mapping, columns)
    if not any(name in contract.INCOMING for name in columns):
        return Reading(not_a_lead="a form of Calendly that says nothing of who filled it in")
    answers = _names(_text(payload, "uri"), _text(payload, "submitter"))
    later = Later(event="booking.noted", way=Way.MESSAGE, part=True)
    return Reading(leads=(columns,), names=answers[:1], answers=answers, proven=True, later=later)


def _invitee(payload: Mapping[str, Any]) -> dict[str, str]:
    columns = {
        "id": _text(payload, "uri"),
        "received_at": _text(payload, "created_at"),
        "full_name": _text(payload, "name"),
        "first_name": _text(payload, "first_name"),
        "last_name": _text(payload, "last_name"),
        "email": _text(payload, "email"),
        "phone": _text(payload, "text_reminder_number"),
        "extra.time_zone": _text(payload, "timezone"),
        "extra.cancel_url": _text(payload, "cancel_url"),
        "extra.reschedule_url": _text(payload, "reschedule_url"),
        **{f"extra.payment {name}": text for name, text in flattened(_object(payload, "payment")).items()},
        **_tracking(payload),
    }
    return {name: text for name, text in columns.items() if text.strip()}


def _tracking(payload: Mapping[str, Any]) -> dict[str, str]:
    told = {name: text for name, text in flattened(_object(payload, "tracking")).items() if text.strip()}
    ours = {"utm_source": "source", "utm_campaign": "campaign"}
    return {ours.get(name, contract.EXTRA_PREFIX + name): text for name, text in told.items()}


def _visit(payload: Mapping[str, Any]) -> dict[str, str]:
    visit = _object(payload, "scheduled_event") or _object(payload, "event")
    place, kind = _object(visit, "location"), ""
    kind, where = _text(place, "type").lower(), _text(place, "location")
    columns = {
        "appointment_type": _text(visit, "name"),
        "extra.appointment_at": _text(visit, "start_time"),
        "extra.appointment_until": _text(visit, "end_time"),
        "timeline": when(_text(visit, "start_time"), _text(payload, "timezone")),
        "extra.join_url": _text(place, "join_url"),
        "extra.guests": _each(visit, "event_guests", "email"),
        "extra.with": _each(visit, "event_memberships", "user_name") or _each(visit, "event_memberships", "user_email"),
    }
    if kind == "outbound_call" and where and not _text(payload, "text_reminder_number"):
        columns["phone"] = where
    elif kind == "physical":
        columns |= {"preferred_location": where, "visit_mode": "in person"}
    elif kind.startswith(_VIDEO):
        columns |= {"visit_mode": "video"}
    if where and "phone" not in columns and kind != "physical":
        columns["extra.place"] = where
    return {name: text for name, text in columns.items() if text.strip()}


def _each(visit: Mapping[str, Any], listed: str, name: str) -> str:
    found = visit.get(listed)
    each = [_text(one, name) for one in found[:50] if isinstance(one, dict)] if isinstance(found, list) else []
    return "; ".join(one for one in each if one)


def _answers(payload: Mapping[str, Any], mapping: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """What they answered, understood as the headers of a list are; what says otherwise what is `known`, stands beside
    it."""
    listed = payload.get("questions_and_answers")
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if len(told) > _MOST_QUESTIONS:
        raise TooMuch(f"more than {_MOST_QUESTIONS} questions")
    asked: dict[str, str] = {}
    for one in told:
        question, answer = _text(one, "question").strip(), _text(one, "answer")
        if question and answer.strip():
            asked[question] = f"{asked[question]}; {answer}" if question in asked else answer
    columns: dict[str, str] = {}
    for meant in understood(asked, mapping, nested=False) if asked else ():
        column, answer = meant.column, asked[meant.header]
        if column == "phone" and known.get(column, answer) != answer:
            column = "phone_2"
        if known.get(column, answer) != answer:
            column = contract.EXTRA_PREFIX + meant.header
        columns[column] = answer
    return columns


def _ended(uri: str) -> tuple[str, ...]:
    return tuple(f"cancelled {name}" for name in _names(uri))


def _names(*uris: str) -> tuple[str, ...]:
    return tuple(f"calendly/{one}" for one in uris if one)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if isinstance(found, list):
        return "; ".join(str(one) for one in found if isinstance(one, str | int | float))
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""
