"""An administrator adds people, changes roles and makes keys; every change is in the trail. (promise F32)"""

import pytest
from django.test import Client
from django.urls import reverse

from leadwell.server.access import actions
from leadwell.server.access.keys import known_key
from leadwell.server.access.models import ApiKey, Invitation, Membership, User
from leadwell.server.alerts.models import Alert
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

NEW = {"name": "New Sample", "email": "New@example.com", "role": "coordinator"}


@pytest.fixture
def admin(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "administrator")


def _actions() -> list[str]:
    return list(TrailEntry.objects.order_by("number").values_list("action", flat=True))


def test_somebody_is_invited_with_a_code_shown_once(admin: Client) -> None:
    answer = admin.post("/people", NEW)
    secret = answer.context["page"].secret.text
    assert secret in answer.content.decode()
    page = admin.get("/people")
    assert secret not in page.content.decode()
    assert [one.email for one in page.context["page"].invited] == ["new@example.com"]
    assert not User.objects.filter(email="new@example.com").exists()
    assert _actions() == ["member.invited"]


def test_an_invitation_is_withdrawn(admin: Client) -> None:
    code = admin.post("/people", NEW).context["page"].secret.text
    admin.post(reverse("withdraw_invitation", args=[Invitation.objects.get().pk]))
    answer = Client().post("/join", {"code": code, "password": "quiet harbour window"})
    assert (answer.status_code, User.objects.filter(email="new@example.com").exists()) == (400, False)
    assert _actions() == ["member.invited", "invitation.withdrawn"]


@pytest.mark.parametrize("wrong", [{"email": "nonsense"}, {"role": "owner"}, {"name": ""}, {"email": ""}])
def test_somebody_without_what_is_needed_is_not_added(admin: Client, wrong: dict[str, str]) -> None:
    answer = admin.post("/people", {**NEW, **wrong})
    assert answer.status_code == 400
    assert "not right" in answer.content.decode()
    assert _actions() == []


def test_whoever_works_here_already_is_not_added_again(admin: Client, lakeside: Clinic) -> None:
    there = member(lakeside.organization, "manager")
    answer = admin.post("/people", {**NEW, "email": there.user.email})
    assert "They work here already" in answer.content.decode()
    there.refresh_from_db()
    assert there.role == "manager"


def test_a_role_is_changed_and_somebody_is_removed(admin: Client, lakeside: Clinic) -> None:
    one = member(lakeside.organization, "analyst")
    admin.post(reverse("change_role", args=[one.pk]), {"role": "marketing"})
    one.refresh_from_db()
    assert one.role == "marketing"
    admin.post(reverse("remove_member", args=[one.pk]))
    assert not Membership.objects.filter(pk=one.pk).exists()
    assert _actions() == ["member.role-changed", "member.removed"]
    assert TrailEntry.objects.first().subject == one.actor


def test_the_last_administrator_stays_one(admin: Client, lakeside: Clinic) -> None:
    you = member(lakeside.organization, "administrator")
    for name, data in (("change_role", {"role": "analyst"}), ("remove_member", {}), ("change_role", {"role": "x"})):
        admin.post(reverse(name, args=[you.pk]), data)
    you.refresh_from_db()
    assert you.role == "administrator"
    assert _actions() == []


def test_two_administrators_who_take_each_others_role_leave_one(admin: Client, lakeside: Clinic) -> None:
    you, other = member(lakeside.organization, "administrator"), member(lakeside.organization, "analyst")
    actions.change_role(other, "administrator")
    stale = Membership.objects.get(pk=other.pk), Membership.objects.get(pk=you.pk)
    actions.change_role(stale[0], "analyst")
    with pytest.raises(actions.Refused):
        actions.change_role(stale[1], "analyst")
    with pytest.raises(actions.Refused):
        actions.remove_member(stale[1])


def test_a_forgotten_password_is_replaced(admin: Client, lakeside: Clinic) -> None:
    one = member(lakeside.organization, "coordinator")
    answer = admin.post(reverse("new_password", args=[one.pk]))
    one.user.refresh_from_db()
    assert one.user.check_password(answer.context["page"].secret.text)
    assert _actions() == ["member.password-changed"]
    (alert,) = Alert.objects.of(lakeside.number)
    assert (alert.kind, alert.codes) == ("password", {"user": one.user_id, "by": "user"})
    page = browser(lakeside.organization, "privacy-officer").get("/alerts").content.decode()
    assert "Somebody was given a new password" in page
    assert "Somebody was given a new password" not in admin.get("/alerts").content.decode()


def test_a_key_is_made_shown_once_and_revoked(admin: Client) -> None:
    answer = admin.post("/keys", {"name": "website", "scopes": ["leads:write"], "days": "30"})
    text = answer.context["page"].secret.text
    made = known_key(text)
    assert made is not None
    assert (made.name, made.scopes) == ("website", ["leads:write"])
    assert text not in admin.get("/keys").content.decode()
    admin.post(reverse("revoke_key", args=[made.handle]))
    assert known_key(text) is None
    assert "Revoked" in admin.get("/keys").content.decode()
    assert _actions() == ["key.made", "key.revoked"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["leads:everything"]}, {"days": "0"}])
def test_a_key_without_what_it_needs_is_not_made(admin: Client, wrong: dict[str, object]) -> None:
    before = ApiKey.objects.count()
    answer = admin.post("/keys", {"name": "x", "scopes": ["leads:read"], "days": "", **wrong})
    assert (answer.status_code, ApiKey.objects.count()) == (400, before)
