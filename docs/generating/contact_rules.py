"""Which rules decide whether somebody may be contacted? `contact_rules.toml`, by the numbers that verdicts name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from generating.markdown import cell, code, page, table
from leadwell.permission import Rules, law
from leadwell.permission.rules import Cap, Holidays, Hours, Level, Rule, Standing
from leadwell.playbook.hours import DAYS, Window

OPENING: Final = """
# Contact rules

Every rule by which [the gate](permission.md) decides, and those kept beside it, by the number that a verdict names. This is not legal advice:
have somebody who gives it read this page before you rely on it.

Each number stands in one file, `src/leadwell/permission/contact_rules.toml`, with its source, the day somebody looked, and how sure it is:
**V** read in a primary source, **v** in a secondary one, or several agree, **M** from memory, to be confirmed. *Confirm* marks what is in force here
although its sources disagree. Where rules disagree, the strictest wins. Hours are on the clock where the person is and end before their last minute
begins: until 21:00 is until 20:59:59. What is applied more strictly than the law asks, and why, stands in
[The stricter reading](decisions/0011-the-stricter-reading.md).
"""
PLAYBOOK: Final = """
<a id="playbook"></a>

## playbook

Not the law but your own playbook: its `quiet_hours` for calls and texts, and its `attempts` over so many days. It can be stricter than
the law, never looser.
"""
_NAMES: Final = {"call": "calls", "text": "texts", "email": "e-mail"}


def page_text() -> str:
    rules = law()
    return page(OPENING, *(_rule(number, rule, rules) for number, rule in rules.rule.items()), PLAYBOOK)


def _rule(number: str, rule: Rule, rules: Rules) -> str:
    kept = "The gate decides by it." if rule.gate else "It is kept where messages are read and sent."
    parts = [f'<a id="{number}"></a>\n\n## {number} {rule.title}', f"{rule.says} *{kept}*", _stands(rule.standing)]
    return "\n\n".join([*parts, *_numbers(number, rules)])


def _stands(standing: Standing) -> str:
    return f"Source: {cell(standing.source)} ({_sure(standing)})."


def _sure(standing: Standing) -> str:
    return f"{standing.confidence}, checked {standing.checked}{', *confirm*' if standing.confirm else ''}"


def _numbers(number: str, rules: Rules) -> Iterator[str]:
    """The tables of the numbers that stand under a rule."""
    hours = [one for one in (rules.federal, *rules.states.values()) if one.standing.rule == number]
    if hours:
        heads = ["where", "open", "for", "holidays", "source", "sure"]
        yield table(heads, map(_hours, hours))
    further = [(state, one) for state, one in rules.holidays.items() if one.standing.rule == number]
    if further:
        heads = ["where", "closed too, beside the public holidays", "source", "sure"]
        yield table(
            heads, [(rules.states[state].name, _holidays(one), *_shown(one.standing)) for state, one in further]
        )
    caps = [cap for cap in rules.caps if cap.standing.rule == number]
    if caps:
        yield table(["where", "at most", "counts", "for", "source", "sure"], map(_cap, caps))
    levels = [level for level in rules.levels if level.standing.rule == number]
    if levels:
        yield table(["channels", "for", "needs", "source", "sure"], map(_level, levels))
    values = [(what, value, *_shown(by)) for what, value, by in _values(rules) if by.rule == number]
    if values:
        yield table(["what", "value", "source", "sure"], values)
    if number == "1.4":
        yield "Anywhere is: " + ", ".join(map(code, rules.everywhere)) + "."


def _values(rules: Rules) -> Iterator[tuple[str, str, Standing]]:
    """What stands alone, in no table of its kind."""
    stops, registry = rules.stops, rules.registry
    for purpose, covered in rules.covers.items():
        yield f"a consent for {purpose} covers", ", ".join(covered), rules.covers_by
    for channel, lines in rules.unable.items():
        yield f"lines that take no {_NAMES[channel]}", ", ".join(lines), rules.unable_by
    for closed in rules.wrong:
        channels = " and ".join(_NAMES[channel] for channel in closed.channels)
        yield f"nobody of theirs is reached by {channels}", "never", closed.standing
    for state, keeping in stops.states.items():
        channels = " and ".join(_NAMES[channel] for channel in keeping.channels)
        yield f"{state}: a stop of {channels} is kept", f"{keeping.years} years at least", keeping.standing
    for channel, others in stops.reaches.items():
        reached = " and ".join(_NAMES[other] for other in others)
        yield f"a stop of {_NAMES[channel]} also ends", f"{reached} by machine", stops.reach
    every = stops.revoke_all
    yield f"a stop of {' or '.join(every.purposes)} ends every text and machine", f"from {every.since}", every.standing
    yield "an inquiry allows soliciting for", f"{registry.inquiry_months} months", registry.standing
    yield "a transaction allows soliciting for", f"{registry.transaction_months} months (to come)", registry.standing
    yield "a look at the registry is fresh for", f"{registry.fresh_days} days", registry.standing
    yield "a number is presumed to be answered in its state", ", ".join(rules.presumed), rules.presumed_by


def _shown(standing: Standing) -> tuple[str, str]:
    return standing.source, _sure(standing)


def _hours(hours: Hours) -> tuple[str, ...]:
    closed = ["closed"] if hours.holidays else []
    closed += [f"{first} to {last}" for first, last in hours.closed]
    machine = "machines only" if hours.automated else "everybody"
    where = hours.name if hours.state is None else f"{hours.name} ({hours.state})"
    return where, week(hours.windows), machine, ", ".join(closed), hours.standing.source, _sure(hours.standing)


def _holidays(holidays: Holidays) -> str:
    return "; ".join(code(day.written) for day in holidays.days)


def week(windows: tuple[Window, ...]) -> str:
    """ "Mon-Sat 9:00-21:00, Sun 12:00-21:00": days of equal hours together."""
    by_day = {day: tuple((w.start, w.end) for w in windows if w.day == day) for day in range(7)}
    runs = [(key, [day for day, _ in some]) for key, some in groupby(by_day.items(), key=lambda item: item[1])]
    return ", ".join(f"{_days(days)} {' '.join(_span(*span) for span in spans)}" for spans, days in runs if spans)


def _days(days: list[int]) -> str:
    names = [DAYS[day].capitalize() for day in days]
    return "daily" if len(days) == 7 else names[0] if len(days) == 1 else f"{names[0]}-{names[-1]}"


def _span(start: int, end: int) -> str:
    return f"{start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"


def _cap(cap: Cap) -> tuple[str, ...]:
    who = "recorded voices" if cap.prerecorded else "machines" if cap.automated else "everybody"
    lines = f" to {' or '.join(cap.line_types)}" if cap.line_types else ""
    counts = " and ".join(_NAMES[channel] for channel in cap.channels)
    most = f"{cap.most} in {cap.hours} hours"
    return ", ".join(cap.states) or "everywhere", most, counts, who + lines, cap.standing.source, _sure(cap.standing)


def _level(level: Level) -> tuple[str, ...]:
    channels = ", ".join(_NAMES[channel] for channel in level.channels)
    what = "soliciting" if level.solicits else "anything"
    needs = f"{what}{' by machine' if level.automated else ''}"
    return channels, needs, f"{level.needs} consent", level.standing.source, _sure(level.standing)
