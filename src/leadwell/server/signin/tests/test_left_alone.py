"""A screen left alone is signed out at fifteen minutes, no earlier and no later, and what was typed is kept. (F32)"""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadwell.server.access.idle import SEEN
from leadwell.server.access.models import Membership
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.jobs import throw_away_old_drafts
from leadwell.server.privacy.held import Subject
from leadwell.server.signin.actions import keep, sent
from leadwell.server.signin.models import Draft
from leadwell.server.signin.privacy import HELD
from leadwell.server.signin.queries import kept_on

pytestmark = pytest.mark.django_db(databases="__all__")

TYPED = "Sample words of a person, not sent"
PAGE = "/inbox"


@pytest.fixture
def lead(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "intake-lead")


def _away(client: Client, minutes: int, seconds: int) -> None:
    """As if this browser had last been used so long ago."""
    session = client.session
    session[SEEN] = time.time() - minutes * 60 - seconds
    session.save()
    client.cookies.pop(SEEN, None)


def _left(client: Client) -> float:
    return float(client.get("/idle", headers={"Sec-Fetch-Mode": "cors"}).json()["left"])


def _keep(client: Client, page: str = PAGE, text: str = TYPED, **more: str) -> int:
    fields = f'{{"{page}|note": "{text}"}}'
    return client.post("/drafts", {"page": page, "fields": fields} | more).status_code


def test_at_14_59_one_is_still_in_and_at_15_01_one_signs_in_again(lead: Client) -> None:
    _away(lead, 14, 59)
    assert lead.get(PAGE).status_code == 200
    _away(lead, 15, 1)
    assert lead.get(PAGE)["Location"].startswith("/account/login/?left=1")


def test_another_time_is_a_setting(lead: Client, settings: Settings) -> None:
    settings.IDLE_END, settings.IDLE_WARN = timedelta(minutes=5), timedelta(minutes=3)
    page = lead.get(PAGE).content.decode()
    assert 'data-warn-after="180" data-end-after="300"' in page
    _away(lead, 5, 1)
    assert lead.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin"}]
)
def test_a_page_that_looks_for_news_keeps_no_session_alive(lead: Client, headers: dict[str, str]) -> None:
    lead.get(PAGE)
    _away(lead, 14, 0)
    assert lead.get(PAGE, headers=headers).status_code == 200
    assert 58 <= _left(lead) <= 60
    _away(lead, 15, 1)
    answer = lead.get(PAGE, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"][:21]) == (401, "/account/login/?left=")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Mode": "navigate"}, {"HX-Request": "true", "HX-Boosted": "true"}])
def test_opening_a_page_is_being_there(lead: Client, headers: dict[str, str]) -> None:
    _away(lead, 14, 0)
    lead.get(PAGE, headers=headers)
    assert _left(lead) > 898


def test_one_says_that_one_is_still_there(lead: Client) -> None:
    _away(lead, 14, 0)
    assert lead.get("/stay", headers={"X-Stay": "1", "Sec-Fetch-Mode": "cors"}).status_code == 204
    assert _left(lead) > 898


@pytest.mark.parametrize("text", ["", "9999999999", "9999999999:x:y"])
def test_a_cookie_that_was_not_signed_for_this_session_counts_for_nothing(lead: Client, text: str) -> None:
    lead.get(PAGE)
    _away(lead, 15, 1)
    lead.cookies[SEEN] = text
    assert lead.get(PAGE).status_code == 302


def test_a_cookie_of_another_session_counts_for_nothing(lead: Client, lakeside: Clinic) -> None:
    other = browser(lakeside.organization, "manager")
    other.get(PAGE)
    _away(lead, 15, 1)
    lead.cookies[SEEN] = other.cookies[SEEN].value
    assert lead.get(PAGE).status_code == 302


def test_to_open_a_page_writes_nothing_into_the_session(lead: Client) -> None:
    lead.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        lead.get(PAGE)
    assert not [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_asking_how_long_is_left_is_not_being_there(lead: Client) -> None:
    lead.get(PAGE)
    _away(lead, 14, 0)
    assert 58 <= _left(lead) <= 60
    assert 58 <= _left(lead) <= 60
    assert Client().get("/idle").status_code == 401


def test_what_was_typed_is_offered_again_on_its_page_to_its_writer_alone(lead: Client, lakeside: Clinic) -> None:
    assert _keep(lead) == 204
    assert TYPED in lead.get(PAGE).content.decode()
    assert TYPED not in lead.get("/leads").content.decode()
    assert TYPED not in browser(lakeside.organization, "manager").get(PAGE).content.decode()


def test_a_form_sent_too_late_is_kept_without_any_script(lead: Client, lakeside: Clinic) -> None:
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b"{", problem="not JSON, at line 1")])
    page, form = reverse("submission", args=[receipt.id]), reverse("mend", args=[receipt.id])
    _away(lead, 15, 1)
    answer = lead.post(form, {"body": TYPED}, headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"].startswith("/account/login/?left=1&next=%2Finbox%2F")
    again = browser(lakeside.organization, "intake-lead")
    assert TYPED in again.get(page).content.decode()
    again.post(form, {"body": '{"full_name": "Sample"}'}, headers={"Referer": f"http://testserver{page}"})
    assert TYPED not in again.get(page).content.decode()


@pytest.mark.parametrize(
    "referer", ["", "http://elsewhere.example/inbox", "http://testserver/account/password/change/"]
)
def test_a_form_from_elsewhere_leaves_no_draft(lead: Client, referer: str) -> None:
    _away(lead, 15, 1)
    lead.post("/inbox/replay", {"note": TYPED}, headers={"Referer": referer})
    assert not Draft.objects.exists()


def test_a_draft_is_thrown_away_on_wish_and_after_a_week(lead: Client) -> None:
    _keep(lead)
    assert lead.post("/drafts/throw-away", {"page": PAGE})["Location"] == PAGE
    assert not Draft.objects.exists()
    _keep(lead)
    throw_away_old_drafts()
    assert Draft.objects.exists()
    Draft.objects.update(kept_at=timezone.now() - timedelta(days=7, seconds=1))
    throw_away_old_drafts()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "page", ["/account/password/change/", "/join", "/nothing/here", "/inbox" + "x" * 300, "", "//evil.example"]
)
def test_where_nobody_types_nothing_is_kept(lead: Client, page: str) -> None:
    assert _keep(lead, page) == 400
    assert lead.post("/drafts/throw-away", {"page": page}).status_code == 400


@pytest.mark.parametrize("fields", ["", "[]", "{", '{"a": 1}'])
def test_what_is_no_draft_is_refused(lead: Client, fields: str) -> None:
    assert lead.post("/drafts", {"page": PAGE, "fields": fields}).status_code == 400


def test_too_much_is_not_kept(lead: Client) -> None:
    assert _keep(lead, text="x" * 1_000_001) == 413


def test_only_the_newest_fifty_pages_of_somebody_are_kept(lakeside: Clinic) -> None:
    who = member(lakeside.organization, "manager")
    for _ in range(52):
        keep(who, f"/inbox/{uuid4()}", {"a|b": TYPED})
    assert Draft.objects.of(lakeside.number).count() == 50


def test_what_one_form_sent_leaves_what_was_typed_in_another(lakeside: Clinic) -> None:
    who: Membership = member(lakeside.organization, "manager")
    keep(who, PAGE, {"/a|note": "one", "/b|note": "two"})
    sent(who, PAGE, "/a")
    kept = kept_on(who, PAGE)
    assert kept is not None
    assert kept.fields == (("/b|note", "two"),)


def test_drafts_are_sealed_and_go_with_the_person_they_are_about(lead: Client, lakeside: Clinic) -> None:
    one, other = uuid4(), uuid4()
    for number in (one, other):
        assert _keep(lead, reverse("lead", args=[number])) == 204
    assert not any(TYPED.encode() in bytes(draft.sealed) for draft in Draft.objects.of(lakeside.number))
    subject = Subject(lakeside.number, uuid4(), leads={one})
    assert [draft["said"] for draft in HELD.gives(subject)["drafts"]] == [[TYPED]]
    HELD.erases(subject)
    assert Draft.objects.of(lakeside.number).get().page.endswith(str(other))


def test_who_is_signed_out_keeps_nothing(lakeside: Clinic) -> None:
    assert _keep(Client()) == 302
