"""Whoever tries passwords, codes or keys is stopped soon; nobody else is. (promise F32)"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Membership
from leadwell.server.conftest import Clinic, browser

pytestmark = pytest.mark.django_db(databases="__all__")

EMAIL, PASSWORD = "one@example.com", "quiet harbour window"


@pytest.fixture
def somebody(lakeside: Clinic) -> Membership:
    return add_member("lakeside", EMAIL, role="coordinator", password=PASSWORD)


def _try(email: str = EMAIL, password: str = "not this one", address: str = "192.0.2.1") -> HttpResponse:
    answer: HttpResponse = Client(REMOTE_ADDR=address).post("/account/login/", {"login": email, "password": password})
    return answer


def test_five_wrong_passwords_stop_an_address_for_five_minutes(somebody: Membership) -> None:
    for _ in range(5):
        assert "not correct" in _try().content.decode()
    assert "Too many wrong tries" in _try(password=PASSWORD).content.decode()
    assert "Too many wrong tries" in _try(address="192.0.2.2").content.decode()


def test_eight_stop_it_for_a_quarter_of_an_hour_from_where_they_came(somebody: Membership) -> None:
    for _ in range(8):
        cache.clear()  # as if five minutes had gone by
        answer = _try()
    assert (answer.status_code, "a quarter of an hour" in answer.content.decode()) == (429, True)
    cache.clear()
    assert _try(password=PASSWORD).status_code == 429
    cache.clear()
    assert _try(password=PASSWORD, address="192.0.2.2").status_code == 302


def test_who_tries_one_address_stops_no_other(somebody: Membership) -> None:
    for number in range(8):
        cache.clear()
        _try(f"nobody{number}@example.com")
    cache.clear()
    assert _try(password=PASSWORD).status_code == 302


@pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
def test_behind_a_proxy_each_visitor_is_counted_apart(
    somebody: Membership, settings: Settings, proxies: int, stopped: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    said = {"login": EMAIL, "password": "not this one"}
    for _ in range(8):
        cache.clear()
        Client().post("/account/login/", said, headers={"X-Forwarded-For": "198.51.100.9, 192.0.2.1"})
    cache.clear()
    good = said | {"password": PASSWORD}
    answer = Client().post("/account/login/", good, headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.2"})
    assert (answer.status_code == 429) == stopped


def test_writing_an_address_otherwise_is_no_new_try(somebody: Membership) -> None:
    for email in (EMAIL, EMAIL.upper(), f" {EMAIL} ", "One@Example.com") * 2:
        cache.clear()
        answer = _try(email)
    assert answer.status_code == 429


def test_of_tries_no_address_and_no_password_is_kept(somebody: Membership) -> None:
    _try("quiet-harbour@window.example")  # a password, typed where the address belongs
    _try(password="not this one")
    kept = str(list(AccessAttempt.objects.values("username", "post_data", "get_data", "path_info")))
    assert AccessAttempt.objects.count() == 2
    assert not any(part in kept for part in (EMAIL, "one%40", "quiet", "not+this", "not this"))


def test_many_addresses_tried_from_one_place_stop_that_place(somebody: Membership) -> None:
    for number in range(10):
        _try(f"nobody{number}@example.com")
    assert "Too many wrong tries" in _try(password=PASSWORD).content.decode()
    assert _try(password=PASSWORD, address="192.0.2.2").status_code == 302


def test_five_wrong_codes_stop_the_second_factor(somebody: Membership) -> None:
    TOTP.activate(somebody.user, generate_totp_secret())
    client = Client()
    client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    for _ in range(5):
        assert "Incorrect code" in client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    told = client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "Too many wrong tries" in told


def test_a_password_is_confirmed_and_changed_so_often_only(lakeside: Clinic) -> None:
    add_member("lakeside", EMAIL, role="coordinator", password=PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    wrong = {"oldpassword": "not this one", "password1": "another quiet window", "password2": "another quiet window"}
    told = [client.post("/account/password/change/", wrong).status_code for _ in range(6)]
    assert (told[0], told[-1]) == (200, 429)
    again = [client.post("/account/reauthenticate/", {"password": "not this one"}) for _ in range(11)]
    assert again[-1].status_code == 429 or "Too many" in again[-1].content.decode()


def test_there_is_no_way_to_ask_for_a_new_password_by_mail(client: Client, lakeside: Clinic) -> None:
    for path in ("/account/password/reset/", "/account/password/reset/done/", "/account/password/reset/key/1-a/"):
        assert client.post(path, {"email": EMAIL}).status_code in (404, 405)
        assert client.get(path).status_code == 404
    assert browser(lakeside.organization, "coordinator").get(reverse("me")).status_code == 200
