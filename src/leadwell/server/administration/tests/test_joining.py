"""Somebody works for a second organisation once they accept it themselves; nobody else can for them. (promise F32)"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from leadwell.server.access.actions import KnownAlready, add_member, add_organization
from leadwell.server.access.invitations import invite
from leadwell.server.access.models import Invitation, Membership, User
from leadwell.server.conftest import Clinic, browser
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

EMAIL = "newhire@example.com"
THEIRS, FRESH = "quiet harbour window", "seven lanterns in june"


def invited(clinic: Clinic, role: str = "coordinator") -> str:
    said = {"name": "New Hire", "email": EMAIL, "role": role}
    answer = browser(clinic.organization, "administrator").post("/people", said)
    return str(answer.context["page"].secret.text)


def signed_in(password: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": EMAIL, "password": password})
    return client


def works_for() -> set[str]:
    return set(Membership.objects.filter(user__email=EMAIL).values_list("organization__slug", flat=True))


@pytest.fixture
def harbors(harbor: Clinic) -> User:
    """Somebody who works for Harbor."""
    return add_member("harbor", EMAIL, role="coordinator", name="Real Name", password=THEIRS).user


def test_somebody_new_accepts_with_the_code_and_chooses_a_password(lakeside: Clinic) -> None:
    code = invited(lakeside)
    answer = Client().post("/join", {"code": code.upper(), "password": FRESH})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert signed_in(FRESH).get("/inbox").status_code == 200
    entry = TrailEntry.objects.of(lakeside.number).get(action="member.joined")
    assert (entry.actor, entry.codes["role"]) == (entry.subject, "coordinator")


def test_a_code_is_of_use_once_and_for_seven_days(lakeside: Clinic) -> None:
    code = invited(lakeside)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post("/join", {"code": code, "password": FRESH}).status_code == 400
    code = invited(lakeside)
    assert Client().post("/join", {"code": code, "password": FRESH}).status_code == 302
    assert Client().post("/join", {"code": code, "password": THEIRS}).status_code == 400
    assert signed_in(FRESH).get("/inbox").status_code == 200


def test_whoever_knows_a_password_of_another_organisations_making_comes_into_no_other(
    lakeside: Clinic, harbors: User
) -> None:
    invited(lakeside, role="manager")
    client = signed_in(THEIRS)
    assert client.post("/organization", {"organization": lakeside.number}).status_code == 404
    assert client.get("/inbox").context["shell"].organization == "harbor"
    assert works_for() == {"harbor"}


def test_the_page_says_the_same_of_an_address_that_is_known_elsewhere(lakeside: Clinic, harbors: User) -> None:
    admin = browser(lakeside.organization, "administrator")
    pages = []
    for email in (EMAIL, "nobody@example.com"):
        answer = admin.post("/people", {"name": "New Hire", "email": email, "role": "manager"})
        pages.append((answer.status_code, [str(one) for one in answer.context["messages"]]))
        assert "Real Name" not in answer.content.decode()
        assert "Real Name" not in admin.get("/people").content.decode()
    assert pages[0] == pages[1]


def test_an_invitation_disturbs_nobody_at_their_work(lakeside: Clinic, harbors: User) -> None:
    client = signed_in(THEIRS)
    code = invited(lakeside)
    assert client.get("/inbox").status_code == 200
    client.post("/join", {"code": code, "current": THEIRS, "password": FRESH})
    assert client.get("/inbox").context["shell"].organization == "harbor"


def test_whoever_has_an_account_accepts_signed_in_with_a_password_that_nobody_has_known(
    lakeside: Clinic, harbors: User
) -> None:
    code, before, elsewhere = invited(lakeside), signed_in(THEIRS), signed_in(THEIRS)
    for said in ({"current": "a guess of somebody", "password": FRESH}, {"current": THEIRS, "password": THEIRS}):
        assert before.post("/join", {"code": code, **said}).status_code == 400
    assert works_for() == {"harbor"}
    assert before.post("/join", {"code": code, "current": THEIRS, "password": FRESH}).status_code == 302
    assert works_for() == {"harbor", "lakeside"}
    assert before.post("/organization", {"organization": lakeside.number}, follow=True).status_code == 200
    assert elsewhere.get("/inbox").status_code == 302  # whoever came in with the earlier password is out
    assert "Sign in" in signed_in(THEIRS).get("/inbox", follow=True).content.decode()


def test_a_code_makes_no_second_account_of_an_address_and_gives_none_to_others(lakeside: Clinic, harbors: User) -> None:
    code = invited(lakeside)
    assert Client().post("/join", {"code": code, "password": FRESH}).status_code == 400
    said = {"code": code, "current": THEIRS, "password": FRESH}
    assert browser(lakeside.organization, "analyst").post("/join", said).status_code == 400
    assert works_for() == {"harbor"}
    assert TrailEntry.objects.of(lakeside.number).filter(action="invitation.refused").count() == 2


def test_what_somebody_did_before_they_worked_here_is_not_told(lakeside: Clinic, harbors: User) -> None:
    client, code = signed_in(THEIRS), invited(lakeside)
    client.post("/join", {"code": code, "current": THEIRS, "password": FRESH})
    page = browser(lakeside.organization, "administrator").get("/people").context["page"]
    assert next(one for one in page.people if one.email == EMAIL).last_here is None


def test_a_password_that_opens_two_organisations_is_changed_by_neither(lakeside: Clinic, harbors: User) -> None:
    client, code = signed_in(THEIRS), invited(lakeside)
    client.post("/join", {"code": code, "current": THEIRS, "password": FRESH})
    for clinic in ("lakeside", "harbor"):
        organization = add_organization(clinic)
        there = Membership.objects.of(organization).get(user=harbors)
        page = browser(organization, "administrator").post(f"/people/{there.pk}/password", follow=True)
        assert "cannot be changed from here" in page.content.decode()
    harbors.refresh_from_db()
    assert harbors.check_password(FRESH)


def test_the_command_adds_no_account_that_is_known_to_another_organisation(lakeside: Clinic, harbors: User) -> None:
    with pytest.raises(KnownAlready):
        add_member("lakeside", EMAIL, role="manager", password=FRESH)
    assert works_for() == {"harbor"}
    add_member("harbor", EMAIL, role="analyst")
    assert Membership.objects.get(user=harbors).role == "analyst"


def test_a_new_invitation_takes_the_place_of_the_one_before(lakeside: Clinic) -> None:
    first, (_, second) = invited(lakeside), invite(lakeside.organization, EMAIL, role="manager")
    assert Client().post("/join", {"code": first, "password": FRESH}).status_code == 400
    assert Client().post("/join", {"code": second, "password": FRESH}).status_code == 302
    assert Membership.objects.get(user__email=EMAIL).role == "manager"
