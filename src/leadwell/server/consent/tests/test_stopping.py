"""A stop is in force with the transaction that says it, has one confirmation, and opens again only as far as it may."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent import obeying
from leadwell.server.consent.actions import (
    Given,
    NobodyToStop,
    Proof,
    decide,
    give,
    restart,
    scopes,
    stop,
    take_confirmation,
    withdraw,
)
from leadwell.server.consent.models import Confirmation, ConsentEvent, Contact, Suppression
from leadwell.server.consent.obeying import Closed
from leadwell.server.consent.queries import confirmations_owed, words_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import CLOSED, NOON, OPEN, STAFF, answers, person
from leadwell.server.people.linking import link
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

NUMBER = "312-555-0147"


def text(words: str = "STOP", **more: object) -> Saying:
    return Saying("text", "worker", words, address=NUMBER, **more)


@pytest.mark.parametrize(
    ("way", "closed"),
    [
        ("text", {"text"}), ("voice", {"call", "text"}), ("carrier", {"text"}), ("email-reply", {"email"}),
        ("complaint", {"email"}), ("link", {"email"}), ("message", set(OPEN)), ("staff", set(OPEN)), ("api", set(OPEN)),
    ],
)  # fmt: skip
def test_by_each_way_it_closes_what_they_must_have_meant(lakeside: Clinic, way: str, closed: set[str]) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, Saying(way, "worker", at=STAFF.at))
    found = answers(lakeside, who)
    assert {channel for channel, answer in found.items() if answer == "never"} == closed


def test_a_stop_by_text_ends_calls_by_machine_too(lakeside: Clinic) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, text(at=STAFF.at))
    assert answers(lakeside, who, automated=False)["call"] == "yes"
    assert answers(lakeside, who, automated=True)["call"] == "never"


def test_of_marketing_alone_it_leaves_the_answer_to_their_request(lakeside: Clinic) -> None:
    who = person(lakeside)
    given = Given("email", "marketing", at=NOON - timedelta(days=1))
    give(lakeside.number, who, given, Proof("I agree to news", "form"), actor="user:1")
    stop(lakeside.number, who, STAFF, closes=scopes(["email"], "marketing"))
    assert (answers(lakeside, who), answers(lakeside, who, "marketing")["email"]) == (OPEN, "never")


def test_it_stands_in_the_history_with_their_words_and_in_the_trail_without(lakeside: Clinic) -> None:
    who = person(lakeside)
    done = stop(lakeside.number, who, text("Please stop texting me, Anabel"))
    assert (done.event.name, words_of(done.event)) == ("stop.given", "Please stop texting me, Anabel")
    entry = TrailEntry.objects.of(lakeside.number).get(action="stop.given")
    assert (entry.actor, entry.subject) == ("worker", f"person/{who}")
    assert entry.codes == {"way": "text", "closes": [["text", ""]]}


@pytest.mark.parametrize("channels", [[], ["fax"]])
def test_a_channel_that_there_is_not_is_refused(channels: list[str]) -> None:
    with pytest.raises(NobodyToStop):
        scopes(channels)


def test_of_nobody_and_no_address_there_is_nothing_to_stop(lakeside: Clinic) -> None:
    with pytest.raises(NobodyToStop):
        stop(lakeside.number, None, Saying("text", "worker", address="none"))
    assert not ConsentEvent.objects.exists()


def test_what_falls_with_its_transaction_was_never_stopped(lakeside: Clinic) -> None:
    who = person(lakeside)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stop(lakeside.number, who, STAFF)
        raise ZeroDivisionError
    assert answers(lakeside, who) == OPEN


# --- one confirmation


def test_one_confirmation_is_owed_and_goes_where_it_came_from_once(lakeside: Clinic) -> None:
    done = stop(lakeside.number, person(lakeside), text(language="es"))
    (owed,) = confirmations_owed(lakeside.number)
    assert (owed.pk, owed.channel) == (done.confirmation.pk, "text")
    taken = take_confirmation(lakeside.number, owed.pk, by="worker")
    assert (taken.address, taken.language, taken.verdict.rule) == ("+13125550147", "es", "1.13")
    assert Contact.objects.get().pk == taken.contact.pk
    assert take_confirmation(lakeside.number, owed.pk, by="worker") is None
    assert confirmations_owed(lakeside.number) == []
    assert not Confirmation.objects.get().sealed


@pytest.mark.parametrize(("seconds", "owed"), [(4 * 60 + 59, 1), (5 * 60 + 1, 0)])
def test_within_five_minutes_or_never(lakeside: Clinic, seconds: int, owed: int) -> None:
    done = stop(lakeside.number, person(lakeside), text())
    now = done.event.at + timedelta(seconds=seconds)
    assert len(confirmations_owed(lakeside.number, now=now)) == owed
    assert (take_confirmation(lakeside.number, done.confirmation.pk, by="worker", now=now) is not None) == bool(owed)


@pytest.mark.parametrize(("seconds", "owed"), [(4 * 60, 1), (6 * 60, 0)])
def test_a_stop_that_we_learn_of_late_is_confirmed_within_the_time_of_the_first(
    lakeside: Clinic, seconds: int, owed: int
) -> None:
    stop(lakeside.number, person(lakeside), text(at=timezone.now() - timedelta(seconds=seconds)))
    assert len(confirmations_owed(lakeside.number)) == owed


def test_said_twice_it_is_confirmed_once_and_both_stand_in_the_history(lakeside: Clinic) -> None:
    who = person(lakeside)
    first, second = stop(lakeside.number, who, text()), stop(lakeside.number, who, text("STOP!!"))
    assert (first.new, second.new, second.confirmation) == (True, False, None)
    assert Confirmation.objects.count() == 1
    assert Suppression.objects.count() == 1
    assert list(ConsentEvent.objects.order_by("at").values_list("name", flat=True)) == ["stop.given", "stop.repeated"]


def test_of_a_number_that_was_stopped_before_somebody_else_of_it_gets_no_second_confirmation(lakeside: Clinic) -> None:
    first, second = person(lakeside), person(lakeside, full_name="Sample Person")
    stop(lakeside.number, first, text())
    done = stop(lakeside.number, second, text())
    assert (done.new, done.confirmation) == (True, None)


@pytest.mark.parametrize("way", ["voice", "staff", "link", "complaint", "api", "carrier", "message"])
def test_by_other_ways_none_is_owed(lakeside: Clinic, way: str) -> None:
    assert stop(lakeside.number, person(lakeside), Saying(way, "worker", address=NUMBER)).confirmation is None


# --- and open again


def test_start_opens_service_by_that_channel_and_no_marketing(lakeside: Clinic) -> None:
    who, before = person(lakeside), NOON - timedelta(hours=2)
    given = Given("text", "marketing", "written", at=before)
    give(lakeside.number, who, given, Proof("I agree to news", "form"), actor="user:1")
    assert answers(lakeside, who, "marketing")["text"] == "yes"
    stop(lakeside.number, who, text(at=NOON - timedelta(hours=1)))
    assert answers(lakeside, who)["text"] == "never"
    restart(lakeside.number, None, text("START", at=NOON - timedelta(minutes=1)), channels=["text"])
    assert answers(lakeside, who)["text"] == "yes"
    assert answers(lakeside, who, "marketing")["text"] == "never"


def test_start_opens_no_channel_that_was_stopped_otherwise(lakeside: Clinic) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, STAFF)
    restart(lakeside.number, None, text("START", at=NOON - timedelta(minutes=1)), channels=["text"])
    assert answers(lakeside, who) == CLOSED | {"text": "yes"}


def test_stop_start_stop_is_stopped_and_confirmed_anew(lakeside: Clinic) -> None:
    who, now = person(lakeside), timezone.now()
    stop(lakeside.number, who, text(at=now - timedelta(seconds=30)))
    restart(lakeside.number, None, text("START", at=now - timedelta(seconds=20)), channels=["text"])
    assert confirmations_owed(lakeside.number) == []
    done = stop(lakeside.number, who, text(at=now - timedelta(seconds=10)))
    assert (done.new, done.confirmation is not None) == (True, True)


def test_of_a_number_that_nobody_has_nothing_is_opened(lakeside: Clinic) -> None:
    with pytest.raises(NobodyToStop):
        restart(lakeside.number, None, text("START"), channels=["text"])


# --- in doubt


@pytest.mark.parametrize(("meant", "after"), [(True, CLOSED), (False, OPEN)])
def test_unclear_words_hold_until_somebody_has_looked(lakeside: Clinic, meant: bool, after: dict[str, str]) -> None:
    who = person(lakeside)
    doubted = stop(lakeside.number, who, STAFF, doubt=True)
    assert (answers(lakeside, who), doubted.confirmation) == (CLOSED, None)
    assert decide(lakeside.number, doubted.event.pk, meant=meant, actor="user:1")
    assert not decide(lakeside.number, doubted.event.pk, meant=not meant, actor="user:2")
    assert answers(lakeside, who) == after


def test_a_clear_stop_after_an_unclear_one_is_one_of_its_own(lakeside: Clinic) -> None:
    who = person(lakeside)
    doubted = stop(lakeside.number, who, text("stop?"), doubt=True)
    assert stop(lakeside.number, who, text()).confirmation is not None
    decide(lakeside.number, doubted.event.pk, meant=False, actor="user:1")
    assert answers(lakeside, who) == OPEN | {"text": "never"}


# --- who must obey


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An app that has messages waiting."""
    told: list[Closed] = []

    def stopped(one: Closed) -> int:
        assert transaction.get_connection().in_atomic_block
        told.append(one)
        return 2

    monkeypatch.setattr(obeying, "_all", lambda: [stopped])
    return SimpleNamespace(told=told)


def test_what_is_queued_is_cancelled_in_the_same_transaction(lakeside: Clinic, queue: SimpleNamespace) -> None:
    first, second = person(lakeside), person(lakeside, phone="312-555-0199", email="")
    link(lakeside.number, first, second, actor="user:1")
    done = stop(lakeside.number, first, text())
    (told,) = queue.told
    assert (done.cancelled, told.scopes, told.people) == (2, (("text", ""),), {first, second})
    assert (len(told.tokens), told.doubt) == (1, False)
    assert stop(lakeside.number, first, text()).cancelled == 0


def test_a_consent_that_is_taken_back_cancels_what_it_allowed(lakeside: Clinic, queue: SimpleNamespace) -> None:
    who = person(lakeside)
    made = give(lakeside.number, who, Given("email", "marketing"), Proof("I agree", "form"), actor="user:1")
    withdraw(lakeside.number, made.pk, actor="user:1")
    assert [(one.scopes, one.people, one.asks) for one in queue.told] == [((("email", ""),), {who}, True)]


def test_what_is_in_doubt_is_told_as_such_so_that_it_is_held_and_not_thrown_away(
    lakeside: Clinic, queue: SimpleNamespace
) -> None:
    stop(lakeside.number, person(lakeside), STAFF, doubt=True)
    assert [one.doubt for one in queue.told] == [True]


def test_what_was_meant_is_obeyed_in_the_same_transaction_by_whoever_is_one_with_them_now(
    lakeside: Clinic, queue: SimpleNamespace
) -> None:
    first, second = person(lakeside), person(lakeside, phone="312-555-0199", email="")
    doubted = stop(lakeside.number, first, text("stop?"), doubt=True)
    link(lakeside.number, first, second, actor="user:1")
    done = decide(lakeside.number, doubted.event.pk, meant=True, actor="user:1")
    assert (done.new, done.cancelled, done.event.codes["cancelled"]) == (True, 2, 2)
    held, meant = queue.told
    assert (meant.scopes, meant.tokens, meant.event) == (held.scopes, held.tokens, doubted.event.pk)
    assert (meant.people, meant.doubt) == ({first, second}, False)


def test_what_was_not_meant_cancels_nothing(lakeside: Clinic, queue: SimpleNamespace) -> None:
    doubted = stop(lakeside.number, person(lakeside), text("stop?"), doubt=True)
    done = decide(lakeside.number, doubted.event.pk, meant=False, actor="user:1")
    assert (done.new, done.cancelled, len(queue.told)) == (False, 0, 1)


def test_every_app_that_says_how_it_obeys_is_asked() -> None:
    assert {one.__module__ for one in obeying._all()} == {"leadwell.server.outreach.obeying"}
