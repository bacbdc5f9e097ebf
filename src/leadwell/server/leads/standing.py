"""Why does a lead stand where it stands in the list? In a sentence, in its own terms and not those of the judgement.

“Bone on bone”, wants it “as soon as possible”, Medicare. To ask: age.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.server.leads import telling

_LONGEST: Final = 72  # characters of their own words
_COMPLAINTS: Final = ("names a reason", "names a condition", "names a procedure")  # what says most, first
_NOT_OFFERED: Final = re.compile(r"not offer")
_WHEN: Final = re.compile(r"wants care |says that it is urgent")
_BY: Final = re.compile(r"must be by (\d{4}-\d\d-\d\d)")
_LEANING: Final = {
    "says it is not for now": "not for now",
    "is still weighing it": "still weighing it",
    "asks for information or prices": "asks for information or prices",
    "wants to be seen": "wants to be seen",
}
_ASKED: Final = 3  # things to ask that are named


def why(said: Mapping[str, Any], playbook: Playbook) -> str:
    """'' where nothing that they said is a reason."""
    if said.get("safety"):
        return _sentences(danger(said), "Look at once")
    if said.get("conflicts"):
        return _sentences(*said["conflicts"], _terms(said, playbook))
    if said["disposition"] in ("decline", "redirect", "discard"):
        return _sentences(_refused(said))
    return _sentences(_terms(said, playbook), _to_ask(said))


def danger(said: Mapping[str, Any]) -> str:
    """The words of danger; '' where nothing but their sense says so."""
    return ", ".join(_texts(said.get("safety_because") or ()))


def why_by_codes(reason: str, payer: str, urgency: str) -> str:
    """The same for who may not see what anybody said: from what stands open beside a lead."""
    if reason:
        return _sentences(telling.reason(reason))
    hurry = _HURRY.get(urgency, "")
    return _sentences(f"{hurry}, {telling.plan(payer)}" if hurry and payer else hurry)


_HURRY: Final = {"urgent": "wants it at once", "soon": "wants it within weeks"}


def _sentences(*parts: str) -> str:
    """Each begins large and ends with a stop."""
    found = [part.strip().rstrip(".") for part in parts]
    return " ".join(f"{_large(part)}." for part in found if part)


def _large(part: str) -> str:
    at = 1 if part.startswith("“") else 0
    return part[:at] + part[at : at + 1].upper() + part[at + 1 :]


def _terms(said: Mapping[str, Any], playbook: Playbook) -> str:
    """What hurts, by when, and who pays."""
    because = _because(said, "fit")
    complaint = next((texts for one in _COMPLAINTS if (texts := _texts(because, one))), [])
    intent = [part for part in _intent(said) if part]
    wants = (
        [] if complaint or intent else [one["says"] for one in because if (one["says"] or "").startswith("asks for")]
    )
    return ", ".join(part for part in (*complaint[:1], *intent, *wants[:1], _payer(said, playbook)) if part)


def _intent(said: Mapping[str, Any]) -> Iterator[str]:
    """By when they want it, else how near they are to wanting it; and whether somebody refers them."""
    because = {one["says"] or "": one for one in _because(said, "intent")}
    if "comes with a referral" in because:
        yield "referred"
    for says, one in because.items():
        if found := _BY.match(says):
            yield f"must be by {_day(found[1])}"
            return
        if _WHEN.match(says):
            words = _texts([one])
            yield f"wants it {words[0]}" if words else says
            return
    yield next((_LEANING[says] for says in _LEANING if says in because), "")


def _payer(said: Mapping[str, Any], playbook: Playbook) -> str:
    facts = said.get("facts") or {}
    payer, payment = (telling.fact_value(facts, name, playbook) for name in ("payer", "payment"))
    if payer:
        return payer
    return "pays themselves" if payment == "by the patient themselves" else ""


def _refused(said: Mapping[str, Any]) -> str:
    """The reason, and what they said that makes it one."""
    reasons = said.get("reasons") or []
    if not reasons:
        return ""
    words = _texts(_because(said, "fit"), _NOT_OFFERED) or _texts(_because(said, "eligibility"), re.compile("not met"))
    if "not-an-enquiry" in reasons:
        words = [(said.get("other") or "").replace("-", " ")]
    return ": ".join(part for part in (", ".join(map(telling.reason, reasons)), *words[:1]) if part)


def _to_ask(said: Mapping[str, Any]) -> str:
    asked = [telling.label(one["fact"]) for one in said.get("questions") or () if one.get("fact")]
    names = [name if name.isupper() else name.lower() for name in dict.fromkeys(asked)][:_ASKED]
    return f"To ask: {', '.join(names)}" if names else ""


def _because(said: Mapping[str, Any], dimension: str) -> list[Mapping[str, Any]]:
    return list(((said.get("dimensions") or {}).get(dimension) or {}).get("because") or ())


def _texts(entries: Iterable[Mapping[str, Any]], says: str | re.Pattern[str] = "") -> list[str]:
    """On what those entries rest that say so: their own words in quotation marks, what stood in a field plain."""
    pattern = re.compile(says) if isinstance(says, str) else says
    rests = [one.get("evidence") or {} for one in entries if pattern.search(one.get("says") or "")]
    return list(dict.fromkeys(_text(one) for one in rests if (one.get("text") or "").strip()))


def _text(evidence: Mapping[str, Any]) -> str:
    text = " ".join(evidence["text"].split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    return f"“{text}”" if evidence.get("field") in contract.WORDS else text


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B}"
