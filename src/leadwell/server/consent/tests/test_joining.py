"""The page on which two are said to be one person: what they stopped together, what closes, linked and undone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base.tests.test_look import inline
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent import likely
from leadwell.server.consent.actions import Given, Proof, give, join, note_wrong, stop
from leadwell.server.consent.models import Inquiry
from leadwell.server.consent.queries import closed_by_joining
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import CLOSED, NOON, OPEN, STAFF, answers, person
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import queued
from leadwell.server.people.linking import link, linked
from leadwell.server.people.models import PersonLink
from leadwell.server.people.queries import identity
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")


def two(clinic: Clinic):
    """The same name, with nothing else in common."""
    return person(clinic), person(clinic, phone="312-555-0199", email="other@example.com")


def page(clinic: Clinic, who, role: str = "coordinator", **query: object):
    return browser(clinic.organization, role).get(f"/persons/{who}/same", query)


def test_whoever_has_the_same_telephone_is_shown_as_likely_and_compared(lakeside: Clinic) -> None:
    one, other = person(lakeside), person(lakeside, email="other@example.com")
    (found,) = page(lakeside, one).context["page"].likely
    assert (found.number, found.why) == (other, "same telephone")
    answer = page(lakeside, one, other=str(other))
    compared = answer.context["page"].compared
    assert {fact.name: fact.same for fact in compared.facts} == {
        "Name": True, "Telephone": True, "E-mail": False, "Address": True,
    }  # fmt: skip
    assert inline(answer.content.decode()) == []
    assert "Anabel" not in answer.content.decode().partition("</title>")[0]


def test_it_says_what_they_stopped_together_and_what_closes_and_that_nothing_is_carried_over(lakeside: Clinic) -> None:
    one, other = two(lakeside)
    stop(lakeside.number, other, Saying("voice", "user:1", at=STAFF.at))
    give(lakeside.number, other, Given("email", "marketing"), Proof("I agree to news", "form"), actor="user:1")
    shown = page(lakeside, one, other=str(other))
    assert {found.says for found in shown.context["page"].stops} == {"Calls", "Texts"}
    closes = closed_by_joining(lakeside.number, one, other, now=NOON)
    assert {(c.person, c.channel, c.purpose, c.then) for c in closes} == {
        (one, channel, purpose, "never") for channel in ("call", "text") for purpose in ("care-request", "appointment")
    }
    assert "is not carried over to the other" in shown.content.decode()
    assert "no once they are one." in shown.content.decode()


@pytest.mark.parametrize("how", ["a wrong number", "asked again", "asked again at another number"])
def test_what_it_says_before_is_what_is_so_afterwards(lakeside: Clinic, how: str) -> None:
    """Also of what was found of an address, and of a request that both made."""
    one, other = (person(lakeside), person(lakeside, email="o@example.com")) if how == "asked again" else two(lakeside)
    asked = Inquiry.objects.of(lakeside.number).filter(person=one).get().lead
    theirs = Inquiry.objects.of(lakeside.number).filter(person=other)
    if how == "a wrong number":
        token = Blind(lakeside.number).token("phone", "+13125550147")
        note_wrong(lakeside.number, token, why="another", person=one, proof="attempt/x", at=NOON - timedelta(days=2))
        third = person(lakeside, full_name="Anabel Thirdly", email="third@example.com")
        one, other = third, one
    else:
        stop(lakeside.number, one, STAFF)
        again = NOON - timedelta(minutes=5)
        theirs.update(lead=asked, at=again, channels="call,text" if how == "asked again" else "call")
    before = {who: answers(lakeside, who) for who in (one, other)}
    said = closed_by_joining(lakeside.number, one, other, now=NOON)
    join(lakeside.number, one, other, actor="user:1")
    by_hand = {(c.person, c.channel): (c.now, c.then) for c in said if c.purpose == "care-request" and not c.automated}
    after = {who: answers(lakeside, who) for who in (one, other)}
    assert by_hand == {
        (who, channel): (before[who][channel], after[who][channel])
        for who in (one, other) for channel in OPEN if before[who][channel] != after[who][channel]
    }  # fmt: skip
    assert bool(by_hand) == (how != "asked again at another number")


def test_linked_and_undone_each_has_what_they_had(lakeside: Clinic) -> None:
    one, other = two(lakeside)
    stop(lakeside.number, other, STAFF)
    client = browser(lakeside.organization, "coordinator")
    done = client.post(f"/persons/{one}/same/link", {"other": str(other)}, follow=True)
    assert "They are one person now." in done.content.decode()
    assert answers(lakeside, one) == CLOSED
    (made,) = done.context["page"].links
    assert {who.number for who in made.between} == {one, other}
    assert made.by == "Sample coordinator"
    undone = client.post(f"/persons/{other}/same/undo", {"link": str(made.number)}, follow=True)
    assert "They are two people again." in undone.content.decode()
    assert (answers(lakeside, one), answers(lakeside, other)) == (OPEN, CLOSED)
    again = client.post(f"/persons/{one}/same/undo", {"link": str(made.number)}, follow=True)
    assert "Somebody else has undone that before." in again.content.decode()


def test_what_waits_for_one_and_the_other_has_stopped_is_cancelled_with_the_link(lakeside: Clinic) -> None:
    message = queued(lakeside)
    other = person(lakeside)
    stop(lakeside.number, other, Saying("email-reply", "user:1"))
    assert join(lakeside.number, other, message.person, actor="user:1") == 1
    assert Message.objects.get(pk=message.pk).state == State.CANCELLED


def test_what_a_machine_would_send_no_more_is_said_before_and_nothing_is_done_yet(lakeside: Clinic) -> None:
    """They asked after the other had stopped us: a colleague may still answer, and what waits is cancelled."""
    message = queued(lakeside)
    other = person(lakeside)
    stop(lakeside.number, other, Saying("email-reply", "user:1", at=timezone.now() - timedelta(days=1)))
    shown = page(lakeside, other, other=str(message.person))
    (closes,) = (said for said in shown.context["page"].compared.closes if "about their request" in said)
    assert closes.startswith("E-mail by a machine to ")
    assert "1 that waits to be sent will not be sent." in shown.content.decode()
    assert "Nothing is closed by it" not in shown.content.decode()
    assert Message.objects.get(pk=message.pk).state == State.QUEUED
    assert not PersonLink.objects.exists()
    assert not TrailEntry.objects.filter(action="person.linked").exists()


def test_a_chain_is_shown_whole_and_nobody_of_it_as_likely(lakeside: Clinic) -> None:
    one, other = person(lakeside), person(lakeside, email="other@example.com")
    third = person(lakeside, phone="312-555-0199", email="third@example.com")
    link(lakeside.number, one, third, actor="user:1")
    link(lakeside.number, third, other, actor="user:1")
    found = page(lakeside, one).context["page"]
    assert (len(found.links), found.likely) == (2, ())
    assert page(lakeside, one, other=str(other)).context["page"].compared is None


@pytest.mark.parametrize("typed", ["Anabel Quillfeather", "other@example.com", "id"])
def test_somebody_is_looked_for_by_what_they_say_or_by_id_and_it_stands_in_no_trail(
    lakeside: Clinic, typed: str
) -> None:
    one, other = two(lakeside)
    client = browser(lakeside.organization, "coordinator")
    answer = client.post(f"/persons/{one}/same", {"sought": str(other) if typed == "id" else typed})
    assert [found.number for found in answer.context["page"].likely] == [other]
    seen = [other, one] if typed.startswith("Anabel") else [other]
    entry = TrailEntry.objects.of(lakeside.number).get(action="person.compared")
    assert entry.codes == {"shown": sorted([f"person/{one}", f"person/{other}"])}
    searched = TrailEntry.objects.of(lakeside.number).get(action="person.searched")
    by = {"id": "id", "other@example.com": "email"}.get(typed, "name")
    assert searched.codes == {"by": [by], "found": len(seen), "shown": [f"person/{who}" for who in seen]}


@pytest.mark.parametrize(
    ("typed", "by"), [("nobody@example.com", ["email"]), ("0197d000-0000-7000-8000-000000000000", ["id"])]
)
def test_a_search_that_finds_nobody_stands_in_the_trail_too(lakeside: Clinic, typed: str, by: list[str]) -> None:
    browser(lakeside.organization, "coordinator").post(f"/persons/{person(lakeside)}/same", {"sought": typed})
    searched = TrailEntry.objects.of(lakeside.number).get(action="person.searched")
    assert searched.codes == {"by": by, "found": 0, "shown": []}


def test_of_many_who_are_likely_only_those_who_are_shown_are_opened(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likely, "MOST", 2)
    names = ("Anabel Quillfeather", "Bruno Okafor", "Chidi Marsh", "Dolores Venn")  # a family, of one telephone
    one, *others = (person(lakeside, full_name=name, email=f"{name[0].lower()}@example.com") for name in names)
    opened: list[object] = []
    monkeypatch.setattr(likely, "identity", lambda ours, who: opened.append(who) or identity(ours, who))
    shown = [found.number for found in page(lakeside, one).context["page"].likely]
    assert (shown, set(opened)) == (sorted(others)[:2], {one, *shown})


def test_nobody_of_another_organisation_is_shown_compared_or_linked(lakeside: Clinic, harbor: Clinic) -> None:
    one, theirs = person(lakeside), person(harbor)
    client = browser(lakeside.organization, "coordinator")
    assert client.post(f"/persons/{one}/same", {"sought": str(theirs)}).context["page"].likely == ()
    assert page(lakeside, one, other=str(theirs)).status_code == 404
    said = client.post(f"/persons/{one}/same/link", {"other": str(theirs)}, follow=True).content.decode()
    assert "One of the two is not known here." in said
    assert not PersonLink.objects.exists()


@pytest.mark.parametrize("other", ["", "none", "x" * 5_000])
def test_what_is_no_id_is_not_there(lakeside: Clinic, other: str) -> None:
    one, client = person(lakeside), browser(lakeside.organization, "coordinator")
    assert client.post(f"/persons/{one}/same/link", {"other": other}).status_code == 404
    assert client.post(f"/persons/{one}/same/undo", {"link": other}).status_code == 404
    assert page(lakeside, one, other=other or "-").status_code == 404


def test_a_link_of_others_is_not_undone_from_here(lakeside: Clinic) -> None:
    one, other = two(lakeside)
    third = person(lakeside, phone="312-555-0198", email="third@example.com")
    made = link(lakeside.number, other, third, actor="user:1")
    browser(lakeside.organization, "coordinator").post(f"/persons/{one}/same/undo", {"link": str(made.pk)})
    assert linked(lakeside.number, [other])[other] == {other, third}


@pytest.mark.parametrize("role", [role for role in Role if May.LINK_PEOPLE not in ALLOWED[role]])
def test_a_role_that_may_not_sees_and_links_nobody(lakeside: Clinic, role: str) -> None:
    one, other = two(lakeside)
    assert page(lakeside, one, role).status_code == 403
    client = browser(lakeside.organization, role)
    for path, said in (("link", {"other": str(other)}), ("undo", {"link": str(uuid4())})):
        assert client.post(f"/persons/{one}/same/{path}", said).status_code == 403
    assert not PersonLink.objects.exists()
