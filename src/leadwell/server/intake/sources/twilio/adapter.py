"""What does Twilio tell of a call or a text?

Of a call: its state as it changes, what was recorded, and what a voicemail says. It is a lead once it has ended, or
somebody has left their words. A call or text of ours, and what has become of it, is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading, phones
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import TooMuch, flattened
from leadwell.server.intake.sources.form.adapter import pairs_of

_RESULTS: Final = {
    "completed": phones.COMPLETED, "answered": phones.COMPLETED, "busy": "busy", "no-answer": "no-answer",
    "canceled": "abandoned", "failed": "failed",
}  # fmt: skip
# Of the machinery, and nothing of whoever calls or writes.
_TECHNICAL: Final = frozenset(
    {"AccountSid", "ApiVersion", "ApiResult", "CallToken", "CallbackSource", "SequenceNumber", "NumSegments", "SmsSid",
     "SmsMessageSid", "MessagingServiceSid", "SmsStatus", "MessageStatus", "StirVerstat", "StirPassportToken",
     "RecordingSid", "TranscriptionSid", "RecordingChannels", "RecordingTrack", "TranscriptionType", "TranscriptionUrl",
     "AddOns", "ErrorCode", "ErrorUrl", "Timestamp", "CallSid", "MessageSid", "From", "Caller", "Body", "CallerName",
     "ProfileName", "EventName", "TranscriptionText", "SpeechResult", "TranscriptionData", "RecordingUrl",
     "CallStatus", "Direction", "CallDuration", "NumMedia", "bodySHA256"}
)  # fmt: skip
_ROUTED: Final = ("Called", "To")  # the same number twice, with where it is; one of them says all
_PLACES: Final = ("City", "State", "Zip", "Country")


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    fields = _fields(sent)
    if isinstance(fields, str):
        return Reading(problem=fields)
    if fields.get("CallSid"):
        return _call(fields)
    if fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid"):
        return _text(fields)
    return Reading(problem="neither a call nor a text: it has no CallSid and no MessageSid")


def _fields(sent: Sent) -> dict[str, str] | str:
    """Name -> value; what is wrong where there are none."""
    try:
        if "json" not in sent.media_type.lower() and not sent.body.lstrip().startswith((b"{", b"[")):
            return dict(pairs_of(sent.body))
        return _told(orjson.loads(sent.body))
    except orjson.JSONDecodeError as error:
        return not_json(error)
    except TooMuch as error:
        return str(error)
    except ValueError:
        return "not a form, or more than 500 fields"


def _told(value: Any) -> dict[str, str] | str:
    """An event of Twilio's streams says in `data` what a callback says, in names that begin small; or a callback's own
    fields stand there as its `parameters`."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return "not a JSON object: one object tells of one call"
    data = value.get("data")
    if not isinstance(data, dict):
        return flattened(value)
    request = data.get("request")
    if isinstance(request, dict) and isinstance(request.get("parameters"), dict):
        return flattened(request["parameters"])
    fields = {name[:1].upper() + name[1:]: text for name, text in flattened(data).items()}
    kind = str(value.get("type") or "")
    return fields | ({"SmsStatus": kind.rpartition(".")[2]} if ".messaging." in kind else {})


def _text(fields: Mapping[str, str]) -> Reading:
    status = (fields.get("SmsStatus") or fields.get("MessageStatus") or "received").lower()
    if status not in ("received", "receiving") or fields.get("Direction", "").startswith("outbound"):
        return Reading(not_a_lead="what has become of a text of ours")
    name = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""
    columns = {"id": name, **phones.caller(fields.get("From", "")), "full_name": fields.get("ProfileName", "")}
    columns |= {"received_at": _instant(fields.get("Timestamp", "")), "message": fields.get("Body", "")}
    columns |= _carried(fields)
    if media := [fields[one] for n in range(_number(fields.get("NumMedia"))) if fields.get(one := f"MediaUrl{n}")]:
        columns["extra.media"] = "; ".join(media)
    return phones.text(f"twilio/{name}", columns, keyword=fields.get("OptOutType", "").strip().upper())


def _call(fields: Mapping[str, str]) -> Reading:
    direction, name = fields.get("Direction", "").lower(), fields["CallSid"]
    if direction.startswith("outbound"):
        return _leg(fields) if fields.get("ParentCallSid") else phones.ours(fields.get("To", ""), _words(fields))
    result, guessed = _result(fields)
    columns = {"id": name, **phones.caller(fields.get("From") or fields.get("Caller") or ""), **_said(fields)}
    if not result and "message" not in columns and "extra.recording" not in columns:
        return Reading(not_a_lead="a call under way")
    alone = "" if direction or "From" in fields or "Caller" in fields else "of a call that is not known here"
    return phones.call(f"twilio/{name}", columns, result=result, guessed=guessed, alone=alone)


def _leg(fields: Mapping[str, str]) -> Reading:
    """A call that came in rings at somebody of ours: whether they took it tells what became of it. Or one of ours was
    put through, and says what was spoken."""
    result = _RESULTS.get(fields.get("CallStatus", "").lower(), "")
    if words := _words(fields):
        return phones.ours(fields.get("To", ""), words)
    if not result:
        return Reading(not_a_lead="a call under way")
    columns = {"id": fields["ParentCallSid"], "extra.rang_at": fields.get("To", "")}
    return phones.call(f"twilio/{fields['ParentCallSid']}", columns, result=result, alone=phones.OURS)


def _result(fields: Mapping[str, str]) -> tuple[str, bool]:
    """What became of it, '' where that is not told; and whether another part of the call may know better: that a call
    has ended says nothing of who took it."""
    if fields.get("DialCallStatus"):
        return _RESULTS.get(fields["DialCallStatus"].lower(), ""), False
    if _is_voicemail(fields):
        return "voicemail", False
    return _RESULTS.get(fields.get("CallStatus", "").lower(), ""), fields.get("CallStatus", "").lower() == "completed"


def _is_voicemail(fields: Mapping[str, str]) -> bool:
    """Twilio transcribes what its verb Record has recorded; that verb's own callback says nothing of how long the call
    was."""
    if source := fields.get("RecordingSource"):
        return source == "RecordVerb"
    if "TranscriptionText" in fields or "TranscriptionStatus" in fields:
        return True
    return bool(fields.get("RecordingUrl")) and "CallDuration" not in fields and "RecordingStatus" not in fields


def _said(fields: Mapping[str, str]) -> dict[str, str]:
    columns = {
        "received_at": _instant(fields.get("Timestamp", "")),
        "full_name": _name(fields.get("CallerName", "")),
        "message": _words(fields),
        "extra.call_seconds": fields.get("DialCallDuration") or fields.get("CallDuration", ""),
        "extra.recording": fields.get("RecordingUrl", ""),
        **_carried(fields),
    }
    return {name: text for name, text in columns.items() if text.strip()}


def _words(fields: Mapping[str, str]) -> str:
    return fields.get("TranscriptionText") or fields.get("SpeechResult") or _spoken(fields)


def _spoken(fields: Mapping[str, str]) -> str:
    """Of a transcript that comes while they speak: what is said for good."""
    if fields.get("Final", "").lower() != "true":
        return ""
    try:
        told = orjson.loads(fields.get("TranscriptionData", ""))
    except orjson.JSONDecodeError:
        return ""
    return str(told.get("transcript") or "") if isinstance(told, dict) else ""


def _name(said: str) -> str:
    return "" if phones.is_withheld(said) else said


def _instant(said: str) -> str:
    with suppress(ValueError):
        return datetime.fromisoformat(said).isoformat()
    try:
        return parsedate_to_datetime(said).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _number(said: str | None) -> int:
    return min(int(said), 50) if said and said.isascii() and said.isdigit() and len(said) < 4 else 0


def _carried(fields: Mapping[str, str]) -> dict[str, str]:
    """What else it says. Where a number is registered is not where its caller lives, so that is no address."""
    twice = {f"{one}{place}" for one in (*_ROUTED, "Caller") for place in _PLACES} | {"Called"}
    return {
        contract.EXTRA_PREFIX + name: text
        for name, text in fields.items()
        if text.strip() and name not in _TECHNICAL and name not in twice and not name.startswith("Media")
    }
