"""Who came and went, and what was refused, stands in the trail by number, and nothing else of anybody. (promise F33)"""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from leadwell.server.access.actions import add_member
from leadwell.server.access.idle import SEEN
from leadwell.server.access.models import Membership
from leadwell.server.conftest import Clinic
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import verify

pytestmark = pytest.mark.django_db(databases="__all__")

PASSWORD = "quiet harbour window"
EMAIL = "one@example.com"


@pytest.fixture
def somebody(lakeside: Clinic) -> Membership:
    return add_member("lakeside", EMAIL, role="coordinator", name="Sample Person", password=PASSWORD)


def _sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post("/account/login/", {"login": EMAIL, "password": password}).status_code


def _trail(clinic: Clinic) -> list[tuple[str, str, dict[str, str]]]:
    return list(TrailEntry.objects.of(clinic.number).order_by("number").values_list("actor", "action", "codes"))


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_coming_and_going(client: Client, lakeside: Clinic, somebody: Membership) -> None:
    _sign_in(client)
    client.post("/account/logout/")
    assert _trail(lakeside) == [
        (somebody.actor, "signed-in", {"with": "password"}),
        (somebody.actor, "signed-out", {}),
    ]


def test_a_screen_left_alone_says_why_it_went(client: Client, lakeside: Clinic, somebody: Membership) -> None:
    _sign_in(client)
    session = client.session
    session[SEEN] = time.time() - 15 * 60 - 1
    session.save()
    client.cookies.pop(SEEN, None)
    client.get("/me")
    assert _trail(lakeside)[-1] == (somebody.actor, "signed-out", {"why": "idle"})


def test_what_failed_and_was_locked_out_is_a_visitors_doing(
    client: Client, lakeside: Clinic, somebody: Membership
) -> None:
    for _ in range(9):
        cache.clear()  # the quicker limit, of 5 in 5 minutes, is tested beside
        _sign_in(client, "not this one")
    assert {actor for actor, *_ in _trail(lakeside)} == {"visitor"}
    assert [action for _, action, _ in _trail(lakeside)].count("sign-in.failed") >= 8
    assert "sign-in.locked" in [action for _, action, _ in _trail(lakeside)]
    assert set(TrailEntry.objects.of(lakeside.number).values_list("subject", flat=True)) == {somebody.actor}


def test_an_address_of_nobody_is_in_no_trail(client: Client, lakeside: Clinic) -> None:
    client.post("/account/login/", {"login": "nobody@example.com", "password": PASSWORD})
    assert _trail(lakeside) == []


def test_a_second_factor_added_used_failed_and_removed(
    client: Client,
    lakeside: Clinic,
    somebody: Membership,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    _sign_in(client)
    client.post(client.get("/account/2fa/totp/activate/")["Location"], {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    client.post("/account/logout/")
    _sign_in(client)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    cache.clear()
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    client.post("/account/2fa/authenticate/", {"code": recovery})
    client.post("/account/reauthenticate/?next=/account/2fa/totp/deactivate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    did = [(action, codes.get("kind")) for _, action, codes in _trail(lakeside) if action.startswith("second")]
    assert did == [
        ("second-factor.added", "app"), ("second-factor.added", "recovery-codes"), ("second-factor.failed", None),
        ("second-factor.used", "recovery-codes"), ("second-factor.removed", "app"),
        ("second-factor.removed", "recovery-codes"),
    ]  # fmt: skip
    assert ("signed-in", "password, recovery-codes") in [(a, codes.get("with")) for _, a, codes in _trail(lakeside)]


def test_a_password_changed(client: Client, lakeside: Clinic, somebody: Membership) -> None:
    _sign_in(client)
    new = {"oldpassword": PASSWORD, "password1": "another quiet window", "password2": "another quiet window"}
    assert client.post("/account/password/change/", new).status_code == 302
    assert (somebody.actor, "password.changed", {}) in _trail(lakeside)


def test_whoever_works_for_two_organisations_is_in_both_trails(
    client: Client, lakeside: Clinic, harbor: Clinic, somebody: Membership
) -> None:
    there = Membership.objects.create(organization=harbor.organization, user=somebody.user, role="coordinator")
    _sign_in(client)
    assert _trail(harbor) == [(there.actor, "signed-in", {"with": "password"})]


def test_the_chain_is_whole_and_names_nobody(client: Client, lakeside: Clinic, somebody: Membership) -> None:
    TOTP.activate(somebody.user, generate_totp_secret())
    _sign_in(client, "not this one")
    _sign_in(client)
    client.post("/account/logout/")
    told = str(list(TrailEntry.objects.of(lakeside.number).values("actor", "action", "subject", "codes")))
    assert not any(part in told for part in ("Sample", "@", "example", "127.0.0.1", "not this one"))
    assert verify(lakeside.number).broken_at is None
