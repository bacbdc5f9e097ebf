"""What comes back finds its message, and blames an address only for its own fault; a complaint ends marketing. (2.6)"""

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.queries import known
from leadwell.server.leads.models import Lead
from leadwell.server.outreach import returned
from leadwell.server.outreach.actions import retry
from leadwell.server.outreach.channels.email.returning import return_address
from leadwell.server.outreach.channels.email.settings import Settings
from leadwell.server.outreach.models import Message, Result, State
from leadwell.server.outreach.returned import take
from leadwell.server.outreach.tests.sent import ACCEPTED, FakeWay, again, by, lead_events, lead_of, queued, tick
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")

OURS = Settings("localhost", 25, "none", "", "", "", 30, "hello@clinic.example", "bounces@clinic.example", None)


@pytest.fixture
def sent(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> Message:
    by(monkeypatch, FakeWay())
    message = queued(lakeside)
    tick()
    return again(message)


def report_of(
    status: str, *, to: str = "bounces@clinic.example", about: str = "<none@mx.example>", kind: str = "dsn"
) -> bytes:
    fields = f"Final-Recipient: rfc822; x@example.org\nAction: failed\nStatus: {status}"
    if kind == "arf":
        fields = "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1"
    name = "feedback-report" if kind == "arf" else "delivery-status"
    return f"""From: mailer-daemon@mx.example.net
To: {to}
Subject: Returned
Message-ID: <report@mx.example.net>
Content-Type: multipart/report; report-type={name}; boundary=cut

--cut
Content-Type: text/plain

See below.
--cut
Content-Type: message/{name}

Reporting-MTA: dns; mx.example.net

{fields}

--cut
Content-Type: message/rfc822

Message-ID: {about}
Subject: Your visit

Hello
--cut--
""".replace("Reporting-MTA: dns; mx.example.net\n\n", "" if kind == "arf" else "Reporting-MTA: dns; mx\n\n").encode()


@pytest.mark.parametrize("by_address", [True, False], ids=["by the address it came to", "by the id inside"])
def test_an_address_that_does_not_exist_is_unreachable_from_then_on(sent: Message, by_address: bool) -> None:
    raw = report_of("5.1.1", to=return_address(sent, OURS)) if by_address else report_of("5.1.1", about=sent.message_id)
    assert take(raw) == "address-bad"
    assert take(raw) == "address-bad"
    assert (again(sent).state, again(sent).problem) == (State.BOUNCED, "address-bad")
    assert lead_events() == ["email.sent", "email.unreachable"]
    assert Result.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "state"),
    [("5.7.1", State.BOUNCED), ("5.3.4", State.BOUNCED), ("4.4.1", State.SENT), ("5.2.2", State.BOUNCED)],
)
def test_what_is_ours_or_passes_changes_nothing_for_the_person(sent: Message, status: str, state: str) -> None:
    take(report_of(status, about=sent.message_id))
    assert again(sent).state == state
    assert lead_events() == ["email.sent"]


def test_a_complaint_ends_marketing_and_business_and_leaves_their_own_request(sent: Message) -> None:
    raw = report_of("", about=sent.message_id, kind="arf")
    assert take(raw) == "complaint"
    assert take(raw) == "complaint"
    stops = Suppression.objects.of(sent.organization_id)
    assert sorted(stops.values_list("channel", "purpose")) == [("email", "business"), ("email", "marketing")]
    assert again(sent).state == State.SENT
    assert lead_events() == ["email.sent", "email.complained"]


@pytest.mark.parametrize(("status", "kind"), [("5.1.1", "address-bad"), ("5.7.1", "ours"), ("4.4.1", "")])
def test_a_report_that_is_quicker_than_our_own_note_of_the_answer_counts(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, status: str, kind: str
) -> None:
    way = by(monkeypatch, FakeWay())
    message = queued(lakeside)
    way.answer = lambda: take(report_of(status, to=return_address(message, OURS))) and ACCEPTED  # type: ignore[method-assign]
    tick()
    became = again(message)
    assert (became.state, became.problem) == (State.BOUNCED if kind else State.SENT, kind)
    assert became.sent_at is not None


def test_three_reports_of_a_full_mailbox_over_two_weeks_close_it(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, FakeWay())
    lead = lead_of(lakeside)
    for n in range(3):
        message = queued(lakeside, key=f"{n}", lead=lead)
        tick()
        assert again(message).state == State.SENT
        closed = known(lakeside.number, lead.person_id).wrong
        assert not closed
        assert take(report_of("5.2.2", about=again(message).message_id)) == "mailbox-full"
        tick(days=8)
    (closed,) = known(lakeside.number, lead.person_id).wrong
    assert (closed.channel, closed.why, closed.proof) == ("email", "returned", f"message/{message.pk}")
    assert lead_events()[-1] == "email.unreachable"


@pytest.mark.parametrize(("status", "kind"), [("4.4.1", "beside"), ("5.1.1", "beside"), ("", "alone")])
def test_only_a_complaint_has_everybody_else_wait(
    sent: Message, monkeypatch: pytest.MonkeyPatch, status: str, kind: str
) -> None:
    took = list[str]()
    for name in ("alone", "beside"):
        monkeypatch.setattr(returned, name, lambda organization, name=name: took.append(name))
    take(report_of(status, about=sent.message_id, kind="dsn" if status else "arf"))
    assert took == [kind]


def test_what_was_reported_before_it_was_tried_again_counts_no_more(sent: Message, lakeside: Clinic) -> None:
    take(report_of("5.7.1", about=sent.message_id))
    assert retry(lakeside.number, [sent.pk]) == 1
    tick()
    assert again(sent).state == State.SENT


def test_a_complaint_cancels_the_marketing_that_waits(lakeside: Clinic, sent: Message) -> None:
    waits = queued(lakeside, key="another", lead=Lead.objects.get(pk=sent.lead))
    Message.objects.filter(pk=waits.pk).update(purpose="marketing")
    take(report_of("", about=sent.message_id, kind="arf"))
    assert (again(waits).state, again(waits).problem) == (State.CANCELLED, "stopped")


@pytest.mark.parametrize(
    "raw",
    [
        report_of("5.1.1", to="bounces+" + "0" * 42 + "@clinic.example"),
        report_of("5.1.1", about="<0123456789abcdef0123456789abcdef@clinic.example>"),
        report_of("5.1.1"),
        b"Subject: hello\n\nI am away.",
        b"\0",
    ],
)
def test_what_is_of_none_of_ours_changes_nothing(sent: Message, raw: bytes) -> None:
    assert take(raw) in ("not-ours", "not-a-bounce")
    assert again(sent).state == State.SENT


def test_a_made_up_mark_is_not_believed(sent: Message) -> None:
    made_up = return_address(sent, OURS).replace("@", "")[:-24]
    assert take(report_of("5.1.1", to=f"{made_up}0000000000@clinic.example")) == "not-ours"
    assert again(sent).state == State.SENT


def test_what_comes_back_after_an_erasure_names_nobody(sent: Message) -> None:
    assert sent.person
    erase(sent.organization_id, sent.person, actor="user:1")
    take(report_of("5.1.1", about=sent.message_id))
    take(report_of("", about=sent.message_id, kind="arf"))
    assert not Result.objects.exclude(token=b"").exists()
