"""A caller is on the line: what is typed is kept once, judged, and is a call of whoever typed it. (promises A1, D22)"""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May
from leadwell.server.assigning.actions import give_out
from leadwell.server.calls.models import Attempt
from leadwell.server.calls.queries import first_contact_hours
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.queries import known
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import close
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.jobs import put_calls_through
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.typed_in.actions import put_all_through
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.sweeping import give_back_untouched, refresh

pytestmark = pytest.mark.django_db(databases="__all__")

WORDS = "I need a knee replacement before Christmas, I have Medicare"
CALL = {"full_name": "Sample Caller", "phone": "312-555-0147", "message": WORDS, "key": "page-1", "zip": "60606"}


@pytest.fixture
def dana(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "coordinator")


def _user(clinic: Clinic, role: str = "coordinator") -> int:
    return member(clinic.organization, role).user_id


def test_what_is_typed_is_kept_before_it_is_acknowledged_and_judged_as_any_other(dana: Client) -> None:
    answer = dana.post("/calls/new", CALL)
    kept = Submission.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/calls/new/{kept.pk}")
    assert orjson.loads(opened(kept).body)["message"] == WORDS
    drain()
    lead = Lead.objects.get()
    assert (lead.service, lead.type) == ("knee-replacement", "patient")
    assert dana.get(answer["Location"])["Location"] == f"/leads/{lead.pk}/call"


def test_a_second_click_is_the_same_call_and_what_was_changed_is_never_lost(dana: Client) -> None:
    first, second = dana.post("/calls/new", CALL), dana.post("/calls/new", CALL)
    assert first["Location"] == second["Location"]
    other = dana.post("/calls/new", CALL | {"message": f"{WORDS}. And a second opinion"})
    assert other["Location"] != first["Location"]
    drain()
    assert Lead.objects.count() == 1  # the same person with the same need
    assert Submission.objects.filter(state=State.JOINED).count() == 1
    assert "second opinion" in columns_of(Lead.objects.get())["message"]
    assert "/call" in dana.get(other["Location"])["Location"]


def test_whoever_typed_it_is_its_owner_from_the_first_moment_and_nobody_else_is_given_it(
    dana: Client, lakeside: Clinic
) -> None:
    dana.post("/calls/new", CALL)
    drain()
    give_out(lakeside.number)
    lead = Lead.objects.get()
    assert lead.owner_id == _user(lakeside)
    give_back_untouched(lakeside.number)
    dana.get(f"/calls/new/{lead.submission}")
    Waiting.objects.update(back_at=timezone.now() - timedelta(minutes=1))
    give_back_untouched(lakeside.number)
    assert Lead.objects.get().owner_id == _user(lakeside)
    assert [one.name for one in Event.objects.order_by("at")][:2] == ["lead.received", "lead.taken"]


def test_the_call_is_the_first_contact_and_the_clock_has_stopped(dana: Client, lakeside: Clinic) -> None:
    sent = timezone.now()
    dana.post("/calls/new", CALL | {"began": str(int(sent.timestamp()) - 90)})
    drain()
    lead = Lead.objects.get()
    dana.get(f"/calls/new/{lead.submission}")
    lead, one = Lead.objects.get(), Attempt.objects.get()
    assert (one.direction, one.result, one.ended_at) == ("in", "reached", None)
    assert 89 <= (sent - one.at).total_seconds() <= 92
    assert first_contact_hours(lead) == 0.0
    assert lead.answered_at == one.at
    assert Waiting.objects.get().lane == Lane.AGAIN
    page = dana.get(f"/leads/{lead.pk}/call").content.decode()
    assert "They are on the line" in page
    assert 'id="dial"' not in page
    assert "I did not call after all" not in page


def test_who_only_telephoned_may_be_called_and_not_texted(dana: Client, lakeside: Clinic) -> None:
    dana.post("/calls/new", CALL | {"email": "sample@example.com"})
    drain()
    person = Lead.objects.get().person_id
    assert person is not None
    assert {one.channel for one in known(lakeside.number, person).consents} == {"call", "email"}


def test_it_ends_like_a_call_and_its_seconds_count(dana: Client) -> None:
    dana.post("/calls/new", CALL | {"began": str(int(timezone.now().timestamp()) - 60)})
    drain()
    lead = Lead.objects.get()
    dana.get(f"/calls/new/{lead.submission}")
    one = Attempt.objects.get()
    ended = {"attempt": str(one.pk), "result": "reached", "note": "sends her card"}
    assert dana.post(f"/leads/{lead.pk}/call/end", ended).status_code == 302
    dana.post(f"/leads/{lead.pk}/call/end", ended)
    one.refresh_from_db()
    assert one.ended_at is not None
    assert 59 <= (one.seconds or 0) <= 65
    assert Attempt.objects.count() == 1
    dana.post(f"/leads/{lead.pk}/call/back", {"attempt": str(one.pk)})  # a mistake: she is on it still
    again = Attempt.objects.get(undone_at=None)
    assert (again.result, again.ended_at, again.direction) == ("reached", None, "in")
    assert first_contact_hours(Lead.objects.get()) == 0.0
    dana.post(f"/leads/{lead.pk}/call/end", {"attempt": str(again.pk), "result": "asked-to-stop", "note": "stop"})
    assert Attempt.objects.get(undone_at=None).stop is not None


def _row(browses: Client, lane: str) -> str:
    cache.clear()
    return browses.get("/worklist", {"lane": lane}).content.decode()


def _much_later(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    at = timezone.now() + timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: at)
    refresh(lakeside.number, now=at)


def test_a_call_that_nobody_ended_is_theirs_who_typed_it_and_is_asked_about(
    dana: Client, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana.post("/calls/new", CALL)
    drain()
    put_calls_through()
    assert Waiting.objects.get().lane == Lane.AGAIN
    assert "You are on the call." in _row(dana, "mine")
    other = browser(lakeside.organization, "manager")
    assert "Somebody is on the call with them." in _row(other, "again")
    _much_later(lakeside, monkeypatch, minutes=29)
    assert Waiting.objects.get().lane == Lane.AGAIN
    _much_later(lakeside, monkeypatch, minutes=2)
    assert Waiting.objects.get().lane == Lane.TO_DO
    dana, lead, one = browser(lakeside.organization, "coordinator"), Lead.objects.get(), Attempt.objects.get()
    for lane in ("mine", "to-do"):
        assert "Did the call end? Say what came of it." in _row(dana, lane)
    dana.post(f"/leads/{lead.pk}/call/end", {"attempt": str(one.pk), "result": "reached"})
    assert Waiting.objects.get().lane == Lane.ANSWERED


def test_danger_on_a_call_stands_in_safety_until_it_has_ended(
    dana: Client, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana.post("/calls/new", CALL | {"message": "he has chest pain and cannot breathe right now"})
    drain()
    put_calls_through()
    lead, one = Lead.objects.get(), Attempt.objects.get()
    assert (Waiting.objects.get().lane, lead.answered_at) == (Lane.SAFETY, one.at)
    assert "You are on the call." in _row(dana, "mine")
    (row,) = dana.get("/review?tab=danger").context["page"].rows
    assert (row.at, row.took, row.answered_at) == (None, "", None)
    assert dana.get("/review?tab=danger&show=done").context["page"].rows == ()
    _much_later(lakeside, monkeypatch, hours=1)
    assert Waiting.objects.get().lane == Lane.SAFETY
    dana = browser(lakeside.organization, "coordinator")
    assert "Did the call end?" in _row(dana, "safety")
    dana.post(f"/leads/{lead.pk}/call/end", {"attempt": str(one.pk), "result": "reached"})
    assert Waiting.objects.get().lane == Lane.ANSWERED
    assert dana.get("/review?tab=danger").context["page"].rows == ()
    (row,) = dana.get("/review?tab=danger&show=done").context["page"].rows
    assert row.answered_at == one.at


def test_where_the_page_was_closed_the_worker_notes_the_call_once(dana: Client, lakeside: Clinic) -> None:
    dana.post("/calls/new", CALL)
    put_calls_through()
    assert not Attempt.objects.exists()
    drain()
    put_calls_through()
    put_all_through(lakeside.number)
    dana.get(f"/calls/new/{Submission.objects.get().pk}")
    assert Attempt.objects.count() == 1
    assert TrailEntry.objects.filter(action="lead.taken").count() == 1


def test_until_it_is_judged_what_was_typed_stands_there_with_what_to_ask(dana: Client) -> None:
    where = dana.post("/calls/new", CALL)["Location"]
    page = dana.get(where)
    assert page.status_code == 200
    assert WORDS in page.content.decode()
    assert page.context["page"].known.ask
    assert dana.get(where, headers={"X-Live": "1"}).json() == {"go": "", "stuck": ""}
    drain()
    assert dana.get(where, headers={"X-Live": "1"}).json()["go"].endswith("/call")


def test_words_of_danger_raise_the_safety_text_at_once(dana: Client) -> None:
    where = dana.post("/calls/new", CALL | {"message": "My chest hurts and my left arm is numb"})["Location"]
    page = dana.get(where)
    assert page.context["page"].known.safety == "emergency"
    assert "Say at once:" in page.content.decode()
    assert page.context["page"].known.ask == ()
    drain()
    assert "Say at once:" in dana.get(f"/leads/{Lead.objects.get().pk}/call").content.decode()


def test_what_cannot_be_judged_is_kept_and_says_so(dana: Client) -> None:
    where = dana.post("/calls/new", CALL)["Location"]
    Submission.objects.update(state=State.SET_ASIDE)
    page = dana.get(where)
    assert "It is kept, and not judged" in page.content.decode()
    assert WORDS in page.content.decode()
    assert dana.get(where, headers={"X-Live": "1"}).json()["stuck"]


def test_a_call_joins_what_they_asked_before_and_its_owner_keeps_it(lakeside: Clinic, dana: Client) -> None:
    asked = orjson.dumps({"full_name": "Sample Caller", "phone": "312-555-0147", "message": WORDS})
    accept(lakeside.number, lakeside.source, [Delivery(asked)])
    drain()
    manager = member(lakeside.organization, "manager")
    Lead.objects.update(owner=manager.user)
    where = dana.post("/calls/new", CALL)["Location"]
    drain()
    lead = Lead.objects.get()
    page = dana.get(dana.get(where)["Location"]).content.decode()
    assert f"what you typed joined that lead. {manager.user.get_full_name()} has it." in page
    assert lead.owner_id == manager.user_id
    assert Attempt.objects.get().by == f"user:{_user(lakeside)}"


@pytest.mark.parametrize("words", ["You called me, I am 61", "returning your call"])
def test_whoever_returns_our_call_is_the_lead_that_was_called(lakeside: Clinic, dana: Client, words: str) -> None:
    asked = orjson.dumps({"full_name": "Sample Caller", "phone": "312-555-0147", "message": WORDS})
    accept(lakeside.number, lakeside.source, [Delivery(asked)])
    drain()
    where = dana.post("/calls/new", CALL | {"message": words})["Location"]
    drain()
    lead = Lead.objects.get()
    assert dana.get(where)["Location"] == f"/leads/{lead.pk}/call"
    assert (lead.type, columns_of(lead)["zip"]) == ("patient", "60606")


def test_a_colleague_who_opens_it_sees_the_lead_and_is_not_on_the_call(dana: Client, lakeside: Clinic) -> None:
    where = dana.post("/calls/new", CALL)["Location"]
    drain()
    assert browser(lakeside.organization, "manager").get(where)["Location"] == f"/leads/{Lead.objects.get().pk}"
    assert not Attempt.objects.exists()


def test_nothing_typed_is_told_so_and_what_was_typed_stays(dana: Client) -> None:
    page = dana.post("/calls/new", {"key": "page-1", "message": "  "})
    assert page.status_code == 400
    assert "Nothing is typed yet" in page.content.decode()
    page = dana.post("/calls/new", CALL | {"email": "x" * 300})
    assert (page.status_code, Submission.objects.count()) == (400, 0)
    assert WORDS in page.content.decode()


def test_where_the_source_was_closed_nothing_typed_is_lost(dana: Client, lakeside: Clinic) -> None:
    number = source_of_kind(lakeside.number, "typed-in")
    close(Source.objects.get(pk=number))
    page = dana.post("/calls/new", CALL)
    assert page.status_code == 400
    assert "It was not taken in." in page.content.decode()
    assert WORDS in page.content.decode()


def test_birth_date_of_another_is_the_patients(dana: Client) -> None:
    dana.post("/calls/new", CALL | {"patient_full_name": "Sample Child", "birth_date": "3/14/2015"})
    assert orjson.loads(opened(Submission.objects.get()).body)["patient_birth_date"] == "3/14/2015"


def _known(lakeside: Clinic) -> None:
    asked = orjson.dumps({"full_name": "Sample Caller", "phone": "312-555-0147", "message": WORDS})
    accept(lakeside.number, lakeside.source, [Delivery(asked)])
    drain()


@pytest.mark.parametrize(
    ("typed", "found", "by"),
    [
        ({"phone": "(312) 555-0147"}, 1, ["phone"]),
        ({"full_name": "Sample Caller"}, 1, ["name"]),
        ({"full_name": "caller sample"}, 1, ["name"]),
        ({"full_name": "Sample Kaller"}, 0, ["name"]),
        ({"full_name": "Sample"}, 0, None),
        ({"phone": "312-555"}, 0, None),
        ({"phone": "312-555-0199", "full_name": "Sample Caller"}, 1, ["name", "phone"]),
    ],
)
def test_is_this_one_of_ours_by_whole_number_or_name_and_it_goes_on_record(
    dana: Client, lakeside: Clinic, typed: dict[str, str], found: int, by: list[str] | None
) -> None:
    _known(lakeside)
    page = dana.post("/calls/new/known", typed, headers={"X-Part": "known"})
    assert page.content.decode().count("/persons/") == found
    noted = TrailEntry.objects.filter(action="person.searched")
    assert noted.exists() == (by is not None)
    whole = dana.post("/calls/new/known", CALL)  # without script: the page, with all that was typed
    assert WORDS in whole.content.decode()


def test_another_organisations_people_are_nobody_here(dana: Client, lakeside: Clinic, harbor: Clinic) -> None:
    _known(harbor)
    page = dana.post("/calls/new/known", {"phone": "312-555-0147"}, headers={"X-Part": "known"})
    assert "Nobody here has this number or name." in page.content.decode()


def test_whoever_may_work_leads_may_see_who_somebody_is() -> None:
    assert all(May.SEE_IDENTITIES in may for may in ALLOWED.values() if May.WORK_LEADS in may)


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator", "privacy-officer"])
def test_who_takes_no_calls_is_told_nothing(lakeside: Clinic, role: str) -> None:
    _known(lakeside)
    cache.clear()
    page = browser(lakeside.organization, role).post("/calls/new/known", {"phone": "312-555-0147"})
    assert page.status_code == 403
    assert "Sample Caller" not in page.content.decode()


def test_a_submission_of_another_kind_is_no_call(dana: Client, lakeside: Clinic) -> None:
    _known(lakeside)
    assert dana.get(f"/calls/new/{Submission.objects.get().pk}").status_code == 404
