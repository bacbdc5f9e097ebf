"""The outbox says what waits, what was not sent and why; what needs somebody is decided there, and by command. (D23)"""

import pytest
from django.urls import reverse

from leadwell.server.alerts.models import Alert
from leadwell.server.conftest import Clinic, browser
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.jobs import watch_outboxes
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, by, queued, stopped, tick
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def dead(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> Message:
    by(monkeypatch, FakeWay([Answer("refused", "ours", "5.7.1")]))
    message = queued(lakeside)
    tick()
    return message


def _list(clinic: Clinic, query: str = "") -> str:
    return browser(clinic.organization, "coordinator").get(f"/outbox{query}").content.decode()


def test_it_says_at_its_top_how_many_need_somebody(lakeside: Clinic, dead: Message) -> None:
    page = _list(lakeside)
    assert "<b>1</b> message needs somebody" in page
    assert "policy, size or content" in page
    assert "(5.7.1)" in page


def test_an_empty_one_says_what_it_is_for(lakeside: Clinic) -> None:
    assert "Nothing was sent yet" in _list(lakeside)


def test_without_a_mail_server_it_says_so(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEADWELL_SMTP_HOST", raising=False)
    assert "No mail server is set" in _list(lakeside)


def test_the_list_names_nobody_and_one_message_is_a_view_on_record(lakeside: Clinic, dead: Message) -> None:
    assert ADDRESS not in _list(lakeside)
    assert not TrailEntry.objects.filter(action="message.viewed").exists()
    page = browser(lakeside.organization, "coordinator").get(f"/outbox/{dead.pk}").content.decode()
    assert ADDRESS in page
    assert "Thursday" in page
    entry = TrailEntry.objects.get(action="message.viewed")
    assert (entry.subject, entry.codes) == (f"person/{dead.person}", {"message": str(dead.pk)})


@pytest.mark.parametrize("state", State.values)
def test_it_is_filtered_by_state(lakeside: Clinic, dead: Message, state: str) -> None:
    page = browser(lakeside.organization, "coordinator").get("/outbox", {"state": state}).context["page"]
    assert len(page.items) == int(state == State.DEAD)


def test_what_the_gate_refused_shows_its_rule(lakeside: Clinic) -> None:
    message = queued(lakeside)
    stopped(lakeside, message.person)
    assert "They asked us to stop. (rule 1.12)" in _list(lakeside, "?state=cancelled")


def test_a_dead_letter_is_tried_again_or_let_go_by_whoever_may(lakeside: Clinic, dead: Message) -> None:
    page, lead = f"/outbox/{dead.pk}", browser(lakeside.organization, "intake-lead")
    assert "Try it again" not in browser(lakeside.organization, "coordinator").get(page).content.decode()
    assert "Try it again" in lead.get(page).content.decode()
    assert "tried again now" in lead.post(f"{page}/retry", follow=True).content.decode()
    assert Message.objects.get().state == State.QUEUED
    assert "no longer waits" in lead.post(f"{page}/retry", follow=True).content.decode()
    assert "will not be sent" in lead.post(f"{page}/drop", follow=True).content.decode()
    assert Message.objects.get().problem == "dropped"
    assert "somebody else was first" in lead.post(f"{page}/drop", follow=True).content.decode()
    done = TrailEntry.objects.filter(action__startswith="message.").exclude(action="message.viewed")
    assert list(done.order_by("number").values_list("action", flat=True)) == ["message.retried", "message.dropped"]


def test_an_address_that_was_closed_is_reopened_there_with_a_reason(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, FakeWay([Answer("refused", "address-bad", "5.1.1"), Answer("accepted")]))
    message = queued(lakeside)
    tick()
    page, lead = f"/outbox/{message.pk}", browser(lakeside.organization, "intake-lead")
    assert "Reopen the address" not in browser(lakeside.organization, "coordinator").get(page).content.decode()
    shown = lead.get(page).content.decode()
    assert "Reopen the address" in shown
    assert "Try it again" not in shown
    assert "Choose why mail" in lead.post(f"{page}/reopen", follow=True).content.decode()
    shown = lead.post(f"{page}/reopen", {"why": "emptied"}, follow=True).content.decode()
    assert "Mail may go to this address again" in shown
    assert "They say that it takes mail again" in shown
    assert "Try it again" in shown
    assert "somebody else was first" in lead.post(f"{page}/reopen", {"why": "emptied"}, follow=True).content.decode()
    assert TrailEntry.objects.get(action="address.reopened").codes["why"] == "emptied"
    lead.post(f"{page}/retry")
    tick()
    assert Message.objects.get().state == State.SENT
    manager = browser(lakeside.organization, "manager")
    assert "mail may go to the address again" in manager.get(reverse("lead", args=[message.lead])).content.decode()


def test_one_that_may_have_left_before_says_so_where_it_is_dropped(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, FakeWay([Answer("unknown")]))
    message = queued(lakeside)
    tick()
    page, lead = f"/outbox/{message.pk}", browser(lakeside.organization, "intake-lead")
    assert "it may have left before, and nobody knows" in lead.get(page).content.decode()
    shown = lead.post(f"{page}/drop", follow=True).content.decode()
    assert "It is not tried again. It may have left before: nobody knows." in shown
    assert "May have left" in shown
    (item,) = lead.get("/outbox", {"state": "cancelled"}).context["page"].items
    assert item.badge.word == "May have left"


def test_one_whose_words_are_damaged_says_so(lakeside: Clinic, dead: Message) -> None:
    Message.objects.filter(pk=dead.pk).update(sealed=b"damaged")
    answer = browser(lakeside.organization, "manager").get(f"/outbox/{dead.pk}")
    assert answer.status_code == 200
    assert "Its words cannot be opened" in answer.content.decode()
    assert "were erased" not in answer.content.decode()
    assert dead.person
    assert export(lakeside.number, dead.person, actor="user:1")["messages"][0]["text"] is None


def test_somebody_is_told_of_dead_letters_until_none_is_left(lakeside: Clinic, dead: Message) -> None:
    watch_outboxes()
    assert Alert.objects.of(lakeside.number).get(kind="outbox", ended_at=None).size == 1
    page = browser(lakeside.organization, "manager").get("/alerts").content.decode()
    assert "1 message needs somebody to decide" in page
    Message.objects.update(state=State.CANCELLED)
    watch_outboxes()
    assert not Alert.objects.of(lakeside.number).filter(kind="outbox", ended_at=None).exists()


def test_the_lead_says_what_left_and_what_came_back(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    by(monkeypatch, FakeWay([Answer("accepted"), Answer("refused", "address-bad", "5.1.1")]))
    message = queued(lakeside)
    tick()
    page = reverse("lead", args=[message.lead])
    assert "An e-mail left: first-answer" in browser(lakeside.organization, "manager").get(page).content.decode()


def test_what_is_held_of_somebody_names_the_messages_to_them(lakeside: Clinic, dead: Message) -> None:
    assert dead.person
    given = export(lakeside.number, dead.person, actor="user:1")["messages"]
    assert [(one["to"], one["subject"], one["state"]) for one in given] == [(ADDRESS, "Your visit", "dead")]
    page = browser(lakeside.organization, "privacy-officer").get(f"/persons/{dead.person}").content.decode()
    assert "Messages to them" in page
    erase(lakeside.number, dead.person, actor="user:1")
    left = Message.objects.get()
    assert [bytes(one) for one in (left.sealed, left.token, left.domain)] == [b"", b"", b""]
    shown = browser(lakeside.organization, "coordinator").get(f"/outbox/{dead.pk}").content.decode()
    assert "Its words were erased" in shown
