"""What was added, removed and changed in each part of a policy? Sentences in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any, Final

from leadwell.playbook.comparing import conditions
from leadwell.playbook.model import Condition, Playbook, Points
from leadwell.playbook.titles import said, titles

# Tables of the playbook whose entries have names of their own, with what one of them is called.
NAMED: Final = {
    "locations": "clinic",
    "services": "service",
    "elsewhere": "entry of what we do not offer",
    "offers": "offer",
    "other": "kind of enquiry that is none for care",
    "criteria": "criterion",
    "facts": "fact",
    "teams": "team",
    "nurture": "nurture",
    "reasons": "reason",
}
SINGLE: Final = ("organization", "payers", "intent", "checks", "safety", "stages", "follow_up")
# What a field is called, and what it means for a flag to be set or not.
CALLED: Final = {
    "asks": "words that ask for it",
    "specific": "words that name a condition, procedure or reason",
    "visits": "visit",
    "says": "sentence",
    "handles": "leads it handles",
    "assign": "way of assigning",
    "decides": "who decides",
    "ask": "question",
    "ready_within_days": "days within which somebody is ready",
    "urgent_within_days": "days within which it is urgent",
    "not_yet_beyond_days": "days beyond which it is too early",
    "accepted": "accepted payers",
    "emergency": "words of an emergency",
    "crisis": "words of a crisis",
    "say_emergency": "answer to an emergency",
    "say_crisis": "answer to a crisis",
    "order": "order of stages",
    "business": "order of stages of business leads",
    "keep": "time leads are kept",
}
FLAGS: Final = {
    "obtainable": ("not met is now a thing to get", "not met is no longer a thing to get but a reason to decline"),
    "review": ("not met now means that a person looks", "not met no longer means that a person looks"),
    "decisive": ("its question no longer waits for the visit", "its question can now wait for the visit"),
    "sensitive": ("is now sensitive", "is no longer sensitive"),
    "part2": ("now falls under 42 CFR Part 2", "no longer falls under 42 CFR Part 2"),
    "self_pay": ("people may now pay themselves", "people may no longer pay themselves"),
}


def compare(old: Playbook, new: Playbook) -> list[str]:
    """What changed in meaning, one sentence each; empty where nothing did. Comments, spaces and places do not count."""
    return list(_Comparison(old, new).all())


class _Comparison:
    def __init__(self, old: Playbook, new: Playbook) -> None:
        self.old, self.new = old, new

    def all(self) -> Iterator[str]:
        if self.old.title != self.new.title:
            yield f"Title: changes from {_shown(self.old.title)} to {_shown(self.new.title)}."
        for name in SINGLE:
            yield from self.entry(name.replace("_", " ").capitalize(), getattr(self.old, name), getattr(self.new, name))
        for name, what in NAMED.items():
            yield from self.named(name, what)
        yield from self.rows("Conflict", "says", self.old.conflicts, self.new.conflicts)
        yield from self.score()
        yield from self.routing()
        yield from self.levels()
        yield from self.values("Time leads are kept", self.old.keep, self.new.keep)

    def named(self, name: str, what: str) -> Iterator[str]:
        before: Mapping[str, Any] = getattr(self.old, name)
        after: Mapping[str, Any] = getattr(self.new, name)
        for key in after:
            if key not in before:
                yield f"New {what} “{_title(after[key], key)}”{self.meaning(after[key])}."
        for key, entry in before.items():
            if key not in after:
                yield f"Removed {what} “{_title(entry, key)}”."
            else:
                yield from self.entry(f"{what.capitalize()} “{_title(after[key], key)}”", entry, after[key])
        kept = [key for key in before if key in after]
        if name == "teams" and kept != [key for key in after if key in before]:
            yield f"Teams are tried in another order: {', '.join(after)}."

    def meaning(self, entry: Any) -> str:
        when = getattr(entry, "when", None) or getattr(entry, "handles", None)
        return f": {said(when, self.new)}" if isinstance(when, Condition) else ""

    def entry(self, name: str, old: Any, new: Any) -> Iterator[str]:
        """Two values of one dataclass, field by field."""
        if not (is_dataclass(old) and is_dataclass(new)):
            if old != new:
                yield f"{name}: {'added' if old is None else 'removed'}."
            return
        for field in fields(old):
            before, after = getattr(old, field.name), getattr(new, field.name)
            for change in self.field(field.name, before, after):
                yield f"{name}: {change}."

    def field(self, name: str, old: Any, new: Any) -> Iterator[str]:
        if isinstance(old, Condition) or isinstance(new, Condition):
            yield from self.condition(name, old, new)
        elif old == new:
            return
        elif name in FLAGS:
            yield FLAGS[name][0 if new else 1]
        elif isinstance(old, tuple) and isinstance(new, tuple) and any(map(is_dataclass, (*old, *new))):
            yield from (change.removesuffix(".") for change in self.rows(_called(name), "name", old, new))
        elif isinstance(old, tuple) and isinstance(new, tuple):
            yield from _lists(_called(name), old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from (change.removesuffix(".") for change in self.values(_called(name), old, new))
        elif isinstance(old, int) and isinstance(new, int):
            yield f"{_called(name)} {'rises' if new > old else 'falls'} from {old} to {new}"
        else:
            yield f"{_called(name)} changes from {_shown(old)} to {_shown(new)}"

    def condition(self, name: str, old: Condition | None, new: Condition | None) -> Iterator[str]:
        if conditions.same(old, new):
            return
        if old is None or new is None:
            has = new or old
            assert has is not None
            verb = "now only where" if new else "no longer only where"
            yield f"{verb} {said(has, self.new if new else self.old)}"
            return
        small = conditions.changes(old, new, titles(self.new))
        if small is not None:
            yield from small
            return
        verb = {"applies": "applies", "when": "holds", "handles": "handles leads"}.get(name, "holds")
        yield f"now {verb} where {said(new, self.new)} (before: where {said(old, self.old)})"

    def values(self, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
        for key in dict.fromkeys([*old, *new]):
            before, after = old.get(key), new.get(key)
            label = f"{name} ({key.replace('_', ' ')})" if key else name
            if isinstance(before, Condition) or isinstance(after, Condition):
                yield from (f"{label}: {change}." for change in self.condition(key, before, after))
            elif before is None:
                yield f"{label}: now {_shown(after)}."
            elif after is None:
                yield f"{label}: no longer {_shown(before)}."
            elif before != after:
                yield f"{label}: changes from {_shown(before)} to {_shown(after)}."

    def rows(self, what: str, by: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
        """Rows are known by their sentence."""
        before, after = ({getattr(row, by): row for row in rows} for rows in (old, new))
        for key, row in after.items():
            if key not in before:
                yield f"New {what.lower()} “{key}”{self.meaning(row)}."
        for key, row in before.items():
            if key not in after:
                yield f"Removed {what.lower()} “{key}”."
            else:
                yield from self.entry(f"{what} “{key}”", row, after[key])

    def score(self) -> Iterator[str]:
        old, new = self.old.score, self.new.score
        yield from self.values("Grade begins", old.grades, new.grades)
        if old.learned != new.learned:
            yield f"Score: the learned probability changes from “{old.learned}” to “{new.learned}”."
        if old.review_share != new.review_share:
            shares = f"from {old.review_share:.0%} to {new.review_share:.0%}"
            yield f"Score: share of low scores handled like high ones changes {shares}."
        yield from self.points(old.points, new.points)

    def points(self, old: tuple[Points, ...], new: tuple[Points, ...]) -> Iterator[str]:
        yield from self.rows("Score line", "because", old, new)

    def routing(self) -> Iterator[str]:
        if self.old.fallback_team != self.new.fallback_team:
            yield f"Whatever no team handles now goes to {self.new.fallback_team} (before: {self.old.fallback_team})."

    def levels(self) -> Iterator[str]:
        """Service levels are known by whom they are for."""
        before, after = (
            {said(level.when, playbook) if level.when else "everybody else": level for level in playbook.service_levels}
            for playbook in (self.old, self.new)
        )
        for whom, level in after.items():
            if whom not in before:
                yield f"New service level for {whom}: first response within {level.first_response}."
        for whom, level in before.items():
            if whom not in after:
                yield f"Removed service level for {whom}."
            else:
                yield from self.entry(f"Service level for {whom}", level, after[whom])
        kept = [whom for whom in before if whom in after]
        if kept != [whom for whom in after if whom in before]:
            yield "Service levels are tried in another order."


def _lists(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
    added = [_shown(item) for item in new if item not in old]
    gone = [_shown(item) for item in old if item not in new]
    if added:
        yield f"{name}: now also {', '.join(added)}"
    if gone:
        yield f"{name}: no longer {', '.join(gone)}"
    if not (added or gone) and name == _called("order"):
        yield f"{name}: now {', '.join(map(_shown, new))}"


def _called(name: str) -> str:
    return CALLED.get(name, name.replace("_", " "))


def _title(entry: Any, key: str) -> str:
    return str(getattr(entry, "name", None) or key)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return f"{value.days} days" if value.days and not value.seconds else str(value)
        case tuple():
            return ", ".join(map(_shown, value))
        case str():
            return f"“{value}”"
    if is_dataclass(value):
        return f"“{getattr(value, 'name', value)}”"
    return str(value)
