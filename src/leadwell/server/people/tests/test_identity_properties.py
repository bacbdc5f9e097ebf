"""Whatever happens in whichever order: what is undone is as it was, and no stop is ever lost. (promise A8)

Random sequences of arrivals, corrections, links, undoings, "not the same", stops, permissions and erasures; a plain
model beside them says what must hold.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leadwell.permission import may_contact
from leadwell.server.base.alone import alone, one_writer
from leadwell.server.conftest import Clinic, clinic, often
from leadwell.server.consent import actions
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import known
from leadwell.server.consent.saying import Saying
from leadwell.server.people.actions import add_people, prepared_people
from leadwell.server.people.apart import told_apart
from leadwell.server.people.arriving import Arriving
from leadwell.server.people.correcting import stands, told_anew, write_anew
from leadwell.server.people.linking import CannotLink, linked, links_among
from leadwell.server.people.models import ENGINE, Doubt, Person, PersonLink
from leadwell.server.people.reviewing import say
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

# Four humans; a record tells some of one of them, and two of them share a telephone.
HUMANS = (
    ("Anabel Quillfeather", "1961-03-14", "+13125550147", "anabel@example.com"),
    ("Bruno Quillfeather", "1958-10-02", "+13125550147", "bruno@example.com"),
    ("Chidi Marsh", "1990-01-20", "+13125550160", "chidi@example.com"),
    ("Chidi Marsh", "1962-01-20", "+13125550160", ""),
)
NOTHING = {"contact": {"phone": "", "email": ""}, "facts": {}, "asks_for": ""}


def asked_by(human: int, tells: int) -> tuple:
    name, born, phone, email = HUMANS[human]
    columns = {"full_name": name} | ({"birth_date": born} if tells & 1 else {})
    contact = {"phone": phone if tells & 2 else "", "email": email if tells & 4 else ""}
    said = NOTHING | {"contact": contact, "facts": {"birth_date": {"value": columns.get("birth_date")}}}
    return columns, said


def arrive(ours: int, human: int, tells: int) -> object:
    blind = Blind(ours)
    people = prepared_people(ours, [asked_by(human, tells)], timezone.now(), blind)
    arriving = Arriving(ours, people, blind)
    add_people(ours, people)
    arriving.write(people)
    return people[0].patient.person.pk


def tell_anew(ours: int, person: object, human: int, tells: int) -> bool:
    """A later part of the same submission tells this instead; False where that is what their record tells."""
    now = timezone.now()
    records = told_anew(ours, person, asked_by(human, tells), now)
    if records:
        with transaction.atomic():
            one_writer(ours)
            alone(ours)
            assert stands(ours, records)
            actions.obey_links(ours, write_anew(ours, records, now))
    return bool(records)


HAPPENINGS = st.one_of(
    st.tuples(st.just("arrive"), st.integers(0, 3), st.integers(0, 7)),
    st.tuples(st.sampled_from(["link", "two", "household"]), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(
        st.sampled_from(["undo", "retract", "stop", "permit", "erase", "correct", "text"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
)


class World:
    """The real thing; beside it who has stopped, who is gone, and of whom somebody has said that they are two; `born`:
    which human a record tells the birth date of; `by_hand`: whether anybody was ever linked so, or a record was
    corrected."""

    def __init__(self, ours: int) -> None:
        self.ours = ours
        self.people: list = []
        self.stopped: set = set()
        self.numbers: dict = {}
        self.stopped_numbers: set = set()
        self.gone: set = set()
        self.apart: set[frozenset] = set()
        self.born: dict = {}
        self.by_hand = False

    def groups(self) -> dict:
        return linked(self.ours, self.people) if self.people else {}

    def pick(self, at: int) -> object:
        return self.people[at % len(self.people)]

    def happens(self, kind: str, one: int, other: int) -> None:
        if kind == "arrive":
            before = self.groups()
            self.people.append(arrive(self.ours, one, other))
            self.born[self.people[-1]] = one if other & 1 else None
            self.tells(self.people[-1], one, other)
            self.arrived(before)
        elif self.people and kind == "correct":
            self.correct(self.pick(one), one % 4, other % 8)
        elif self.people:
            getattr(self, kind)(self.pick(one), self.pick(other))

    def arrived(self, before: dict) -> None:
        """The engine only ever adds links, and joins nobody of whom somebody has said that they are two; father and son
        of one name become one by hand alone."""
        after = self.groups()
        assert all(group <= after[one] for one, group in before.items())
        for two in self.apart:
            one, other = tuple(two)
            assert other not in after[one] or other in before[one]
        if not self.by_hand:
            assert all({2, 3} - {self.born[one] for one in group} for group in after.values())

    def tells(self, person: object, human: int, tells: int) -> None:
        if tells & 2:
            self.numbers.setdefault(person, set()).add(HUMANS[human][2])

    def correct(self, person: object, human: int, tells: int) -> None:
        """Also their number may be another now: a stop of either is theirs."""
        if person not in self.gone:
            before = self.groups()
            if tell_anew(self.ours, person, human, tells):
                self.tells(person, human, tells)
                self.by_hand = True  # whom the record was linked with may be another now; that link stands
            self.arrived(before)

    def text(self, one: object, _: object) -> None:
        """From a number of theirs, also of one that they told only later, or once."""
        if one not in self.gone and self.numbers.get(one):
            number = sorted(self.numbers[one])[-1]
            actions.stop(self.ours, None, Saying(Way.TEXT, "worker", "stop", address=number))
            self.stopped_numbers.add(number)

    def link(self, one: object, other: object) -> None:
        if self.gone & {one, other}:
            return
        self.by_hand = True
        try:
            actions.join(self.ours, one, other, actor="user:1")
        except CannotLink:
            return
        self.apart.discard(frozenset((one, other)))
        assert other in self.groups()[one]

    def undo(self, one: object, other: object) -> None:
        """It leaves what the other links make, and what the engine is sure of without this one."""
        chosen = self.chosen(one, other)
        if chosen is None:
            return
        rest = [link for link in links_among(self.ours, self.people) if link.pk != chosen.pk]
        assert actions.part(self.ours, chosen.pk, actor="user:1")
        self.apart.add(frozenset((chosen.one, chosen.other)))
        left = links_among(self.ours, self.people)
        new = {link.pk for link in left} - {link.pk for link in rest}
        assert all(link.linked_by == ENGINE for link in left if link.pk in new)
        assert {link.pk for link in rest} <= {link.pk for link in left}
        self.arrived(components(self.people, [(link.one, link.other) for link in rest]))

    def retract(self, one: object, other: object) -> None:
        """Parted and made one again, it is as it was."""
        chosen = self.chosen(one, other)
        if chosen is None or self.gone & {chosen.one, chosen.other}:
            return
        before = self.stands()
        assert actions.part(self.ours, chosen.pk, actor="user:1")
        actions.join(self.ours, chosen.one, chosen.other, actor="user:1")
        self.by_hand = True
        assert self.stands() == before

    def chosen(self, one: object, other: object) -> PersonLink | None:
        links = links_among(self.ours, self.groups()[one])
        return links[hash(other) % len(links)] if links else None

    def stands(self) -> tuple:
        """Who is one with whom over which links, of whom it was said that they are two, and who is stopped."""
        links = {frozenset((link.one, link.other)) for link in links_among(self.ours, self.people)}
        now = timezone.now()
        told = {one: known(self.ours, one, now=now) for one in self.people}
        gate = {
            one: may_contact(told[one], channel="text", purpose="care-request", at=now).answer for one in self.people
        }
        return self.groups(), links, told_apart(self.ours, self.people), gate

    def two(self, one: object, other: object, said: str = Doubt.Said.TWO) -> None:
        if one != other and other not in self.groups()[one]:
            say(self.ours, one, other, said, actor="user:1")
            self.apart.add(frozenset((one, other)))

    def household(self, one: object, other: object) -> None:
        self.two(one, other, Doubt.Said.HOUSEHOLD)

    def stop(self, one: object, _: object) -> None:
        if one not in self.gone:
            actions.stop(self.ours, one, Saying(Way.MESSAGE, "user:1", "stop"))
            self.stopped.add(one)

    def permit(self, one: object, _: object) -> None:
        """An inquiry: it opens the door of the one who asks, and of nobody else."""
        if one not in self.gone:
            at = timezone.now() - timedelta(days=1)
            actions.note_inquiries(self.ours, [actions.Asked(one, one, at, phone=True, email=True, business=False)])

    def erase(self, one: object, _: object) -> None:
        erase(self.ours, one, actor="user:1")
        self.gone.add(one)
        assert not Person.objects.of(self.ours).filter(pk=one).exists()

    def holds(self) -> None:
        """Whoever is one with somebody who stopped is stopped, and nothing else stops a stranger to them by id."""
        now = timezone.now()
        for one, group in self.groups().items():
            at_numbers = any(self.stopped_numbers & self.numbers.get(each, set()) for each in group - self.gone)
            if group & self.stopped or at_numbers:
                told = known(self.ours, one, now=now)
                assert may_contact(told, channel="text", purpose="care-request", at=now).answer == "never"


def components(people: list, links: list) -> dict:
    group = {one: {one} for one in people}
    for one, other in links:
        if one in group and other in group and group[one] is not group[other]:
            group[one] |= group[other]
            for member in group[other]:
                group[member] = group[one]
    return {one: frozenset(theirs) for one, theirs in group.items()}


@pytest.fixture(scope="module")
def _numbered() -> list[int]:
    return [0]


@often(25)
@given(happenings=st.lists(HAPPENINGS, min_size=4, max_size=16))
def test_what_is_undone_is_as_it_was_and_no_stop_is_lost(db: None, _numbered: list[int], happenings: list) -> None:
    _numbered[0] += 1
    made: Clinic = clinic(f"lakeside-{_numbered[0]}", "lakeside-orthopedics")
    world = World(made.number)
    for kind, one, other in happenings:
        world.happens(kind, one, other)
        world.holds()


@often(10)
@given(order=st.permutations(range(8)))
def test_in_whichever_order_they_come_the_same_are_one(db: None, _numbered: list[int], order: list[int]) -> None:
    _numbered[0] += 1
    made = clinic(f"lakeside-{_numbered[0]}", "lakeside-orthopedics")
    records = [(0, 7), (0, 3), (1, 7), (1, 6), (2, 7), (2, 3), (3, 3), (3, 1)]
    numbers = {at: arrive(made.number, *records[at]) for at in order}
    groups = linked(made.number, list(numbers.values()))
    found = {frozenset(at for at in numbers if numbers[at] in group) for group in groups.values()}
    assert {frozenset({0, 1}), frozenset({2, 3}), frozenset({4, 5})} <= found
    assert not any({0, 2} <= group or {4, 6} <= group for group in found)
