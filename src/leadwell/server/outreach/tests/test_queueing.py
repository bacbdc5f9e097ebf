"""One thing to say is one message, however often it is queued; what could never leave is refused at once. (D23, D24)"""

from dataclasses import replace

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.outreach.actions import Draft, Dropped, Recipient, drop, queue, retry
from leadwell.server.outreach.channels import Unfit
from leadwell.server.outreach.letters import Letter, content_of
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import ADDRESS, LETTER, lead_of, queued
from leadwell.server.playbooks import queries
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_same_key_is_one_message(lakeside: Clinic, harbor: Clinic) -> None:
    one = queued(lakeside, key="k")
    assert queued(lakeside, key="k").pk == one.pk
    assert queued(harbor, key="k").pk != one.pk
    assert Message.objects.of(lakeside.number).count() == 1


def test_nothing_of_whom_or_what_stands_open(lakeside: Clinic) -> None:
    message = queued(lakeside)
    row = repr({k: bytes(v) if isinstance(v, memoryview) else v for k, v in vars(message).items()})
    assert "quillfeather" not in row.lower()
    assert "thursday" not in row.lower()
    assert content_of(message).to == ADDRESS


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "two@example.org, three@example.org x", "a\nBcc: b@c.example"]
)
def test_what_is_no_address_is_refused(lakeside: Clinic, address: str) -> None:
    with pytest.raises(Unfit, match="address"):
        queue(lakeside.number, Draft(Recipient(address), LETTER, "care-request"), key="k")


@pytest.mark.parametrize(
    "letter", [replace(LETTER, subject=" "), replace(LETTER, text=""), replace(LETTER, subject="x" * 201)]
)
def test_a_message_without_words_is_refused(lakeside: Clinic, letter: Letter) -> None:
    with pytest.raises(Unfit):
        queue(lakeside.number, Draft(Recipient(ADDRESS), letter, "care-request"), key="k")


def test_a_text_cannot_be_sent_yet(lakeside: Clinic) -> None:
    with pytest.raises(Unfit):
        queue(lakeside.number, Draft(Recipient(ADDRESS), LETTER, "care-request", channel="text"), key="k")


@pytest.mark.parametrize("purpose", ["marketing", "business"])
def test_commercial_mail_needs_a_postal_address_and_a_way_out(
    lakeside: Clinic, settings, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    draft = Draft(Recipient(ADDRESS), LETTER, purpose)  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="LEADWELL_URL"):
        queue(lakeside.number, draft, key="k")
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "http://clinic.example", True
    with pytest.raises(Unfit, match="https"):
        queue(lakeside.number, draft, key="k")
    settings.PUBLIC_URL = "https://clinic.example"
    assert queue(lakeside.number, draft, key="k").purpose == purpose
    _, playbook = queries.in_force(lakeside.number)
    without = replace(playbook, organization=replace(playbook.organization, postal_address=None))
    monkeypatch.setattr("leadwell.server.outreach.letters.in_force", lambda organization: (1, without))
    with pytest.raises(Unfit, match="postal_address"):
        queue(lakeside.number, draft, key="another")
    assert queue(lakeside.number, replace(draft, purpose="care-request"), key="service")


def test_a_service_message_that_advertises_is_marketing(lakeside: Clinic, settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://clinic.example", True
    assert queued(lakeside, letter=replace(LETTER, advertises=True), purpose="appointment").purpose == "marketing"


def test_a_subject_is_one_line(lakeside: Clinic) -> None:
    message = queued(lakeside, letter=replace(LETTER, subject="Your\r\nBcc: all@example.org\nvisit"))
    assert content_of(message).subject == "Your Bcc: all@example.org visit"


def test_nothing_is_queued_for_somebody_who_is_erased(lakeside: Clinic, harbor: Clinic) -> None:
    lead = lead_of(lakeside)
    assert lead.person_id
    draft = Draft(Recipient(ADDRESS, lead.person_id), LETTER, "care-request")
    with pytest.raises(Unfit, match="nobody of this id"):
        queue(harbor.number, draft, key="theirs")
    known = queue(lakeside.number, draft, key="before")
    erase(lakeside.number, lead.person_id, actor="user:1")
    with pytest.raises(Unfit, match="nobody of this id"):
        queue(lakeside.number, draft, key="after")
    assert queue(lakeside.number, draft, key="before").pk == known.pk
    assert not Message.objects.exclude(sealed=b"").exists()


@pytest.mark.parametrize("state", State.values)
def test_only_what_needs_somebody_or_came_back_is_tried_again(lakeside: Clinic, state: str) -> None:
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(state=state)
    assert retry(lakeside.number, [message.pk]) == int(state in (State.DEAD, State.BOUNCED))


@pytest.mark.parametrize("state", State.values)
def test_only_what_has_not_left_is_dropped(lakeside: Clinic, state: str) -> None:
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(state=state)
    held = state in (State.QUEUED, State.DEFERRED, State.SENDING, State.DEAD)
    assert drop(lakeside.number, [message.pk]) == Dropped(int(held), int(state == State.SENDING))


def test_another_organisations_messages_are_neither_tried_nor_dropped(lakeside: Clinic, harbor: Clinic) -> None:
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(state=State.DEAD)
    assert retry(harbor.number, [message.pk]) == 0
    assert drop(harbor.number, [message.pk]) == Dropped(0, 0)
