"""Does what would be no lead tell of danger? Then a person sees it at once. (promise 18)

Of somebody with an open lead it joins that and has it judged anew; else it is a lead of its own. Of what a machine has
written only an alarm counts, and no doubt. What a health system sends is read whole, as a referral is: somebody there
wrote it of their patient, whose telephone may be a family's, so that only its number says to which lead it belongs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar
from uuid import UUID

from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.reading.notices import BIDS, OWN
from leadwell.server.consent.addresses import token_of
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.joining import ANSWER, Policy, join
from leadwell.server.leads.judging import Arrived, judged
from leadwell.server.leads.models import Lead
from leadwell.server.people.models import PersonToken
from leadwell.server.privacy.tokens import Blind

Key = TypeVar("Key")
_NOBODY: Final = UUID(int=0)
_WORDS: Final = ("subject", "message")
_REASON: Final = "referral_reason"
# What an auto-reply advises whoever reads it, also where it says no "you" (`notices`): "For emergencies, call 911".
_SENTENCE: Final = re.compile(r"[^.!?\n]*[.!?\n]?")
_SUPPOSED: Final = re.compile(r"\b(?:if|in case|for|in an?|si|en caso|para)\b", re.IGNORECASE)
_WHERE_TO: Final = re.compile(r"\b(?:911|988|emergency (?:room|department|services)|urgencias)\b", re.IGNORECASE)
_BIDS, _OWN = (re.compile(said, re.IGNORECASE) for said in (BIDS, OWN))


def endangered(readings: Mapping[Key, Reading], playbook: Playbook) -> frozenset[Key]:
    """Those that would be no leads by themselves and whose words suggest danger."""
    told = {key: words for key, one in readings.items() if _may_tell(one) and (words := _words(one))}
    arrived = [Arrived(_NOBODY, n, 0, timezone.now(), columns=words) for n, words in enumerate(told.values())]
    said = judged(arrived, playbook) if arrived else []
    return frozenset(
        key for key, one in zip(told, said, strict=True) if _tells(one.said, machine=_by_a_machine(readings[key]))
    )


def _tells(said: Mapping[str, Any], *, machine: bool) -> bool:
    """A doubt is of what they wrote themselves: a calendar writes the subject ("Declined: Intake call")."""
    fields = {(one["evidence"] or {}).get("field") for one in said["safety_because"] or ()}
    return bool(said["safety"]) or (not machine and bool(fields - {"subject", None}))


def _may_tell(reading: Reading) -> bool:
    return bool(reading.alone or reading.orphan) and len(reading.leads) == 1


def _words(reading: Reading) -> dict[str, str]:
    names = reading.leads[0] if reading.numbered else _WORDS
    said = {name: reading.leads[0].get(name, "") for name in names}
    if _by_a_machine(reading):
        said = {name: _but_advice(text) for name, text in said.items()}
    return {name: text for name, text in said.items() if text.strip()}


def _but_advice(text: str) -> str:
    return "".join(one for one in _SENTENCE.findall(text) if not _advises(one))


def _advises(sentence: str) -> bool:
    """Whoever tells of themselves in it, and bids nobody, asks for help: "in an ambulance to the emergency room"."""
    supposed = _SUPPOSED.search(sentence)
    if supposed is None or _WHERE_TO.search(sentence, supposed.end()) is None:
        return False
    return _BIDS.search(sentence) is not None or _OWN.search(sentence) is None


def _by_a_machine(reading: Reading) -> bool:
    return not reading.later.way


def as_lead(reading: Reading) -> Reading:
    """What came before the booking that it cancels takes its names, so that the booking finds it; the referral that
    comes later puts its own reason in no place of what was noted."""
    early = reading.answers if reading.early else ()
    names = tuple(dict.fromkeys((*reading.names, *early)))
    gives_up = reading.gives_up or early[:1]
    leads = tuple(map(_noted, reading.leads)) if reading.numbered else reading.leads
    return replace(reading, leads=leads, names=names, gives_up=gives_up, alone="", orphan="", early=False)


def _noted(columns: Mapping[str, str]) -> Mapping[str, str]:
    said = (columns.get(name, "") for name in ("message", _REASON))
    return {name: text for name, text in columns.items() if name != _REASON} | {
        "message": "\n\n".join(filter(None, said))
    }


def join_theirs(organization: int, submission: UUID, reading: Reading, policy: Policy) -> UUID | None:
    """The open lead of whoever has sent it, which it has joined."""
    if reading.numbered:
        return None
    lead, later = _open_lead(organization, reading), replace(ANSWER, way=reading.later.way)
    said = {name: reading.leads[0][name] for name in ("email", "phone", *_WORDS) if name in reading.leads[0]}
    if lead is None or not join(organization, lead, submission, said, policy=policy, later=later):
        return None
    return lead


def _open_lead(organization: int, reading: Reading) -> UUID | None:
    """The newest."""
    blind = Blind(organization)
    addresses = (reading.author, *(reading.leads[0].get(name, "") for name in ("email", "phone")))
    tokens = filter(None, (token_of(blind, one) for one in addresses if one))
    for kind, token in dict.fromkeys(tokens):
        people = PersonToken.objects.of(organization).filter(kind=kind, token=token).values("person")
        theirs = Lead.objects.of(organization).filter(person__in=people).exclude(queue="").exclude(sealed=b"")
        if found := theirs.order_by("-received_at").values_list("pk", flat=True).first():
            return found
    return None
