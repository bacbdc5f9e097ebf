"""Break-glass: one person, a quarter of an hour, with a reason; the officer is told at once. (45 CFR 164.312)"""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.alerts.kinds import KINDS
from leadwell.server.alerts.models import Alert
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.people.emergency import NotOpened, open_identity
from leadwell.server.people.models import Emergency
from leadwell.server.people.queries import sees
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

WHY = "She fell in the waiting room and her husband must be called."
HIDDEN = [role for role in Role.values if May.SEE_IDENTITIES not in ALLOWED[role]]
SHOWN = [role for role in Role.values if role not in HIDDEN]


def enquiry(clinic: Clinic, name: str = "Anabel Quillfeather") -> Lead:
    columns = {"full_name": name, "phone": "312-555-0147", "message": "knee replacement please"}
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    return Lead.objects.of(clinic.number).order_by("-received_at")[0]


def test_some_roles_are_shown_no_identities() -> None:
    assert HIDDEN == ["marketing", "analyst", "administrator"]


@pytest.mark.parametrize("role", HIDDEN)
def test_a_role_that_sees_no_names_opens_one_with_a_reason_and_is_seen_doing_so(lakeside: Clinic, role: str) -> None:
    lead, client = enquiry(lakeside), browser(lakeside.organization, role)
    assert "Quillfeather" not in client.get(f"/leads/{lead.pk}").content.decode()
    opened = client.post(f"/persons/{lead.person_id}/emergency", {"reason": WHY}, follow=True)
    assert "Quillfeather" in opened.content.decode()
    page = client.get(f"/leads/{lead.pk}").content.decode()
    assert "Quillfeather" in page
    assert "You have opened an identity in an emergency." in page
    (alert,) = Alert.objects.of(lakeside.number)
    assert (alert.kind, alert.open, Role(role).label.lower() in KINDS["emergency"].says(alert.codes)) == (
        "emergency", True, True,
    )  # fmt: skip
    assert "opened in an emergency" in browser(lakeside.organization, "privacy-officer").get("/inbox").content.decode()


@pytest.mark.parametrize("role", SHOWN)
def test_a_role_that_sees_names_has_nothing_to_open(lakeside: Clinic, role: str) -> None:
    lead = enquiry(lakeside)
    answer = browser(lakeside.organization, role).post(f"/persons/{lead.person_id}/emergency", {"reason": WHY})
    assert (answer.status_code, answer["Location"]) == (302, f"/persons/{lead.person_id}")
    assert not Emergency.objects.exists()
    with pytest.raises(NotOpened):
        open_identity(member(lakeside.organization, role), lead.person_id, WHY)


@pytest.mark.parametrize("reason", ["", "   ", "urgent", " a  b  c  d "])
@pytest.mark.parametrize("role", HIDDEN)
def test_without_a_reason_it_is_refused(lakeside: Clinic, role: str, reason: str) -> None:
    lead, client = enquiry(lakeside), browser(lakeside.organization, role)
    answer = client.post(f"/persons/{lead.person_id}/emergency", {"reason": reason})
    assert answer.status_code == 400
    assert "Say why you need it" in answer.content.decode()
    assert client.get(f"/persons/{lead.person_id}").status_code == 403
    assert not (Emergency.objects.exists() or Alert.objects.exists())


@pytest.mark.parametrize(("minutes", "seconds", "open_"), [(14, 59, True), (15, 0, False)])
def test_it_ends_by_itself_after_a_quarter_of_an_hour(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, minutes: int, seconds: int, open_: bool
) -> None:
    lead, marketing = enquiry(lakeside), member(lakeside.organization, "marketing")
    at = open_identity(marketing, lead.person_id, WHY).opened_at
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=minutes, seconds=seconds))
    assert sees(marketing, lead.person_id) is open_


def test_it_ends_with_signing_out_and_holds_in_one_session_alone(lakeside: Clinic) -> None:
    lead, client = enquiry(lakeside), browser(lakeside.organization, "marketing")
    person = f"/persons/{lead.person_id}"
    client.post(f"{person}/emergency", {"reason": WHY})
    assert client.get(person).status_code == 200
    assert browser(lakeside.organization, "marketing").get(person).status_code == 403
    client.post("/account/logout/")
    assert TrailEntry.objects.of(lakeside.number).filter(action="identity.closed").count() == 1
    assert Emergency.objects.get().until <= timezone.now()
    assert browser(lakeside.organization, "marketing").get(person).status_code == 403


@pytest.mark.parametrize("role", HIDDEN)
def test_it_leads_back_to_the_lead_and_names_stand_in_the_list_meanwhile(lakeside: Clinic, role: str) -> None:
    lead, other = enquiry(lakeside), enquiry(lakeside, "Benedict Marrowby")
    client = browser(lakeside.organization, role)
    assert f"/persons/{lead.person_id}/emergency?lead={lead.pk}" in client.get(f"/leads/{lead.pk}").content.decode()
    asked = client.get(f"/persons/{lead.person_id}/emergency?lead={lead.pk}").content.decode()
    assert asked.count(f'href="/leads/{lead.pk}"') == 2
    said = {"reason": WHY, "lead": lead.pk}
    assert client.post(f"/persons/{lead.person_id}/emergency", said)["Location"] == f"/leads/{lead.pk}"
    listed = client.get("/leads").content.decode()
    assert ("Quillfeather" in listed, "Marrowby" in listed) == (True, False)
    entry = TrailEntry.objects.of(lakeside.number).get(action="lead.listed")
    assert entry.codes["shown"] == [f"lead/{lead.pk}"]
    assert "Marrowby" not in client.get(f"/leads/{other.pk}").content.decode()
    assert client.post("/emergency/close", {"back": "/leads?tab=verify"})["Location"] == "/leads?tab=verify"
    assert "Quillfeather" not in client.get("/leads").content.decode()


@pytest.mark.parametrize(
    "back", ["", "//elsewhere.example", "https://elsewhere.example/", "/nothing", "persons", "/\\x"]
)
def test_closing_leads_nowhere_else(lakeside: Clinic, back: str) -> None:
    client = browser(lakeside.organization, "marketing")
    assert client.post("/emergency/close", {"back": back})["Location"] == "/leads"


def test_closed_on_the_persons_own_page_it_leads_to_the_leads(lakeside: Clinic) -> None:
    lead, client = enquiry(lakeside), browser(lakeside.organization, "analyst")
    client.post(f"/persons/{lead.person_id}/emergency", {"reason": WHY, "lead": "nonsense"})
    assert f'value="/persons/{lead.person_id}"' in client.get(f"/persons/{lead.person_id}").content.decode()
    assert client.post("/emergency/close", {"back": f"/persons/{lead.person_id}"})["Location"] == "/leads"


def test_it_can_be_closed_before(lakeside: Clinic) -> None:
    lead, client = enquiry(lakeside), browser(lakeside.organization, "analyst")
    client.post(f"/persons/{lead.person_id}/emergency", {"reason": WHY})
    client.post("/emergency/close")
    assert "Quillfeather" not in client.get(f"/leads/{lead.pk}").content.decode()
    assert TrailEntry.objects.of(lakeside.number).filter(action="identity.closed").count() == 1


def test_it_opens_that_person_alone_and_to_that_colleague_alone(lakeside: Clinic) -> None:
    lead, other = enquiry(lakeside), enquiry(lakeside, "Bartholomew Nightjar")
    client = browser(lakeside.organization, "marketing")
    client.post(f"/persons/{lead.person_id}/emergency", {"reason": WHY})
    assert "Nightjar" not in client.get(f"/leads/{other.pk}").content.decode()
    assert not {"Quillfeather", "Nightjar"} & set(client.get("/leads").content.decode().split())
    assert not sees(member(lakeside.organization, "analyst"), lead.person_id)


@pytest.mark.parametrize("role", HIDDEN)
def test_it_never_opens_what_is_another_organisations(lakeside: Clinic, harbor: Clinic, role: str) -> None:
    lead, client = enquiry(harbor), browser(lakeside.organization, role)
    assert client.post(f"/persons/{lead.person_id}/emergency", {"reason": WHY}).status_code == 404
    with pytest.raises(NotOpened):
        open_identity(member(lakeside.organization, role), lead.person_id, WHY)
    ours = enquiry(lakeside)
    open_identity(member(lakeside.organization, role), ours.person_id, WHY)
    assert client.get(f"/persons/{lead.person_id}").status_code == 403
    assert client.get(f"/leads/{lead.pk}").status_code == 404


def test_who_works_for_two_sees_it_only_where_it_was_opened(lakeside: Clinic, harbor: Clinic) -> None:
    lead, marketing = enquiry(lakeside), member(lakeside.organization, "marketing")
    open_identity(marketing, lead.person_id, WHY)
    elsewhere = member(harbor.organization, "marketing")
    elsewhere.user = marketing.user
    assert sees(marketing, lead.person_id)
    assert not sees(elsewhere, lead.person_id)


def test_the_reason_is_sealed_read_by_the_privacy_officer_and_goes_with_the_person(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    made = open_identity(member(lakeside.organization, "administrator"), lead.person_id, WHY)
    assert b"waiting room" not in bytes(made.sealed)
    person = f"/persons/{lead.person_id}"
    assert WHY in browser(lakeside.organization, "privacy-officer").get(person).content.decode()
    assert WHY not in browser(lakeside.organization, "coordinator").get(person).content.decode()
    entry = TrailEntry.objects.of(lakeside.number).get(action="identity.opened")
    assert (entry.subject, entry.codes) == (f"person/{lead.person_id}", {"minutes": 15})
    erase(lakeside.number, lead.person_id, actor="user:1")
    made.refresh_from_db()
    assert not made.sealed
