"""What is queued leaves once, with its yes beside it, or says why it does not; whatever the server answers. (D23)"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.permission.values import Verdict
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Noted, decide
from leadwell.server.consent.models import TAKEN_BACK, ConsentEvent, Contact, Way
from leadwell.server.leads.models import Event, Lead
from leadwell.server.outreach import claiming, gate
from leadwell.server.outreach.actions import Dropped, NoReason, drop, reopen, retry
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.claiming import claim
from leadwell.server.outreach.models import Message, Result, State
from leadwell.server.outreach.restoring import hold_back
from leadwell.server.outreach.results import is_known_bad, note
from leadwell.server.outreach.saying import why
from leadwell.server.outreach.sending import send
from leadwell.server.outreach.tests.sent import ACCEPTED, ADDRESS, FakeWay, by, lead_of, queued, stopped, tick
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> FakeWay:
    return by(monkeypatch, FakeWay())


def _again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def _events() -> list[str]:
    return list(Event.objects.filter(name__startswith="email.").order_by("at").values_list("name", flat=True))


def test_what_may_leave_leaves_once_with_its_yes_and_the_attempt(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert tick() == 1
    assert tick() == 0
    sent = _again(message)
    assert (sent.state, sent.answer, sent.tries, sent.due_at) == (State.SENT, "yes", 1, None)
    assert sent.rule
    assert sent.proof == f"lead/{sent.lead}"
    assert [one.recipient for one in way.left] == [ADDRESS]
    attempt = Contact.objects.of(lakeside.number).get()
    assert (attempt.channel, attempt.answer, attempt.person) == ("email", "yes", sent.person)
    assert _events() == ["email.sent"]


def test_what_may_never_leave_does_not_and_says_the_rule(lakeside: Clinic, way: FakeWay, settings) -> None:
    """They asked for care, and have not agreed to marketing."""
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://clinic.example", True
    message = queued(lakeside, purpose="marketing")
    tick()
    refused = _again(message)
    assert (refused.state, refused.problem, refused.answer) == (State.CANCELLED, "never", "never")
    assert refused.rule
    assert refused.says
    assert not way.left
    assert not Contact.objects.exists()


def test_what_may_not_leave_yet_waits_for_that_very_instant(
    lakeside: Clinic, way: FakeWay, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = timezone.now() + timedelta(hours=3)
    not_yet = Verdict("not_before", "1.1", "It is before nine there.", opens)
    with monkeypatch.context() as patched:
        patched.setattr(gate, "ask", lambda message, address, now: Noted(not_yet, None))
        message = queued(lakeside)
        tick()
    waiting = _again(message)
    assert (waiting.state, waiting.due_at, waiting.answer, waiting.tries) == (State.QUEUED, opens, "not_before", 0)
    assert not way.left
    tick(hours=3)
    assert (_again(message).state, _again(message).answer) == (State.SENT, "yes")


@pytest.mark.parametrize(("meant", "state"), [(True, State.CANCELLED), (False, State.SENT)])
def test_what_may_have_been_a_stop_holds_it_back_until_somebody_has_looked(
    lakeside: Clinic, way: FakeWay, *, meant: bool, state: str
) -> None:
    message = queued(lakeside)
    done = stopped(lakeside, message.person, doubt=True)
    assert done.cancelled == 0
    tick()
    assert (_again(message).state, _again(message).problem, way.left) == (State.QUEUED, "in-doubt", [])
    assert decide(lakeside.number, done.event.pk, meant=meant, actor="user:1")
    tick(hours=1)
    assert _again(message).state == state


def test_what_came_too_late_is_not_sent(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside, until=timezone.now() + timedelta(minutes=5))
    tick(minutes=5)
    assert (_again(message).state, _again(message).problem) == (State.CANCELLED, "too-late")
    assert not way.left


@pytest.mark.parametrize(
    ("answer", "state", "events"),
    [
        (Answer("refused", "address-bad", "5.1.1"), State.BOUNCED, ["email.unreachable"]),
        (Answer("refused", "no-domain", "5.1.2"), State.BOUNCED, ["email.unreachable"]),
        (Answer("refused", "ours", "5.7.1"), State.DEAD, []),
        (Answer("later", "transient", "4.3.0"), State.DEFERRED, []),
        (Answer("later", "mailbox-full", "4.2.2"), State.DEFERRED, []),
    ],
    ids=lambda one: getattr(one, "fault", ""),
)
@pytest.mark.parametrize("at_rcpt", [True, False], ids=["at once", "after the words"])
def test_a_refusal_is_held_against_the_address_only_where_it_was_at_fault(
    lakeside: Clinic, way: FakeWay, answer: Answer, state: str, events: list[str], *, at_rcpt: bool
) -> None:
    way.answers, way.refuses_at_rcpt = [answer], at_rcpt
    message = queued(lakeside)
    tick()
    assert (_again(message).state, _again(message).problem) == (state, answer.fault)
    assert _events() == events
    assert Result.objects.of(lakeside.number).get().kind == answer.fault


def test_an_address_known_to_be_bad_is_not_written_to_again_until_somebody_says_so(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("refused", "address-bad", "5.1.1")]
    first = queued(lakeside)
    tick()
    second = queued(lakeside, key="second")
    way.answers = [Answer("accepted", "", "250")]
    tick()
    assert (_again(second).state, _again(second).problem) == (State.CANCELLED, "known-bad")
    assert (_again(second).answer, _again(second).rule) == ("never", "2.6")
    assert _again(second).says == "Mail to this address came back before for good."
    assert retry(lakeside.number, [first.pk]) == 0
    assert reopen(lakeside.number, second.pk, why="said-so", actor="user:1")
    assert not reopen(lakeside.number, first.pk, why="said-so", actor="user:1")
    assert _events() == ["email.unreachable", "email.reopened"]
    entry = TrailEntry.objects.get(action="address.reopened")
    assert (entry.actor, entry.subject) == ("user:1", f"person/{second.person}")
    assert entry.codes == {"message": str(second.pk), "why": "said-so"}
    assert retry(lakeside.number, [first.pk]) == 1
    tick()
    assert _again(first).state == State.SENT


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
        assert _again(message).state == State.DEFERRED
        due = _again(message).due_at
        assert due is not None
        tick(seconds=(due - timezone.now()).total_seconds() + 1)
    for _ in range(20):
        tick(hours=8)
    assert (_again(message).state, _again(message).problem) == (State.DEAD, "given-up")
    assert _events() == []


def _counted() -> int:
    return Contact.objects.filter(taken_back_at=None).count()


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
    assert (_again(message).state, _counted()) == (State.SENT, 1)


def test_one_that_is_put_off_as_often_as_the_cap_allows_still_leaves(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "transient", "4.7.1")] * 8 + [ACCEPTED]
    message = queued(lakeside)
    tick()
    for _ in range(8):
        Message.objects.update(due_at=timezone.now())
        tick()
    assert (_again(message).state, _again(message).tries, _counted()) == (State.SENT, 9, 1)


def test_one_whose_end_nobody_knows_is_an_attempt(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("unknown"), Answer("later", "transient", "4.3.0"), Answer("unknown"), Answer("accepted")]
    message = queued(lakeside)
    for _ in range(4):
        tick(minutes=15)
    assert (_again(message).state, len(way.left)) == (State.SENT, 3)
    assert (_counted(), Contact.objects.count()) == (3, 4)


def test_words_that_were_not_taken_whole_or_were_stopped_on_their_way_are_no_attempt(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.takes_all = False
    message = queued(lakeside)
    tick()
    assert _counted() == 0
    way.takes_all = True
    way.before = lambda: stopped(lakeside, message.person)
    tick(minutes=5)
    assert (_again(message).state, way.left, _counted()) == (State.CANCELLED, [], 0)


def test_a_full_mailbox_is_tried_after_a_day_and_after_three(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "mailbox-full", "4.2.2")]
    message = queued(lakeside)
    tick()
    assert tick(hours=23.9) == 0
    assert tick(hours=0.2) == 1
    assert tick(hours=47) == 0
    assert tick(hours=1.1) == 1
    assert (_again(message).state, _again(message).problem) == (State.BOUNCED, "mailbox-full")
    assert _events() == []


def test_tries_for_another_reason_do_not_count_as_full(lakeside: Clinic, way: FakeWay) -> None:
    """Put off four times first, then full: it has its three tries by the day all the same."""
    way.answers = [*[Answer("later", "transient", "4.3.0")] * 4, Answer("later", "mailbox-full", "4.2.2")]
    message = queued(lakeside)
    for _ in range(4):
        tick()
        Message.objects.update(due_at=timezone.now())
    tick()
    for hours in (24, 48):
        assert (_again(message).state, _again(message).problem) == (State.DEFERRED, "mailbox-full")
        assert tick(hours=hours - 0.5) == 0
        assert tick(hours=0.6) == 1
    assert (_again(message).state, _again(message).tries) == (State.BOUNCED, 7)


def test_a_mailbox_that_is_full_for_two_weeks_is_held_against_the_address(lakeside: Clinic, way: FakeWay) -> None:
    way.answers = [Answer("later", "mailbox-full", "4.2.2")]
    lead = lead_of(lakeside)
    for n, days in enumerate((15, 13.9)):
        message = queued(lakeside, lead=lead, key=str(n))
        tick()
        Result.objects.filter(message=message).update(at=timezone.now() - timedelta(days=days))
        Message.objects.filter(pk=message.pk).update(state=State.BOUNCED, due_at=None)
    assert _events() == []
    queued(lakeside, lead=lead, key="third")
    tick()
    assert _events() == ["email.unreachable"]


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


def test_nobody_answering_after_the_words_is_tried_under_the_same_id_thrice_and_then_shown(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("unknown")]
    message = queued(lakeside)
    for _ in range(5):
        tick(hours=1)
    assert (_again(message).state, _again(message).problem) == (State.DEAD, "unanswered")
    assert len(way.left) == 3
    assert {one.message_id for one in way.left} == {_again(message).message_id}


def test_a_mail_server_that_is_away_costs_no_message_anything(lakeside: Clinic, way: FakeWay) -> None:
    way.reached = False
    message = queued(lakeside)
    for _ in range(20):
        tick(hours=12)
    waits = _again(message)
    assert (waits.state, waits.problem, waits.tries) == (State.QUEUED, "not-reached", 0)
    way.reached = True
    tick(minutes=1)
    assert _again(message).state == State.SENT


def test_words_that_the_server_did_not_get_whole_are_sent_again(lakeside: Clinic, way: FakeWay) -> None:
    way.takes_all = False
    message = queued(lakeside)
    tick()
    assert (_again(message).state, _again(message).handed_at, _again(message).unknowns) == (State.DEFERRED, None, 0)


@pytest.mark.parametrize(
    "between",
    [
        lambda clinic, message: stopped(clinic, message.person),
        lambda clinic, message: stopped(clinic, None, way=Way.API, address=ADDRESS),
        lambda clinic, message: drop(clinic.number, [message.pk]),
        lambda clinic, message: erase(clinic.number, message.person, actor="user:1"),
    ],
    ids=["a stop of the person", "a stop of the address", "somebody drops it", "an erasure"],
)
def test_what_comes_between_the_gate_and_the_words_keeps_them_here(
    lakeside: Clinic, way: FakeWay, between: Callable[[Clinic, Message], object]
) -> None:
    message = queued(lakeside)
    way.before = lambda: between(lakeside, message)
    tick()
    assert not way.left
    assert way.dropped == 1
    assert _again(message).state == State.CANCELLED


def test_what_may_have_left_before_is_dropped_and_says_so_whatever_was_tried_since(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("unknown")]
    message = queued(lakeside)
    tick()
    assert (_again(message).state, _again(message).unsure) == (State.DEFERRED, True)
    for _ in range(2):
        tick(hours=1)
    assert retry(lakeside.number, [message.pk]) == 1
    assert drop(lakeside.number, [message.pk]) == Dropped(1, 1)
    assert why(_again(message)).endswith("Its words may have left before that; nobody knows.")
    other = queued(lakeside, "other@example.org")
    assert drop(lakeside.number, [other.pk]) == Dropped(1, 0)
    assert "may have left" not in why(_again(other))


def test_what_is_leaving_at_this_moment_cannot_be_dropped(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    dropped: list[Dropped] = []
    way.answer = lambda: dropped.append(drop(lakeside.number, [message.pk])) or ACCEPTED  # type: ignore[method-assign]
    tick()
    assert (dropped, _again(message).state) == ([Dropped(0, 0)], State.SENT)


def test_who_is_erased_while_their_message_leaves_may_have_got_it(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert message.person
    person = message.person
    way.answer = lambda: erase(lakeside.number, person, actor="user:1") and ACCEPTED  # type: ignore[method-assign]
    tick()
    assert (_again(message).state, _again(message).problem, _again(message).unsure) == (
        State.CANCELLED, "erased", True,
    )  # fmt: skip


def test_a_stop_before_its_turn_cancels_it_in_the_stops_own_transaction(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    queued(lakeside, "other@example.org")
    done = stopped(lakeside, message.person)
    assert done.cancelled == 1
    cancelled = _again(message)
    assert (cancelled.state, cancelled.problem, cancelled.proof) == (
        State.CANCELLED, "stopped", f"event/{done.event.pk}",
    )  # fmt: skip
    tick()
    assert [one.recipient for one in way.left] == ["other@example.org"]


@pytest.mark.parametrize(("closed", "state"), [("marketing", State.SENT), ("care-request", State.CANCELLED)])
def test_a_stop_of_one_purpose_leaves_the_others(lakeside: Clinic, way: FakeWay, closed: str, state: str) -> None:
    message = queued(lakeside)
    stopped(lakeside, message.person, closes=(("email", closed),))
    tick()
    assert _again(message).state == state


def test_a_stop_of_calls_leaves_mail(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    stopped(lakeside, message.person, closes=(("call", ""),))
    tick()
    assert _again(message).state == State.SENT


def test_what_was_being_sent_when_its_worker_died_counts_as_unanswered(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)

    def killed() -> None:
        raise KeyboardInterrupt

    way.before = killed
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            tick(seconds=30)
    way.before = lambda: None
    tick(seconds=30)
    assert (_again(message).state, _again(message).problem, _again(message).unknowns) == (State.DEAD, "unanswered", 3)
    assert _again(message).unsure
    assert not way.left
    assert retry(lakeside.number, [message.pk]) == 1
    tick()
    assert _again(message).state == State.SENT


def test_a_worker_whose_lease_ran_out_sends_nothing(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    (slow,) = claim(1)
    tick(seconds=30)
    assert (len(way.left), _again(message).state) == (1, State.SENT)
    send(slow)
    assert len(way.left) == 1


def test_a_lease_is_renewed_while_its_worker_lives(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    (held,) = claim(1)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    claiming.renew()
    assert claim(1) == []
    claiming.let_go(held)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    claiming.renew()
    assert tick() == 1


def test_a_provider_has_its_next_message_when_its_turn_comes(
    lakeside: Clinic, way: FakeWay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADWELL_MAIL_PER_MINUTE", "6")
    for name in ("one@example.org", "two@example.org", "three@elsewhere.example.com"):
        queued(lakeside, name)
    first = claim(10)
    assert len(first) == 2
    assert claim(10) == []
    assert len({bytes(one.domain) for one in first}) == 2


def test_a_busy_provider_is_passed_over(lakeside: Clinic, way: FakeWay) -> None:
    one, other = queued(lakeside, "one@example.org"), queued(lakeside, "two@elsewhere.example.com")
    assert [found.pk for found in claim(10, busy=[bytes(one.domain)])] == [other.pk]


def test_one_without_what_the_law_wants_goes_to_a_person(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be queued, and the postal address was taken from the playbook since."""
    monkeypatch.setenv("LEADWELL_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("LEADWELL_SMTP_SECURITY", "none")
    monkeypatch.setenv("LEADWELL_MAIL_FROM", "hello@clinic.example")
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(purpose="marketing")
    tick()
    assert (_again(message).state, _again(message).problem) == (State.DEAD, "unfit")


def test_without_a_mail_server_everything_waits(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADWELL_SMTP_HOST", raising=False)
    message = queued(lakeside)
    tick()
    assert (_again(message).state, _again(message).problem) == (State.QUEUED, "not-reached")


def test_what_waited_in_a_backup_leaves_only_when_somebody_says_so(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert hold_back() == 1
    assert tick() == 0
    assert (_again(message).state, _again(message).problem, _again(message).unsure) == (State.DEAD, "restored", True)
    assert retry(lakeside.number, [message.pk]) == 1
    tick()
    assert len(way.left) == 1


def test_a_wrong_setting_makes_everything_wait(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_SMTP_HOST", "mail.clinic.example")
    monkeypatch.setenv("LEADWELL_MAIL_FROM", "nobody")
    message = queued(lakeside)
    tick()
    assert (_again(message).state, _again(message).problem) == (State.QUEUED, "not-reached")


def test_a_worker_that_ends_gives_back_what_it_holds(lakeside: Clinic, way: FakeWay) -> None:
    queued(lakeside)
    claim(1)
    claiming.give_back()
    assert tick() == 1
