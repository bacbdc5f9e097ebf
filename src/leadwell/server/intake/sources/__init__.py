"""Through which doors do leads come? Each kind is a folder, and a line in KINDS.

`adapter.py` has `read(sent, settings) -> Reading`: what a submission would become. It is pure: it neither writes nor
asks the network. `form.py` has `Form`: what is typed about a source of the kind. Where others post to it, `door.py` may
have DOOR: how that is checked and answered, if not as `doors.Door` does it. `templates/intake/kinds/<kind>.html`: where
it is to be sent to; `docs/sources/<kind>.md`: how it is set up, step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from leadwell.server.intake.opening import Sent
from leadwell.server.leads.joining import ANSWER, Later

if TYPE_CHECKING:
    from leadwell.server.intake.sources.doors import Door
    from leadwell.server.intake.sources.typed import Settings


@dataclass(frozen=True)
class Kind:
    """`words`: how pages name it. `offered`: what whoever adds a source reads of it; '' where nobody adds one.
    `posted`: others post to its address; `under`: where that begins, `/in/<handle>` for all that have no address of
    their own; `named`: its fields have names of their own, and can be mapped."""

    words: str
    offered: str = ""
    posted: bool = False
    under: str = "in"
    named: bool = False


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "api": Kind("API", named=True),
        "webhook": Kind("Webhook", "A system that calls us (webhook with JSON)", posted=True, named=True),
        "form": Kind("Website form", "A form on a website", posted=True, named=True),
        "google-ads": Kind("Google Ads", "A lead form of Google Ads", posted=True),
        "meta": Kind("Meta lead ads", "Lead ads of Facebook and Instagram", posted=True),
        "twilio": Kind("Twilio", "Twilio: calls, voicemails and texts of your numbers", posted=True),
        "callrail": Kind("CallRail", "CallRail: calls, voicemails and texts of your tracking numbers", posted=True),
        "calendly": Kind("Calendly", "Calendly: what is booked, moved and cancelled", posted=True),
        "fhir": Kind("FHIR", "A health system that sends FHIR (R4)", posted=True, under="fhir"),
        "hl7v2": Kind("HL7 v2", "A hospital that sends HL7 v2, over HTTP or MLLP", posted=True),
        "email": Kind("Mail", "Mail: an address of its own, or a mailbox that we read"),
        "typed-in": Kind("Calls typed in"),
        "file": Kind("Lists", "Lists that somebody uploads"),
    }
)


@dataclass(frozen=True)
class Reading:
    """What a submission holds. `leads`: column -> text. `problem`: a code and a place, never words; it needs mending.

    `not_a_lead`: why it is none (an auto-reply, a bounce). `rejected`: rows of a list that could not be read, and why.
    `awaits`: what it lacks and others know, “its answers from Meta”; we ask them, and then it is read again.
    `names`: its own (of a mail, a call, a booking), by which what comes later finds its lead; `further`: of a second
    lead and those after it, one each. `answers`: the names of what it belongs to; `proven`: whether whoever sent it has
    shown that these are true. `number`: of a call or text, from which it came. `later`: how it is noted where it joins
    a lead; `beside`: of a call, where that lead is of something else and only the number tells whose it is; of what has
    an `author`, the address that it came from, where that stands in none of the lead's columns that tell by whom it was
    made (`makers`). `alone`: why it is none where it joins none; `orphan`: what must be mended then; `early`: it may
    come before what it answers, and joins that then; `only_danger`: it asks for nothing, and joins what it belongs to
    for nothing but danger in its words. `gives_up`: what of an hour stands no longer, as a name;
    `outdated`: how it is noted where one of these is, the first that is. `numbered`: its names are numbers of its
    sender's, which do not say of whom it is; `ours`: what it answers is a name of ours, of one patient for good.
    `spoken`: they only telephoned. `senders`: of a mail the names and addresses of whoever wrote it, or what it
    forwards.
    """

    leads: tuple[Mapping[str, str], ...] = ()
    problem: str = ""
    not_a_lead: str = ""
    awaits: str = ""
    rejected: tuple[tuple[int, str], ...] = ()
    names: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    proven: bool = False
    numbered: bool = False
    ours: bool = False
    number: str = ""
    later: Later = ANSWER
    beside: Later | None = None
    author: str = ""
    makers: tuple[str, ...] = ()
    alone: str = ""
    orphan: str = ""
    early: bool = False
    only_danger: bool = False
    gives_up: tuple[str, ...] = ()
    outdated: Mapping[str, Later] = field(default_factory=dict)
    spoken: bool = False
    senders: tuple[str, ...] = ()


Read = Callable[[Sent, Mapping[str, Any]], Reading]


@cache
def reader(kind: str) -> Read:
    read: Read = _part(kind, "adapter").read
    return read


@cache
def settings_form(kind: str) -> type[Settings]:
    form: type[Settings] = _part(kind, "form").Form
    return form


@cache
def door(kind: str) -> Door | None:
    """None where nobody posts to a source of this kind."""
    if kind not in KINDS or not KINDS[kind].posted:
        return None
    opened: Door = _part(kind, "door").DOOR
    return opened


def _part(kind: str, name: str) -> ModuleType:
    return import_module(f"{__name__}.{kind.replace('-', '_')}.{name}")
