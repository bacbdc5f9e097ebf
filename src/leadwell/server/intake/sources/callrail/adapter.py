"""What does CallRail tell of a call or a text? By the names of its webhooks, the older and the newer ones.

A call that is told of again, as when its recording, a note or a transcript came later, is the same lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading, phones
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import TooMuch, flattened, lead

# Our column <- their names, the first that says something.
_CALL: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("resource_id", "id"),
    "received_at": ("start_time", "datetime", "created_at", "timestamp"),
    "full_name": ("customer_name", "formatted_customer_name", "callername", "caller_name"),
    "email": ("customer_email", "email"),
    "city": ("customer_city", "callercity"),
    "state": ("customer_state", "callerstate"),
    "zip": ("zip_code", "zip", "customer_zip"),
    "message": ("transcription", "transcript", "content", "message"),
    "source": ("source", "callsource", "utm_source", "source_name", "formatted_tracking_source"),
    "campaign": ("campaign", "utm_campaign"),
    "page": ("landing_page_url", "landingpage", "last_requested_url"),
    "extra.call_seconds": ("duration",),
    "extra.recording": ("recording", "recording_player"),
}  # fmt: skip
_NUMBERS: Final = (
    "customer_phone_number", "callernum", "customer_number", "caller_number", "caller_phone_number", "source_number",
    "from",
)  # fmt: skip
_OURS: Final = ("outbound", "outgoing", "sent")
# Of the machinery; and what says again what another name says.
# Told only once a call has ended: by the webhooks “Post-call” and “Call modified”, never by those of its beginning.
_OF_ITS_END: Final = (
    "recording", "recording_duration", "recording_player", "transcription", "note", "value", "keywords", "medium",
    "landing_page_url", "landingpage", "referrer", "referrer_domain", "gclid",
)  # fmt: skip
_TECHNICAL: Final = frozenset(
    {"answered", "voicemail", "direction", "call_type", "type", "event", "event_type", "utma", "utmb", "utmc", "utmv",
     "utmx", "utmz", "ga", "waveforms", "company_id", "company_resource_id", "tracker_id", "tracker_resource_id"}
)  # fmt: skip


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    try:
        value = orjson.loads(sent.body)
        if not isinstance(value, dict):
            return Reading(problem="not a JSON object: one object tells of one call")
        fields = flattened(value)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    except TooMuch as error:
        return Reading(problem=str(error))
    if not (number := _first(fields, _NUMBERS)) and not _is_call(fields):
        return _form(fields)
    if "content" in fields and "duration" not in fields:
        return _text(fields, number)
    return Reading(not_a_lead="a call under way") if _begins(fields, value) else _call(fields, number)


def _begins(fields: Mapping[str, str], told: Mapping[str, Any]) -> bool:
    """Whether the call has only begun: CallRail says the same of it as of a missed one (“Pre-call”: answered=false,
    duration=0, call_type=missed), but nothing yet of what is known afterwards."""
    if (
        _is(fields.get("answered"))
        or _is(fields.get("voicemail"))
        or fields.get("duration", "0").strip() not in ("", "0")
    ):
        return False
    return not any(name in told for name in _OF_ITS_END)


def _is_call(fields: Mapping[str, str]) -> bool:
    return "duration" in fields or "answered" in fields


def _call(fields: Mapping[str, str], number: str) -> Reading:
    if fields.get("direction", "").lower() in _OURS or fields.get("call_type", "").lower() in _OURS:
        return phones.ours(number, _columns(fields).get("message", ""))
    columns = {**phones.caller(number), **_columns(fields)}
    name = columns.get("id", "")
    if phones.is_withheld(columns.get("full_name", "")):
        columns["extra.caller_name"] = columns.pop("full_name")
    return phones.call(f"callrail/{name}" if name else "", columns, result=_result(fields))


def _result(fields: Mapping[str, str]) -> str:
    kind = fields.get("call_type", "").lower()
    if _is(fields.get("voicemail")) or kind == "voicemail":
        return "voicemail"
    if _is(fields.get("answered")):
        return phones.COMPLETED
    return "abandoned" if kind == "abandoned" else "no-answer"


def _is(said: str | None) -> bool:
    return (said or "").strip().lower() in ("yes", "true", "1")


def _text(fields: Mapping[str, str], number: str) -> Reading:
    told = {fields.get(name, "").lower() for name in ("direction", "type", "event", "event_type", "status")}
    if fields.get("agent", "").strip() or any(one.startswith(_OURS) or one.endswith(_OURS) for one in told):
        return Reading(not_a_lead="a text of ours")
    columns = {**phones.caller(number), **_columns(fields)}
    return phones.text("", columns)


def _form(fields: Mapping[str, str]) -> Reading:
    """What it tells besides calls and texts, as a form that was filled in, is understood by its names."""
    columns = lead(fields, {})
    if not any(name in contract.INCOMING for name in columns):
        return Reading(problem="neither a call nor a text: it has no number of whoever called")
    return Reading(leads=(columns,), proven=True)


def _columns(fields: Mapping[str, str]) -> dict[str, str]:
    taken = {column: next((one for one in names if fields.get(one, "").strip()), "") for column, names in _CALL.items()}
    columns = {column: fields[name] for column, name in taken.items() if name}
    used = _TECHNICAL.union(taken.values(), _NUMBERS)
    rest = {contract.EXTRA_PREFIX + name: text for name, text in fields.items() if name not in used and text.strip()}
    return columns | {name: text for name, text in rest.items() if not name.startswith("extra.formatted_")}


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name, "").strip()), "")
