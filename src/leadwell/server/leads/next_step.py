"""What is to be done with a lead now? In a few words, that are true of how it stands. (promise C)

Danger comes before everything, then what became of it, what was taken back, what was agreed, and whether they can be
reached at all; only then what the judgement says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from leadwell.permission.values import CHANNELS
from leadwell.server.base.templatetags.look import ago, day_and_hour
from leadwell.server.consent.telling import Gate
from leadwell.server.leads import became, dealings, reaching
from leadwell.server.leads.became import Last
from leadwell.server.leads.dealings import Called, Meets
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import address_for
from leadwell.server.leads.since import waits_in_danger
from leadwell.server.leads.taken_back import TakenBack
from leadwell.server.leads.telling import do_next
from leadwell.server.playbooks.queries import policy_now

ASKS: Final = ("verify", "schedule")  # speaking with them is what to do next; in the others something comes before
_OPENS: Final = "What they write, or a stage that is noted, opens it again."
_NO_NUMBER: Final = {
    "": "They gave no number that can be called.",
    "wrong": "The number that they gave is wrong.",
}


@dataclass(frozen=True)
class State:
    """Of a lead. `danger`: whether its words of danger are to be answered; `last`: what became of it, None where it is
    open; `callback`: when we promised to call; `ways`: by which channels they can be reached and may be; `number`:
    "given", "wrong", or '' for none; `refused`: why there is no call to a number that is theirs."""

    kind: str = "patient"
    disposition: str = "schedule"
    danger: bool = False
    last: Last | None = None
    gone: TakenBack | None = None
    meets: Meets | None = None
    callback: datetime | None = None
    ways: tuple[str, ...] = ("call", "text", "email")
    number: str = "given"
    refused: str = ""


@dataclass(frozen=True)
class Step:
    """`does`: what to do now; `because`: in a sentence, '' where the judgement says why; `speaks`: whether that is to
    speak with them; `over`: whether nothing is left to do."""

    does: str
    because: str = ""
    speaks: bool = False
    over: bool = False


def state_of(lead: Lead, said: Mapping[str, Any], gate: Gate | None, gone: TakenBack | None, *, number: str) -> State:
    """`number`: theirs, as `State` has it."""
    ours = lead.organization_id
    last = became.last(lead, policy) if (policy := policy_now(ours)) is not None else None
    return State(
        kind=lead.type,
        disposition=lead.disposition,
        danger=waits_in_danger(lead) or (bool(lead.safety) and last is None),
        last=last,
        gone=gone,
        meets=dealings.meets(ours, [lead.pk]).get(lead.pk),
        callback=reaching.callbacks(ours, [lead.pk]).get(lead.pk),
        ways=_ways(gate, number, said),
        number=number,
        refused=gate.call.says if gate else "",
    )


def number_of(said: Mapping[str, Any], other: Called | None, wrong: Collection[str]) -> str:
    """As `State` has it, of whoever is called: `other`, where that is another than who asked. `wrong`: what of theirs
    was found to be another's."""
    if other.phone if other else address_for(said, "call"):
        return "given"
    return "wrong" if other is None and "phone" in wrong else ""


def _ways(gate: Gate | None, number: str, said: Mapping[str, Any]) -> tuple[str, ...]:
    """By which they can be reached, and may be, be it later."""
    if gate is None:
        return tuple(CHANNELS)
    lines = dict(zip(CHANNELS, gate.lines, strict=True)) | {"call": gate.call}
    has = {"call": number == "given", "text": number == "given", "email": bool(address_for(said, "email"))}
    return tuple(one for one in CHANNELS if has[one] and lines[one].state != "no")


def next_step(state: State, now: datetime) -> Step:
    reach = _reach(state)
    if state.danger:
        return Step(do_next(state.kind, "review"), _joined(reach) if reach else "", speaks=not reach)
    if state.last is not None and state.last.ends:
        return Step(state.last.says, f"Nothing is left to do. {_OPENS}", over=True)
    if state.gone is not None:
        return Step(state.gone.does)
    agreed = _meeting(state.meets, now) or _callback(state.callback, now)
    asks = reach if reach and state.disposition in ASKS else None
    judged = Step(do_next(state.kind, state.disposition), speaks=state.disposition != "discard")
    return agreed or _stage(state) or asks or judged


def _stage(state: State) -> Step | None:
    """It came to a stage that somebody has noted, or was to, once they were met."""
    if state.last is None:
        held = state.meets is not None and state.meets.held
        return Step("Say what came of the meeting", "It was held.") if held else None
    if not state.last.then:
        return Step(state.last.says, f"That is the last stage: nothing is left to do. {_OPENS}", over=True)
    return Step(state.last.says, f"Next comes: {state.last.then}. Note it once it is so.")


def _meeting(meets: Meets | None, now: datetime) -> Step | None:
    if meets is None or meets.held:
        return None
    if meets.held is False:
        return Step("Agree on another meeting, or say why it ended", "The last one was not held.", speaks=True)
    if meets.at + timedelta(minutes=meets.minutes) <= now:
        return Step("Say whether the meeting was held", f"It began {ago(now - meets.at)}.")
    if meets.at <= now:
        return Step("You meet them now", "Then say whether it was held.")
    return Step(f"You meet them {day_and_hour(meets.at)}", "Nothing is due before. Then say whether it was held.")


def _callback(at: datetime | None, now: datetime) -> Step | None:
    """One that is due is a call like any other."""
    if at is None or at <= now:
        return None
    return Step(f"Call them back {day_and_hour(at)}", "They asked for that hour; nothing is due before.")


def _reach(state: State) -> Step | None:
    """How they are reached where they cannot be called; None where they can."""
    if "call" in state.ways:
        return None
    because = _NO_NUMBER.get(state.number, state.refused)
    if "email" in state.ways:
        return Step("Write to them by e-mail" + ("" if state.number == "given" else ", and ask for a number"), because)
    if "text" in state.ways:
        return Step("Write to them by text", because)
    if state.number == "given":
        return Step("We may not contact them", because)
    return Step("Find a number or an address that is theirs", because)


def _joined(reach: Step) -> str:
    return f"{reach.does}. {reach.because}".strip()
