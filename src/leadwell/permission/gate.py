"""May we contact this person, now, by this channel, for this? The one gate (promises B13, D23, D24)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from leadwell.permission import saying
from leadwell.permission.asked import Asked, of_one
from leadwell.permission.clocks import instant
from leadwell.permission.deciding import NO_ONE, Decided, Stricter, decide
from leadwell.permission.own import stricter_of
from leadwell.permission.permits import Refusal
from leadwell.permission.rules import Rules, law
from leadwell.permission.values import Channel, Known, Purpose, Verdict
from leadwell.playbook.model import Playbook

# Hours that are never open together are a matter of the zones in which they may be.
_NO_HOUR: Final = "1.3"


def may_contact(  # noqa: PLR0913 - what is asked is four things, and by which rules two
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
    refusal = Refusal(int(decided.refusal[0]))
    if refusal is not Refusal.NONE:
        proof = _stop_proof(known, decided) if refusal in (Refusal.STOPPED, Refusal.REACHED) else ""
        rule = refusal_rule(refusal, asked, asked.places[0].states, rules)
        return Verdict("never", rule, saying.never(refusal, asked, decided, rules), proof=proof)
    consent = _consent(known, decided)
    if decided.by[0] == NO_ONE:
        return Verdict("yes", consent_rule(asked, rules), saying.yes(asked, known.consents[consent]),
                       proof=known.consents[consent].proof)  # fmt: skip
    wait = decided.waits[int(decided.by[0])]
    return Verdict(
        "not_before",
        wait.rule,
        saying.not_before(wait, asked, decided),
        instant(int(decided.opens[0])),
        known.consents[consent].proof,
    )


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
    return _NO_HOUR if refusal is Refusal.NO_HOUR else consent_rule(asked, rules)


def consent_rule(asked: Asked, rules: Rules) -> str:
    return next(level.standing.rule for level in rules.levels if asked.channel in level.channels)


def _consent(known: Known, decided: Decided) -> int:
    """The latest of the consents that allow it."""
    numbers: list[int] = decided.permits.numbers[decided.permits.allowing(decided.opens)].tolist()
    return max(numbers, key=lambda number: known.consents[number].at)


def _stop_proof(known: Known, decided: Decided) -> str:
    numbers = np.concatenate([ending.number for ending in decided.permits.endings])
    last = max(numbers.tolist(), key=lambda number: known.stops[number].at, default=None)
    return known.stops[last].proof if last is not None else ""
