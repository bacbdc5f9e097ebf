"""A stop arrives while four senders work: whichever way it comes, nothing leaves after it is written. (rule 1.12)

And who is erased while a message leaves is not said to have got nothing.
"""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.models import ConsentEvent, Contact
from leadwell.server.consent.tests.test_contacting import RACES, _started, shared
from leadwell.server.outreach import leaving, sending
from leadwell.server.outreach.channels import Answer, Written
from leadwell.server.outreach.claiming import claim
from leadwell.server.outreach.models import WAITING, Message, State
from leadwell.server.outreach.tests.sent import ACCEPTED, FakeWay, by, queued, stopped
from leadwell.server.privacy.held import erase

__all__ = ["shared"]
pytestmark = pytest.mark.django_db(databases="__all__")
PEOPLE, FREE = 12, 4  # so many leave before anybody stops
Stops = Callable[[Message], object]


class Wire(FakeWay):
    """Notes when the words of each left; after the first few nothing is announced until a stop has been written."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, datetime] = {}
        self.few, self.one_is_stopped = Event(), Event()

    def announce(self, written: Written) -> None:
        if len(self.left) >= FREE:
            self.few.set()
            self.one_is_stopped.wait(30)
        time.sleep(0.01)

    def hand_over(self, written: Written) -> None:
        self.at[written.recipient] = timezone.now()
        super().hand_over(written)


def _by_person(clinic: Clinic) -> Stops:
    return lambda message: stopped(clinic, message.person)


def _on_the_page(clinic: Clinic) -> Stops:
    staff = browser(clinic.organization, "manager")
    said = {"channels": ["call", "text", "email"], "way": "voice"}
    return lambda message: _done(staff.post(f"/persons/{message.person}/stop", said).status_code, 302)


def _by_the_link(clinic: Clinic) -> Stops:
    client = Client()

    def press(message: Message) -> None:
        link = leaving.token(clinic.number, message.pk, bytes(message.token))
        _done(client.post(f"/unsubscribe/{link}", {"all": "1"}).status_code, 200)

    return press


def _done(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"the stop was answered with {status}")


@RACES
@pytest.mark.parametrize("stops", [_by_person, _on_the_page, _by_the_link], ids=lambda one: one.__name__)
def test_nothing_leaves_after_a_stop_however_it_comes(
    shared: Clinic, monkeypatch: pytest.MonkeyPatch, stops: Callable[[Clinic], Stops]
) -> None:
    monkeypatch.setenv("LEADWELL_MAIL_PER_MINUTE", "6000")
    wire = Wire()
    by(monkeypatch, wire)
    messages = {f"sample{n}@provider{n}.example.org": queued(shared, f"sample{n}@provider{n}.example.org")
                for n in range(PEOPLE)}  # fmt: skip
    stop, end = stops(shared), time.monotonic() + 60

    def send() -> None:
        while Message.objects.of(shared.number).filter(state__in=WAITING).exists() and time.monotonic() < end:
            for one in claim(1):
                sending.send(one)
            time.sleep(0.01)

    def stop_each() -> None:
        wire.few.wait(30)
        for message in reversed(messages.values()):
            stop(message)
            wire.one_is_stopped.set()

    for thread in [*(_started(send) for _ in range(4)), _started(stop_each)]:
        thread.join(90)
    said = dict(ConsentEvent.objects.of(shared.number).filter(name="stop.given").values_list("person", "at"))
    assert said.keys() == {message.person for message in messages.values()}, "each was stopped"
    for address, message in messages.items():
        became = Message.objects.get(pk=message.pk)
        if address in wire.at:
            assert wire.at[address] < said[message.person], "its words left before the stop was written"
            assert became.state == State.SENT
        else:
            assert (became.state, became.problem) == (State.CANCELLED, "stopped")
    assert len(messages) > len(wire.at) >= FREE
    assert len(wire.left) == len(wire.at), "none left twice"
    assert Contact.objects.of(shared.number).filter(taken_back_at=None).count() == len(wire.left)


class Erasing(FakeWay):
    """While it holds the row and gives the words, their person is erased, in a thread that waits for it."""

    def __init__(self, erases: Callable[[], object], answer: Answer, *, takes_all: bool) -> None:
        super().__init__([answer], takes_all=takes_all, refuses_at_rcpt=False)
        self.erases = erases
        self.thread = Thread()

    def hand_over(self, written: Written) -> None:
        begun = Event()

        def forget() -> None:
            begun.set()
            self.erases()

        self.thread = _started(forget)
        begun.wait(30)
        time.sleep(0.3)  # it comes as far as the row, or on SQLite as its transaction
        super().hand_over(written)

    def answer(self) -> Answer:
        self.thread.join(30)
        return super().answer()


@RACES
@pytest.mark.parametrize(
    ("answer", "takes_all", "unsure"),
    [
        (ACCEPTED, True, True),
        (Answer("unknown"), True, True),
        (Answer("refused", "ours", "5.7.1"), True, True),
        (Answer("later", "transient", "4.3.0"), True, False),
        (ACCEPTED, False, False),
    ],
    ids=["taken", "not answered", "refused with its words", "put off", "not given whole"],
)
def test_who_is_erased_while_the_words_are_given_may_have_got_them_unless_they_were_not_taken(
    shared: Clinic, monkeypatch: pytest.MonkeyPatch, answer: Answer, *, takes_all: bool, unsure: bool
) -> None:
    message = queued(shared)
    person = message.person
    assert person
    wire = Erasing(lambda: erase(shared.number, person, actor="user:1"), answer, takes_all=takes_all)
    by(monkeypatch, wire)
    (one,) = claim(1)
    sending.send(one)
    wire.thread.join(30)
    became = Message.objects.get(pk=message.pk)
    assert (became.state, became.problem, became.unsure) == (State.CANCELLED, "erased", unsure)
    assert not bytes(became.sealed)
