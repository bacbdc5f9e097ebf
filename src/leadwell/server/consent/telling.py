"""May I call, text or e-mail them now? The gate's verdicts as a page shows them, each with its rule and its proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from leadwell.permission import may_contact
from leadwell.permission.saying import city
from leadwell.permission.values import CHANNELS, PURPOSES, Channel, Known, Purpose, Verdict
from leadwell.server.consent.addresses import token_of
from leadwell.server.consent.deciding import own_rules
from leadwell.server.consent.models import ALL, ConsentEvent, Suppression, Way
from leadwell.server.consent.queries import (
    OF_AN_ADDRESS,
    doubts_of,
    history_of,
    known,
    known_at,
    lead_of_fact,
    only_doubted,
    reaches,
    words_of,
)
from leadwell.server.people.forms import short
from leadwell.server.privacy.tokens import Blind

NAMES: Final = {"call": "Call", "text": "Text", "email": "E-mail"}
ICONS: Final = {"call": "phone", "text": "text", "email": "mail"}
FOR: Final = {
    "care-request": "their request",
    "appointment": "an appointment",
    "marketing": "news and offers",
    "business": "business",
}
STATES: Final = {"yes": "yes", "never": "no", "not_before": "later"}
MARKS: Final = {"yes": "check", "no": "no", "later": "clock"}
_PROOFS: Final = {
    "lead": "Their enquiry",
    "fact": "What was confirmed with them",
    "consent": "What they agreed to",
    "stop": "What they asked",
}
_FOUND: Final = {
    "attempt": "A try that reached somebody else",
    "submission": "A text that said so",
    "message": "Mail that came back",
}  # on no page of theirs
_OPENED: Final = {
    "stop": "Yes again once they ask for it themselves; record their words then.",
    "attempt": "Yes again once they give a number that is theirs; confirm it with them.",
    "submission": "Yes again once they give a number that is theirs; confirm it with them.",
    "message": "Yes again once the address is right; whoever has mended it says so in the outbox.",
}
_BY_NUMBER: Final[tuple[Channel, ...]] = ("call", "text")  # the first of CHANNELS
_DOUBTED: Final = "They may have asked us to stop: nothing is sent or dialled until somebody has said what they meant."
_DECIDE: Final = "Yes again once somebody has looked at their words and said that they asked for no stop."
_AGREED: Final = "Yes once they agree; record the words that they agree to."
_LEAST: Final = 3  # of the history beside a lead; the whole is on its own page


@dataclass(frozen=True)
class Line:
    """One channel. `word`: yes, no, or from when; `to_open`: what would make a no a yes; `proof`, `where`: the record
    that decides, and its page where this role may open it."""

    name: str
    icon: str
    state: str
    mark: str
    word: str
    says: str
    rule: str
    to_open: str
    proof: str
    where: str


@dataclass(frozen=True)
class Past:
    """Something that happened to a permission or a stop. `words`: None where they cannot be opened; `day`: where no
    more is known than that."""

    at: datetime
    says: str
    words: str | None
    day: date | None = None


@dataclass(frozen=True)
class Ended:
    """A stop that is in force. `whose`: by whom it holds, '' where they said it themselves; `day`: of a list, where no
    more is known than that."""

    number: UUID
    says: str
    way: str
    at: datetime
    doubt: bool
    whose: str
    day: date | None = None


@dataclass(frozen=True)
class Doubt:
    """Words that may ask us to stop, and of which nobody has said yet whether they do."""

    event: UUID
    words: str | None


@dataclass(frozen=True)
class Gate:
    """`lines`: by any address of theirs, and where their own number is another's at that which they gave since; `call`:
    at the very number that would be dialled, where one would be. `past`:
    the latest of what happened, and `more` how much else there is. `zone`: on whose clock they are, None where nothing
    tells, or several may be meant."""

    person: UUID
    purpose: str
    lines: tuple[Line, ...]
    call: Line
    past: tuple[Past, ...]
    more: int
    doubts: tuple[Doubt, ...]
    zone: ZoneInfo | None = None

    @property
    def may_call(self) -> bool:
        """Whether there is a number to dial now."""
        return self.call.state == STATES["yes"]


def gate(  # noqa: PLR0913  of whom, for what, at which number and when
    organization: int, person: UUID, purpose: Purpose, *, visible: bool, dials: str = "", now: datetime | None = None
) -> Gate:
    """Beside a lead. `visible`: whether this role sees who somebody is and what they said; `dials`: the lead's number,
    beside which they may have another."""
    now, past = now or timezone.now(), happened(organization, person, visible=visible)
    told = partial(lines, organization, purpose=purpose, person=person if visible else None, now=now)
    at = token_of(Blind(organization), dials) if dials else None
    (reach,) = reaches(organization, [person])
    found = known_at(organization, reach, at=None, purpose=purpose, now=now)
    whole = told(found)
    if at is None:
        call = dict(zip(CHANNELS, whole, strict=True))["call"]
    else:
        anew = any(one.channel in _BY_NUMBER for one in found.wrong)  # the other that they gave is meant
        asked = _BY_NUMBER if anew else _BY_NUMBER[:1]
        there = told(known_at(organization, reach, at=at, purpose=purpose, now=now), channels=asked)
        call, whole = there[0], (*there, *whole[len(there) :]) if anew else whole
    return Gate(
        person,
        FOR[purpose],
        whole,
        call,
        past[:_LEAST],
        len(past[_LEAST:]),
        doubted(organization, person) if visible else (),
        zone_of(found),
    )


def lines(  # noqa: PLR0913  what is known of whom, and what is asked
    organization: int,
    found: Known,
    purpose: Purpose,
    *,
    person: UUID | None,
    now: datetime,
    channels: Sequence[Channel] = CHANNELS,
) -> tuple[Line, ...]:
    """`person`: None for a role that may not open what proves it."""
    zone = zone_of(found)
    ours = own_rules(organization)
    told = [(c, may_contact(found, channel=c, purpose=purpose, at=now, playbook=ours)) for c in channels]
    where = partial(_where, organization, person) if person else None
    rows = [(said, _line(channel, said, where, zone, now), channel) for channel, said in told]
    return tuple(_in_doubt(line) if _is_in_doubt(organization, found, c, said) else line for said, line, c in rows)


def _is_in_doubt(organization: int, found: Known, channel: Channel, said: Verdict) -> bool:
    """Whether a stop decides of which nobody has said that it was meant, and no other closes this channel."""
    if said.answer != "never" or not said.proof.startswith("stop/"):
        return False
    closing = {one.proof for one in found.stops if one.channel in (channel, ALL)} | {said.proof}
    return only_doubted(organization, [UUID(one.partition("/")[2]) for one in closing if one])


def _in_doubt(line: Line) -> Line:
    return replace(line, says=_DOUBTED, to_open=_DECIDE)


def every_purpose(organization: int, person: UUID, now: datetime) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """By purpose; business only where they have to do with any, so that four times three lines are three."""
    others, business = known(organization, person, now=now), known(organization, person, purpose="business", now=now)
    asked = {one: business if one == "business" else others for one in PURPOSES}
    told = {one: lines(organization, asked[one], one, person=person, now=now) for one in PURPOSES}
    shown = [one for one in PURPOSES if one != "business" or any(line.state != "no" for line in told[one])]
    return tuple((FOR[one].capitalize(), told[one]) for one in shown)


def ended(one: Suppression, *, of: UUID | None = None) -> Ended:
    """`of`: on whose page it stands, None where it stands beside those of several."""
    whose = "" if of and one.person == of else f"Person {short(one.person)}" if one.person else "of their address"
    return Ended(
        one.pk, scope_of(one.channel, one.purpose), str(Way(one.way).label), one.since, one.doubt, whose, one.day
    )


def _line(
    channel: Channel, said: Verdict, where: Callable[[str, str], str] | None, zone: ZoneInfo | None, now: datetime
) -> Line:
    state = STATES[said.answer]
    kind, _, number = said.proof.partition("/")
    return Line(
        name=NAMES[channel],
        icon=ICONS[channel],
        state=state,
        mark=MARKS[state],
        word=word(state, said.not_before, now, zone),
        says=_sentence(said.says),
        rule=said.rule,
        to_open=_OPENED.get(kind, _AGREED) if state == "no" else "",
        proof=(_PROOFS | _FOUND).get(kind, ""),
        where=where(kind, number) if where else "",
    )


def word(state: str, opens: datetime | None, now: datetime, zone: ZoneInfo | None) -> str:
    """Yes, no, or from when, and on whose clock."""
    return {"yes": "Yes", "no": "No"}.get(state) or f"From {on_a_clock(opens or now, now, zone)}"


def on_a_clock(at: datetime, now: datetime, zone: ZoneInfo | None) -> str:
    """“9:00 am tomorrow, Los Angeles time”; without the place where our clock says the same. On ours, and said to be
    so, where theirs is not known for sure."""
    if zone is None:
        return f"{when(at, now)}, our time"
    said, ours = (at.astimezone(one).utcoffset() for one in (zone, timezone.get_current_timezone()))
    whose = "" if said == ours else f", {city(zone.key)} time"
    return f"{when(at, now, zone)}{whose}"


def _sentence(says: str) -> str:
    """Without the word that stands beside it already."""
    _, sign, rest = says.partition(": ")
    return rest[:1].upper() + rest[1:] if sign and says.startswith(("Yes: ", "Never: ")) else says


def _where(organization: int, person: UUID, kind: str, number: str) -> str:
    if kind in ("lead", "fact"):
        lead = number if kind == "lead" else lead_of_fact(organization, UUID(number))
        return reverse("lead", args=[lead]) if lead else ""
    return f"{reverse('consent', args=[person])}#{kind}-{number}" if kind in _PROOFS else ""


def zone_of(found: Known) -> ZoneInfo | None:
    """Their own, where everything known of them says the same."""
    zones = {place.zone for place in found.places if place.zone}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


_WITH_YEAR: Final = 300  # days: from then on the day alone may be another year's


def when(at: datetime, now: datetime, zone: ZoneInfo | None = None) -> str:
    """“9:00 am”, “9:00 am tomorrow”, “Thu 9:30 am”, “24 November, 9:30 am”, “24 November 2031, 9:30 am”: on their clock
    where it is known."""
    local, today = timezone.localtime(at, zone), timezone.localtime(now, zone).date()
    clock = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    days = (local.date() - today).days
    if days <= 1:
        return f"{clock} tomorrow" if days == 1 else clock
    if days < 7:
        return f"{local:%a} {clock}"
    return f"{local.day} {local:%B}{f' {local.year}' if days > _WITH_YEAR else ''}, {clock}"


def happened(organization: int, person: UUID, *, visible: bool) -> tuple[Past, ...]:
    """The newest first; without their words for a role that sees none."""
    return tuple(
        Past(one.at, says(one), words_of(one) if visible else "", _day(one)) for one in history_of(organization, person)
    )


def _day(event: ConsentEvent) -> date | None:
    return date.fromisoformat(event.codes["day"]) if "day" in event.codes else None


def doubted(organization: int, person: UUID) -> tuple[Doubt, ...]:
    """Words of theirs of which nobody has said yet whether they ask us to stop."""
    waiting = doubts_of(organization, person)
    return tuple(Doubt(one.pk, words_of(one)) for one in history_of(organization, person) if one.pk in waiting)


def says(event: ConsentEvent) -> str:
    """What happened, in a sentence."""
    codes = event.codes
    if event.name.startswith("consent."):
        what = f"{_listed([codes['channel']])} about {FOR[codes['purpose']]}"
        return f"Agreed to {what}" if event.name == "consent.given" else f"Took back {what}"
    if event.name == "stop.meant":
        return "Somebody looked: they meant a stop"
    if event.name == "stop.not-meant":
        return "Somebody looked: they did not mean a stop"
    channels, purposes = [channel for channel, _ in codes["closes"]], {purpose for _, purpose in codes["closes"]}
    what = f"{_listed(channels)}{_about(purposes.pop())}"
    asked = (_OF_ADDRESS if codes.get("of") == OF_AN_ADDRESS else _ASKED)[event.name]
    return f"{asked} {what}, by {Way(codes['way']).label}"


def scope_of(channel: str, purpose: str) -> str:
    return f"{_CALLED[channel].capitalize()}{_about(purpose)}"


def _about(purpose: str) -> str:
    return f" about {FOR[purpose]}" if purpose else ""


_ASKED: Final = {
    "stop.given": "Asked us to stop",
    "stop.repeated": "Asked again to stop",
    "stop.doubted": "May have asked to stop",
}
_OF_ADDRESS: Final = {
    "stop.given": "One of their addresses was stopped for",
    "stop.doubted": "One of their addresses may have been stopped for",
}
_CALLED: Final = {"call": "calls", "text": "texts", "email": "e-mails", ALL: "everything"}


def _listed(channels: Sequence[str]) -> str:
    *first, last = [_CALLED[one] for one in channels]
    return f"{', '.join(first)} and {last}" if first else last
