"""Did anything leave that RULES.md forbids? Reads what left on the wire and what was told, and says so of each message.

    python -m benchmarks.gate.checker EVENTS.jsonl WIRE.jsonl [--refusals REFUSALS.jsonl] [--plain] [--show 20]

EVENTS   what `world` wrote: its docstring has every kind of event.
WIRE     one line for each message that left, taken from the wire (the SMTP server, the fake carrier), never from the
         product's own books:
         {"at": "2026-03-08T12:00:00.250Z", "channel": "call|text|email",
          "purpose": "care-request|appointment|marketing|business|stop-confirmation",
          "address": "+13125550142" or "ann@mail.example", "record": "r17", "automated": true,
          "prerecorded": false (optional), "wish": "w123" (optional, the wish that it fulfils)}
         `at` is when it left; a call's is when it was dialled. `address` as the events spell it. A text that only
         confirms a stop has the purpose "stop-confirmation".
REFUSALS one line for each wish that was not fulfilled at once: {"at", "wish", "answer": "never|not_before",
         "not_before" (an instant, with that answer), "rule", "says"}. A wish may be refused, then fulfilled later.

An event at the same instant as a message was told before it. Every wish of the events must have left (a wire line names
it) or been refused with answer, rule and words; anything else is a silent refusal, rule "reason".
An instant promised in `not_before` must itself be in the future and open, as far as was told when it was promised: rule
"promise".

Findings come in two kinds: *plain*, against every reading of RULES, and *cautious*, against only the most cautious one,
with the open reading named. Both count; with `--plain` only the first do. Exit status 0: nothing found; 1: something.
Refusals that even the most cautious reading did not ask for are counted, not blamed: a gate that lets nothing through
would pass otherwise unnoticed.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.gate.judging import Finding, judge
from benchmarks.gate.told import Message, Told, message_of, second_of

Row = Mapping[str, Any]
HOURS = {"1.1", "1.2", "1.3", "1.4", "1.5"}


@dataclass
class Report:
    messages: int = 0
    wishes: int = 0
    refused: int = 0
    needless: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)
    cautious: Counter[str] = field(default_factory=Counter)
    readings: Counter[str] = field(default_factory=Counter)
    against_plain: int = 0
    against_cautious: int = 0
    examples: list[tuple[str, Row, Finding]] = field(default_factory=list)

    def add(self, at: str, row: Row, findings: list[Finding], keep: int = 1000) -> None:
        for finding in findings:
            (self.cautious if finding.reading else self.plain)[finding.rule] += 1
            if finding.reading:
                self.readings[finding.reading] += 1
            if len(self.examples) < keep:
                self.examples.append((at, row, finding))
        if any(finding.reading is None for finding in findings):
            self.against_plain += 1
        elif findings:
            self.against_cautious += 1

    def passed(self, *, plain_only: bool = False) -> bool:
        return self.against_plain == 0 and (plain_only or self.against_cautious == 0)


def check(events: Iterable[Row], wire: Iterable[Row], refusals: Iterable[Row] = ()) -> Report:
    """Judge every message and every refusal in the order of time; the three need not be sorted."""
    report, told, answered = Report(), Told(), set[str]()
    wishes: dict[str, Row] = {}
    for _, kind, row in _in_order(events, refusals, wire):
        if kind == 0:
            told.hear(row)
            if row["kind"] == "wish":
                wishes[row["wish"]] = row
        elif kind == 1:
            report.refused += 1
            answered.add(row["wish"])
            _judge_refusal(row, wishes.get(row["wish"]), told, report)
        else:
            message = message_of(row)
            report.messages += 1
            answered.add(message.wish or "")
            report.add(row["at"], row, judge(message, told))
            told.left(message)
    report.wishes = len(wishes)
    for name in wishes.keys() - answered:
        report.add(wishes[name]["at"], wishes[name], [Finding("reason", "neither sent nor refused")])
    return report


def _in_order(events: Iterable[Row], refusals: Iterable[Row], wire: Iterable[Row]) -> list[tuple[float, int, Row]]:
    timed = [(second_of(row["at"]), kind, row) for kind, rows in enumerate((events, refusals, wire)) for row in rows]
    return sorted(timed, key=lambda one: one[:2])


def _judge_refusal(row: Row, wish: Row | None, told: Told, report: Report) -> None:
    """A refusal says why; what it promises is open; what nobody forbids is counted."""
    said = row.get("answer") in ("never", "not_before") and row.get("rule") and row.get("says")
    if not said or wish is None:
        report.add(row["at"], row, [Finding("reason", "a refusal without its answer, rule or words, or of no wish")])
        return
    address = told.address_of(wish["record"], wish["channel"]) or ""
    message = message_of({**wish, "at": row["at"], "address": address})
    if not judge(message, told):
        report.needless[str(row["rule"])] += 1
    if row["answer"] == "not_before":
        report.add(row["at"], row, _broken_promise(row, message, told))


def _broken_promise(row: Row, message: Message, told: Told) -> list[Finding]:
    try:
        promised = second_of(row["not_before"])
    except (KeyError, TypeError, ValueError):
        return [Finding("promise", "not before when?")]
    if promised <= message.at:
        return [Finding("promise", "an instant that had passed")]
    against = [finding for finding in judge(replace(message, at=promised), told) if finding.rule in HOURS]
    return [Finding("promise", f"promised an instant shut by {one.rule}: {one.says}", one.reading) for one in against]


def table(report: Report) -> str:
    rules = sorted(report.plain.keys() | report.cautious.keys(), key=_as_number)
    lines = [f"{'rule':10}{'plain':>10}{'cautious':>10}"]
    lines += [f"{rule:10}{report.plain[rule]:10,}{report.cautious[rule]:10,}" for rule in rules]
    lines += [f"  open reading: {reading}: {count:,}" for reading, count in report.readings.most_common()]
    needless = sum(report.needless.values())
    lines.append(f"refusals that no reading asks for: {needless:,} of {report.refused:,}")
    lines += [f"  by the gate's rule {rule}: {count:,}" for rule, count in report.needless.most_common(10)]
    return "\n".join(lines)


def _as_number(rule: str) -> tuple[int, ...]:
    return tuple(int(part) for part in rule.split(".")) if rule[0].isdigit() else (99,)


def sentence(report: Report, *, plain_only: bool = False) -> str:
    """The one sentence at the end."""
    if report.messages == 0:
        return f"Nothing left at all, so nothing was shown: {report.wishes:,} wishes, {report.refused:,} refusals."
    if report.passed(plain_only=plain_only):
        reading = "as RULES plainly says" if plain_only else "by the most cautious reading"
        return (
            f"All {report.messages:,} messages were allowed {reading}, and each of {report.wishes:,} wishes "
            f"was fulfilled or refused with its reason."
        )
    return (
        f"{report.against_plain:,} of {report.messages:,} messages and {report.refused:,} refusals break a rule "
        f"however it is read, {report.against_cautious:,} more by the most cautious reading."
    )


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Did anything leave that RULES.md forbids?")
    parser.add_argument("events", type=Path)
    parser.add_argument("wire", type=Path)
    parser.add_argument("--refusals", type=Path)
    parser.add_argument("--plain", action="store_true", help="count only what is forbidden however RULES is read")
    parser.add_argument("--show", type=int, default=20, help="how many findings to print")
    chosen = parser.parse_args(arguments)
    report = check(read(chosen.events), read(chosen.wire), read(chosen.refusals) if chosen.refusals else ())
    shown = [one for one in report.examples if not (chosen.plain and one[2].reading)][: chosen.show]
    for at, row, finding in shown:
        reading = f" (if {finding.reading})" if finding.reading else ""
        print(f"{at}  {finding.rule}: {finding.says}{reading}  {json.dumps(row, ensure_ascii=False)}")
    print(table(report))
    print(sentence(report, plain_only=chosen.plain))
    return 0 if report.messages and report.passed(plain_only=chosen.plain) else 1


if __name__ == "__main__":
    sys.exit(main())
