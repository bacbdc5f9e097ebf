"""A lost second factor is reset, and a password that another one made is changed before all else. (promise F32)"""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from leadwell.server.access import actions
from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Membership, User
from leadwell.server.alerts.kinds import KINDS
from leadwell.server.alerts.models import Alert
from leadwell.server.commands import people
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

OWN = "quiet harbour window"


@pytest.fixture
def admin(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "administrator")


def _reset(admin: Client, one: Membership, reason: str = "lost") -> str:
    page = admin.post(reverse("reset_factor", args=[one.pk]), {"reason": reason}, follow=True)
    return page.content.decode()


def _sign_in(email: str, password: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return client


def test_a_lost_second_factor_is_reset_and_the_officer_is_told(admin: Client, lakeside: Clinic) -> None:
    one = member(lakeside.organization, "analyst")
    theirs = browser(lakeside.organization, "analyst")
    assert theirs.get("/leads").status_code == 200
    assert "Reset. They set up a new one" in _reset(admin, one)
    assert not is_mfa_enabled(User.objects.get(pk=one.user_id))
    assert theirs.get("/leads")["Location"].startswith("/account/login/")
    assert browser(lakeside.organization, "analyst").get("/leads")["Location"] == "/second-factor"
    entry = TrailEntry.objects.get(action="member.second-factor-reset")
    assert (entry.subject, entry.codes) == (one.actor, {"reason": "lost"})
    (alert,) = Alert.objects.of(lakeside.number)
    kind = KINDS[alert.kind]
    assert "An administrator took it away: it was lost." in kind.says(alert.codes)
    officer = browser(lakeside.organization, "privacy-officer")
    assert "second factor was reset" in officer.get("/alerts").content.decode()
    assert officer.get(kind.link(alert.codes)).context["page"].pager.total == 1
    assert "second factor was reset" not in admin.get("/alerts").content.decode()


@pytest.mark.parametrize("reason", ["", "because", "<b>"])
def test_without_a_reason_nothing_is_reset(admin: Client, lakeside: Clinic, reason: str) -> None:
    one = member(lakeside.organization, "analyst")
    assert "Say why" in _reset(admin, one, reason)
    assert Authenticator.objects.filter(user=one.user).exists()
    assert not Alert.objects.exists()


def test_neither_ones_own_nor_none_nor_another_organisations_is_reset(
    admin: Client, lakeside: Clinic, harbor: Clinic
) -> None:
    you, bare = member(lakeside.organization, "administrator"), member(lakeside.organization, "coordinator")
    both = member(lakeside.organization, "manager")
    Membership.objects.create(organization=harbor.organization, user=both.user, role="manager")
    assert "under your account" in _reset(admin, you)
    assert "They have no second factor" in _reset(admin, bare)
    assert "cannot be reset from here" in _reset(admin, both)
    assert not TrailEntry.objects.filter(action="member.second-factor-reset").exists()


def test_by_command_it_is_told_to_every_organisation_of_theirs(lakeside: Clinic, harbor: Clinic) -> None:
    both = member(lakeside.organization, "manager")
    Membership.objects.create(organization=harbor.organization, user=both.user, role="manager")
    typed = ["reset", both.user.email, "--reason"]
    assert CliRunner().invoke(people.app, [*typed, "why"]).exit_code == 2
    assert CliRunner().invoke(people.app, [*typed, "stolen"]).exit_code == 0
    assert CliRunner().invoke(people.app, [*typed, "stolen"]).exit_code == 1
    assert CliRunner().invoke(people.app, ["reset", "nobody@example.com", "--reason", "lost"]).exit_code == 1
    assert sorted(Alert.objects.values_list("organization", "kind")) == sorted(
        [(lakeside.number, "second-factor"), (harbor.number, "second-factor")]
    )
    assert not Authenticator.objects.filter(user=both.user).exists()


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_a_given_password_is_changed_before_anything_is_seen(lakeside: Clinic, role: str) -> None:
    given = actions.new_password(add_member("lakeside", "one@example.com", role=role, password=OWN))
    client = _sign_in("one@example.com", given)
    for path in ("/", "/inbox", "/leads", "/me"):
        assert client.get(path)["Location"] == "/account/password/change/"
    page = client.get("/account/password/change/").content.decode()
    assert "Choose a password of your own" in page
    assert "/leads" not in page
    said = {"oldpassword": given, "password1": given, "password2": given}
    assert "Choose another one" in client.post("/account/password/change/", said).content.decode()
    said |= {"password1": "another quiet window", "password2": "another quiet window"}
    assert client.post("/account/password/change/", said)["Location"] == "/"
    assert client.get("/me").status_code == (200 if role == "coordinator" else 302)
    assert client.get("/me").get("Location", "/second-factor") == "/second-factor"
    assert not User.objects.get(email="one@example.com").password_given


def test_a_password_of_ones_own_need_not_be_changed(lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="coordinator", password=OWN)
    assert _sign_in("one@example.com", OWN).get("/leads").status_code == 200


def test_whoever_came_by_another_way_may_never_have_been_told_it(lakeside: Clinic) -> None:
    made = add_member("lakeside", "one@example.com", role="coordinator", password=OWN)
    actions.new_password(made)
    client = Client()
    client.force_login(User.objects.get(pk=made.user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/leads").status_code == 302
    session = client.session
    session["account_authentication_methods_user"] = str(made.user_id)
    session["account_authentication_methods"] = [{"method": "mfa", "at": 1, "type": "webauthn", "passwordless": True}]
    session.save()
    assert client.get("/leads").status_code == 200


def test_a_password_made_by_command_is_one_to_be_changed(lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="coordinator", password=OWN)
    CliRunner().invoke(people.app, ["password", "one@example.com"])
    assert User.objects.get(email="one@example.com").password_given
