"""How is an invented year played to the product? Each event by its own way in, with the product's clock set to it.

People arrive as leads that are taken in and judged, stops come by mail, by the link of a mail that left, by a report, a
form, a list; e-mail goes through the outbox. Calls and texts have no channel yet: they are attempts that
`consent.actions.note_contact` lets through, and leave at once. A wish that must wait is asked again at the instant
that was promised.

Two things are written into rows, for the product has no way in for them: a record whose person never asked, and the
correction of a record (a move, a new number). Leads are judged several at a time, before anything else is said of them.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

from benchmarks.gate.arriving import Arrival, Row, arrival, columns
from benchmarks.gate.outbox import LONGEST, Left, Outbox, Wire
from benchmarks.gate.stopping import Stops
from benchmarks.gate.world import zulu

_MOST_PENDING: Final = 60
_ADDRESS: Final = {"call": "phone", "text": "phone", "email": "email"}


class Clock:
    """The product's time: all of it asks `django.utils.timezone.now`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass
class Sources:
    api: int
    mail: int


@dataclass
class Year:
    """One organisation's year. `people`, `facts`, `links`: by the world's names. `told`, `sent`, `refusals`: what the
    checker reads. `colleague`: who fills in forms; `pending`: who has asked and is not judged yet; `agreed`: what they
    agreed to meanwhile."""

    organization: int
    clock: Clock
    sources: Sources
    wire: Wire
    colleague: Any
    people: dict[str, UUID] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[tuple[str, str], UUID] = field(default_factory=dict)
    pending: dict[str, tuple[UUID, Arrival]] = field(default_factory=dict)
    agreed: list[Row] = field(default_factory=list)
    mails: dict[str, str] = field(default_factory=dict)
    later: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    told: list[Row] = field(default_factory=list)
    sent: list[Row] = field(default_factory=list)
    refusals: list[Row] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.wishes: dict[str, Row] = {}
        self.outbox = Outbox(
            self.organization, self.wire, self.clock.now, self.at, self._judge_pending, self._mailed, self._not_mailed
        )
        self.stops = Stops(self)

    def at(self, when: datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self.later, (when, next(self.order), what))

    def play(self, events: Sequence[Row], *, progress: Callable[[int], None] = lambda done: None) -> None:
        events = list(events)
        place = 0
        while place < len(events):
            event = events[place]
            self._until(datetime.fromisoformat(event["at"]))
            place += self._hear(event, events[place + 1] if place + 1 < len(events) else {})
            progress(place)
        self._judge_pending()
        self._until(self.clock.at + LONGEST + timedelta(days=1))

    def _until(self, at: datetime) -> None:
        """What was put off comes first, unless it is for this very instant: whatever is told then comes before."""
        while self.later and self.later[0][0] < at:
            self.clock.at, _, what = heapq.heappop(self.later)
            what()
        self.clock.at = at

    def _hear(self, event: Row, then: Row) -> int:
        """How many events that was: a new record and its inquiry are one."""
        if event["kind"] == "known" and event["record"] not in self.facts:
            asks = then.get("kind") == "inquiry" and (then["record"], then["at"]) == (event["record"], event["at"])
            self._new(event, then if asks else None)
            self.told += [event, then] if asks else [event]
            return 1 + asks
        if event["kind"] == "consent" and event["record"] in self.pending:
            self.agreed.append(event)
            self.told.append(event)
            return 1
        if self._concerns_pending(event):
            self._judge_pending()
        if _HEARS[event["kind"]](self, event) is not False:
            self.told.append(event)
        else:
            self.counts[f"{event['kind']} that could not be"] += 1
        return 1

    # Who arrives, and what is known of them

    def _new(self, known: Row, inquiry: Row | None) -> None:
        name = known["record"]
        self.facts[name] = {fact: value for fact, value in known["facts"].items() if value is not None}
        if inquiry is None:
            self.people[name] = self._written(self.facts[name])
            return
        from leadwell.server.intake.accepting import Delivery, accept

        one = arrival(known, inquiry)
        source = self.sources.mail if one.mail else self.sources.api
        delivery = Delivery(one.body, "message/rfc822" if one.mail else "application/json", key=name)
        (receipt,) = accept(self.organization, source, [delivery])
        self.pending[name] = (receipt.id, one)
        self.counts["leads that arrived"] += 1
        if one.mail:
            self.mails[name] = one.mail
        if len(self.pending) >= _MOST_PENDING:
            self._judge_pending()

    def _concerns_pending(self, event: Row) -> bool:
        if not self.pending:
            return False
        names = {event.get("record"), event.get("a"), event.get("b")}
        if names & self.pending.keys():
            return True
        if event["kind"] != "stop":
            return False
        theirs = {
            event["address"],
            *(self.facts.get(event["record"] or "", {}).get(kind) for kind in ("phone", "email")),
        }
        return any(
            theirs & {self.facts[one].get("phone"), self.facts[one].get("email")} - {None} for one in self.pending
        )

    def _judge_pending(self) -> None:
        from leadwell.server.leads.models import Joined, Lead

        if not self.pending:
            return
        self.drained()
        people: dict[UUID, UUID] = {}
        for made in (Lead, Joined):  # who asks again has a record of their own, too
            ours = made.objects.of(self.organization)
            ours = ours.filter(submission__in=[submission for submission, _ in self.pending.values()])
            people |= dict(ours.values_list("submission", "person"))
        for name, (submission, one) in self.pending.items():
            self.people[name] = people[submission]
            if dict(one.facts) != self.facts[name]:
                self._correct(name)
        self.pending.clear()
        for event in self.agreed:
            self.consent(event)
        self.agreed.clear()

    def drained(self) -> None:
        from leadwell.server.intake.draining import drain

        while drain().submissions:
            pass

    def _written(self, facts: Mapping[str, str]) -> UUID:
        """Somebody who never asked: the product makes nobody known but by an enquiry."""
        from leadwell.server.people.actions import add_people, prepared_people
        from leadwell.server.privacy.tokens import Blind

        said = {"contact": {"phone": facts.get("phone"), "email": facts.get("email")}, "facts": {}}
        prepared = prepared_people(self.organization, [(columns(facts), said)], self.clock.at, Blind(self.organization))
        add_people(self.organization, prepared)
        return prepared[0].patient.person.pk

    def known(self, event: Row) -> None:
        name = event["record"]
        for fact, value in event["facts"].items():
            self.facts[name].pop(fact, None)
            if value is not None:
                self.facts[name][fact] = value
        self._correct(name)

    def _correct(self, name: str) -> None:
        """The record as it is now known: the product has no form for that yet."""
        from leadwell.server.people.models import Person, PersonToken
        from leadwell.server.people.queries import identity
        from leadwell.server.privacy.sealing import seal_json
        from leadwell.server.privacy.tokens import Blind

        person, facts = self.people[name], self.facts[name]
        others = {key: value for key, value in (identity(self.organization, person) or {}).items() if key not in _FACTS}
        sealed = seal_json(self.organization, others | columns(facts), place=f"people.person/{person}")
        Person.objects.of(self.organization).filter(pk=person).update(sealed=sealed)
        blind, tokens = Blind(self.organization), PersonToken.objects.of(self.organization)
        tokens.filter(person=person, kind__in=("phone", "email")).delete()
        theirs = {kind: blind.token(kind, facts[kind]) for kind in ("phone", "email") if kind in facts}
        PersonToken.objects.bulk_create(
            PersonToken(organization_id=self.organization, person_id=person, kind=kind, token=token)
            for kind, token in theirs.items()
        )

    def consent(self, event: Row) -> None:
        from leadwell.server.consent import actions

        until = datetime.fromisoformat(event["expires"]) if event["expires"] else None
        given = actions.Given(
            event["channel"], event["purpose"], event["level"], datetime.fromisoformat(event["at"]), until
        )
        proof = actions.Proof("I agree to be contacted so.", source="form", address=event["address"] or "")
        actions.give(self.organization, self.people[event["record"]], given, proof, actor="simulation")

    def link(self, event: Row) -> None:
        from leadwell.server.people.linking import link

        pair = (event["a"], event["b"])
        self.links[pair] = link(self.organization, *(self.people[one] for one in pair), actor="simulation").pk

    def unlink(self, event: Row) -> None:
        from leadwell.server.people.linking import undo

        undo(self.organization, self.links.pop((event["a"], event["b"])), actor="simulation")

    def stop(self, event: Row) -> bool | None:
        return self.stops.stop(event)

    def start(self, event: Row) -> None:
        self.stops.start(event)

    def result(self, event: Row) -> bool | None:
        return self.stops.bounce(event)

    # Whom somebody wants to reach

    def wish(self, event: Row) -> None:
        self.wishes[event["wish"]] = event
        address = self.facts[event["record"]].get(_ADDRESS[event["channel"]], "")
        if event["channel"] == "email" and address:
            self.outbox.queue(event, self.people[event["record"]], address)
        else:
            self._attempt(event)

    def _attempt(self, event: Row) -> None:
        """A call or a text; also a mail to somebody of whom no address is known, which nothing could be queued to."""
        from leadwell.server.consent import actions

        facts = self.facts[event["record"]]
        address = facts.get(_ADDRESS[event["channel"]], "")
        attempt = actions.Attempt(
            event["channel"], event["purpose"], automated=event["automated"], address=address,
            prerecorded=event["prerecorded"], line_type=facts.get("line_type"),  # type: ignore[arg-type]
        )  # fmt: skip
        person = self.people[event["record"]]
        verdict = actions.note_contact(self.organization, person, attempt, by="simulation").verdict
        if verdict.answer == "yes":
            self._out(event, address, at=self.clock.at)
            return
        self._refused(event, verdict, verdict.not_before)
        if verdict.not_before is not None:
            self.at(verdict.not_before, lambda: self._attempt(event))

    def _out(self, event: Row, address: str, *, at: datetime) -> None:
        named = {name: event[name] for name in ("wish", "channel", "purpose", "record", "automated", "prerecorded")}
        self.sent.append({"at": zulu(at), "address": address} | named)

    def _mailed(self, left: Left) -> None:
        if left.wish:
            self._out(self.wishes[left.wish], left.to, at=left.at)
        else:
            self.counts["stops confirmed by mail"] += 1

    def _not_mailed(self, event: Row, row: Any) -> None:
        self._refused(event, row, row.due_at if row.answer == "not_before" else None)

    def _refused(self, event: Row, said: Any, not_before: datetime | None) -> None:
        told = {"answer": said.answer, "rule": said.rule, "says": said.says}
        if not_before is not None:
            told["not_before"] = zulu(not_before)
        asked = getattr(said, "asked_at", None) or self.clock.at
        self.refusals.append({"at": zulu(asked), "wish": event["wish"], "channel": event["channel"]} | told)


_FACTS: Final = ("zip", "state", "phone", "email")
_HEARS: Final[dict[str, Callable[[Year, Row], bool | None]]] = {
    "known": Year.known, "consent": Year.consent, "stop": Year.stop, "start": Year.start, "link": Year.link,
    "unlink": Year.unlink, "result": Year.result, "wish": Year.wish,
}  # fmt: skip
