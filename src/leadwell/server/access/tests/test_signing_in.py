"""Sign-in, the second factor, which organisation, and a screen left alone. (promise F32)"""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from leadwell.server.access.actions import add_member
from leadwell.server.access.idle import SEEN
from leadwell.server.access.models import Membership
from leadwell.server.access.needs import ONE_FACTOR_IS_ENOUGH
from leadwell.server.access.roles import Role
from leadwell.server.conftest import Clinic, browser, member

pytestmark = pytest.mark.django_db(databases="__all__")

PASSWORD = "quiet harbour window"


def _sign_in(client: Client, email: str, password: str = PASSWORD) -> str:
    answer = client.post("/account/login/", {"login": email, "password": password})
    return answer.get("Location", str(answer.status_code))


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_coordinator_signs_in_with_a_password(client: Client, lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="coordinator", password=PASSWORD)
    assert _sign_in(client, "one@example.com") == "/"
    assert client.get("/me").status_code == 200


def test_a_wrong_password_says_so_and_not_which_of_the_two(client: Client, lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="coordinator", password=PASSWORD)
    told = [
        client.post("/account/login/", {"login": email, "password": "something else"}).content.decode()
        for email in ("one@example.com", "nobody@example.com")
    ]
    assert all("One thing is not right" in page and "not correct" in page for page in told)


@pytest.mark.parametrize("role", [role for role in Role if role not in ONE_FACTOR_IS_ENOUGH])
def test_a_role_that_sees_more_must_set_up_a_second_factor(client: Client, lakeside: Clinic, role: str) -> None:
    add_member("lakeside", "one@example.com", role=role, password=PASSWORD)
    _sign_in(client, "one@example.com")
    assert client.get("/me")["Location"] == "/second-factor"
    page = client.get("/second-factor").content.decode()
    assert Role(role).label.lower() in page
    assert reverse("mfa_activate_totp") in page


def test_an_authenticator_app_is_set_up_and_asked_for_at_the_next_sign_in(client: Client, lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="manager", password=PASSWORD)
    _sign_in(client, "one@example.com")
    again = client.get("/account/2fa/totp/activate/")["Location"]
    assert client.get(again).status_code == 200
    assert client.post(again, {"password": PASSWORD})["Location"] == "/account/2fa/totp/activate/"
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    answer = client.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(answer["Location"]).status_code == 200
    assert client.get("/me").status_code == 200
    client.post("/account/logout/")
    assert _sign_in(client, "one@example.com") == "/account/2fa/authenticate/"
    assert client.get("/me")["Location"].startswith("/account/login/")
    assert client.get("/account/2fa/authenticate/").status_code == 200
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert client.post("/account/2fa/authenticate/", {"code": recovery})["Location"] == "/"


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_whoever_came_in_before_there_was_a_second_factor_is_out(client: Client, lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="manager", password=PASSWORD)
    stolen = Client()  # with the password alone
    for one in (stolen, client):
        _sign_in(one, "one@example.com")
    again = client.get("/account/2fa/totp/activate/")["Location"]
    client.post(again, {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    assert client.post("/account/2fa/totp/activate/", {"code": _code(secret)}).status_code == 302
    assert client.get("/inbox").status_code == 200
    assert stolen.get("/inbox")["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    "path", ["/account/email/", "/account/password/reset/", "/account/password/set/", "/account/confirm-email/"]
)
def test_pages_of_allauth_that_have_no_use_are_closed(lakeside: Clinic, path: str) -> None:
    assert browser(lakeside.organization, "coordinator").get(path).status_code == 404


def test_nobody_signs_up_by_themselves(client: Client, lakeside: Clinic) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert "Accounts are made for you" in client.post("/account/signup/", form).content.decode()
    assert not Membership.objects.filter(user__email="new@example.com").exists()


def test_whoever_works_for_two_organisations_chooses_one(lakeside: Clinic, harbor: Clinic) -> None:
    client = browser(lakeside.organization, "coordinator")
    user = member(lakeside.organization, "coordinator").user
    Membership.objects.create(organization=harbor.organization, user=user, role="coordinator")
    assert client.get("/me")["Location"] == "/organization"
    page = client.get("/organization").content.decode()
    assert harbor.organization.name in page
    assert client.post("/organization", {"organization": harbor.number}).status_code == 302
    assert client.get("/me").wsgi_request.member.organization == harbor.organization


@pytest.mark.parametrize("number", ["", "x", "999", "-1", "1e3", "\u00b2", "\u0663", "9" * 18, "9" * 19, "9" * 5_000])
def test_an_organisation_where_one_does_not_work_cannot_be_chosen(lakeside: Clinic, number: str) -> None:
    client = browser(lakeside.organization, "coordinator")
    assert client.post("/organization", {"organization": number}).status_code == 404


def test_a_screen_left_alone_is_signed_out(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "coordinator")
    assert client.get("/me").status_code == 200
    session = client.session
    session[SEEN] = time.time() - 14 * 60
    session.save()
    client.cookies.pop(SEEN, None)
    assert client.get("/me").status_code == 200
    session = client.session
    session[SEEN] = time.time() - 15 * 60
    session.save()
    client.cookies.pop(SEEN, None)
    assert client.get("/me?a=1")["Location"] == "/account/login/?left=1&next=%2Fme%3Fa%3D1"
    assert client.get("/me")["Location"].startswith("/account/login/")
    assert "nothing was done for a while" in client.get("/account/login/?left=1").content.decode()


def test_staying_signed_in_counts_as_being_there(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "coordinator")
    assert client.get("/stay", headers={"X-Stay": "1"}).status_code == 204
    assert client.get("/stay").status_code == 302


def test_pages_about_people_are_kept_by_no_browser(lakeside: Clinic) -> None:
    assert browser(lakeside.organization, "coordinator").get("/me")["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("coordinator", "/worklist"),
        ("intake-lead", "/worklist"),
        ("manager", "/inbox"),
        ("marketing", "/sources"),
        ("analyst", "/ledger"),
        ("privacy-officer", "/alerts"),
        ("administrator", "/people"),
    ],
)
def test_each_role_begins_with_what_it_works_with(lakeside: Clinic, role: str, page: str) -> None:
    assert browser(lakeside.organization, role).get("/")["Location"] == page
