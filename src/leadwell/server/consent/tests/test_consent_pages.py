"""“May I…?” on a lead's page, and the page of all that somebody permits, where it is recorded."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.permission.values import Place
from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base.tests.test_look import inline
from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent import telling
from leadwell.server.consent.actions import Attempt, Given, Proof, give, note_contact, stop
from leadwell.server.consent.models import Consent, ConsentEvent, Suppression
from leadwell.server.consent.queries import known, words_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import NOON, STAFF, lead, person
from leadwell.server.leads.models import Lead
from leadwell.server.people.forms import short
from leadwell.server.people.linking import link
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

RECORDS = [role for role in Role if May.RECORD_CONSENT in ALLOWED[role]]
HIDDEN = [role for role in Role if May.SEE_IDENTITIES not in ALLOWED[role]]
STOP = {"channels": ["call", "text"], "purpose": "", "way": "voice", "words": "Please, no more calls, says Anabel"}
GIVE = {"channel": "email", "purpose": "marketing", "kind": "written", "words": "I would like to have news",
        "source": "staff", "language": "en"}  # fmt: skip


def page(clinic: Clinic, made: Lead, role: str = "coordinator") -> str:
    return browser(clinic.organization, role).get(reverse("lead", args=[made.pk])).content.decode()


def test_beside_a_lead_stands_by_each_channel_whether_and_why(lakeside: Clinic) -> None:
    made = lead(lakeside)
    stop(lakeside.number, made.person_id, Saying("voice", "user:1", "no calls"))
    shown = page(lakeside, made)
    assert "May I…?" in shown
    answer = browser(lakeside.organization, "coordinator").get(reverse("lead", args=[made.pk]))
    assert {line.name: line.state for line in answer.context["page"].gate.lines if line.name != "E-mail"} == {
        "Call": "no", "Text": "no",
    }  # fmt: skip
    assert "Asked us to stop calls and texts, by a telephone call" in shown
    assert "Yes again once they ask for it themselves" in shown
    assert re.search(rf'href="/persons/{made.person_id}/consent#stop-[0-9a-f-]+">What they asked</a>, by rule', shown)
    assert inline(shown) == []


@pytest.mark.parametrize(
    ("at", "state", "word"),
    [
        ("2026-11-25T18:00", "yes", "Yes"),
        ("2026-11-25T10:00", "later", "From 9:00 am"),
        ("2026-11-26T04:00", "later", "From 9:00 am tomorrow"),
    ],
)
def test_green_or_from_when_on_their_own_clock(lakeside: Clinic, at: str, state: str, word: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = known(lakeside.number, person(lakeside), now=now)
    with timezone.override("America/Chicago"):
        call, *_ = telling.lines(lakeside.number, found, "care-request", person=None, now=now)
    assert (call.name, call.state, call.word, call.rule) == ("Call", state, word, call.rule)
    assert call.rule
    with timezone.override("America/New_York"):
        call, *_ = telling.lines(lakeside.number, found, "care-request", person=None, now=now)
    assert call.word == (word if state == "yes" else f"{word}, Chicago time")


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "1:00 pm"), (20, "8:00 am tomorrow"), (70, "Sat 10:00 am"), (24 * 9, "4 December, 12:00 pm")],
)
def test_when_is_said_as_people_say_it(hours: int, said: str) -> None:
    assert telling.when(NOON + timedelta(hours=hours), NOON, ZoneInfo("America/Chicago")) == said


@pytest.mark.parametrize("role", HIDDEN)
def test_a_role_without_identities_sees_the_verdicts_and_nobodys_words(lakeside: Clinic, role: str) -> None:
    made = lead(lakeside)
    stop(lakeside.number, made.person_id, Saying("staff", "user:1", "leave me alone, says Anabel"))
    shown = page(lakeside, made, role)
    assert "May I…?" in shown
    assert not any(words in shown for words in ("says Anabel", "They asked us to stop</summary>", "/consent"))


@pytest.mark.parametrize("role", RECORDS)
def test_they_asked_us_to_stop_is_recorded_from_the_lead_by_whoever_may(lakeside: Clinic, role: str) -> None:
    made = lead(lakeside)
    assert "Stop from now on" in page(lakeside, made, role)
    client = browser(lakeside.organization, role)
    answer = client.post(f"/persons/{made.person_id}/stop", STOP | {"lead": str(made.pk)}, follow=True)
    assert answer.redirect_chain == [(f"/leads/{made.pk}", 302)]
    assert "Stopped, from this moment on." in answer.content.decode()
    assert sorted(Suppression.objects.values_list("channel", flat=True)) == ["call", "text"]
    event = ConsentEvent.objects.get()
    assert (event.codes["way"], words_of(event)) == ("voice", "Please, no more calls, says Anabel")
    assert event.by.startswith("user:")
    again = client.post(f"/persons/{made.person_id}/stop", STOP, follow=True)
    assert "It was stopped before already." in again.content.decode()


def test_whoever_came_from_a_list_finds_back_to_it(lakeside: Clinic) -> None:
    made, client = lead(lakeside), browser(lakeside.organization, "manager")
    listed = "tab=verify&page=2"
    shown = client.get(f"/leads/{made.pk}?{listed}").content.decode()
    assert shown.count('name="list" value="tab=verify&amp;page=2"') == 1
    answer = client.post(f"/persons/{made.person_id}/stop", STOP | {"lead": str(made.pk), "list": listed})
    assert answer["Location"] == f"/leads/{made.pk}?{listed}"
    assert f'href="/leads?{listed}"'.replace("&", "&amp;") in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"channels": []}, "Choose at least one."), ({"channels": ["fax"]}, "fax"), ({"way": "x"}, "choice")],
)
def test_what_cannot_be_stopped_is_said_and_what_was_typed_stays(lakeside: Clinic, wrong: dict, said: str) -> None:
    client = browser(lakeside.organization, "coordinator")
    answer = client.post(f"/persons/{person(lakeside)}/stop", STOP | wrong)
    shown = answer.content.decode()
    assert (answer.status_code, said in shown, "says Anabel" in shown) == (400, True, True)
    assert not Suppression.objects.exists()


def test_what_they_agree_to_is_recorded_with_its_words_and_taken_back(lakeside: Clinic) -> None:
    who, client = person(lakeside), browser(lakeside.organization, "coordinator")
    shown = client.post(f"/persons/{who}/consent/give", GIVE, follow=True).content.decode()
    assert "Recorded, with the words" in shown
    assert "I would like to have news" in shown
    made = Consent.objects.get()
    assert (made.channel, made.purpose, made.kind, made.language) == ("email", "marketing", "written", "en")
    taken = client.post(f"/persons/{who}/consent/withdraw", {"consent": str(made.pk)}, follow=True)
    assert "Taken back, from this moment on." in taken.content.decode()
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_without_the_words_nothing_is_recorded(lakeside: Clinic) -> None:
    who, client = person(lakeside), browser(lakeside.organization, "coordinator")
    assert client.post(f"/persons/{who}/consent/give", GIVE | {"words": " "}).status_code == 400
    assert not Consent.objects.exists()


def test_only_what_is_theirs_is_taken_back(lakeside: Clinic) -> None:
    first, second = person(lakeside), person(lakeside, full_name="Sample Person")
    made = give(lakeside.number, second, Given("email", "marketing"), Proof("I agree", "form"), actor="user:1")
    client = browser(lakeside.organization, "coordinator")
    for consent in (made.pk, uuid4(), "none"):
        assert client.post(f"/persons/{first}/consent/withdraw", {"consent": str(consent)}).status_code == 404


@pytest.mark.parametrize(("meant", "left"), [("yes", 1), ("no", 0)])
def test_words_in_doubt_are_decided_on_the_lead(lakeside: Clinic, meant: str, left: int) -> None:
    made = lead(lakeside)
    done = stop(lakeside.number, made.person_id, Saying("text", "worker", "how did you get my number?"), doubt=True)
    shown = page(lakeside, made)
    assert "Did they ask us to stop?" in shown
    assert telling._DOUBTED in shown
    assert "have not agreed" not in shown  # no doubt is told as what they asked
    assert "how did you get my number?" in shown
    said = {"event": str(done.event.pk), "meant": meant, "lead": str(made.pk)}
    client = browser(lakeside.organization, "coordinator")
    answer = client.post(f"/persons/{made.person_id}/consent/doubt", said, follow=True)
    assert answer.redirect_chain == [(f"/leads/{made.pk}", 302)]
    assert Suppression.objects.filter(doubt=False, lifted_at=None).count() == left
    assert "Did they ask us to stop?" not in page(lakeside, made)
    assert telling._DOUBTED not in page(lakeside, made)
    again = client.post(f"/persons/{made.person_id}/consent/doubt", said, follow=True)
    assert "Somebody else has decided that before." in again.content.decode()
    assert client.post(f"/persons/{made.person_id}/consent/doubt", said | {"meant": "maybe"}).status_code == 404


def test_everything_stands_on_their_own_page_and_the_view_is_on_record(lakeside: Clinic) -> None:
    who = person(lakeside)
    give(
        lakeside.number, who, Given("text", "marketing"), Proof("I agree to texts", "form", "v2", "es"), actor="user:1"
    )
    note_contact(lakeside.number, who, Attempt("call", "care-request", automated=False), by="user:1", now=NOON)
    stop(lakeside.number, who, STAFF)
    answer = browser(lakeside.organization, "privacy-officer").get(f"/persons/{who}/consent")
    found = answer.context["page"]
    assert [one.says for one in found.agreed] == ["Text about news and offers"]
    assert found.agreed[0].where == "form, v2, es"
    assert [one.says for one in found.stopped] == ["Everything"]
    assert [one.says for one in found.reached] == ["Call about their request"]
    assert [name for name, _ in found.purposes] == ["Their request", "An appointment", "News and offers"]
    assert TrailEntry.objects.filter(action="consent.viewed", subject=f"person/{who}").count() == 1
    assert "Anabel" not in answer.content.decode().partition("</title>")[0]
    assert inline(answer.content.decode()) == []


def test_what_holds_for_them_by_a_link_or_an_address_stands_there_too_where_the_proof_leads(lakeside: Clinic) -> None:
    who, other = person(lakeside), person(lakeside, phone="312-555-0199", email="other@example.com")
    link(lakeside.number, who, other, actor="user:1")
    stop(lakeside.number, other, STAFF)
    stop(lakeside.number, None, Saying("import", "command", address="312-555-0147"), closes=(("call", ""),))
    answer = browser(lakeside.organization, "coordinator").get(f"/persons/{who}/consent")
    found = {one.says: one.whose for one in answer.context["page"].stopped}
    assert found == {"Everything": f"Person {short(other)}", "Calls": "of their address"}
    shown = answer.content.decode()
    proofs = re.findall(r"consent#(stop-[0-9a-f-]+)", shown)
    assert proofs
    assert all(f'id="{one}"' in shown for one in proofs)


def test_from_elsewhere_one_is_led_nowhere_else(lakeside: Clinic) -> None:
    who, client = person(lakeside), browser(lakeside.organization, "coordinator")
    answer = client.post(f"/persons/{who}/stop", STOP | {"lead": "//elsewhere.example/"})
    assert answer["Location"] == f"/persons/{who}/consent"


def test_where_they_may_be_in_several_zones_our_own_clock_is_told_as_ours_and_theirs_in_the_sentence(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = (Place("ZIP", "America/Los_Angeles"), Place("area code", "America/New_York"))
    monkeypatch.setattr("leadwell.server.consent.queries.knowing.places_of", lambda identity: zones)
    now = datetime(2026, 11, 25, 14, tzinfo=UTC)
    found = known(lakeside.number, person(lakeside), now=now)
    assert telling.zone_of(found) is None
    with timezone.override("America/Chicago"):
        call, *_ = telling.lines(lakeside.number, found, "care-request", person=None, now=now)
    assert call.word == "From 11:00 am, our time"
    assert call.says.startswith(
        "Not before 9:00 today where they may be (Los Angeles, by their ZIP; that is 12:00 today in New York): "
    )
