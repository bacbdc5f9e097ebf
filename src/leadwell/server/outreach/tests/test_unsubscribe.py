"""The way out: looking changes nothing, one click does, twice is fine, and a forged link learns nothing. (2.1, 2.3)"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import Given, Proof, give
from leadwell.server.consent.models import ConsentEvent, SuppressedAddress, Suppression
from leadwell.server.outreach import leaving
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.keyring import forget_keyrings
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.rotation import new_version, rewrap_all
from leadwell.server.tests.standing import stands

pytestmark = pytest.mark.django_db(databases="__all__")

CLICK = {"List-Unsubscribe": "One-Click"}


def _outside() -> override_settings:
    return override_settings(PUBLIC_URL="https://clinic.example", PUBLIC_URL_IS_GIVEN=True)


@pytest.fixture(autouse=True)
def _reached_from_outside() -> Iterator[None]:
    with _outside():
        yield


@stands
def message(lakeside: Clinic) -> Message:
    with _outside():
        return queued(lakeside, purpose="marketing")


@pytest.fixture
def browser() -> Client:
    """As a mail program asks: no cookie, and a request without a token is refused where it is not exempt."""
    return Client(enforce_csrf_checks=True)


def _link(message: Message) -> str:
    return f"/unsubscribe/{leaving.token(message.organization_id, message.pk, bytes(message.token))}"


def _closed(message: Message) -> list[str]:
    ours = Suppression.objects.of(message.organization_id).filter(person=message.person, channel="email")
    return sorted(ours.values_list("purpose", flat=True))


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(browser: Client, message: Message, method: str) -> None:
    answer = getattr(browser, method)(_link(message))
    assert answer.status_code == 200
    assert not answer.cookies
    assert _closed(message) == []
    assert Message.objects.get(pk=message.pk).state == State.QUEUED
    if method == "get":
        page = answer.content.decode()
        assert page.count("<button") == 1
        assert "quillfeather" not in page.lower()


@pytest.mark.parametrize("body", [CLICK, {"unsubscribe": "1"}], ids=["one click", "the button"])
def test_posting_takes_them_off_at_once_and_again_is_fine(
    browser: Client, message: Message, body: dict[str, str]
) -> None:
    for _ in range(2):
        answer = browser.post(_link(message), body)
        assert (answer.status_code, answer.cookies) == (200, {})
        assert "You are unsubscribed" in answer.content.decode()
    assert _closed(message) == ["business", "marketing"]
    assert Message.objects.get(pk=message.pk).problem == "stopped"
    assert ConsentEvent.objects.get().name == "stop.given"
    assert TrailEntry.objects.filter(action__startswith="stop.").count() == 1


def test_looked_at_again_it_says_what_is_done_already_with_the_other_button(browser: Client, message: Message) -> None:
    assert "Stop these e-mails?" in browser.get(_link(message)).content.decode()
    browser.post(_link(message), CLICK)
    again = browser.get(_link(message)).content.decode()
    assert ("You are unsubscribed" in again, 'name="all"' in again, again.count("<button")) == (True, True, 1)
    browser.post(_link(message), {"all": "1"})
    last = browser.get(_link(message)).content.decode()
    assert ("No more e-mail will come" in last, last.count("<button")) == (True, 0)
    assert ConsentEvent.objects.count() == 2


def test_looked_at_again_after_they_agreed_anew_it_asks(browser: Client, message: Message) -> None:
    browser.post(_link(message), CLICK)
    Suppression.objects.update(at=timezone.now() - timedelta(hours=1))
    agreed = Given("email", "marketing", "written")
    give(message.organization_id, message.person, agreed, Proof("I agree", "form"), actor="user:1")
    assert "Stop these e-mails?" in browser.get(_link(message)).content.decode()


def test_clicked_again_after_they_agreed_anew_it_ends_that_too(browser: Client, message: Message) -> None:
    browser.post(_link(message), CLICK)
    give(message.organization_id, message.person, Given("email", "marketing"), Proof("I agree", "form"), actor="user:1")
    browser.post(_link(message), CLICK)
    assert list(ConsentEvent.objects.order_by("at").values_list("name", flat=True)) == [
        "stop.given", "consent.given", "stop.given",
    ]  # fmt: skip


def test_a_mail_program_may_send_it_as_a_form_of_parts(browser: Client, message: Message) -> None:
    assert browser.post(_link(message), CLICK, format="multipart").status_code == 200
    assert _closed(message)


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=One-Click", b"x=1", b"--", b"\xff{"])
@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=latin-1"],
)  # fmt: skip
def test_a_program_that_posts_without_its_form_takes_them_off_too(
    browser: Client, message: Message, media_type: str, body: bytes
) -> None:
    """Whoever posts to the link wants to leave: none is told that it failed."""
    answer = browser.generic("POST", _link(message), body, content_type=media_type)
    assert (answer.status_code, "You are unsubscribed" in answer.content.decode()) == (200, True)
    assert _closed(message) == ["business", "marketing"]


def test_a_forged_link_learns_nothing_without_a_form_either(browser: Client, message: Message) -> None:
    nothing = browser.get("/unsubscribe/nothing").content
    for forged in _forged(_link(message)):
        answer = browser.generic("POST", f"/unsubscribe/{forged}", b"", content_type="text/plain")
        assert (answer.status_code, answer.content) == (404, nothing)
    assert _closed(message) == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_none(browser: Client, message: Message, method: str) -> None:
    assert getattr(browser, method)(_link(message)).status_code == 405


def test_their_own_request_goes_on_until_they_end_that_too(browser: Client, message: Message) -> None:
    browser.post(_link(message), CLICK)
    browser.post(_link(message), {"all": "1"})
    assert _closed(message) == ["", "business", "marketing"]


@pytest.mark.parametrize(("asked", "says"), [("es-MX,es;q=0.9", "Se ha dado de baja"), ("fr", "You are unsubscribed")])
def test_it_speaks_the_browsers_language(browser: Client, message: Message, asked: str, says: str) -> None:
    answer = browser.post(_link(message), CLICK, headers={"Accept-Language": asked})
    assert says in answer.content.decode()


def _forged(link: str) -> list[str]:
    token = link.rpartition("/")[2]
    head = urlsafe_b64encode(b"\0\0\0\x63").decode()[:5]
    turned = "A" if token[20] != "A" else "B"
    return [token[:-1], token + "A", token[:20] + turned + token[21:], head + token[5:], "x", "A" * len(token),
            token + "=", token.swapcase(), "%F0%9F%8D%8E", "A" * 5_000]  # fmt: skip


@pytest.mark.parametrize("number", range(10))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_we_did_not_make_is_not_there(browser: Client, message: Message, number: int, method: str) -> None:
    nothing = browser.get("/unsubscribe/nothing")
    answer = getattr(browser, method)(f"/unsubscribe/{_forged(_link(message))[number]}", CLICK)
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert _closed(message) == []


def test_the_link_of_one_organisation_is_none_of_anothers(browser: Client, message: Message, harbor: Clinic) -> None:
    token = leaving.token(message.organization_id, message.pk, bytes(message.token))
    whole = leaving._bytes(token)[0]
    moved = urlsafe_b64encode(leaving._HEAD.pack(harbor.number) + whole[4:]).rstrip(b"=").decode()
    assert browser.post(f"/unsubscribe/{moved}", CLICK).status_code == 404


def test_every_wrong_link_takes_about_as_long(message: Message) -> None:
    """Of a thousand each, by the processor's clock: what is cut, what is altered, what names no organisation. The least
    of several turns counts, one after another, for what a busy machine adds is nobody's."""
    wrong = [_forged(_link(message))[n] for n in (0, 2, 3, 5)]
    turns = [{text: _spent(text) for text in wrong} for _ in range(9)]
    spent = {text: min(turn[text] for turn in turns) for text in wrong}
    assert max(spent.values()) < 2.0 * min(spent.values())


def _spent(text: str) -> float:
    began = time.process_time()
    for _ in range(200):
        assert leaving.read(text) is None
    return time.process_time() - began


def test_it_holds_after_keys_were_changed_and_after_the_person_was_erased(browser: Client, message: Message) -> None:
    link, token = _link(message), bytes(message.token)
    new_version(message.organization_id)
    rewrap_all()
    forget_keyrings()
    assert browser.get(link).status_code == 200
    assert message.person
    erase(message.organization_id, message.person, actor="user:1")
    assert browser.post(link, CLICK).status_code == 200
    assert token in {bytes(one.token) for one in SuppressedAddress.objects.of(message.organization_id)}
