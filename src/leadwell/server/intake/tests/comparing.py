"""Is a lead what its case says? Phones by their digits, names as one, times as instants, texts whatever their case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadwell.server.intake.models import State
from leadwell.server.intake.tests.playing import Case, Check, Played

Stands = Mapping[str, str]

_OURS: Final = ZoneInfo("America/Chicago")  # of times that name no zone
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?")
_PHONE: Final = re.compile(r"[\d\s()+.-]{7,}")
_NAMES: Final = ("full_name", "first_name", "last_name")
_UNREAD: Final = {State.RECEIVED, State.NEEDS_MENDING, State.SET_ASIDE}

# Said of the case itself, or looked at by `wrong` with the rest.
_KNOWN: Final = {
    "case", "says", "settings", "headers", "url", "method", "body", "body_base64", "at", "genuine", "same_as",
    "becomes", "leads", "said", "somewhere", "not", "when", "test", "answer", "status", "graph",
}  # fmt: skip


def wrong(case: Case, played: Played, standing: Sequence[Stands], checks: Mapping[str, Check]) -> list[str]:
    """What is not as the case says; empty where it passes. A key that nobody looks at is wrong as well."""
    found = [f"nobody looks at “{key}”" for key in case.keys() - _KNOWN - checks.keys()]
    found += _answered(case, played)
    for key, check in checks.items():
        if key in case:
            found += check(case, played, [dict(one) for one in standing])
    if not case["genuine"]:
        return found + _refused(case, played)
    ways = [_became(case, one, played, standing) for one in _any(case["becomes"])]
    return found + (min(ways, key=len) if ways else [])


def _any(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _answered(case: Case, played: Played) -> list[str]:
    told, found = played.answer, []
    if case.get("status") is not None and told.status not in _any(case["status"]):
        found.append(f"status {told.status}, not {case['status']}")
    if "answer" in case and case["answer"] is None and told.status < 400:
        found.append(f"answered with {told.status} where nothing is to be told")
    if case.get("answer") is not None and told.body.decode() != case["answer"]:
        found.append(f"answered {told.body[:60]!r}")
    return found


def _refused(case: Case, played: Played) -> list[str]:
    found = ["it became a lead"] if played.leads else []
    if case["method"] == "GET":
        return found
    if case.get("status") is None and played.answer.status not in (401, 403):
        found.append(f"status {played.answer.status} where it must be refused")
    if played.states - {State.REFUSED} or not played.kept:
        found.append(f"kept as {sorted(played.states)}, not as refused")
    return found


def _became(case: Case, becomes: str, played: Played, standing: Sequence[Stands]) -> list[str]:
    if becomes == "leads":
        return _number(played, len(case["leads"])) + _leads(case, standing)
    if becomes == "joins":
        found = _number(played, 0) + _leads(case, standing)
        unread = played.states - {State.REPEAT, State.JOINED, State.NOT_A_LEAD}
        return found + ([f"is {sorted(unread)}, and joins nothing"] if unread else [])
    if becomes == "needs-mending":
        mending = State.NEEDS_MENDING in played.states
        return _number(played, 0) + ([] if mending else [f"is {sorted(played.states)}, not to be mended"])
    return _no_lead(case, played)


def _number(played: Played, expected: int) -> list[str]:
    made = len(played.leads)
    problems = sorted({one.problem for one in played.kept if one.problem})
    return [] if made == expected else [f"{made} new leads, not {expected} {sorted(played.states)} {problems}"]


def _no_lead(case: Case, played: Played) -> list[str]:
    """A vendor's test may become a lead that is plainly one, and for which nobody waits."""
    real = [one for one in played.leads if not case.get("test") or one.disposition != "discard" or one.queue]
    found = [f"{len(real)} leads where there is none"] if real else []
    if case["method"] != "GET" and (not played.kept or played.states & _UNREAD):
        found.append(f"is {sorted(played.states)}, not read as no lead")
    return found


def _leads(case: Case, standing: Sequence[Stands]) -> list[str]:
    """Each lead that is told of stands, and no lead stands for two."""
    found, left = [], list(standing)
    for said in _told(case):
        verdicts = sorted(((_differences(said, one), n) for n, one in enumerate(left)), key=lambda pair: len(pair[0]))
        if not verdicts:
            found.append("a lead is not there")
        else:
            left.pop(verdicts[0][1])
            found += verdicts[0][0]
    return found


def _told(case: Case) -> list[dict[str, Any]]:
    """What the case says of each lead: `columns`, what must stand `somewhere`, `when`, and what must `not`."""
    somewhere = case.get("somewhere") or case.get("said") or ()
    parts = zip_longest(case["leads"], somewhere, case.get("when") or (), case.get("not") or ())
    return [
        {"columns": columns or {}, "somewhere": texts or (), "when": when or (), "not": never or {}}
        for columns, texts, when, never in parts
    ]


def _differences(said: Mapping[str, Any], stands: Stands) -> list[str]:
    found = [f"{name}: {_shown(stands, name)!r}, not {expected!r}" for name, expected in said["columns"].items()
             if not _holds(stands, name, expected)]  # fmt: skip
    whole = fold(" | ".join(f"{name} {text}" for name, text in stands.items()))
    digits = {phone(text) for text in stands.values()}
    for text in said["somewhere"]:
        if not any(fold(one) in whole or (_PHONE.fullmatch(one) and phone(one) in digits) for one in _any(text)):
            found.append(f"nowhere: {text!r}")
    instants = moments(stands)
    found += [f"no time {one}" for one in said["when"] if datetime.fromisoformat(one) not in instants]
    for name, forbidden in said["not"].items():
        found += [
            f"{name} is {one!r}" for one in _any(forbidden) if stands.get(name) and _same(name, stands[name], one)
        ]
    return found


def _shown(stands: Stands, name: str) -> str:
    return stands.get(name, "")


def _holds(stands: Stands, name: str, expected: Any) -> bool:
    if expected is None:
        return not stands.get(name, "").strip()
    found = stands.get(name, "")
    if any(_same(name, found, str(one)) for one in _any(expected)):
        return True
    return name.removeprefix("patient_") in _NAMES and any(_named(stands, name, str(one)) for one in _any(expected))


def _named(stands: Stands, name: str, expected: str) -> bool:
    """A full name is met by first and last name, and the other way round."""
    whose = "patient_" if name.startswith("patient_") else ""
    whole, wanted = fold(stands.get(f"{whose}full_name", "")), fold(expected)
    if name.endswith("full_name"):
        return fold(f"{stands.get(f'{whose}first_name', '')} {stands.get(f'{whose}last_name', '')}") == wanted
    if stands.get(name):
        return False
    return whole.startswith(f"{wanted} ") if name.endswith("first_name") else whole.endswith(f" {wanted}")


def _same(name: str, found: str, expected: str) -> bool:
    if "phone" in name and phone(expected):
        return phone(found) == phone(expected)
    return fold(found) == fold(expected) or _instant(found, expected)


def _instant(found: str, expected: str) -> bool:
    try:
        return _zoned(found) == _zoned(expected)
    except ValueError:
        return False


def phone(text: str) -> str:
    """Its digits, without the country's 1."""
    digits = re.sub(r"\D", "", text)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def fold(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def moments(stands: Stands) -> set[datetime]:
    """The times that stand in a lead, in whichever column and zone."""
    return {_zoned(one) for text in stands.values() for one in _MOMENT.findall(text)}


def _zoned(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip().replace(" ", "T", 1).replace(" ", ""))
    return moment if moment.tzinfo else moment.replace(tzinfo=_OURS)
