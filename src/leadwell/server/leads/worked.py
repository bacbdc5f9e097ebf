"""What did people here do with a lead, in sentences? Calls, answers that were confirmed, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from leadwell.server.base.templatetags.look import day_and_hour
from leadwell.server.leads import telling
from leadwell.server.leads.models import Event

ICONS: Final = {
    "fact.verified": "seal", "fact.unknown": "ask", "fact.taken-back": "back",
    "attempt.begun": "phone", "attempt.noted": "phone", "attempt.corrected": "phone", "attempt.taken-back": "back",
    "colleague.named": "people", "colleague.called": "phone", "colleague.taken-back": "back",
    "meeting.agreed": "cal", "meeting.moved": "cal", "meeting.held": "check", "meeting.not-held": "no",
    "meeting.taken-back": "back",
    "attempt.ended": "phone",
    "outcome.noted": "check", "outcome.corrected": "check", "outcome.taken-back": "back",
}  # fmt: skip
RESULTS: Final = {
    "reached": "they were reached",
    "voicemail": "a voicemail was left",
    "no-answer": "nobody answered",
    "busy": "the line was busy",
    "wrong-number": "it is a wrong number",
    "asked-to-stop": "they asked us to stop",
    "callback": "they asked to be called back",
}
_FACTS: Final = {
    "fact.verified": "{}: confirmed here",
    "fact.unknown": "{}: asked, and they do not know",
    "fact.taken-back": "{}: what was confirmed here was taken back",
}
_DEALT: Final = {
    "colleague.taken-back": "Somebody else of the organisation was taken back",
    "meeting.held": "The meeting was held",
    "meeting.not-held": "The meeting was not held",
    "meeting.taken-back": "What was said last of a meeting was taken back",
}
_WAYS: Final = {"call": "Call", "text": "Text", "email": "E-mail"}


def says(event: Event) -> str:
    """'' where nobody here did it."""
    kind, _, did = event.name.partition(".")
    if kind == "fact":
        column = telling.label(str(event.codes.get("column", "")))
        said = "{}: not theirs" if event.codes.get("empties") == "yes" else _FACTS[event.name]
        return f"{said.format(column)}{_decided(event.codes)}"
    if kind == "attempt":
        return _attempt(event.codes, did)
    if kind in ("colleague", "meeting"):
        return _DEALT.get(event.name) or _dealt(event.codes, did)
    return _outcome(event.codes, did) if kind == "outcome" else ""


def _dealt(codes: Mapping[str, Any], did: str) -> str:
    """Who else of an organisation is known and called, and when we meet."""
    if did == "named":
        return "Somebody else of the organisation was named" + (
            ", who decides" if codes.get("decides") == "yes" else ""
        )
    if did == "called":
        return f"Called from now on: {'the one who was named' if codes.get('whom') == 'colleague' else 'whoever asked'}"
    at = datetime.fromisoformat(str(codes["at"]))
    return f"{'The meeting was moved to' if did == 'moved' else 'A meeting was agreed:'} {day_and_hour(at)}"


def _decided(codes: Mapping[str, Any]) -> str:
    """What an answer has decided."""
    moved = codes.get("disposition")
    return f". It decided: {moved[0]}, now {moved[1]}" if isinstance(moved, list) else ""


def _attempt(codes: Mapping[str, Any], did: str) -> str:
    way = _WAYS.get(str(codes.get("channel")), "Call")
    what = f"{way}{' by them' if codes.get('direction') == 'in' else ''}"
    if did == "begun":
        return f"{what}: begun"
    if did == "taken-back":
        return f"{what}: taken back, there was none"
    if did == "ended" and codes.get("result") == "reached":
        return f"{what}: it is over"
    result = RESULTS.get(str(codes.get("result")), str(codes.get("result")))
    return f"{what}: {'corrected, ' if did == 'corrected' else ''}{result}"


def _outcome(codes: Mapping[str, Any], did: str) -> str:
    became = str(codes.get("became", "")).replace("-", " ")
    because = f", because: {telling.reason(str(codes['reason']))}" if codes.get("reason") else ""
    if did == "taken-back":
        return f"What became of it was taken back: {became}"
    return f"{'Corrected: ' if did == 'corrected' else ''}{became}{because}".capitalize()
