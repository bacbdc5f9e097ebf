"""When is the next opening, where is one sooner, and what is said to the person? In sentences, with how old each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadwell.playbook import Playbook
from leadwell.routing.openings import Board, Booked, Offer, Place, State, states_of
from leadwell.server.base.templatetags.look import ago
from leadwell.server.leads import telling
from leadwell.server.leads.models import Lead
from leadwell.server.openings.queries import wanted

_THIS: Final = {"day": "today", "week": "this week", "month": "this month"}
_OVER: Final = ("discard", "decline", "redirect")
_OLD: Final = timedelta(days=2)  # it may have changed since


def day(on: date, today: date) -> str:
    """“today”, “tomorrow”, “Thu 3 Dec”; of another year with it."""
    if (on - today).days in (0, 1):
        return "tomorrow" if on > today else "today"
    return f"{on:%a} {on.day} {on:%b}" + (f" {on.year}" if on.year != today.year else "")


def when(one: Place, board: Board) -> str:
    """The day, with its hour where that is known: “Thu 3 Dec, 9:30 am”; '' where none is known."""
    if one.on is None:
        return ""
    hour = "" if one.hour is None else f", {clock(one.hour, board.policy)}"
    return f"{day(one.on, board.today)}{hour}"


def clock(at: datetime, policy: Playbook) -> str:
    local = at.astimezone(ZoneInfo(policy.organization.time_zone))
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def where(one: Place, policy: Playbook) -> str:
    """“Evanston”, “by video”."""
    return telling.named(policy, "location", one.slot.location) if one.slot.location else "by video"


def visit(one: Place, policy: Playbook) -> str:
    """What its visit is called; '' where the playbook names none."""
    service = policy.services.get(one.slot.service)
    return next((known.name for known in service.visits if known.key == one.slot.visit), "") if service else ""


def stands(one: Place, board: Board) -> str:
    """“Next opening Thu 3 Dec”, “Full until Tue 12 Jan”, “Full this week: 14 of 14 are booked”, “Nobody has said”."""
    told = when(one, board)
    if one.state is State.OPEN:
        return f"Next opening {told}"
    if one.booked is not None:
        return f"{_counted(one.booked)}. The next begins {told}"
    if one.state is State.FULL:
        return f"Full until {told}" if told else "Full. Until when, nobody has said"
    if one.said is None:
        return "Nobody has said"
    too_old = one.said.on is None or one.said.on > board.today
    return "Not known: what was said is too old" if too_old else f"Not known: {day(one.said.on, board.today)} is over"  # type: ignore[arg-type]


def _counted(sum_: Booked) -> str:
    return f"Full {_THIS[sum_.unit]}: {sum_.count} of {sum_.most} are booked"


def age(one: Place, board: Board, names: Mapping[str, str]) -> str:
    """“As of 3 days ago, Maurice Okafor”; by the count of the policy there is none."""
    if one.said is None or (one.booked is not None and one.is_known):
        return "Counted from what was booked here" if one.booked else ""
    return f"As of {ago(board.now - one.said.at)}, {names.get(one.said.by, 'by a program')}"


def counts(one: Place) -> str:
    """“3 in the next 7 days, 5 in the 7 after”, as of when it was said."""
    said = one.said.weeks if one.said is not None and one.is_known and one.booked is None else ()
    after = ("in the next 7 days", "in the 7 after", "in the 7 after that")
    return ", ".join(f"{count} {after[min(n, 2)]}" for n, count in enumerate(said[:3]))


def at_a_glance(lead: Lead, board: Board) -> str:
    """What a row of a list says of a lead that is to be seen; '' mostly."""
    if not concerns(lead, board.policy):
        return ""
    says = short(board.offer(wanted(lead)), board)
    if not lead.chosen_location:
        return says
    named = [telling.named(board.policy, "location", one) for one in (lead.chosen_location, lead.location) if one]
    return " ".join(filter(None, (f"Moved to {', asked for '.join(named)}.", says)))


def elsewhere(lead: Lead, board: Board) -> dict[str, Any]:
    """By codes, why people of another clinic may answer it too: which is `full`, `until` when, and where (`also`) they
    could be seen sooner; nothing where theirs has something in time."""
    offer = board.offer(wanted(lead)) if concerns(lead, board.policy) else None
    if offer is None or offer.there is None or offer.moves is None or offer.moves.on is None:
        return {}
    until = offer.there.on.isoformat() if offer.there.on else ""
    also = {offer.moves.slot.location: offer.moves.on.isoformat()}
    return {"full": offer.there.slot.location, "until": until, "also": also}


def concerns(lead: Lead, policy: Playbook) -> bool:
    """Whether somebody of this lead is to be seen. In danger nothing is said before what may save them."""
    waits = lead.queue and not lead.safety and lead.disposition not in _OVER
    return bool(waits) and lead.type in ("patient", "referral") and lead.service in policy.services


def short(offer: Offer, board: Board) -> str:
    """What a row of a list says; '' where their clinic has something in time, or nothing is known."""
    told = _trouble(offer, board)
    if not told:
        return ""
    first = offer.there if offer.there is not None and not offer.fits else offer.places[0]
    late = offer.by is not None and first.on is not None and first.on > offer.by
    needed = f", needed by {day(offer.by, board.today)}" if late and offer.by else ""
    sooner = f"; sooner: {where(offer.moves, board.policy)} {when(offer.moves, board)}" if offer.moves else ""
    since = old((first, offer.moves), board)
    return f"{told}{needed}{sooner}{f', as of {since}' if since else ''}."


def old(places: Iterable[Place | None], board: Board) -> str:
    """“8 days ago”, of the oldest that is said of these; '' where all of it was said lately."""
    told = [one for one in places if one is not None and one.is_known and one.booked is None]
    said = [one.said.at for one in told if one.said is not None]
    return ago(board.now - min(said)) if said and board.now - min(said) >= _OLD else ""


def _trouble(offer: Offer, board: Board) -> str:
    """“Chicago Loop is full until Tue 12 Jan”; of whoever asked for no clinic, that all are full, or too late."""
    if offer.there is not None and not offer.fits:
        return f"{_large(where(offer.there, board.policy))} {_short(offer.there, board)}"
    if offer.there is not None or not offer.places:
        return ""
    until = when(offer.places[0], board)
    if offer.is_full:
        return f"Full everywhere{f' until {until}' if until else ''}"
    return f"None before {until}" if offer.is_late else ""


def _large(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _short(one: Place, board: Board) -> str:
    told = when(one, board)
    if one.state is State.OPEN:
        return f"has none before {told}"
    return f"is full until {told}" if told else "is full"


def aloud(offer: Offer, board: Board) -> str:
    """What to say to the person; '' where nothing is known and so nothing is promised."""
    return " ".join(_aloud(offer, board))


def _aloud(offer: Offer, board: Board) -> Iterator[str]:
    policy, there = board.policy, offer.there
    first = there if there is not None and there.is_known else offer.first
    if first is None or not first.is_known:
        return
    service = policy.services[first.slot.service].name
    at = f"at {where(first, policy)}" if first.slot.location else "by video"
    told = when(first, board)
    yield (
        f"Our next opening for {service} {at} is {told}."
        if told
        else (f"For {service} we are full {at}, and I do not know yet until when.")
    )
    late = offer.by is not None and first.on is not None and first.on > offer.by
    if late:
        yield f"That is after {day(offer.by, board.today)}, by when you need it."  # type: ignore[arg-type]
    others = [one for one in (offer.moves, None if offer.fits else offer.video) if one is not None and one is not first]
    for one in others:
        yield _sooner(one, offer, board)
    if others:
        yield "Would that suit you?"
    elif late or not told:
        yield "Shall I keep your place, and call you as soon as there is one sooner?"


def _sooner(one: Place, offer: Offer, board: Board) -> str:
    if not one.slot.location:
        states = " or ".join(sorted(states_of(board.policy)))
        ask = f", if you are in {states}. Which state are you in?" if offer.ask_state else "."
        return f"By video we could begin sooner, {when(one, board)}{ask}"
    way = f", about {round(one.miles)} miles from you" if one.miles else ""
    return f"{where(one, board.policy)} has one sooner, {when(one, board)}{way}."
