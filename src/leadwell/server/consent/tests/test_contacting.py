"""Whether we may and that we did are one step: no attempt is recorded after a stop, and none beyond a cap."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from django.db import connections, transaction

from leadwell.permission.values import Place
from leadwell.server.conftest import Clinic, browser, clinic
from leadwell.server.consent.actions import Attempt, note_contact, stop, take_back
from leadwell.server.consent.models import TAKEN_BACK, ConsentEvent, Contact, Inquiry, Suppression
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import NOON, STAFF, person
from leadwell.server.people.linking import link
from leadwell.server.playbooks.models import Publication

pytestmark = pytest.mark.django_db(databases="__all__")

MAIL = Attempt("email", "care-request", automated=True, address="anabel@example.com")
VISIT = replace(MAIL, purpose="appointment")  # of which the playbook counts no attempts
CALL = Attempt("call", "care-request", automated=False)


def test_an_attempt_that_is_allowed_is_recorded_with_its_verdict(lakeside: Clinic) -> None:
    who = person(lakeside)
    noted = note_contact(lakeside.number, who, MAIL, by="worker", now=NOON)
    assert noted.verdict.answer == "yes"
    (row,) = Contact.objects.of(lakeside.number)
    assert (row.pk, row.person, row.channel, row.purpose, row.at, row.by) == (
        noted.contact.pk, who, "email", "care-request", NOON, "worker",
    )  # fmt: skip
    assert (row.answer, row.rule, row.proof) == ("yes", noted.verdict.rule, noted.verdict.proof)
    assert row.proof.startswith("lead/")
    assert len(bytes(row.token)) == 16


@pytest.mark.parametrize("hour", [4, 20])
def test_one_that_is_not_is_refused_with_its_reason_and_leaves_none(lakeside: Clinic, hour: int) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, STAFF)
    noted = note_contact(lakeside.number, who, CALL, by="user:1", now=NOON.replace(hour=hour) + timedelta(days=1))
    assert (noted.verdict.answer, noted.contact) == ("never", None)
    assert noted.verdict.says
    assert not Contact.objects.exists()


def test_a_call_by_hand_counts_for_the_one_number_that_they_have(lakeside: Clinic) -> None:
    first, second = person(lakeside), person(lakeside, full_name="Bruno Okafor", phone_2="312-555-0150")
    for who, one in ((first, True), (second, False)):
        noted = note_contact(lakeside.number, who, CALL, by="user:1", now=NOON)
        assert bool(bytes(noted.contact.token)) is one


def test_nobody_of_another_organisation_is_reached(lakeside: Clinic, harbor: Clinic) -> None:
    theirs = person(harbor)
    for who in (theirs, uuid4()):
        assert note_contact(lakeside.number, who, MAIL, by="worker", now=NOON).contact is None


def test_what_the_caller_writes_of_its_message_stands_or_falls_with_it(lakeside: Clinic) -> None:
    who = person(lakeside)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_contact(lakeside.number, who, MAIL, by="worker", now=NOON)
        raise ZeroDivisionError
    assert not Contact.objects.exists()


def test_what_the_playbook_asks_beyond_the_law_holds_too(lakeside: Clinic) -> None:
    """Its quiet hours end at nine where the law's end at eight; six attempts in its span are all."""
    who, at = person(lakeside), NOON.replace(hour=14, minute=30)  # half past eight in Chicago
    assert note_contact(lakeside.number, who, CALL, by="user:1", now=at).verdict.answer == "not_before"
    allowed = [note_contact(lakeside.number, who, CALL, by="user:1", now=NOON).verdict.answer for _ in range(7)]
    assert allowed == ["yes"] * 6 + ["not_before"]
    Publication.objects.all().delete()
    assert note_contact(lakeside.number, person(lakeside, phone="312-555-0199"), CALL, by="user:1", now=at).contact


def test_one_whose_words_never_left_counts_no_more_and_stays_in_the_history(lakeside: Clinic, harbor: Clinic) -> None:
    who = person(lakeside)
    for n in range(8):
        noted = note_contact(lakeside.number, who, CALL, by="user:1", now=NOON + timedelta(seconds=n))
        assert noted.contact
        assert not take_back(harbor.number, noted.contact.pk, why="transient", by="worker")
        assert take_back(lakeside.number, noted.contact.pk, why="transient", by="worker")
        assert not take_back(lakeside.number, noted.contact.pk, why="transient", by="worker")
    allowed = [note_contact(lakeside.number, who, CALL, by="user:1", now=NOON).verdict.answer for _ in range(7)]
    assert allowed == ["yes"] * 6 + ["not_before"]
    assert Contact.objects.of(lakeside.number).count() == 14
    events = ConsentEvent.objects.of(lakeside.number).filter(person=who, name=TAKEN_BACK)
    assert events.count() == 8
    assert {(one.codes["why"], one.by) for one in events} == {("transient", "worker")}
    page = browser(lakeside.organization, "manager").get(f"/persons/{who}/consent").content.decode()
    assert page.count("did not leave, and does not count") == 8


# --- at once: each sender is a thread with a connection of its own


@pytest.fixture
def shared(transactional_db: None, tmp_path) -> Iterator[Clinic]:
    """On SQLite in files, as it is in service: in memory writers do not take turns. On PostgreSQL as it is."""
    if connections["default"].vendor != "sqlite":
        yield clinic("lakeside", "lakeside-orthopedics")
        return
    memory = {one.alias: one.settings_dict["NAME"] for one in connections.all()}
    kept = [sqlite3.connect(name, uri=True) for name in memory.values()]  # the last to leave would take it along
    for one in connections.all():
        one.ensure_connection()
        with closing(sqlite3.connect(tmp_path / f"{one.alias}.sqlite3")) as file:
            one.connection.backup(file)
        one.settings_dict["NAME"] = str(tmp_path / f"{one.alias}.sqlite3")
        one.close()
    yield clinic("lakeside", "lakeside-orthopedics")
    for one in connections.all():
        one.close()
        one.settings_dict["NAME"] = memory[one.alias]
        one.ensure_connection()
    for handle in kept:
        handle.close()


def _started(work) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


RACES = pytest.mark.django_db(databases="__all__", transaction=True)


@RACES
@pytest.mark.parametrize("how", ["person", "address", "linked"])
def test_while_four_senders_ask_a_stop_comes_and_after_it_nobody_is_reached(shared: Clinic, how: str) -> None:
    """After the commit of the stop no yes is followed by a recorded contact, whatever was asked before it."""
    who, other = person(shared), person(shared, phone="312-555-0199", email="other@example.com")
    if how == "linked":
        link(shared.number, who, other, actor="user:1")
    start, stopped = Barrier(5), Event()
    noted: list[tuple[bool, bool]] = []  # was it allowed, and was the stop there before this could be committed?

    def send() -> None:
        start.wait()
        last, end = False, time.monotonic() + 50
        while not last and time.monotonic() < end:
            last = stopped.is_set()
            with transaction.atomic():
                allowed = note_contact(shared.number, who, VISIT, by="worker").contact is not None
                noted.append((allowed, Suppression.objects.exists()))
            time.sleep(0.02)  # as long as a message takes on the wire; SQLite's lock is no queue

    def ask_to_stop() -> None:
        start.wait()
        end = time.monotonic() + 40
        while sum(allowed for allowed, _ in noted) < 8 and time.monotonic() < end:
            time.sleep(0.002)
        whose = {"person": who, "address": None, "linked": other}[how]
        address = MAIL.address if how == "address" else ""
        stop(shared.number, whose, Saying("email-reply", "worker", "STOP", address=address))
        stopped.set()

    threads = [*(_started(send) for _ in range(4)), _started(ask_to_stop)]
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert {allowed != there for allowed, there in noted} == {True}
    assert sum(not allowed for allowed, _ in noted) >= 4
    assert Contact.objects.count() == sum(allowed for allowed, _ in noted) >= 8


@RACES
def test_a_stop_waits_for_the_attempt_before_it_and_the_one_after_waits_for_the_stop(shared: Clinic) -> None:
    """Within a transaction the order is that of the locks: an attempt that was allowed is committed before the stop is
    said, and one that asks while a stop is under way sees it."""
    who = person(shared)
    inside, go = Event(), Event()
    answers: list[str] = []

    def slow_stop() -> None:
        with transaction.atomic():
            stop(shared.number, who, Saying("staff", "user:1"))
            inside.set()
            go.wait(20)

    def send() -> None:
        inside.wait(20)
        answers.append(note_contact(shared.number, who, MAIL, by="worker").verdict.answer)

    threads = [_started(slow_stop), _started(send)]
    inside.wait(20)
    time.sleep(0.2)
    assert answers == []  # it waits
    go.set()
    for thread in threads:
        thread.join(30)
    assert (answers, Contact.objects.count()) == (["never"], 0)


@RACES
def test_four_callers_at_once_pass_no_cap(shared: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Florida allows three calls in a day (RULES 1.6), to a person and to a number, whoever makes them."""
    florida = "leadwell.server.consent.queries.knowing.places_of"
    monkeypatch.setattr(florida, lambda identity: (Place("ZIP", "America/New_York", "FL"),))
    people = [person(shared), person(shared, full_name="Sample Person", email="")]
    Inquiry.objects.update(at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    start = Barrier(6)
    answers: list[str] = []

    def call(who) -> None:
        start.wait()
        answers.append(note_contact(shared.number, who, CALL, by="user:1", now=NOON).verdict.answer)

    threads = [_started(lambda who=people[n % 2]: call(who)) for n in range(6)]
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["not_before"] * 3 + ["yes"] * 3
    assert Contact.objects.count() == 3
