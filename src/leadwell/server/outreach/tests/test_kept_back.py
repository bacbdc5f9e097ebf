"""What is kept from leaving says whether it may have left all the same: never "not sent" where nobody knows. (D23)"""

from collections.abc import Callable

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import TAKEN_BACK, ConsentEvent, Way
from leadwell.server.outreach.actions import Dropped, drop, retry
from leadwell.server.outreach.channels import Answer, Written
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.saying import why
from leadwell.server.outreach.tests.sent import ACCEPTED, ADDRESS, FakeWay, again, counted, queued, stopped, tick
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")


KEEPING = pytest.mark.parametrize(
    ("keeps", "problem"),
    [
        (lambda clinic, message: stopped(clinic, message.person), "stopped"),
        (lambda clinic, message: stopped(clinic, None, way=Way.API, address=ADDRESS), "stopped"),
        (lambda clinic, message: drop(clinic.number, [message.pk]), "dropped"),
        (lambda clinic, message: erase(clinic.number, message.person, actor="user:1"), "erased"),
    ],
    ids=["a stop of the person", "a stop of the address", "somebody drops it", "an erasure"],
)
Keeps = Callable[[Clinic, Message], object]


def _became(message: Message) -> tuple[str, str, bool]:
    found = again(message)
    return found.state, found.problem, found.unsure


def _taken_back_for(clinic: Clinic) -> list[str]:
    return [one.codes["why"] for one in ConsentEvent.objects.of(clinic.number).filter(name=TAKEN_BACK).order_by("at")]


@KEEPING
def test_what_comes_between_the_gate_and_the_words_keeps_them_here(
    lakeside: Clinic, way: FakeWay, keeps: Keeps, problem: str
) -> None:
    message = queued(lakeside)
    way.before = lambda: keeps(lakeside, message)
    tick()
    assert not way.left
    assert way.dropped == 1
    assert _became(message) == (State.CANCELLED, problem, False)
    assert _taken_back_for(lakeside) == [problem]


@KEEPING
def test_what_comes_while_it_is_announced_and_refused_finds_that_it_never_left(
    lakeside: Clinic, way: FakeWay, keeps: Keeps, problem: str
) -> None:
    message = queued(lakeside)
    way.answers, way.before = [Answer("later", "transient", "4.3.0")], lambda: keeps(lakeside, message)
    tick()
    assert _became(message) == (State.CANCELLED, problem, False)
    assert _taken_back_for(lakeside) == ["transient"]


@KEEPING
def test_what_may_have_left_at_an_earlier_try_stays_so_when_a_later_one_is_kept_back(
    lakeside: Clinic, way: FakeWay, keeps: Keeps, problem: str
) -> None:
    way.answers = [Answer("unknown")]
    message = queued(lakeside)
    tick()
    way.before = lambda: keeps(lakeside, message)
    tick(minutes=5)
    assert len(way.left) == 1
    assert _became(message) == (State.CANCELLED, problem, True)
    assert _taken_back_for(lakeside) == [problem]


@KEEPING
def test_what_is_kept_back_after_its_worker_was_killed_with_its_words_may_have_left(
    lakeside: Clinic, way: FakeWay, monkeypatch: pytest.MonkeyPatch, keeps: Keeps, problem: str
) -> None:
    message = queued(lakeside)

    def given_and_killed(written: Written) -> None:
        way.left.append(written)
        raise KeyboardInterrupt

    monkeypatch.setattr(way, "hand_over", given_and_killed)
    with pytest.raises(KeyboardInterrupt):
        tick()
    assert (again(message).state, again(message).handed_at) == (State.SENDING, None)
    keeps(lakeside, message)
    assert _became(message) == (State.CANCELLED, problem, True)
    assert why(again(message)).endswith("Its words may have left before that; nobody knows.")
    assert counted() == 1
    assert tick(hours=1) == 0


@KEEPING
def test_a_worker_that_was_overtaken_says_nothing_of_what_the_other_gave(
    lakeside: Clinic, way: FakeWay, keeps: Keeps, problem: str
) -> None:
    message = queued(lakeside)

    def overtaken() -> None:
        way.before = lambda: None
        way.answers = [Answer("unknown")]
        tick(seconds=30)
        keeps(lakeside, message)

    way.before = overtaken
    tick()
    assert len(way.left) == 1
    assert _became(message) == (State.CANCELLED, problem, True)
    assert (_taken_back_for(lakeside), counted()) == (["overtaken"], 1)


def test_what_may_have_left_before_is_dropped_and_says_so_whatever_was_tried_since(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("unknown")]
    message = queued(lakeside)
    tick()
    assert (again(message).state, again(message).unsure) == (State.DEFERRED, True)
    for _ in range(2):
        tick(hours=1)
    assert retry(lakeside.number, [message.pk]) == 1
    assert drop(lakeside.number, [message.pk]) == Dropped(1, 1)
    assert why(again(message)).endswith("Its words may have left before that; nobody knows.")
    other = queued(lakeside, "other@example.org")
    assert drop(lakeside.number, [other.pk]) == Dropped(1, 0)
    assert "may have left" not in why(again(other))


def test_what_is_leaving_at_this_moment_cannot_be_dropped(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    dropped: list[Dropped] = []
    way.answer = lambda: dropped.append(drop(lakeside.number, [message.pk])) or ACCEPTED  # type: ignore[method-assign]
    tick()
    assert (dropped, again(message).state) == ([Dropped(0, 0)], State.SENT)


def test_who_is_erased_while_their_message_leaves_may_have_got_it(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert message.person
    person = message.person
    way.answer = lambda: erase(lakeside.number, person, actor="user:1") and ACCEPTED  # type: ignore[method-assign]
    tick()
    assert (again(message).state, again(message).problem, again(message).unsure) == (
        State.CANCELLED, "erased", True,
    )  # fmt: skip
