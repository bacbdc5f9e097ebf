"""May we contact this person, now, by this channel, for this? The one gate (promises B13, D23, D24)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from leadwell.permission import saying
from leadwell.permission.asked import Asked, of_one
from leadwell.permission.clocks import instant, seconds_of
from leadwell.permission.deciding import Decided, Stricter, decide
from leadwell.permission.own import stricter_of
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import Rules, law
from leadwell.permission.values import Channel, Consent, Known, Purpose, Stop, Verdict, Wrong
from leadwell.playbook.model import Playbook

# Hours that are never open together are a matter of the zones in which they may be.
_NO_HOUR: Final = "1.3"


def may_contact(  # noqa: PLR0913  what is asked is four things, and by which rules two
    known: Known,
    *,
    channel: Channel,
    purpose: Purpose,
    at: datetime,
    rules: Rules | None = None,
    playbook: Playbook | None = None,
) -> Verdict:
    """The verdict at an instant; `rules` None for the law that Leadwell ships, `playbook` for stricter rules on top.

    `not_before` is the first second (UTC) at which the answer is yes, as far as is known now. ValueError where a time
    has no offset or a value is none that there is.
    """
    rules = law() if rules is None else rules
    asked = of_one(known, channel=channel, purpose=purpose, at=at)
    decided = decide(asked, rules, stricter_of(playbook) if playbook is not None else Stricter())
    refusal, opens = Refusal(int(decided.refusal[0])), instant(int(decided.opens[0]))
    waits = int(decided.opens[0]) > int(asked.at[0])
    if refusal is not Refusal.NONE:
        stop = _stop(known, decided) if refusal in (Refusal.STOPPED, Refusal.REACHED) else None
        wrong = _wrong(known, channel) if refusal is Refusal.WRONG else None
        over = _over(known, decided) if refusal is Refusal.NO_CONSENT else None
        says = saying.never(refusal, asked, rules, opens=opens if waits else None, said=stop or wrong or over)
        rule = refusal_rule(refusal, asked, asked.places[0].states, rules)
        by = stop or wrong
        return Verdict("never", rule, says, proof=by.proof if by else "")
    consent = _consent(known, decided)
    if not waits:
        return Verdict("yes", consent_rule(asked, rules), saying.yes(asked, consent), proof=consent.proof)
    wait = decided.waits[int(decided.by[0])]
    says = saying.not_before(wait, asked, rules, opens=opens, places=known.places)
    return Verdict("not_before", wait.rule, says, opens, consent.proof)


def refusal_rule(refusal: Refusal, asked: Asked, states: frozenset[str], rules: Rules) -> str:
    """The number of the rule by which it is never."""
    if refusal is Refusal.UNABLE:
        return rules.unable_by.rule
    if refusal is Refusal.STOPPED:
        keeping = [rules.stops.states[state] for state in sorted(states & rules.stops.states.keys())]
        special = [one.standing.rule for one in keeping if asked.channel in one.channels]
        return rules.stops.email_rule if asked.channel == "email" else (*special, rules.stops.standing.rule)[0]
    if refusal is Refusal.REACHED:
        return rules.stops.reach.rule
    if refusal is Refusal.REGISTRY:
        return rules.registry.standing.rule
    if refusal is Refusal.WRONG:
        return next(one.standing.rule for one in rules.wrong if asked.channel in one.channels)
    return _NO_HOUR if refusal is Refusal.NO_HOUR else consent_rule(asked, rules)


def consent_rule(asked: Asked, rules: Rules) -> str:
    return next(level.standing.rule for level in rules.levels if asked.channel in level.channels)


def _consent(known: Known, decided: Decided) -> Consent:
    """The latest of those that allow it."""
    numbers: list[int] = decided.permits.numbers[decided.permits.allowing(decided.opens)].tolist()
    return max((known.consents[number] for number in numbers), key=lambda consent: consent.at)


def _over(known: Known, decided: Decided) -> Consent | None:
    """The latest of those that concern it and were given: where none allows it, it has ended."""
    given = [known.consents[number] for number in decided.permits.numbers.tolist()]
    before = [consent for consent in given if seconds_of(consent.at) <= decided.opens[0]]
    return max(before, key=lambda consent: consent.at, default=None)


def _stop(known: Known, decided: Decided) -> Stop | None:
    """The latest of those that concern it and are in force."""
    numbers: list[int] = np.concatenate([ending.number for ending in decided.permits.endings]).tolist()
    said = [known.stops[number] for number in numbers if seconds_of(known.stops[number].at) <= decided.opens[0]]
    return max(said, key=lambda stop: stop.at, default=None)


def _wrong(known: Known, channel: Channel) -> Wrong:
    """The latest that was found."""
    return max((one for one in known.wrong if one.channel == channel), key=lambda one: one.at)
