"""How many dates, periods and ages does reading get right, on texts that nobody here wrote?

`python benchmarks/right/dates.py [--misses] [--speed]`; needs ../shared/data.

Every part is halved by a hash of its text: the
rules were tuned on one half and the other only measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import polars as pl

from leadwell.reading import when
from leadwell.reading.fold import fold, without_widthless

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
TRUTH = ROOT / "tests" / "engine" / "truth"
SGD_DAY = date(2019, 3, 1)  # the day on which the dialogues' systems stand


class Case(NamedTuple):
    text: str
    right: bool
    expected: str
    answered: str


def half(text: str) -> str:
    return "tune" if crc32(text.encode()) % 2 else "check"


def frame(texts: Iterable[str], received: Iterable[date]) -> pl.DataFrame:
    text = pl.Series("text", list(texts), dtype=pl.String)
    clean, _ = without_widthless(text)
    return pl.DataFrame({
        "row": pl.int_range(len(text), dtype=pl.UInt32, eager=True), "field": ["message"] * len(text),
        "text": clean, "folded": fold(clean), "received": list(received),
    })  # fmt: skip


def report(title: str, cases: list[Case], misses: bool) -> None:
    """Right of all, for each half; with `misses` those of the half that may be looked at."""
    counts = {name: [case.right for case in cases if half(case.text) == name] for name in ("tune", "check")}
    shown = "   ".join(f"{name} {sum(c)}/{len(c)} = {sum(c) / max(1, len(c)):.3f}" for name, c in counts.items())
    print(f"{title:<58} {shown}")
    for case in cases:
        if misses and not case.right and half(case.text) == "tune":
            print(f"    {case.text[:110]!r}  expected {case.expected}  answered {case.answered}")


# --- microsoft/Recognizers-Text --------------------------------------------------------------------------------------


def specs(model: str) -> list[dict[str, Any]]:
    with (DATA / "recognizers_specs.ndjson").open(encoding="utf-8") as lines:
        return [spec for line in lines if (spec := json.loads(line))["model"].startswith(model)]


def expected_dates(spec: dict[str, Any], kind: str) -> list[list[str]]:
    """For each date (or range) of a spec, the values that are right: of two, one is past and one to come."""
    wanted = []
    for result in spec["results"]:
        values = (result.get("Resolution") or {}).get("values") or []
        if values and values[0].get("value") == "not resolved":
            continue
        if result.get("TypeName") == f"datetimeV2.{kind}":
            wanted.append([value.get("value") or f"{value.get('start')}..{value.get('end')}" for value in values])
        elif kind == "date" and result.get("Type") == "date":
            value = result["Value"]
            wanted.append([value["PastResolution"]["date"], value["FutureResolution"]["date"]])
    return wanted


def answers(mentions: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for mention in mentions.iter_rows(named=True):
        found.setdefault(mention["row"], []).append(mention)
    return found


def date_cases(language: str, kind: str = "date") -> list[Case]:
    told = [spec for spec in specs(f"DateTime/{language}") if expected_dates(spec, kind)]
    received = [date.fromisoformat(spec["reference"][:10]) for spec in told]
    found = answers(when.read_mentions(frame([spec["input"] for spec in told], received)))
    cases = []
    for row, spec in enumerate(told):
        mine = found.get(row, [])
        said = [_said(mention, kind) for mention in mine]
        for values in expected_dates(spec, kind):
            cases.append(Case(spec["input"], bool(set(values) & set(said)), " or ".join(values), ", ".join(said)))
    return cases


def _said(mention: dict[str, Any], kind: str) -> str:
    if kind == "date":
        one = mention["first"] == mention["last"]
        return str(mention["first"]) if one else f"{mention['first']}..{mention['last']}"
    end = None if mention["last"] is None else mention["last"].toordinal() + 1
    return f"{mention['first']}..{date.fromordinal(end) if end else None}"


def age_cases(language: str) -> list[Case]:
    told = specs(f"NumberWithUnit/{language}/AgeModel")
    found = when.read_ages(frame([spec["input"] for spec in told], [date(2026, 1, 14)] * len(told)))
    by_row: dict[int, list[str]] = {}
    for row, value, unit in found.select("row", "value", "unit").iter_rows():
        by_row.setdefault(row, []).append(f"{value} {unit}")
    units = {"Year": "y", "Month": "m", "Week": "w", "Day": "d", "Año": "y", "Mes": "m", "Semana": "w", "Día": "d"}
    cases = []
    for row, spec in enumerate(told):
        mine = by_row.get(row, [])
        for result in spec["results"]:
            right = f"{result['Resolution']['value']} {units[result['Resolution']['unit']]}"
            cases.append(Case(spec["input"], right in mine, right, ", ".join(mine)))
    return cases


# --- dialogues of appointments ---------------------------------------------------------------------------------------


def _slot_day(slot: str) -> date | None:
    """What a date slot means on SGD_DAY (a Friday), worked out here on its own, by the few shapes that occur."""
    words = slot.lower().split()
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    number = next((int("".join(c for c in w if c.isdigit())) for w in words if w[0].isdigit()), None)
    if number is not None:
        return date(2019, 3, number)
    near = {"today": 1, "later today": 1, "tomorrow": 2, "day after tomorrow": 3}
    if slot.lower() in near:
        return date(2019, 3, near[slot.lower()])
    name = next((names.index(word) for word in words if word in names), None)
    if name is None:
        return None
    monday = date(2019, 2, 25).toordinal() + 7 * ("next" in words)
    return date.fromordinal(monday + name)


def slot_cases() -> list[Case]:
    turns: list[tuple[str, date]] = []
    with (DATA / "sgd_appointment_turns.csv").open(encoding="utf-8", newline="") as file:
        for turn in csv.DictReader(file):
            for name, slot, *_ in json.loads(turn["slots"]):
                if name == "appointment_date" and (day := _slot_day(slot)):
                    turns.append((turn["text"], day))
    found = answers(when.read_mentions(frame([text for text, _ in turns], [SGD_DAY] * len(turns))))
    cases = []
    for row, (text, day) in enumerate(turns):
        said = [str(mention["first"]) for mention in found.get(row, [])]
        cases.append(Case(text, str(day) in said, str(day), ", ".join(said)))
    return cases


# --- texts that hold no date -----------------------------------------------------------------------------------------


def _column(name: str, column: str, keep: Callable[[dict[str, str]], bool] = lambda _: True) -> list[str]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file) if keep(row) and row[column]]


ORDINARY: dict[str, Callable[[], list[str]]] = {
    "consumer questions": lambda: _column("meqsum_questions.csv", "question"),
    "text messages": lambda: _column("sms_spam.csv", "text", lambda row: row["label"] == "ham"),
    "dialogue turns": lambda: _column("sgd_appointment_turns.csv", "text", lambda row: "date" not in row["slots"]),
    "first turns elsewhere": lambda: _column("sgd_other_first_turns.csv", "text"),
    "one-line reasons": lambda: _column("mtsamples_descriptions.csv", "description"),
}
# Words by which anyone would say that a text may hold a date: texts with one are set aside, what remains holds none.
_TIME_WORDS = (
    r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october"
    r"|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|to?day|2day|tomm?orr?ow|tmr|tmrw|yest\w*"
    r"|to?nite|to?night|week\w*|wk|month\w*|years?|yrs?|days?|spring|summer|fall|winter|autumn|x?mas|christmas|holidays?|easter|thanksgiving"
    r"|valentines?|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)|this (?:morning|afternoon|evening)|last night)\b|\d[/-]\d"
)


def false_cases() -> dict[str, list[Case]]:
    """Of texts without a time word: none should be seen. Of all ordinary texts: how many give a timeline."""
    cases = {}
    for name, read in ORDINARY.items():
        texts = sorted(set(read()))
        words = pl.Series(texts).str.contains(_TIME_WORDS)
        plain = [text for text, has in zip(texts, words, strict=True) if not has]
        for title, part, wanted in (("none is seen", plain, False), ("no timeline in any", texts, True)):
            day = date(2026, 1, 14)
            given = frame(part, [day] * len(part))
            found = answers(when.read_mentions(given))
            times = when.read_times(given)
            timeline = dict(zip(times["row"], times["read.timeline_start"], strict=True)) if wanted else {}
            bad = [
                Case(
                    text,
                    not (timeline.get(row) if wanted else found.get(row)),
                    "no date",
                    str(found.get(row, [{}])[0].get("said")),
                )
                for row, text in enumerate(part)
            ]
            cases[f"{name}, {title}"] = bad
    return cases


# --- our own judge ---------------------------------------------------------------------------------------


def own_cases(half_of: str) -> list[Case]:
    with (TRUTH / f"dates-{half_of}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    given = frame([row["text"] for row in rows], [date.fromisoformat(row["received_at"][:10]) for row in rows])
    times = {row["row"]: row for row in when.read_times(given).iter_rows(named=True)}
    return [_seen(row, times.get(index)) for index, row in enumerate(rows)]


def _seen(row: dict[str, str], answer: dict[str, Any] | None) -> Case:
    first = answer["read.timeline_start"] if answer else None
    last = (answer["read.timeline_end"] or first) if answer else None
    said = f"{first}..{last}"
    if not row["start"]:
        return Case(row["text"], first is None, "nothing", said)
    start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    expected = f"{start}..{end} ({row['note']})"
    if first is None or last is None:
        return Case(row["text"], False, expected, said)
    slack = 0 if start == end else 1
    late = last.toordinal() > end.toordinal() + slack and "open end" not in row["note"]
    return Case(row["text"], first.toordinal() >= start.toordinal() - slack and not late, expected, said)


def speed() -> None:
    texts = [text[:150] for read in ORDINARY.values() for text in read()]
    many = pl.Series(texts).sample(200_000, with_replacement=True, seed=1).to_list()
    given = frame(many, [date(2026, 1, 1 + index % 28) for index in range(len(many))])
    started = time.perf_counter()
    when.read_times(given)
    took = time.perf_counter() - started
    words = sum(text.count(" ") + 1 for text in many) / len(many)
    print(f"{len(many)} texts of {words:.0f} words: {took:.2f} s, {took * 5:.1f} s a million")
    one = given.head(1)
    started = time.perf_counter()
    for _ in range(50):
        when.read_times(one)
    print(f"one text: {(time.perf_counter() - started) * 20:.2f} ms")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--speed", action="store_true")
    options.add_argument("--unseen", action="store_true", help="our own truth: the half kept for the end")
    told, _ = options.parse_known_args()
    if not DATA.is_dir():
        print("../shared/data is not here: nothing measured")
        return 0
    if told.speed:
        speed()
        return 0
    for language, aim, was in (
        ("English", 0.75, "recognizers-text 0.50, dateparser.search 0.42, ctparse 0.32"),
        ("Spanish", 0.65, "no baseline"),
    ):
        report(f"{language} single dates, exactly (aim {aim}; {was})"[:58], date_cases(language), told.misses)
        report(f"{language} ranges, exactly (no aim)", date_cases(language, "daterange"), told.misses)
        report(f"{language} ages", age_cases(language), told.misses)
    report("Appointment dates in dialogues", slot_cases(), told.misses)
    kept = "unseen" if told.unseen else "seen"
    report(f"Our own {kept} half (timeline)", own_cases(kept), told.misses)
    for name, cases in false_cases().items():
        report(f"Dates, {name}" + (" (aim 0.99)" if "none" in name else " (no aim)"), cases, told.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
