"""What is queued leaves once, with its yes beside it, or says why it does not; whatever the server answers. (D23)"""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.permission.values import Verdict
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Noted, decide
from leadwell.server.consent.models import Contact
from leadwell.server.outreach import claiming, gate
from leadwell.server.outreach.actions import retry
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.claiming import claim
from leadwell.server.outreach.models import Message, Result, State
from leadwell.server.outreach.restoring import hold_back
from leadwell.server.outreach.sending import send
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, again, lead_events, queued, stopped, tick

pytestmark = pytest.mark.django_db(databases="__all__")


def test_what_may_leave_leaves_once_with_its_yes_and_the_attempt(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert tick() == 1
    assert tick() == 0
    sent = again(message)
    assert (sent.state, sent.answer, sent.tries, sent.due_at) == (State.SENT, "yes", 1, None)
    assert sent.rule
    assert sent.proof == f"lead/{sent.lead}"
    assert [one.recipient for one in way.left] == [ADDRESS]
    attempt = Contact.objects.of(lakeside.number).get()
    assert (attempt.channel, attempt.answer, attempt.person) == ("email", "yes", sent.person)
    assert lead_events() == ["email.sent"]


def test_what_may_never_leave_does_not_and_says_the_rule(lakeside: Clinic, way: FakeWay, settings) -> None:
    """They asked for care, and have not agreed to marketing."""
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://clinic.example", True
    message = queued(lakeside, purpose="marketing")
    tick()
    refused = again(message)
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
    waiting = again(message)
    assert (waiting.state, waiting.due_at, waiting.answer, waiting.tries) == (State.QUEUED, opens, "not_before", 0)
    assert not way.left
    tick(hours=3)
    assert (again(message).state, again(message).answer) == (State.SENT, "yes")


@pytest.mark.parametrize(("meant", "state"), [(True, State.CANCELLED), (False, State.SENT)])
def test_what_may_have_been_a_stop_holds_it_back_until_somebody_has_looked(
    lakeside: Clinic, way: FakeWay, *, meant: bool, state: str
) -> None:
    message = queued(lakeside)
    done = stopped(lakeside, message.person, doubt=True)
    assert done.cancelled == 0
    tick()
    assert (again(message).state, again(message).problem, way.left) == (State.QUEUED, "in-doubt", [])
    assert decide(lakeside.number, done.event.pk, meant=meant, actor="user:1")
    tick(hours=1)
    assert again(message).state == state


def test_what_came_too_late_is_not_sent(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside, until=timezone.now() + timedelta(minutes=5))
    tick(minutes=5)
    assert (again(message).state, again(message).problem) == (State.CANCELLED, "too-late")
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
    assert (again(message).state, again(message).problem) == (state, answer.fault)
    assert lead_events() == events
    assert Result.objects.of(lakeside.number).get().kind == answer.fault


def test_nobody_answering_after_the_words_is_tried_under_the_same_id_thrice_and_then_shown(
    lakeside: Clinic, way: FakeWay
) -> None:
    way.answers = [Answer("unknown")]
    message = queued(lakeside)
    for _ in range(5):
        tick(hours=1)
    assert (again(message).state, again(message).problem) == (State.DEAD, "unanswered")
    assert len(way.left) == 3
    assert {one.message_id for one in way.left} == {again(message).message_id}


def test_a_mail_server_that_is_away_costs_no_message_anything(lakeside: Clinic, way: FakeWay) -> None:
    way.reached = False
    message = queued(lakeside)
    for _ in range(20):
        tick(hours=12)
    waits = again(message)
    assert (waits.state, waits.problem, waits.tries) == (State.QUEUED, "not-reached", 0)
    way.reached = True
    tick(minutes=1)
    assert again(message).state == State.SENT


def test_words_that_the_server_did_not_get_whole_are_sent_again(lakeside: Clinic, way: FakeWay) -> None:
    way.takes_all = False
    message = queued(lakeside)
    tick()
    assert (again(message).state, again(message).handed_at, again(message).unknowns) == (State.DEFERRED, None, 0)


def test_a_stop_before_its_turn_cancels_it_in_the_stops_own_transaction(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    queued(lakeside, "other@example.org")
    done = stopped(lakeside, message.person)
    assert done.cancelled == 1
    cancelled = again(message)
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
    assert again(message).state == state


def test_a_stop_of_calls_leaves_mail(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    stopped(lakeside, message.person, closes=(("call", ""),))
    tick()
    assert again(message).state == State.SENT


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
    assert (again(message).state, again(message).problem, again(message).unknowns) == (State.DEAD, "unanswered", 3)
    assert again(message).unsure
    assert not way.left
    assert retry(lakeside.number, [message.pk]) == 1
    tick()
    assert again(message).state == State.SENT


def test_a_worker_whose_lease_ran_out_sends_nothing(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    (slow,) = claim(1)
    tick(seconds=30)
    assert (len(way.left), again(message).state) == (1, State.SENT)
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
    assert (again(message).state, again(message).problem) == (State.DEAD, "unfit")


def test_without_a_mail_server_everything_waits(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADWELL_SMTP_HOST", raising=False)
    message = queued(lakeside)
    tick()
    assert (again(message).state, again(message).problem) == (State.QUEUED, "not-reached")


def test_what_waited_in_a_backup_leaves_only_when_somebody_says_so(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    assert hold_back() == 1
    assert tick() == 0
    assert (again(message).state, again(message).problem, again(message).unsure) == (State.DEAD, "restored", True)
    assert retry(lakeside.number, [message.pk]) == 1
    tick()
    assert len(way.left) == 1


def test_a_wrong_setting_makes_everything_wait(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_SMTP_HOST", "mail.clinic.example")
    monkeypatch.setenv("LEADWELL_MAIL_FROM", "nobody")
    message = queued(lakeside)
    tick()
    assert (again(message).state, again(message).problem) == (State.QUEUED, "not-reached")


def test_a_worker_that_ends_gives_back_what_it_holds(lakeside: Clinic, way: FakeWay) -> None:
    queued(lakeside)
    claim(1)
    claiming.give_back()
    assert tick() == 1
