"""Who may be one person is shown side by side with the weights; what somebody says is not asked again. (promise A8)"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base import bulk
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Joined, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.tests.test_asking_again import KNEE, closed, sent
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Doubt, Person, PersonLink
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

HOME = {"full_name": "Robert Johnson", "zip": "60201", "address": "12 Elm Street", "city": "Evanston"}
FIRST = KNEE | HOME | {"phone": "", "email": ""}
SECOND = FIRST | {"birth_date": ""}


def two_unsure(clinic: Clinic) -> tuple[Lead, Lead, Doubt]:
    sent(clinic, FIRST, SECOND)
    first, second = Lead.objects.of(clinic.number).order_by("received_at")
    return first, second, Doubt.objects.of(clinic.number).get()


def said(clinic: Clinic, doubt: Doubt, what: str) -> None:
    client = browser(clinic.organization, "coordinator")
    client.post(f"/persons/{doubt.one}/same/say", {"other": str(doubt.other), "said": what})


def test_they_are_listed_and_shown_side_by_side_with_their_weights(lakeside: Clinic) -> None:
    _, _, doubt = two_unsure(lakeside)
    client = browser(lakeside.organization, "coordinator")
    page = client.get("/persons/doubts")
    (pair,) = page.context["page"].pairs
    assert {pair.one.number, pair.other.number} == {doubt.one, doubt.other}
    beside = client.get(f"/persons/{doubt.one}/same?other={doubt.other}").content.decode()
    assert "same given name (+" in beside
    assert "They are two" in beside
    assert "12 Elm Street" in beside
    entry = TrailEntry.objects.of(lakeside.number).filter(action="person.compared").first()
    assert set(entry.codes["shown"]) == {f"person/{doubt.one}", f"person/{doubt.other}"}


@pytest.mark.parametrize("what", ["two", "household"])
def test_not_the_same_frees_the_lead_and_is_never_asked_or_linked_again(lakeside: Clinic, what: str) -> None:
    first, second, doubt = two_unsure(lakeside)
    said(lakeside, doubt, what)
    second.refresh_from_db()
    assert (second.may_repeat, second.disposition == "review") == (None, False)
    sent(lakeside, SECOND | {"phone": "312-555-0190"})
    groups = linked(lakeside.number, [first.person_id, second.person_id])
    assert second.person_id not in groups[first.person_id]
    assert not Doubt.objects.filter(one=doubt.one, other=doubt.other, said="").exists()
    page = browser(lakeside.organization, "coordinator").get(f"/persons/{doubt.one}")
    assert [one.why for one in page.context["page"].related] == (["of one household"] if what == "household" else [])


def test_the_same_links_them_and_the_later_lead_follows_the_first(lakeside: Clinic) -> None:
    first, second, doubt = two_unsure(lakeside)
    client = browser(lakeside.organization, "coordinator")
    client.post(f"/persons/{doubt.one}/same/link", {"other": str(doubt.other)})
    second.refresh_from_db()
    assert (second.may_repeat, second.same_person_as) == (None, first.pk)
    assert client.get("/persons/doubts").context["page"].pairs == ()


def test_what_joined_can_be_made_a_lead_of_its_own_again(lakeside: Clinic) -> None:
    sent(lakeside, KNEE, KNEE | {"message": "Knee again, and I have Aetna now", "payer": "Aetna"})
    (lead,) = Lead.objects.all()
    joined = Joined.objects.get()
    client = browser(lakeside.organization, "coordinator")
    assert "Make it a lead of its own" in client.get(f"/leads/{lead.pk}").content.decode()
    client.post(f"/leads/{lead.pk}/part", {"joined": str(joined.pk)})
    first, second = Lead.objects.order_by("received_at")
    assert columns_of(first) == KNEE
    assert (columns_of(second)["payer"], second.person_id) == ("Aetna", joined.person_id)
    assert {one.state for one in Submission.objects.all()} == {State.ASSESSED}
    assert closed(lakeside)
    client.post(f"/leads/{lead.pk}/part", {"joined": str(joined.pk)})
    assert Lead.objects.count() == 2


def test_an_engines_link_is_shown_with_its_weights_and_undone(lakeside: Clinic) -> None:
    sent(lakeside, KNEE, KNEE | {"page": "/knee"})
    link = PersonLink.objects.get()
    client = browser(lakeside.organization, "coordinator")
    page = client.get(f"/persons/{link.one}/same").content.decode()
    assert "Same phone (+" in page
    assert "Leadwell itself" in page
    client.post(f"/persons/{link.one}/same/undo", {"link": str(link.pk)})
    assert linked(lakeside.number, [link.one])[link.one] == {link.one}
    sent(lakeside, KNEE | {"message": "once more"})
    assert link.other not in linked(lakeside.number, [link.one])[link.one]


@pytest.mark.parametrize("said_", ["", "same", "nonsense"])
def test_what_is_no_answer_is_none(lakeside: Clinic, said_: str) -> None:
    _, _, doubt = two_unsure(lakeside)
    said(lakeside, doubt, said_)
    doubt.refresh_from_db()
    assert doubt.said == ""


@pytest.mark.parametrize("role", [role for role in Role if May.LINK_PEOPLE not in ALLOWED[role]])
def test_a_role_that_may_not_sees_no_doubts(lakeside: Clinic, role: str) -> None:
    assert browser(lakeside.organization, role).get("/persons/doubts").status_code == 403


def test_the_page_asks_as_many_questions_for_many_as_for_one(
    lakeside: Clinic, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    now, client = timezone.now(), browser(lakeside.organization, "coordinator")
    people = [Person(organization_id=lakeside.number, created_at=now, sealed=b"") for _ in range(40)]
    bulk.insert(people)
    pairs = zip(people[::2], people[1::2], strict=True)
    bulk.insert([Doubt(organization_id=lakeside.number, one=a.pk, other=b.pk, at=now, sealed=b"") for a, b in pairs])
    client.get("/persons/doubts")
    with django_assert_max_num_queries(20):
        assert len(client.get("/persons/doubts").context["page"].pairs) == 20


def test_whoever_waits_further_down_is_on_a_page_of_the_list(lakeside: Clinic) -> None:
    now, client = timezone.now(), browser(lakeside.organization, "coordinator")
    people = [Person(organization_id=lakeside.number, created_at=now, sealed=b"") for _ in range(110)]
    bulk.insert(people)
    pairs = zip(people[::2], people[1::2], strict=True)
    bulk.insert([Doubt(organization_id=lakeside.number, one=a.pk, other=b.pk, at=now, sealed=b"") for a, b in pairs])
    first = client.get("/persons/doubts")
    assert "1 to 50 of 55 pairs" in first.content.decode()
    second = client.get("/persons/doubts?page=2").context["page"].pairs
    assert len({*first.context["page"].pairs, *second}) == 55
    assert len(client.get("/review?tab=duplicates&page=2").context["page"].rows) == 5


@pytest.mark.parametrize("first", ["link", "say"])
def test_of_two_who_decide_at_one_moment_one_wins_and_the_other_is_told(lakeside: Clinic, first: str) -> None:
    _, _, doubt = two_unsure(lakeside)
    where, other = f"/persons/{doubt.one}/same", str(doubt.other)
    dana, helen = browser(lakeside.organization, "coordinator"), browser(lakeside.organization, "manager")
    seen = [client.get(f"{where}?other={other}").context["page"].seen for client in (dana, helen)]
    answers = {"link": {"other": other}, "say": {"other": other, "said": "two"}}
    second = "say" if first == "link" else "link"
    dana.post(f"{where}/{first}", answers[first] | {"seen": seen[0]})
    told = helen.post(f"{where}/{second}", answers[second] | {"seen": seen[1]}, follow=True).content.decode()
    assert f"was first: they are {'one person' if first == 'link' else 'two'}." in told
    doubt.refresh_from_db()
    assert (doubt.said, PersonLink.objects.filter(undone_at=None).exists()) == (
        ("same", True) if first == "link" else ("two", False)
    )


def test_two_of_whom_something_is_said_already_are_said_to_be_something_else(lakeside: Clinic) -> None:
    _, _, doubt = two_unsure(lakeside)
    said(lakeside, doubt, "two")
    client = browser(lakeside.organization, "coordinator")
    where = f"/persons/{doubt.one}/same"
    seen = client.get(f"{where}?other={doubt.other}").context["page"].seen
    client.post(f"{where}/link", {"other": str(doubt.other), "seen": seen})
    assert linked(lakeside.number, [doubt.one])[doubt.one] == {doubt.one, doubt.other}
