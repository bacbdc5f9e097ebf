"""Plays an invented year to the product, and writes what left on the wire and what was refused. (README of this folder)

    python -m benchmarks.gate.driver --seeds 20 --people 200 --plain

Each seed has a database of its own. Wishes go through `consent.actions.note_contact`, the one step that every channel
takes; what it lets through leaves at once. A wish that must wait is asked again at the instant that was promised.
Left out of the world, for the product has no way in for them yet: the national registry and the carriers' results. A
stop that came by mail is confirmed by mail, of which RULES says nothing: these are counted, not shown to the checker.
"""

from __future__ import annotations

import argparse
import heapq
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from typing import Any, Final
from uuid import UUID, uuid4

from benchmarks.gate.checker import Report, check
from benchmarks.gate.world import generate, zulu

Row = Mapping[str, Any]
_NO_WAY_IN: Final = ("registry", "result")
_COLUMNS: Final = {"zip": "zip", "address_state": "state", "phone": "phone", "email": "email"}
_WAYS: Final = {"text-reply": "text", "email-reply": "email-reply"}
_ADDRESS: Final = {"call": "phone", "text": "phone", "email": "email"}
_SOUNDS_LIKE: Final = (
    "text-reply",
    "email-reply",
    "voice",
)  # their words are heard; of the others we know what they mean


class Clock:
    """The product's time."""

    def __init__(self) -> None:
        self.at = datetime.now().astimezone()

    def now(self) -> datetime:
        return self.at


@dataclass
class Year:
    """One organisation's year: `people` and `links` by the world's names; `waiting`: wishes to be asked again."""

    organization: int
    clock: Clock
    people: dict[str, UUID] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[tuple[str, str], UUID] = field(default_factory=dict)
    waiting: list[tuple[datetime, int, Row]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    wire: list[Row] = field(default_factory=list)
    refusals: list[Row] = field(default_factory=list)
    confirmed_by_mail: int = 0

    def play(self, events: Sequence[Row]) -> None:
        for event in events:
            at = datetime.fromisoformat(event["at"])
            while self.waiting and self.waiting[0][0] <= at:
                due, _, wish = heapq.heappop(self.waiting)
                self.clock.at = due
                self.wish(wish)
            self.clock.at = at
            _HEARS[event["kind"]](self, event)

    def wish(self, event: Row) -> None:
        from leadwell.server.consent import actions

        facts = self.facts[event["record"]]
        address = facts.get(_ADDRESS[event["channel"]], "")
        attempt = actions.Attempt(
            event["channel"], event["purpose"], automated=event["automated"], address=address,
            prerecorded=event["prerecorded"], line_type=facts.get("line_type"),  # type: ignore[arg-type]
        )  # fmt: skip
        verdict = actions.note_contact(
            self.organization, self.people[event["record"]], attempt, by="simulation"
        ).verdict
        line = {"at": zulu(self.clock.at), "wish": event["wish"]}
        if verdict.answer == "yes":
            named = {name: event[name] for name in ("channel", "purpose", "record", "automated", "prerecorded")}
            self.wire.append(line | named | {"address": address})
            return
        told = {"answer": verdict.answer, "rule": verdict.rule, "says": verdict.says}
        if verdict.not_before is not None:
            told["not_before"] = zulu(verdict.not_before)
            heapq.heappush(self.waiting, (verdict.not_before, next(self.order), event))
        self.refusals.append(line | told)

    def known(self, event: Row) -> None:
        """Somebody writes the record, or corrects it."""
        from leadwell.server.people.models import Person, PersonToken
        from leadwell.server.privacy.sealing import seal_json
        from leadwell.server.privacy.tokens import Blind

        name = event["record"]
        facts = self.facts.setdefault(name, {})
        for fact, value in event["facts"].items():
            facts.pop(fact, None)
            if value is not None:
                facts[fact] = value
        person = self.people.setdefault(name, uuid4())
        columns = {_COLUMNS[fact]: value for fact, value in facts.items() if fact in _COLUMNS}
        if "state" in facts:
            columns["state"] = facts["state"]
        sealed = seal_json(self.organization, columns, place=f"people.person/{person}")
        defaults = {"organization_id": self.organization, "created_at": self.clock.at, "sealed": sealed}
        Person.objects.of(self.organization).update_or_create(pk=person, defaults=defaults)
        blind = Blind(self.organization)
        PersonToken.objects.of(self.organization).filter(person=person).delete()
        for kind in ("phone", "email"):
            if kind in facts:
                row = PersonToken(organization_id=self.organization, person_id=person, kind=kind)
                row.token = blind.token(kind, facts[kind])
                row.save()

    def inquiry(self, event: Row) -> None:
        from leadwell.server.consent.models import Inquiry

        Inquiry.objects.create(
            organization_id=self.organization, person=self.people[event["record"]], lead=uuid4(), at=self.clock.at,
            channels=",".join(event["channels"]), business=event["about"] == "business",
        )  # fmt: skip

    def consent(self, event: Row) -> None:
        from leadwell.server.consent import actions

        until = datetime.fromisoformat(event["expires"]) if event["expires"] else None
        given = actions.Given(event["channel"], event["purpose"], event["level"], self.clock.at, until)
        proof = actions.Proof("I agree to be contacted so.", source="form", address=event["address"] or "")
        actions.give(self.organization, self.people[event["record"]], given, proof, actor="simulation")

    def stop(self, event: Row) -> None:
        from leadwell.server.consent import actions
        from leadwell.server.consent.saying import Saying

        person = self.people[event["record"]] if event["record"] else None
        way, says = _WAYS.get(event["way"], event["way"]), event["says"] or ""
        saying = Saying(way, "simulation", says, event["address"] or "")
        if event["way"] in _SOUNDS_LIKE and person is not None:
            actions.hear(self.organization, person, saying)
        else:
            closes = (
                actions.scopes((event["channel"],), event["purpose"] or "") if event["only"] or event["purpose"] else ()
            )
            closes = closes or (actions.scopes(("all",)) if event["channel"] == "all" else ())
            actions.stop(self.organization, person, saying, closes=closes)
        self._confirm()

    def _confirm(self) -> None:
        """The confirmations that are owed leave at once."""
        from leadwell.server.consent import actions
        from leadwell.server.consent.models import Confirmation

        names = {person: name for name, person in self.people.items()}
        for one in list(Confirmation.objects.of(self.organization).filter(taken_at=None)):
            taken = actions.take_confirmation(self.organization, one.pk, by="simulation")
            if taken is not None and taken.channel == "email":
                self.confirmed_by_mail += 1
            elif taken is not None:
                self.wire.append(
                    {"at": zulu(self.clock.at), "channel": taken.channel, "purpose": "stop-confirmation",
                     "address": taken.address, "record": names.get(one.person, ""), "automated": True}
                )  # fmt: skip

    def start(self, event: Row) -> None:
        from leadwell.server.consent import actions
        from leadwell.server.consent.saying import Saying

        saying = Saying("text", "simulation", "START", event["address"])
        actions.restart(self.organization, self.people[event["record"]], saying, channels=(event["channel"],))

    def link(self, event: Row) -> None:
        from leadwell.server.people.linking import link

        pair = (event["a"], event["b"])
        self.links[pair] = link(self.organization, *(self.people[one] for one in pair), actor="simulation").pk

    def unlink(self, event: Row) -> None:
        from leadwell.server.people.linking import undo

        undo(self.organization, self.links.pop((event["a"], event["b"])), actor="simulation")


_HEARS: Final[dict[str, Callable[[Year, Row], None]]] = {
    "known": Year.known, "inquiry": Year.inquiry, "consent": Year.consent, "stop": Year.stop, "start": Year.start,
    "link": Year.link, "unlink": Year.unlink, "wish": Year.wish,
}  # fmt: skip


def year(seed: int, people: int) -> tuple[Report, int]:
    """One seed, in a data folder and a process of its own: what the checker says, and how many confirmations went by
    mail."""
    with tempfile.TemporaryDirectory(prefix="leadwell-year-") as home:
        os.environ |= {"LEADWELL_HOME": home, "DJANGO_SETTINGS_MODULE": "leadwell.server.settings"}
        os.environ.pop("LEADWELL_DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.utils import timezone

        from leadwell.server.access.actions import add_organization

        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # what a crash would lose is asked elsewhere
        clock = Clock()
        timezone.now = clock.now  # type: ignore[assignment]
        events = [event for event in generate(seed, people).events if event["kind"] not in _NO_WAY_IN]
        clock.at = datetime.fromisoformat(events[0]["at"])
        lived = Year(add_organization("simulated", time_zone="America/Chicago").pk, clock)
        lived.play(events)
        return check(events, lived.wire, lived.refusals), lived.confirmed_by_mail


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="fail for what is against every reading alone")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    failed = 0
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        played = pool.map(year, seeds, [asked.people] * len(seeds))
        for seed, (report, by_mail) in zip(seeds, played, strict=True):
            failed += not report.passed(plain_only=asked.plain)
            print(_line(seed, report, by_mail), flush=True)
            for at, row, finding in _worst(report):
                print("   ", at, finding, {k: row[k] for k in ("wish", "channel", "purpose", "record") if k in row})
    print(f"{failed} of {len(seeds)} years have findings." if failed else _ALL_WELL.format(len(seeds)))
    sys.exit(failed > 0)


_ALL_WELL: Final = "{} years passed the checker: nothing left that was not allowed."


def _worst(report: Report) -> list[Any]:
    """What is against every reading first; one of a kind is enough."""
    found = sorted(report.examples, key=lambda one: one[2].reading is not None)
    return list({(one[2].rule, one[2].says, one[2].reading): one for one in reversed(found)}.values())[::-1][:6]


def _line(seed: int, report: Report, by_mail: int) -> str:
    found = f"{report.against_plain} against every reading, {report.against_cautious} against the most cautious one"
    return (
        f"seed {seed}: {report.wishes:,} wishes, {report.messages:,} messages left, {by_mail} confirmations by mail, "
        f"{report.refused:,} refusals ({sum(report.needless.values()):,} that no reading asks for); {found}"
    )


if __name__ == "__main__":
    main()
