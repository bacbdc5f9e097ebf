"""Whom can we help, what contradicts itself, what is urgent, and what is a lead worth?"""

from __future__ import annotations

from leadwell.playbook.conditions.english import called
from leadwell.playbook.model import Criterion, Fact, Playbook, Points
from leadwell.playbook.show.section import Part, Section, joined, part, quoted, section, sentence
from leadwell.playbook.titles import said

ANSWERS = {"yes-no": "a yes or no", "number": "a number", "date": "a date", "text": "text", "one-of": "one of these"}


def criteria(playbook: Playbook) -> Section:
    return section("Whom we can help", (_criterion(one, playbook) for one in playbook.criteria.values()))


def _criterion(one: Criterion, playbook: Playbook) -> Part:
    kinds = "" if one.types == ("patient", "referral") else f" It holds for {joined(one.types)} leads."
    applies = f"Only where {said(one.applies, playbook)}. " if one.applies else ""
    asks = one.asks or {fact: playbook.facts[fact].ask or "" for fact in sorted(one.when.names & set(playbook.facts))}
    return part(
        one.says,
        f"{applies}It is met where {said(one.when, playbook)}.{kinds}",
        *(f"Unknown, we ask: {ask}" for ask in asks.values() if ask),
        sentence(f"Not met, {_not_met(one)}"),
        None if one.decisive else "Its question can wait for the visit.",
    )


def _not_met(one: Criterion) -> str:
    if one.obtainable:
        return "it is a thing to get, no reason to decline"
    if one.review:
        return "a person looks"
    reason = f"with the reason “{one.reason or 'criteria-not-met'}”"
    if one.redirect:
        return f"it goes to {one.redirect} (redirect), {reason}"
    return f"the lead is declined {reason}"


def facts(playbook: Playbook) -> Section:
    return section("What else we ask", map(_fact, playbook.facts.values()))


def _fact(fact: Fact) -> Part:
    name = called(fact.key)
    if fact.type is None:
        return part(name.capitalize(), f"We ask: {fact.ask}" if fact.ask else None)
    return part(
        name.capitalize(),
        f"Our own fact: {ANSWERS[fact.type]}" + (f" ({joined(fact.options, 'or')})." if fact.options else "."),
        f"We ask: {fact.ask}" if fact.ask else None,
        f"Recognised in the words {quoted(fact.words)}." if fact.words else None,
    )


def conflicts(playbook: Playbook) -> Section:
    parts = (part(None, f"{sentence(one.says)[:-1]}: where {said(one.when, playbook)}.") for one in playbook.conflicts)
    return section("What contradicts itself, so that a person looks", parts)


def intent(playbook: Playbook) -> Section:
    days, checks = playbook.intent, playbook.checks
    fictional = "accepted" if checks.fictional == "accept" else "flagged"
    return section(
        "What is ready, urgent and too early",
        [
            part(
                None,
                f"Ready: wanted within {days.ready_within_days} days, or a plain wish to book.",
                f"Urgent: wanted within {days.urgent_within_days} days.",
                f"Too early, so that we stay in touch: wanted later than {days.not_yet_beyond_days} days from now.",
                f"The same request again within {checks.same_need_within.days} days is a duplicate.",
                f"Fictional numbers and addresses are {fictional}.",
            )
        ],
    )


def score(playbook: Playbook) -> Section:
    grades = joined(f"{grade} from {least}" for grade, least in playbook.score.grades.items())
    learned = {
        "off": "No learned probability is used.",
        "advise": "A learned probability is shown beside the points.",
        "blend": "A learned probability is blended in, once it has been shown to predict better.",
    }
    lines = [_points(line, playbook) for line in playbook.score.points]
    return section(
        "What a lead is worth",
        [
            part(None, *lines),
            part(
                "Grades",
                f"{grades} points; below that D. {learned[playbook.score.learned]}",
                f"{playbook.score.review_share:.0%} of low scores are handled like high ones, as a test of the score.",
            ),
        ],
    )


def _points(line: Points, playbook: Playbook) -> str:
    return f"{line.add:+d}  {line.because}: where {said(line.when, playbook)}."


def safety(playbook: Playbook) -> Section:
    rules = playbook.safety
    kinds = (("emergency", rules.emergency, rules.say_emergency), ("crisis", rules.crisis, rules.say_crisis))
    return section(
        "Emergencies and crises come first",
        (
            part(
                name.capitalize(),
                f"Shown to a person at once, besides the words every playbook has: {quoted(words)}." if words else None,
                *(f"We answer ({language}): {text}" for language, text in said_in.items()),
            )
            for name, words, said_in in kinds
        ),
    )
