"""Single sign-on against a provider that runs as a process of its own, over real HTTP. (promise F32)"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from leadwell.server import environment
from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Membership, User
from leadwell.server.conftest import Clinic
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.signin.actions import join
from leadwell.server.signin.sessions import SessionStore

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases="__all__")]

EMAIL = "one@example.com"
CLAIMS = {"email": EMAIL, "email_verified": True, "name": "Sample Person"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            requests.get(url, timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield url
    running.terminate()
    running.wait()


@dataclass
class Journey:
    """Somebody's browser: it goes to our page, to the provider, and back."""

    ours: str
    issuer: str
    browser: requests.Session = field(default_factory=requests.Session)

    def person(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def leave(self) -> str:
        """Where the button leads to: the provider's address, with what we ask."""
        page = self.browser.get(f"{self.ours}/account/login/", timeout=10).text
        assert "Sign in with Lakeside" in page
        return str(
            self.browser.get(f"{self.ours}/account/oidc/sso/login/", allow_redirects=False, timeout=10).headers[
                "Location"
            ]
        )

    def consent(self, address: str, subject: str) -> str:
        """The address that the provider sends the browser back to."""
        answer = self.browser.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        return str(answer.headers["Location"])

    def back(self, address: str) -> requests.Response:
        return self.browser.get(address, timeout=20)

    def whole(self, subject: str) -> requests.Response:
        return self.back(self.consent(self.leave(), subject))

    def signed_in(self) -> bool:
        return "_auth_user_id" in self._session()

    def _session(self) -> dict[str, Any]:
        return dict(SessionStore(self.browser.cookies.get("sessionid")).items())


@pytest.fixture
def journey(live_server, issuer: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, lakeside: Clinic) -> Journey:
    for name, value in {"ISSUER": issuer, "CLIENT_ID": "leadwell", "SECRET": "not one", "NAME": "Lakeside"}.items():
        monkeypatch.setenv(f"LEADWELL_SSO_{name}", value)
    settings.SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()
    made = Journey(f"http://localhost:{urlsplit(live_server.url).port}", issuer)
    made.person("subject-1", **CLAIMS)
    return made


def _app(settings: Settings) -> dict[str, Any]:
    app: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]
    return app


def _changed(address: str, **said: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | said
    return urlunsplit(parts._replace(query=urlencode(query)))


@pytest.fixture
def coordinator(lakeside: Clinic) -> Membership:
    return add_member("lakeside", EMAIL, role="coordinator", password="quiet harbour window")


def test_somebody_invited_comes_in_and_is_known_by_subject_from_then_on(
    journey: Journey, coordinator: Membership, lakeside: Clinic
) -> None:
    assert journey.whole("subject-1").url.endswith("/worklist")
    assert journey.signed_in()
    entry = TrailEntry.objects.of(lakeside.number).get(action="signed-in")
    assert (entry.actor, entry.codes) == (coordinator.actor, {"with": "single-sign-on"})
    coordinator.user.refresh_from_db()
    assert coordinator.user.check_password("quiet harbour window")
    journey.person("subject-1", email="renamed@example.com", email_verified=False)
    again = Journey(journey.ours, journey.issuer)
    assert again.whole("subject-1").url.endswith("/worklist")
    kept = SocialAccount.objects.get()
    assert "subject-1" not in kept.uid
    assert kept.extra_data.keys() == {"nonce", "second_factor"}  # of one sign-in each; nothing that names anybody
    assert User.objects.get().email == EMAIL


def test_state_nonce_and_pkce_are_asked_for(journey: Journey) -> None:
    asked = parse_qs(urlsplit(journey.leave()).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]


def test_nobody_is_made_by_signing_in(journey: Journey) -> None:
    answer = journey.whole("subject-1")
    assert "Accounts are made for you" in answer.text
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not journey.signed_in()


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_is_not_verified_opens_nothing(
    journey: Journey, coordinator: Membership, verified: object
) -> None:
    journey.person("subject-2", email=EMAIL, **({"email_verified": verified} if verified is not None else {}))
    assert "Accounts are made for you" in journey.whole("subject-2").text
    assert not journey.signed_in()


def test_whom_an_administrator_joined_to_a_subject_comes_in_without_an_address(
    journey: Journey, coordinator: Membership
) -> None:
    journey.person("subject-3")
    assert "Accounts are made for you" in journey.whole("subject-3").text
    join(coordinator.user, "subject-3")
    assert Journey(journey.ours, journey.issuer).whole("subject-3").url.endswith("/worklist")
    join(coordinator.user, "subject-4")
    gone = Journey(journey.ours, journey.issuer)
    assert "Accounts are made for you" in gone.whole("subject-3").text


def test_a_disabled_user_stays_outside(journey: Journey, coordinator: Membership) -> None:
    assert journey.whole("subject-1").url.endswith("/worklist")
    User.objects.update(is_active=False)
    again = Journey(journey.ours, journey.issuer)
    assert "not active" in again.whole("subject-1").text
    assert not again.signed_in()
    SocialAccount.objects.all().delete()
    never = Journey(journey.ours, journey.issuer)
    assert "Accounts are made for you" in never.whole("subject-1").text
    assert not never.signed_in()


def test_an_answer_that_was_used_is_used_no_more(journey: Journey, coordinator: Membership) -> None:
    address = journey.consent(journey.leave(), "subject-1")
    assert journey.back(address).ok
    again = journey.back(address)
    assert (again.status_code, "could not be trusted" in again.text) == (401, True)


def test_an_answer_to_somebody_elses_browser_is_refused(journey: Journey, coordinator: Membership) -> None:
    address = journey.consent(journey.leave(), "subject-1")
    victim = Journey(journey.ours, journey.issuer)
    assert victim.back(address).status_code == 401
    assert not victim.signed_in()


def test_an_answer_with_another_state_is_refused(journey: Journey, coordinator: Membership) -> None:
    address = journey.consent(journey.leave(), "subject-1")
    assert journey.back(_changed(address, state="x" * 16)).status_code == 401
    assert not journey.signed_in()


def test_a_token_with_another_nonce_is_refused(journey: Journey, coordinator: Membership) -> None:
    address = journey.consent(_changed(journey.leave(), nonce="x" * 32), "subject-1")
    assert journey.back(address).status_code == 401
    assert not journey.signed_in()


def test_a_token_of_another_issuer_is_refused(journey: Journey, coordinator: Membership, settings: Settings) -> None:
    app = _app(settings)
    app["openid_configuration_overrides"] = {"issuer": "https://elsewhere.example"}
    assert journey.whole("subject-1").status_code == 401
    app["openid_configuration_overrides"] = {}
    app["issuer"] = "https://elsewhere.example"
    assert journey.whole("subject-1").status_code == 401
    assert not journey.signed_in()


def test_a_provider_that_does_not_answer_is_said_to(journey: Journey, settings: Settings) -> None:
    _app(settings)["server_url"] = "http://127.0.0.1:9"
    answer = journey.browser.get(f"{journey.ours}/account/oidc/sso/login/", timeout=10)
    assert (answer.status_code, "did not sign you in" in answer.text) == (401, True)


def test_who_stops_at_the_provider_is_told_so(journey: Journey, coordinator: Membership) -> None:
    answer = journey.browser.post(journey.leave(), data={"action": "deny"}, allow_redirects=False, timeout=10)
    state = parse_qs(urlsplit(journey.leave()).query)["state"][0]
    assert "You stopped before" in journey.back(_changed(answer.headers["Location"], state=state)).text


@pytest.mark.parametrize(
    ("claims", "strong", "page"),
    [
        ({}, "", "/second-factor"),
        ({"amr": ["pwd"]}, "", "/second-factor"),
        ({"amr": "mfa"}, "", "/second-factor"),
        ({"amr": ["pwd", "mfa"]}, "", "/inbox"),
        ({"acr": "gold"}, "gold,silver", "/inbox"),
        ({"acr": "bronze"}, "gold,silver", "/second-factor"),
    ],
)
def test_a_second_factor_is_set_up_here_unless_the_provider_asked_for_one(
    journey: Journey, settings: Settings, claims: dict[str, Any], strong: str, page: str
) -> None:
    add_member("lakeside", EMAIL, role="manager", password="quiet harbour window")
    _app(settings)["acr"] = [one for one in strong.split(",") if one]
    journey.person("subject-1", **CLAIMS, **claims)
    assert urlsplit(journey.whole("subject-1").url).path == page


def test_a_second_factor_that_is_set_up_here_is_asked_for(journey: Journey) -> None:
    made = add_member("lakeside", EMAIL, role="manager", password="quiet harbour window")
    TOTP.activate(made.user, generate_totp_secret())
    assert journey.whole("subject-1").url.endswith("/account/2fa/authenticate/")
    assert not journey.signed_in()
    journey.person("subject-1", **CLAIMS, amr=["otp", "mfa"])
    assert Journey(journey.ours, journey.issuer).whole("subject-1").url.endswith("/inbox")


def test_signing_in_by_password_later_asks_for_the_second_factor_again(journey: Journey) -> None:
    add_member("lakeside", EMAIL, role="manager", password="quiet harbour window")
    journey.person("subject-1", **CLAIMS, amr=["mfa"])
    assert journey.whole("subject-1").url.endswith("/inbox")
    page = journey.browser.get(f"{journey.ours}/me", timeout=10).text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    journey.browser.post(f"{journey.ours}/account/logout/", {"csrfmiddlewaretoken": token}, timeout=10)
    login = journey.browser.get(f"{journey.ours}/account/login/", timeout=10).text
    token = login.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    said = {"login": EMAIL, "password": "quiet harbour window", "csrfmiddlewaretoken": token}
    assert journey.browser.post(f"{journey.ours}/account/login/", said, timeout=10).url.endswith("/second-factor")


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({"ISSUER": "https://id.example.com"}, "both"),
        ({"CLIENT_ID": "leadwell"}, "both"),
        ({"ISSUER": "http://id.example.com", "CLIENT_ID": "leadwell"}, "https://"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], about: str
) -> None:
    for name, value in said.items():
        monkeypatch.setenv(f"LEADWELL_SSO_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=about):
        environment.single_sign_on()


def test_without_settings_there_is_no_button(client, db: None) -> None:
    assert "Sign in with Lakeside" not in client.get("/account/login/").content.decode()
    assert client.get("/account/oidc/sso/login/").status_code == 404


@pytest.mark.parametrize("path", ["/account/3rdparty/", "/account/3rdparty/signup/"])
def test_nobody_joins_an_account_by_themselves(client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404
