"""What is put off waits as the rules say, counts as they say, and closes an address for its own fault alone. (2.6)"""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import TAKEN_BACK, ConsentEvent, Contact
from leadwell.server.leads.models import Lead
from leadwell.server.outreach.actions import NoReason, reopen, retry
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.models import Message, Result, State
from leadwell.server.outreach.results import is_known_bad, note
from leadwell.server.outreach.tests.sent import (
    ACCEPTED,
    FakeWay,
    again,
    counted,
    lead_events,
    lead_of,
    queued,
    stopped,
    tick,
)
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def test_an_address_known_to_be_bad_is_not_written_to_again_until_somebody_says_so(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("refused", "address-bad", "5.1.1")]
    first = queued(lakeside)
    tick()
    second = queued(lakeside, key="second")
    way.answers = [Answer("accepted", "", "250")]
    tick()
    assert (again(second).state, again(second).problem) == (State.CANCELLED, "known-bad")
    assert (again(second).answer, again(second).rule) == ("never", "2.6")
    assert again(second).says == "Mail to this address came back before for good."
    assert retry(lakeside.number, [first.pk]) == 0
    assert reopen(lakeside.number, second.pk, why="said-so", actor="user:1")
    assert not reopen(lakeside.number, first.pk, why="said-so", actor="user:1")
    assert lead_events() == ["email.unreachable", "email.reopened"]
    entry = TrailEntry.objects.get(action="address.reopened")
    assert (entry.actor, entry.subject) == ("user:1", f"person/{second.person}")
    assert entry.codes == {"message": str(second.pk), "why": "said-so"}
    assert retry(lakeside.number, [first.pk]) == 1
    tick()
    assert again(first).state == State.SENT


def test_an_address_that_was_reopened_is_closed_by_the_next_that_comes_back(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("refused", "address-bad", "5.1.1")]
    message = queued(lakeside)
    for _ in range(2):
        tick()
        assert is_known_bad(lakeside.number, bytes(message.token))
        assert reopen(lakeside.number, message.pk, why="mistaken", actor="user:1")
        assert retry(lakeside.number, [message.pk]) == 1


def test_an_address_is_reopened_for_a_reason_and_by_its_own_organisation(
    lakeside: Clinic, harbor: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("refused", "no-domain", "5.1.2")]
    message = queued(lakeside)
    tick()
    for reason in ("", "Ana said so"):
        with pytest.raises(NoReason):
            reopen(lakeside.number, message.pk, why=reason, actor="user:1")
    assert not reopen(harbor.number, message.pk, why="said-so", actor="user:1")
    assert is_known_bad(lakeside.number, bytes(message.token))


def test_what_is_put_off_is_given_up_after_three_days_and_not_before(lakeside: Clinic, way: FakeWay) -> None:
    """Also where the playbook allows fewer attempts than there were tries: none of them reached anybody."""
    way.answers = [Answer("later", "transient", "4.3.0")]
    message = queued(lakeside)
    tick()
    for _ in range(11):
        assert again(message).state == State.DEFERRED
        due = again(message).due_at
        assert due is not None
        tick(seconds=(due - timezone.now()).total_seconds() + 1)
    for _ in range(20):
        tick(hours=8)
    assert (again(message).state, again(message).problem) == (State.DEAD, "given-up")
    assert lead_events() == []


@pytest.mark.parametrize(
    "answer", [Answer("later", "transient", "4.3.0"), Answer("refused", "ours", "5.7.1")], ids=lambda one: one.kind
)
@pytest.mark.parametrize("at_rcpt", [True, False], ids=["at once", "after the words"])
def test_a_try_that_was_refused_is_no_attempt_to_reach_them(
    lakeside: Clinic, way: FakeWay, answer: Answer, *, at_rcpt: bool
) -> None:
    """But for one that had all the words, and refused them for good: somebody may have read them there."""
    way.answers, way.refuses_at_rcpt = [answer, ACCEPTED], at_rcpt
    message = queued(lakeside)
    tick()
    (attempt,) = Contact.objects.of(lakeside.number)
    if answer.kind == "refused" and not at_rcpt:
        assert attempt.taken_back_at is None
        return
    assert attempt.taken_back_at is not None
    event = ConsentEvent.objects.of(lakeside.number).get(name=TAKEN_BACK)
    assert (event.person, event.by) == (message.person, "worker")
    assert event.codes == {
        "contact": str(attempt.pk), "channel": "email", "purpose": "care-request", "why": answer.fault,
    }  # fmt: skip
    retry(lakeside.number, [message.pk])
    tick(minutes=5)
    assert (again(message).state, counted()) == (State.SENT, 1)


def test_one_that_is_put_off_as_often_as_the_cap_allows_still_leaves(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "transient", "4.7.1")] * 8 + [ACCEPTED]
    message = queued(lakeside)
    tick()
    for _ in range(8):
        Message.objects.update(due_at=timezone.now())
        tick()
    assert (again(message).state, again(message).tries, counted()) == (State.SENT, 9, 1)


def test_one_whose_end_nobody_knows_is_an_attempt(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("unknown"), Answer("later", "transient", "4.3.0"), Answer("unknown"), Answer("accepted")]
    message = queued(lakeside)
    for _ in range(4):
        tick(minutes=15)
    assert (again(message).state, len(way.left)) == (State.SENT, 3)
    assert (counted(), Contact.objects.count()) == (3, 4)


def test_words_that_were_not_taken_whole_or_were_stopped_on_their_way_are_no_attempt(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.takes_all = False
    message = queued(lakeside)
    tick()
    assert counted() == 0
    way.takes_all = True
    way.before = lambda: stopped(lakeside, message.person)
    tick(minutes=5)
    assert (again(message).state, way.left, counted()) == (State.CANCELLED, [], 0)


def test_a_full_mailbox_is_tried_after_a_day_and_after_three(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "mailbox-full", "4.2.2")]
    message = queued(lakeside)
    tick()
    assert tick(hours=23.9) == 0
    assert tick(hours=0.2) == 1
    assert tick(hours=47) == 0
    assert tick(hours=1.1) == 1
    assert (again(message).state, again(message).problem) == (State.BOUNCED, "mailbox-full")
    assert lead_events() == []


def test_tries_for_another_reason_do_not_count_as_full(lakeside: Clinic, way: FakeWay) -> None:
    """Put off four times first, then full: it has its three tries by the day all the same."""
    way.answers = [*[Answer("later", "transient", "4.3.0")] * 4, Answer("later", "mailbox-full", "4.2.2")]
    message = queued(lakeside)
    for _ in range(4):
        tick()
        Message.objects.update(due_at=timezone.now())
    tick()
    for hours in (24, 48):
        assert (again(message).state, again(message).problem) == (State.DEFERRED, "mailbox-full")
        assert tick(hours=hours - 0.5) == 0
        assert tick(hours=0.6) == 1
    assert (again(message).state, again(message).tries) == (State.BOUNCED, 7)


def test_a_mailbox_that_is_full_for_two_weeks_is_held_against_the_address(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "mailbox-full", "4.2.2")]
    lead = lead_of(lakeside)
    for n, days in enumerate((15, 13.9)):
        message = queued(lakeside, lead=lead, key=str(n))
        tick()
        Result.objects.filter(message=message).update(at=timezone.now() - timedelta(days=days))
        Message.objects.filter(pk=message.pk).update(state=State.BOUNCED, due_at=None)
    assert lead_events() == []
    queued(lakeside, lead=lead, key="third")
    tick()
    assert lead_events() == ["email.unreachable"]


@pytest.mark.parametrize(("days", "known_bad"), [((20, 10, 5), True), ((13, 6, 1), False), ((20, 5), False)])
@pytest.mark.parametrize("taken", [False, True], ids=["never taken", "taken between"])
def test_full_counts_by_its_dates_and_since_the_last_that_was_taken(
    lakeside: Clinic, days: tuple[int, ...], *, known_bad: bool, taken: bool
) -> None:
    message, now = queued(lakeside), timezone.now()
    for ago in days:
        note(message, "mailbox-full", via="smtp")
        latest = Result.objects.order_by("-at").first()
        Result.objects.filter(pk=latest.pk).update(at=now - timedelta(days=ago))
    if taken:
        sent = queued(lakeside, key="taken", lead=Lead.objects.get(pk=message.lead))
        Message.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=now - timedelta(days=7))
    assert is_known_bad(lakeside.number, bytes(message.token)) is (known_bad and not taken)
