"""What has the organisation been told until now? Events in the order of time, kept as facts, consents, stops and links.

Stops are the union over records linked at the moment asked about, and over the address; permissions are a record's own.
Undoing a link gives each record back what was said by it. Nothing here judges: `judging` does.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]
PHONE = ("call", "text")
SERVICE = ("care-request", "appointment")


def second_of(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


@dataclass(frozen=True)
class Consent:
    at: float
    channel: str
    purpose: str
    written: bool
    expires: float
    address: str | None


@dataclass(frozen=True)
class Stop:
    at: float
    record: str | None
    address: str | None
    channel: str
    purpose: str | None
    only: bool
    way: str


@dataclass(frozen=True)
class Message:
    at: float
    channel: str
    purpose: str
    address: str
    record: str
    automated: bool
    prerecorded: bool = False
    wish: str | None = None


@dataclass
class Record:
    facts: dict[str, str] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    starts: list[tuple[float, str, str]] = field(default_factory=list)  # when, channel, address
    inquiries: list[float] = field(default_factory=list)
    asked_business: bool = False
    linked: set[str] = field(default_factory=set)
    calls: list[tuple[float, Message]] = field(default_factory=list)


@dataclass
class Address:
    stops: list[Stop] = field(default_factory=list)
    results: set[str] = field(default_factory=set)
    listed: bool | None = None
    looked_up: float = 0.0
    revoked_at: float | None = None
    confirmed: bool = False
    calls: list[tuple[float, Message]] = field(default_factory=list)


def message_of(row: Event) -> Message:
    return Message(
        at=second_of(row["at"]),
        channel=row["channel"],
        purpose=row["purpose"],
        address=row["address"],
        record=row["record"],
        automated=bool(row.get("automated", True)),
        prerecorded=bool(row.get("prerecorded", False)),
        wish=row.get("wish"),
    )


class Told:
    """All that was told, and all that left, until the last event heard."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = defaultdict(Record)
        self.addresses: dict[str, Address] = defaultdict(Address)

    def hear(self, event: Event) -> None:
        hearing = getattr(self, f"_hear_{event['kind']}", None)
        if hearing is None:
            raise ValueError(f"an event of a kind nobody documented: {event['kind']}")
        hearing(event, second_of(event["at"]))

    def _hear_known(self, event: Event, _: float) -> None:
        facts = self.records[event["record"]].facts
        for name, value in event["facts"].items():
            if value is None:
                facts.pop(name, None)
            else:
                facts[name] = value

    def _hear_inquiry(self, event: Event, at: float) -> None:
        record = self.records[event["record"]]
        record.inquiries.append(at)
        if event.get("about") == "business":
            record.asked_business = True
        purpose = "business" if event.get("about") == "business" else "care-request"
        for channel in event["channels"]:
            self._consent(event["record"], Consent(at, channel, purpose, False, float("inf"), None))

    def _hear_consent(self, event: Event, at: float) -> None:
        expires = second_of(event["expires"]) if event.get("expires") else float("inf")
        given = Consent(
            at, event["channel"], event["purpose"], event["level"] == "written", expires, event.get("address")
        )
        self._consent(event["record"], given)

    def _consent(self, name: str, given: Consent) -> None:
        record = self.records[name]
        address = given.address or self.address_of(name, given.channel)
        record.consents.append(Consent(given.at, given.channel, given.purpose, given.written, given.expires, address))

    def _hear_stop(self, event: Event, at: float) -> None:
        said = Stop(
            at,
            event.get("record"),
            event.get("address"),
            event["channel"],
            event.get("purpose"),
            bool(event.get("only", False)),
            event.get("way", "staff"),
        )
        if said.record:
            self.records[said.record].stops.append(said)
        if said.address:
            address = self.addresses[said.address]
            address.stops.append(said)
            if said.way == "text-reply" and address.revoked_at is None:
                address.revoked_at, address.confirmed = at, False

    def _hear_start(self, event: Event, at: float) -> None:
        self.records[event["record"]].starts.append((at, event["channel"], event["address"]))
        self.addresses[event["address"]].revoked_at = None

    def _hear_link(self, event: Event, _: float) -> None:
        self.records[event["a"]].linked.add(event["b"])
        self.records[event["b"]].linked.add(event["a"])

    def _hear_unlink(self, event: Event, _: float) -> None:
        self.records[event["a"]].linked.discard(event["b"])
        self.records[event["b"]].linked.discard(event["a"])

    def _hear_registry(self, event: Event, at: float) -> None:
        address = self.addresses[event["address"]]
        address.listed, address.looked_up = bool(event["listed"]), at

    def _hear_result(self, event: Event, _: float) -> None:
        self.addresses[event["address"]].results.add(str(event["code"]))

    def _hear_wish(self, event: Event, _: float) -> None:
        """A wish is no fact: it tells nothing of what may be done."""

    def address_of(self, name: str, channel: str) -> str | None:
        return self.records[name].facts.get("email" if channel == "email" else "phone")

    def person(self, name: str) -> set[str]:
        """The records that are one person at this moment."""
        found, waiting = {name}, [name]
        while waiting:
            for other in self.records[waiting.pop()].linked - found:
                found.add(other)
                waiting.append(other)
        return found

    def stops_on(self, message: Message) -> Iterator[Stop]:
        heard: set[int] = set()
        for source in (
            self.addresses[message.address].stops,
            *(self.records[name].stops for name in self.person(message.record)),
        ):
            for stop in source:
                if id(stop) not in heard:
                    heard.add(id(stop))
                    yield stop

    def calls_since(self, message: Message, since: float) -> list[Message]:
        """Calls after `since` to this person by any record, or to this number for anybody."""
        found: dict[int, Message] = {}
        for calls in (
            self.addresses[message.address].calls,
            *(self.records[name].calls for name in self.person(message.record)),
        ):
            first = bisect_left(calls, since, key=lambda call: call[0])
            found |= {id(call): call for at, call in calls[first:] if at > since}
        return list(found.values())

    def left(self, message: Message) -> None:
        """This message left, whether it was allowed or not."""
        address = self.addresses[message.address]
        if message.purpose == "stop-confirmation":
            address.confirmed = True
        elif message.channel == "call":
            address.calls.append((message.at, message))
            self.records[message.record].calls.append((message.at, message))
