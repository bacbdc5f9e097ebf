"""An invented world of N people and one year, from a seed: what is told of them, and whom somebody wants to reach.

    python -m benchmarks.gate.world --seed 1 --people 10000 --out DIR       writes DIR/events.jsonl and DIR/truth.jsonl

`generate(seed, people)` gives a `World`: `events` in the order of time, and `truth`, a row a person. The driver plays
the events to the product, as the one way in that each names, with the product's clock set to `at`; when a wish comes,
it asks the product to send. Whatever reaches the fake carrier or mail server is the wire log; `checker` says what of it
was wrong. The truth (who is who, where they really are) is never told to the product, nor does the checker read it.

Every event has `at` (an instant, "…Z") and `kind`:

known     record, facts {zip, state, address_state, phone, email, stated_zone, line_type}: these facts are now so (a new
          record, a move, a new number, a number ported to another state); null takes a fact back. All are strings.
inquiry   record, channels, about ("care" or "business"): they asked us, and gave these ways to be answered. It is
          express consent to that answer by these channels, no more.
consent   record, channel, purpose, level ("express" or "written"), address, expires (or null)
stop      record (null: only the address is known), address (null: said by a person, of all), channel ("call", "text",
          "email" or "all"), purpose (null: all), only (true: they said that other ways are fine; false: an unscoped
          stop, which by RULES 1.14 is a stop to all automated calls and texts), way ("text-reply", "voice",
          "email-reply", "complaint", "link", "staff", "api"), says (their words; null for a link, a report, the API)
start     record, address, channel: they wrote START after a stop from this address; service is open again there
link      a, b (records): found to be one person. From now on stops are the union of both, permissions are not.
unlink    a, b: that was wrong; each has again what was said by it
registry  address, listed: the national list was looked up just now
result    address, code: what a carrier (30005, 30006, 21610, ...) or a mailbox (5.1.1, ...) answered
wish      wish (its id), record, channel, purpose, automated, prerecorded: somebody wants to reach them now by the
          address that the record has. Ask the gate; send or refuse. Wishes come at all hours and around every edge.

A record is the organisation's; a person may have two, and one number may be several people's (a household). Moves,
clock changes and holidays need no events: the calendar has them. Every number is 555-xxxx, every mailbox at example.
"""

import argparse
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.gate.places import PLACES, Place

YEAR = 2026
CHANNELS = ("call", "text", "email")
PURPOSES = ("care-request", "appointment", "marketing", "business")
EDGES = ("07:59:59", "08:00:00", "08:59:59", "09:00:00", "10:00:00", "12:00:00", "17:00:00", "18:00:00", "19:59:59",
         "20:00:00", "20:59:59", "21:00:00")  # fmt: skip
DAYS_APART = ("03-07", "03-08", "10-31", "11-01", "01-01", "05-25", "07-04", "09-07", "11-26", "12-25")
WORDS = {
    "text-reply": (
        "STOP",
        "stop",
        "Please stop texting me",
        "Unsubscribe",
        "no more texts please",
        "ALTO",
        "no me manden mensajes",
    ),
    "voice": ("please don't call this number any more", "stop calling me", "no me llamen más"),
    "email-reply": ("Please remove me from your list", "Stop e-mailing me", "No quiero recibir más correos"),
}
WORDS_OF_ALL = ("do not contact me again in any way", "no calls, no texts, no e-mails, nothing, please")
WORDS_OF_ONE = {
    "call": ("don't call me, texts and e-mails are fine", "no more calls, but you may write"),
    "text": ("no more texts, but you may call me",),
    "email": ("no e-mails, but you may call me",),
}
WAYS = {"text": ("text-reply", "text-reply", "staff"), "call": ("voice", "staff"),
        "email": ("email-reply", "complaint", "link"), "all": ("staff", "api", "voice")}  # fmt: skip


@dataclass
class World:
    seed: int
    events: list[dict[str, Any]] = field(default_factory=list)
    truth: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Person:
    """The one being written: where they live, their records and their numbers."""

    number: int
    home: Place
    born: datetime
    phone: str | None
    email: str | None
    records: list[str] = field(default_factory=list)


def generate(seed: int, people: int = 10_000, wishes_each: int = 24) -> World:
    world, chance = World(seed), random.Random(seed)
    neighbour: _Person | None = None
    for number in range(people):
        neighbour = _Life(world, chance, number, neighbour).live(wishes_each)
    world.events = sorted(_nobody_says_whose(world.events), key=lambda event: event["at"])
    for count, event in enumerate(event for event in world.events if event["kind"] == "wish"):
        event["wish"] = f"w{count}"
    return world


def _nobody_says_whose(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A message from an address of several records is of the address only; nobody writes START from such a one."""
    holders: dict[str, set[str]] = {}
    for event in events:
        if event["kind"] == "known":
            for name in ("phone", "email"):
                holders.setdefault(event["facts"].get(name) or "", set()).add(event["record"])
    shared = {address for address, records in holders.items() if len(records) > 1}
    for event in events:
        if event["kind"] == "stop" and event["way"] in ("text-reply", "complaint") and event["address"] in shared:
            event["record"] = None
    return [event for event in events if event["kind"] != "start" or event["address"] not in shared]


def zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Life:
    """One person's year, event by event."""

    def __init__(self, world: World, chance: random.Random, number: int, neighbour: _Person | None) -> None:
        self.world, self.chance = world, chance
        start = datetime(YEAR, 1, 1, 6, tzinfo=UTC)
        born = start + timedelta(minutes=chance.randrange(300 * 1440))
        self.end = datetime(YEAR + 1, 1, 1, 6, tzinfo=UTC)
        shares = neighbour is not None and chance.random() < 0.08
        home = neighbour.home if shares and neighbour else PLACES[number % len(PLACES)]
        phone = neighbour.phone if shares and neighbour else self._number(home, number)
        email = f"person{number}@mail.example" if chance.random() < 0.75 else None
        self.person = _Person(number, home, born, phone, email)
        self.homes = [(zulu(born), home.zip)]
        self.begun: dict[str, datetime] = {}
        self.addresses: list[tuple[str, str, datetime, str | None]] = []  # record, "phone" or "email", since, which

    def live(self, wishes: int) -> _Person:
        person, chance = self.person, self.chance
        first = self._record(person.born, person.phone, person.email)
        if chance.random() < 0.06:
            self._second_record(first)
        if chance.random() < 0.1:
            self._move(first)
        if chance.random() < 0.06:
            self._new_number(first)
        self._agree(first)
        if chance.random() < 0.3:
            self._stop(first)
        if chance.random() < 0.03:
            self._results()
        if chance.random() < 0.03 and person.number:
            self._wrong_link(first)
        for _ in range(max(1, round(chance.gauss(wishes, wishes / 3)))):
            self._wish(self._moment())
        self.world.truth.append(
            {"person": person.number, "records": person.records, "homes": self.homes, "phone": person.phone}
        )
        return person

    def _say(self, at: datetime, kind: str, **facts: Any) -> None:
        if at < self.end:
            self.world.events.append({"at": zulu(at), "kind": kind, **facts})

    def _address(self, record: str, channel: str, at: datetime) -> str | None:
        """Which address the record has at this moment."""
        kind = "email" if channel == "email" else "phone"
        known = [row for row in self.addresses if row[:2] == (record, kind) and row[2] <= at]
        return max(known, key=lambda row: row[2])[3] if known else None

    def _number(self, home: Place, number: int) -> str | None:
        dice = self.chance.random()
        if dice < 0.05:
            return None
        ported = dice < 0.25  # the number's area says another place than where they live
        area = "888" if dice < 0.07 else self.chance.choice((self.chance.choice(PLACES) if ported else home).areas)
        return f"+1{area}555{100 + number % 9_800:04}"

    def _later(self, after: datetime | None = None) -> datetime:
        start = after or self.person.born
        return start + (self.end - start) * self.chance.random()

    def _moment(self) -> datetime:
        """Some moment of the year; half the time just at an edge of their own clock, often on a day that matters."""
        chance, zone = self.chance, ZoneInfo(self.person.home.zone)
        moment = self._later()
        if chance.random() < 0.5:
            day = moment.astimezone(zone).date().isoformat()
            if chance.random() < 0.3:
                day = f"{YEAR}-{chance.choice(DAYS_APART)}"
            moment = datetime.fromisoformat(f"{day}T{chance.choice(EDGES)}").replace(tzinfo=zone)
        return max(moment.astimezone(UTC), self.person.born + timedelta(seconds=1))

    def _record(self, at: datetime, phone: str | None, email: str | None) -> str:
        person, chance = self.person, self.chance
        name = f"r{person.number}" + "x" * len(person.records)
        person.records.append(name)
        self.begun[name] = at
        self.addresses += [(name, "phone", at, phone), (name, "email", at, email)]
        facts: dict[str, str] = {}
        if chance.random() < 0.85:
            facts["zip"] = person.home.zip
        if chance.random() < 0.2:
            facts["address_state"] = person.home.state
        if chance.random() < 0.1:
            facts["state"] = person.home.state
        if chance.random() < 0.05:
            facts["stated_zone"] = person.home.zone
        if phone:
            facts["phone"] = phone
            if chance.random() < 0.6:
                facts["line_type"] = chance.choices(("mobile", "landline", "voip"), (75, 15, 10))[0]
        if email:
            facts["email"] = email
        self._say(at, "known", record=name, facts=facts)
        ways = [channel for channel in CHANNELS if facts.get("email" if channel == "email" else "phone")]
        about = "business" if chance.random() < 0.06 else "care"
        if ways and chance.random() < 0.85:
            asked = [channel for channel in ways if chance.random() < 0.8]
            self._say(at, "inquiry", record=name, channels=asked or ways[:1], about=about)
        return name

    def _agree(self, record: str) -> None:
        """Consents of several kinds; some end, some come late."""
        chance, person = self.chance, self.person
        for channel in CHANNELS:
            for purpose in PURPOSES:
                at = person.born if chance.random() < 0.7 else self._later()
                address = self._address(record, channel, at)
                if address is None or chance.random() > (0.8 if purpose == "marketing" else 0.6):
                    continue
                expires = zulu(self._later(at)) if chance.random() < 0.15 else None
                level = "written" if chance.random() < 0.6 else "express"
                self._say(at, "consent", record=record, channel=channel, purpose=purpose, level=level,
                          address=address, expires=expires)  # fmt: skip
        if person.phone:
            for _ in range(chance.randrange(3)):
                self._say(self._later(), "registry", address=person.phone, listed=chance.random() < 0.4)

    def _stop(self, record: str) -> None:
        """A stop at a random moment, by some way; wishes follow within seconds, days and months."""
        chance = self.chance
        at = max(self._moment(), self.begun[record] + timedelta(seconds=1))
        at += timedelta(milliseconds=chance.randrange(900))
        channel = chance.choices(("text", "call", "email", "all"), (45, 20, 20, 15))[0]
        address = self._address(record, channel, at)
        if channel != "all" and address is None:
            return
        way = chance.choice(WAYS[channel])
        whose = None if address and way in ("complaint", "text-reply") and chance.random() < 0.2 else record
        purpose = "marketing" if way in ("link", "staff") and chance.random() < 0.3 else None
        only = purpose is None and way in ("staff", "voice") and chance.random() < 0.4
        only = only and channel != "all"
        words = WORDS_OF_ALL if channel == "all" else WORDS_OF_ONE[channel] if only else WORDS.get(way)
        says = chance.choice(words) if words and way not in ("link", "complaint", "api") else None
        self._say(at, "stop", record=whose, address=None if channel == "all" else address, channel=channel,
                  purpose=purpose, only=only, way=way, says=says)  # fmt: skip
        for gap in (1, 2, chance.randrange(3, 900), chance.randrange(900, 90_000)):
            self._wish(at + timedelta(seconds=gap), channel if channel != "all" else None)
        if way == "text-reply" and whose and self.person.home.state != "VA" and chance.random() < 0.15:
            back = self._later(at + timedelta(minutes=10))
            if self._address(record, "text", back) != address:
                return
            self._say(back, "start", record=record, address=address, channel="text")
            self._wish(back + timedelta(seconds=2), "text")

    def _move(self, record: str) -> None:
        """They move, tell us (or half of it), and keep the number."""
        new, at = self.chance.choice(PLACES), self._later()
        facts: dict[str, str | None] = {"zip": new.zip, "state": None, "stated_zone": None, "address_state": None}
        if self.chance.random() < 0.3:
            facts["address_state"] = new.state
        self._say(at, "known", record=record, facts=facts)
        self.homes.append((zulu(at - timedelta(days=self.chance.randrange(10))), new.zip))
        self.person.home = new

    def _new_number(self, record: str) -> None:
        """A new number, not always with a new consent."""
        at, phone = self._later(), self._number(self.person.home, self.person.number + 37)
        if phone is None or self.person.phone is None:
            return
        self._say(at, "known", record=record, facts={"phone": phone, "line_type": "mobile"})
        self.addresses.append((record, "phone", at, phone))
        if self.chance.random() < 0.7:
            for channel in ("call", "text"):
                self._say(at, "consent", record=record, channel=channel, purpose="care-request", level="express",
                          address=phone, expires=None)  # fmt: skip

    def _second_record(self, first: str) -> None:
        """The same person writes again, otherwise; the two are found to be one, and sometimes that is undone."""
        at = self._later()
        phone = (
            self.person.phone if self.chance.random() < 0.4 else self._number(self.person.home, self.person.number + 53)
        )
        second = self._record(at, phone, f"again{self.person.number}@mail.example")
        linked = self._later(at)
        self._say(linked, "link", a=first, b=second)
        if self.chance.random() < 0.4:
            self._say(self._later(linked), "unlink", a=first, b=second)
        if self.chance.random() < 0.5:
            self._stop(second)

    def _wrong_link(self, record: str) -> None:
        """Two people taken for one for a while."""
        other = self.world.truth[self.chance.randrange(self.person.number)]
        at = self._later(max(self.person.born, datetime.fromisoformat(other["homes"][0][0])))
        self._say(at, "link", a=record, b=other["records"][0])
        self._say(self._later(at), "unlink", a=record, b=other["records"][0])

    def _results(self) -> None:
        at, person = self._later(), self.person
        if person.phone and self.chance.random() < 0.7:
            code = self.chance.choice(("30006", "30005", "21610", "30007", "30003", "21635"))
            self._say(at, "result", address=person.phone, code=code)
        elif person.email:
            self._say(at, "result", address=person.email, code=self.chance.choice(("5.1.1", "5.7.1", "4.2.2", "5.2.1")))

    def _wish(self, at: datetime, channel: str | None = None) -> None:
        """Somebody wants to reach one of this person's records; calls sometimes come in a row."""
        chance = self.chance
        channel = channel or chance.choices(CHANNELS, (40, 40, 20))[0]
        purpose = chance.choices(PURPOSES, (20, 25, 47, 8))[0]
        row = chance.randrange(4, 7) if channel == "call" and chance.random() < 0.06 else 1
        automated = chance.random() < (0.35 if channel == "call" else 0.7)
        for _ in range(row):
            record = chance.choice([name for name, begun in self.begun.items() if begun < at])
            self._say(
                at,
                "wish",
                record=record,
                channel=channel,
                purpose=purpose,
                automated=automated,
                prerecorded=automated and channel == "call" and chance.random() < 0.3,
            )
            at += timedelta(minutes=chance.randrange(5, 400))


def main() -> None:
    parser = argparse.ArgumentParser(description="An invented world, from a seed.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    world = generate(chosen.seed, chosen.people)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("events", world.events), ("truth", world.truth)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (chosen.out / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    print(f"{len(world.truth):,} people, {len(world.events):,} events")


if __name__ == "__main__":
    main()
