"""A meeting is agreed in words, moved, held or not, and the lead comes back when it is due. (promise D24)"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell.server.business.meeting import Agreed, CannotMeet, MetOtherwise, agree, take_back, tell_result
from leadwell.server.business.models import Meeting
from leadwell.server.business.queries import ahead_of
from leadwell.server.business.tests.conftest import came
from leadwell.server.conftest import NOON, Clinic, browser, member
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.verifying import Answer, Gone, verify
from leadwell.server.outcomes.actions import Became, CannotBecome, note_outcome
from leadwell.server.outcomes.stages import stages
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.held import erase, export
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import refresh

pytestmark = pytest.mark.django_db(databases="__all__")

TUESDAY = NOON + timedelta(days=6)
ZONE = "America/New_York"


def _agree(lead: Lead, actor: str, **more: object) -> Meeting:
    said = {"at": TUESDAY, "zone": ZONE, "with_whom": "Ruth Sample", "where": "614-555-0177"} | more
    return agree(lead.organization_id, lead.pk, Agreed(**said), actor=actor)[0]  # type: ignore[arg-type]


def _there(lead: Lead) -> list[str]:
    now = lead_of(lead.organization_id, lead.pk)
    assert now is not None
    return [one.key for one in stages(now, in_force(lead.organization_id)[1]) if one.at]


def _waits(lead: Lead) -> Waiting:
    return Waiting.objects.of(lead.organization_id).get(lead=lead.pk)


def _later(monkeypatch: pytest.MonkeyPatch, lead: Lead, **span: float) -> None:
    at = NOON + timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: at)
    refresh(lead.organization_id, now=at)


def _row(lead: Lead, lane: str) -> str:
    """Of somebody who has signed in just now."""
    return browser(lead.organization, "coordinator").get(reverse("worklist"), {"lane": lane}).content.decode()


def test_a_business_lead_goes_its_own_way(lead: Lead, actor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _there(lead) == ["received"]
    verify(lead.organization_id, lead.pk, Answer("contact_decides", "yes"), actor=actor)
    assert _there(lead) == ["received", "decision-maker"]
    one = _agree(lead, actor)
    assert _there(lead) == ["received", "contacted", "decision-maker", "meeting"]
    _later(monkeypatch, lead, days=6, hours=1)
    tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)
    note_outcome(lead.organization_id, lead.pk, Became("agreed"), actor=actor)
    assert _there(lead) == ["received", "contacted", "decision-maker", "meeting", "held", "agreed"]


@pytest.mark.parametrize(("said", "waits"), [(0, True), (1, False), (None, False)])
def test_a_meeting_that_is_agreed_on_an_older_page_answers_no_danger(
    lead: Lead, actor: str, said: int | None, waits: bool
) -> None:
    Lead.objects.filter(pk=lead.pk).update(safety="crisis")
    Event.objects.create(
        organization_id=lead.organization_id, lead=lead, name="lead.replied", at=NOON, codes={"asks": "yes"}
    )
    _agree(lead, actor, said=said)
    assert (Lead.objects.get(pk=lead.pk).answered_at is None) == waits


def test_it_is_not_booked_and_ends_for_a_reason_of_the_playbook(lead: Lead, actor: str) -> None:
    with pytest.raises(CannotBecome):
        note_outcome(lead.organization_id, lead.pk, Became("booked"), actor=actor)
    with pytest.raises(CannotBecome):
        note_outcome(lead.organization_id, lead.pk, Became("declined"), actor=actor)
    note_outcome(lead.organization_id, lead.pk, Became("declined", "no-agreement"), actor=actor)


def test_words_are_shown_back_on_whose_clock_before_anything_is_saved(lead: Lead, dana: Client) -> None:
    url = reverse("agree_meeting", args=[lead.pk])
    assert "Theirs: New York time" in dana.get(url).content.decode()
    sent = {
        "when": "next Tuesday 10",
        "zone": ZONE,
        "minutes": "45",
        "with_whom": "Ruth",
        "where": "",
        "instead_of": "",
    }
    shown = dana.post(url, sent).content.decode()
    assert "Meet Tue 1 Dec, 10:00 am, New York time" in shown
    assert ahead_of(lead.organization_id, lead.pk) is None
    at = "2026-12-01T10:00:00-05:00"
    done = dana.post(url, sent | {"at": at, "shown": f"{ZONE} next Tuesday 10"})
    assert done.status_code == 302
    one = ahead_of(lead.organization_id, lead.pk)
    assert one is not None
    assert one.at.astimezone(ZoneInfo(ZONE)).isoformat() == at
    assert one.minutes == 45
    page = dana.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Meeting Tue 1 Dec, 10:00 am, New York time" in page
    assert "9:00 am" in page  # ours: Chicago


def test_words_that_were_changed_after_they_were_shown_are_read_anew(lead: Lead, dana: Client) -> None:
    url = reverse("agree_meeting", args=[lead.pk])
    sent = {"when": "next Wednesday 10", "zone": ZONE, "at": "2026-12-01T10:00:00-05:00"}
    shown = dana.post(url, sent | {"shown": f"{ZONE} next Tuesday 10"})
    assert "Meet Wed 2 Dec" in shown.content.decode()
    other_clock = dana.post(url, sent | {"zone": "America/Chicago", "shown": f"{ZONE} next Wednesday 10"})
    assert "Chicago time" in other_clock.content.decode()
    assert ahead_of(lead.organization_id, lead.pk) is None


@pytest.mark.parametrize("words", ["", "soon", "tomorrow at 8", "x" * 300, "next Tuesday 10 or 11"])
def test_what_may_mean_two_moments_is_asked_and_nothing_is_guessed(lead: Lead, dana: Client, words: str) -> None:
    answer = dana.post(reverse("agree_meeting", args=[lead.pk]), {"when": words, "zone": ZONE})
    assert answer.status_code == 200
    assert ahead_of(lead.organization_id, lead.pk) is None


@pytest.mark.parametrize(
    "wrong",
    [{"at": NOON - timedelta(minutes=1)}, {"at": NOON + timedelta(days=400)}, {"minutes": 7}, {"zone": "Mars/Base"},
     {"where": "x" * 201}],
)  # fmt: skip
def test_what_cannot_be_agreed_is_said(lead: Lead, actor: str, wrong: dict[str, object]) -> None:
    with pytest.raises(CannotMeet):
        _agree(lead, actor, **wrong)


def test_of_two_who_agree_at_once_the_second_is_told(alder: Clinic, lead: Lead, actor: str, dana: Client) -> None:
    one = _agree(lead, actor)
    other = member(alder.organization, "manager").actor
    with pytest.raises(MetOtherwise):
        _agree(lead, other, at=TUESDAY + timedelta(hours=2))
    sent = {"when": "tomorrow at 3 pm", "zone": ZONE, "at": "2026-11-26T15:00:00-05:00", "instead_of": ""}
    answer = dana.post(reverse("agree_meeting", args=[lead.pk]), sent | {"shown": f"{ZONE} tomorrow at 3 pm"})
    assert answer.status_code == 409
    assert "Somebody else has agreed" in answer.content.decode()
    assert ahead_of(alder.number, lead.pk) == one
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(
            organization=alder.organization, lead=lead, at=TUESDAY, zone=ZONE, minutes=30, sealed=b"", noted_at=NOON,
            by=actor,
        )  # fmt: skip


def test_a_second_click_agrees_nothing_twice(lead: Lead, actor: str) -> None:
    one = _agree(lead, actor)
    again, new = agree(lead.organization_id, lead.pk, Agreed(TUESDAY, ZONE, instead_of=one.pk), actor=actor)
    assert (again.pk, new) == (one.pk, False)


def test_it_is_moved_and_undoing_that_brings_the_first_back(lead: Lead, actor: str) -> None:
    first = _agree(lead, actor)
    second = _agree(lead, actor, at=TUESDAY + timedelta(days=1), instead_of=first.pk)
    assert ahead_of(lead.organization_id, lead.pk) == second
    assert not take_back(lead.organization_id, lead.pk, first.pk, actor=actor)
    assert take_back(lead.organization_id, lead.pk, second.pk, actor=actor)
    assert ahead_of(lead.organization_id, lead.pk) == first


def test_a_result_is_undone_for_ten_minutes(lead: Lead, actor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _agree(lead, actor)
    with pytest.raises(CannotMeet):
        tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)
    _later(monkeypatch, lead, days=6, hours=1)
    assert tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)
    assert not tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)
    with pytest.raises(MetOtherwise):
        tell_result(lead.organization_id, lead.pk, one.pk, "not-held", actor=actor)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=actor)
    assert ahead_of(lead.organization_id, lead.pk) is not None
    tell_result(lead.organization_id, lead.pk, one.pk, "held", actor=actor)
    _later(monkeypatch, lead, days=6, hours=2)
    assert not take_back(lead.organization_id, lead.pk, one.pk, actor=actor)


def test_the_worklist_brings_it_back_shortly_before_and_asks_what_came_of_it(
    lead: Lead, actor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = _agree(lead, actor)
    assert _waits(lead).lane == Lane.AGAIN
    assert _waits(lead).holds_until == TUESDAY - timedelta(minutes=15)
    assert "You meet them" in _row(lead, "again")
    _later(monkeypatch, lead, days=6, minutes=-14)
    assert _waits(lead).lane == Lane.DUE
    _later(monkeypatch, lead, days=6, minutes=1)
    assert "You meet them now." in _row(lead, "due")
    _later(monkeypatch, lead, days=7)
    assert _waits(lead).cost == 0  # behind whoever waits for an answer
    assert "Say whether the meeting was held." in _row(lead, "to-do")
    tell_result(lead.organization_id, lead.pk, one.pk, "not-held", actor=actor)
    assert _waits(lead).lane == Lane.TO_DO
    assert "The meeting was not held." in _row(lead, "to-do")
    again = _agree(lead, actor, at=TUESDAY + timedelta(days=3))
    assert _waits(lead).lane == Lane.AGAIN
    _later(monkeypatch, lead, days=9, hours=1)
    tell_result(lead.organization_id, lead.pk, again.pk, "held", actor=actor)
    assert _waits(lead).lane == Lane.ANSWERED


def test_once_it_has_ended_no_meeting_brings_it_back(lead: Lead, actor: str) -> None:
    _agree(lead, actor)
    note_outcome(lead.organization_id, lead.pk, Became("declined", "not-now"), actor=actor)
    assert _waits(lead).lane == Lane.ANSWERED


def test_the_page_of_its_lead_says_the_meeting_and_then_what_became_of_it(lead: Lead, actor: str, dana: Client) -> None:
    url = reverse("lead", args=[lead.pk])
    _agree(lead, actor)
    page = dana.get(url).content.decode()
    assert '<h2 id="now">You meet them ' in page
    assert 'main-action" type="submit" data-key="enter"' not in page  # Call
    note_outcome(lead.organization_id, lead.pk, Became("declined", "not-now"), actor=actor)
    page = dana.get(url).content.decode()
    assert '<p class="eyebrow go">What became of it</p><h2 id="now">Declined: not now</h2>' in page
    assert "opens it again." in page
    assert 'main-action" type="submit" data-key="enter"' not in page  # Call


def test_it_is_taken_into_a_calendar(lead: Lead, actor: str, dana: Client) -> None:
    url = reverse("meeting_file", args=[lead.pk])
    assert dana.get(url).status_code == 404
    _agree(lead, actor, minutes=45, where="12 Elm St; door “B”, 2nd floor\nring twice")
    answer = dana.get(url)
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == TUESDAY
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert str(event["SUMMARY"]) == "Meeting: Bright Pallets, Inc., Work health account for employers"
    assert "Ruth Sample" in str(event["DESCRIPTION"])
    assert str(event["LOCATION"]).startswith("12 Elm St; door “B”")


def test_patients_have_no_meetings_and_others_no_sight_of_them(
    alder: Clinic, lead: Lead, actor: str, dana: Client, harbor: Clinic
) -> None:
    one = _agree(lead, actor)
    patient = came(alder, organization="", type="patient", message="I need an MRI of my knee, the order is done")
    with pytest.raises(Gone):
        agree(alder.number, patient.pk, Agreed(TUESDAY, ZONE), actor=actor)
    assert dana.get(reverse("agree_meeting", args=[patient.pk])).status_code == 404
    theirs = browser(harbor.organization, "coordinator")
    sent = {"meeting": str(one.pk), "result": "not-held"}
    assert theirs.post(reverse("tell_meeting", args=[lead.pk]), sent).status_code == 404
    assert dana.post(reverse("tell_meeting", args=[lead.pk]), sent | {"meeting": str(uuid4())}).status_code == 404
    assert dana.post(reverse("tell_meeting", args=[lead.pk]), sent | {"meeting": "x"}).status_code == 404
    assert browser(alder.organization, "marketing").get(reverse("meeting_file", args=[lead.pk])).status_code == 403
    page = browser(alder.organization, "marketing").get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Ruth" not in page


def test_its_buttons_say_what_became_of_it(lead: Lead, actor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = _agree(lead, actor)
    _later(monkeypatch, lead, days=6, hours=1)
    dana = browser(lead.organization, "coordinator")
    sent = {"meeting": str(one.pk), "result": "held"}
    page = dana.post(reverse("tell_meeting", args=[lead.pk]), sent, follow=True).content.decode()
    assert "The meeting was held." in page
    assert "Undo: held" in page
    page = dana.post(reverse("take_back_meeting", args=[lead.pk]), sent, follow=True).content.decode()
    assert "It was held" in page
    dana.post(reverse("tell_meeting", args=[lead.pk]), {**sent, "result": "perhaps"})
    assert ahead_of(lead.organization_id, lead.pk) is not None


def test_an_erasure_leaves_when_it_was_and_nothing_else(lead: Lead, actor: str) -> None:
    _agree(lead, actor)
    assert lead.person_id is not None
    assert "Ruth Sample" in str(export(lead.organization_id, lead.person_id, actor=actor))
    erase(lead.organization_id, lead.person_id, actor=actor)
    assert bytes(Meeting.objects.of(lead.organization_id).get().sealed) == b""
