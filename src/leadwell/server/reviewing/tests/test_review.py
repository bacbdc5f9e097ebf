"""What the rules were unsure of is looked through: by whoever may, of their own organisation, and of two who decide at
once one wins. (promises A8, B7, C14, C17, C18)"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.alerts.actions import deal
from leadwell.server.alerts.kinds import KINDS
from leadwell.server.alerts.models import Alert
from leadwell.server.assigning.actions import give_out
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads import sampling
from leadwell.server.leads.clocks import clocks
from leadwell.server.leads.models import Event, Lead, Verified
from leadwell.server.leads.recovering import recover
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.outcomes.actions import Became, note_outcome
from leadwell.server.people.household import related
from leadwell.server.people.linking import linked
from leadwell.server.people.models import Doubt, PersonLink
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.reviewing import actions
from leadwell.server.reviewing.watching import watch_for_danger
from leadwell.server.worklist.models import Lane, Waiting
from leadwell.server.worklist.ordering import waits

pytestmark = pytest.mark.django_db(databases="__all__")

SPAM = "Click to claim your prize http://a.example http://b.example"
DANGER = "My chest hurts and my left arm is numb"
KNEE = {"full_name": "Gerald Sample", "phone": "312-555-0121", "service": "Knee replacement", "zip": "60506"}
CONFLICT = KNEE | {"preferred_location": "Aurora", "message": "total knee before the winter"}
PRICES = {"full_name": "Paula Sample", "email": "paula@example.org", "message": "How much does it cost in general?"}


@pytest.fixture
def dana(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "coordinator")


def _came(clinic: Clinic, columns: dict[str, str]) -> Lead:
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    return Lead.objects.of(clinic.number).get(submission=receipt.id)


def _spam(clinic: Clinic) -> Lead:
    return _came(clinic, {"full_name": "Sample Sender", "email": "s@example.org", "message": SPAM})


def _page(client: Client, query: str = "") -> Any:
    return client.get(f"/review?{query}").context["page"]


# --- danger


def test_danger_is_acknowledged_once_with_who_and_how_long_it_took(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    assert [one.row.id for one in _page(dana).rows] == [lead.pk]  # it is what the page opens with
    manager = browser(lakeside.organization, "manager")
    assert "Acknowledged." in dana.post(f"/review/{lead.pk}/acknowledge", follow=True).content.decode()
    second = manager.post(f"/review/{lead.pk}/acknowledge", follow=True).content.decode()
    assert "Sample coordinator was first" in second
    assert _page(dana, "tab=danger").rows == ()
    (seen,) = _page(dana, "tab=danger&show=done").rows
    assert (seen.by, seen.took) == ("Sample coordinator", "under 1 min")
    assert TrailEntry.objects.filter(action="danger.acknowledged").count() == 1
    assert Waiting.objects.get().lane == Lane.SAFETY  # it waits for an answer still


def test_of_danger_that_nobody_owns_it_says_who_answered(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    coordinator = member(lakeside.organization, "coordinator")
    note_outcome(lakeside.number, lead.pk, Became("booked"), actor=coordinator.actor)
    (seen,) = _page(dana, "tab=danger&show=done").rows
    assert (seen.owner, seen.by) == ("", "Sample coordinator")


def test_what_does_not_sound_like_danger_cannot_be_acknowledged(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, KNEE)
    answer = dana.post(f"/review/{lead.pk}/acknowledge", follow=True).content.decode()
    assert "Nothing of it sounds like danger any more." in answer


def test_of_danger_that_nobody_has_seen_whoever_leads_intake_is_told_and_anew_of_each(
    lakeside: Clinic, dana: Client
) -> None:
    told = Alert.objects.of(lakeside.number).filter(kind="danger", ended_at=None)
    watch_for_danger(lakeside.number)
    assert not told.exists()
    lead = _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    for _ in range(2):  # one cause, one alert
        watch_for_danger(lakeside.number)
    assert KINDS["danger"].title(told.get().codes) == "Nobody has seen 1 lead that sounds like danger"
    deal(told.get(), member(lakeside.organization, "intake-lead"), "Rang the one on duty")
    dana.post(f"/review/{lead.pk}/acknowledge")
    _came(lakeside, {"full_name": "Another Person", "phone": "312-555-0148", "message": DANGER})
    watch_for_danger(lakeside.number)
    assert (told.get().dealt_at, told.get().codes) == (None, {"count": 1})
    Lead.objects.of(lakeside.number).update(answered_at=timezone.now())
    watch_for_danger(lakeside.number)
    assert not told.exists()


def test_danger_that_was_answered_names_who_did_and_how(lakeside: Clinic, dana: Client) -> None:
    mine = member(lakeside.organization, "coordinator").actor
    leads = [
        _came(lakeside, {"full_name": f"Sample {name}", "phone": phone, "birth_date": born, "message": DANGER})
        for name, phone, born in (
            ("Person", "312-555-0147", "1961-02-03"),
            ("Caller", "312-555-0148", "1952-05-17"),
            ("Sender", "312-555-0149", "1973-11-29"),
        )
    ]
    note_outcome(lakeside.number, leads[0].pk, Became("booked"), actor=mine)
    note_attempt(lakeside.number, leads[1].pk, Made(Ended("reached")), actor=mine)
    note_outcome(lakeside.number, leads[2].pk, Became("declined", "spam"), actor=mine)
    assert _page(dana, "tab=danger").rows == ()
    seen = {one.row.id: one for one in _page(dana, "tab=danger&show=done").rows}
    assert [seen[lead.pk].by for lead in leads] == ["Sample coordinator"] * 3
    assert [seen[lead.pk].ended for lead in leads] == ["", "", "Ended: spam"]
    assert "ended: spam" in dana.get("/review?tab=danger&show=done").content.decode()


def test_danger_that_a_program_has_ended_is_seen_by_nobody(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    note_outcome(lakeside.number, lead.pk, Became("declined", "spam"), actor="key:lw_sample")
    (one,) = _page(dana, "tab=danger").rows
    assert (one.row.id, one.at) == (lead.pk, None)
    dana.post(f"/review/{lead.pk}/acknowledge")
    (seen,) = _page(dana, "tab=danger&show=done").rows
    assert seen.by == "Sample coordinator"


# --- contradictions


def test_a_contradiction_shows_both_sides_and_is_settled_by_what_is_confirmed(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, CONFLICT)
    assert lead.conflicts == 1
    page = _page(dana, "tab=conflicts")
    (one,) = page.rows
    (two,) = one.contradictions
    assert two.says == "The preferred clinic does not offer this service"
    assert [side.fact.value for side in two.sides] == ["Aurora", "Knee replacement"]
    column = two.sides[0].fact.ask.column
    said = {"column": column, "answer": "evanston", "stood": str(one.stood)}
    where = dana.post(f"/review/{lead.pk}/settle", said)["Location"]
    lead.refresh_from_db()
    assert lead.conflicts == 0
    assert Verified.objects.get().column == column
    shown = dana.get(where).content.decode()
    assert "Nothing contradicts itself" in shown
    assert "Undo" in shown
    back = {"verified": str(Verified.objects.get().pk), "to": "review"}
    assert dana.post(f"/leads/{lead.pk}/facts/back", back)["Location"] == "/review?tab=conflicts"
    lead.refresh_from_db()
    assert lead.conflicts == 1


def test_a_side_that_stands_in_their_words_is_shown_with_them(lakeside: Clinic, dana: Client) -> None:
    _came(lakeside, {"full_name": "Sample Person", "message": "my daughter is 17 and wants joint school"})
    ((two,),) = [one.contradictions for one in _page(dana, "tab=conflicts").rows]
    assert {side.fact.key: side.words for side in two.sides} == {"service": "", "age": "is 17"}


def test_whoever_settles_second_is_told_and_writes_nothing(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, CONFLICT)
    (one,) = _page(dana, "tab=conflicts").rows
    column = one.contradictions[0].sides[0].fact.ask.column
    said = {"column": column, "stood": str(one.stood)}
    dana.post(f"/review/{lead.pk}/settle", said | {"answer": "evanston"})
    other = browser(lakeside.organization, "manager")
    answer = other.post(f"/review/{lead.pk}/settle", said | {"answer": "loop"}, follow=True).content.decode()
    assert "Somebody else has just confirmed something of this lead." in answer
    assert Verified.objects.count() == 1


def test_what_cannot_be_is_said_at_the_field(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, CONFLICT)
    (one,) = _page(dana, "tab=conflicts").rows
    column = one.contradictions[0].sides[0].fact.ask.column
    answer = dana.post(f"/review/{lead.pk}/settle", {"column": column, "answer": "the moon", "stood": "0"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert dana.post(f"/review/{lead.pk}/settle", {"column": column, "answer": "loop"}).status_code == 404


# --- who may be one person


def _two(clinic: Clinic) -> Doubt:
    """Two who may be one, with a weight."""
    _came(clinic, KNEE)
    _came(clinic, KNEE | {"full_name": "Geraldine Sample", "phone": "312-555-0122", "service": "Physical therapy"})
    Doubt.objects.of(clinic.number).delete()
    one, other = sorted(Lead.objects.of(clinic.number).values_list("person", flat=True))
    at = Lead.objects.first().received_at  # type: ignore[union-attr]
    two = {"one": one, "other": other, "at": at, "codes": "last_name+zip", "sealed": b""}
    return Doubt.objects.create(organization=clinic.organization, **two)


def test_two_are_beside_each_other_and_the_household_is_kept_and_not_asked_again(
    lakeside: Clinic, dana: Client
) -> None:
    doubt = _two(lakeside)
    page = _page(dana, "tab=duplicates")
    assert [one.number for one in page.rows] == [doubt.pk]
    assert ("Gerald Sample", "Geraldine Sample") in [
        tuple(sorted((fact.first, fact.second))) for fact in page.opened.beside.facts
    ]
    dana.post(f"/review/pairs/{doubt.pk}", {"said": "household"})
    assert _page(dana, "tab=duplicates").rows == ()
    assert doubt.other in [number for number, _ in related(lakeside.number, doubt.one)]
    assert not PersonLink.objects.exists()
    rejudge(lakeside.number)
    assert _page(dana, "tab=duplicates").rows == ()


def test_what_was_said_is_taken_back_with_its_link(lakeside: Clinic, dana: Client) -> None:
    doubt = _two(lakeside)
    dana.post(f"/review/pairs/{doubt.pk}", {"said": "same"})
    assert doubt.other in linked(lakeside.number, [doubt.one])[doubt.one]
    (over,) = _page(dana, "tab=duplicates&show=done").rows
    assert (over.says, over.by) == ("They are one person", "Sample coordinator")
    dana.post(f"/review/pairs/{doubt.pk}/again")
    assert doubt.other not in linked(lakeside.number, [doubt.one])[doubt.one]
    assert [one.number for one in _page(dana, "tab=duplicates").rows] == [doubt.pk]
    again = dana.post(f"/review/pairs/{doubt.pk}/again", follow=True).content.decode()
    assert "Somebody else has taken that back before." in again


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(lakeside: Clinic, dana: Client) -> None:
    doubt = _two(lakeside)
    dana.post(f"/review/pairs/{doubt.pk}", {"said": "two"})
    other = browser(lakeside.organization, "manager")
    answer = other.post(f"/review/pairs/{doubt.pk}", {"said": "same"}, follow=True).content.decode()
    assert "Sample coordinator was first: they are two." in answer
    assert not PersonLink.objects.exists()
    assert actions.say(lakeside.number, doubt, "same", actor="user:1") is None
    assert other.post(f"/review/pairs/{doubt.pk}", {"said": "friends"}).status_code == 404


# --- low scores, checked by chance


def test_the_sample_is_a_share_and_can_be_found_again() -> None:
    leads = [uuid4() for _ in range(4_000)]
    chosen = {one for one in leads if sampling.is_chosen(1, one, 0.05)}
    assert 130 < len(chosen) < 270  # 200 expected; beyond five standard deviations
    assert chosen == {one for one in leads if sampling.is_chosen(1, one, 0.05)}
    assert chosen <= {one for one in leads if sampling.is_chosen(1, one, 0.5)}
    assert not any(sampling.is_chosen(1, one, 0.0) for one in leads)
    assert all(sampling.is_chosen(1, one, 1.0) for one in leads)
    assert chosen != {one for one in leads if sampling.is_chosen(2, one, 0.05)}


@pytest.mark.parametrize(
    ("said", "low"),
    [
        ({"grade": "D", "disposition": "nurture", "safety": None}, True),
        ({"grade": "C", "disposition": "nurture", "safety": None}, False),
        ({"grade": "D", "disposition": "discard", "safety": None}, False),
        ({"grade": "D", "disposition": "review", "safety": "crisis"}, False),
        ({"grade": None, "disposition": "review", "safety": None}, False),
    ],
)
def test_only_a_low_score_that_somebody_could_work_on_is_chosen(said: dict[str, Any], low: bool) -> None:
    assert sampling.is_sampled(1, uuid4(), said, 1.0) == low


@pytest.fixture
def everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All low scores are chosen."""

    def chosen(organization: int, lead: UUID, share: float) -> bool:
        assert share == 0.05  # as the policy says
        return True

    monkeypatch.setattr(sampling, "is_chosen", chosen)


@pytest.mark.usefixtures("everyone")
def test_a_low_score_that_was_chosen_is_handled_like_a_high_one(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, PRICES)
    assert (lead.grade, lead.sampled) == ("D", True)
    playbook: Playbook = in_force(lakeside.number)[1]
    assert waits(lead, None, clocks(playbook)).grade == "A"
    rejudge(lakeside.number)
    lead.refresh_from_db()
    assert lead.sampled
    (one,) = _page(dana, "tab=low-scores").rows
    assert one.row.id == lead.pk
    assert "handled like an A to check the score" in dana.get("/worklist?lane=to-do").content.decode()
    dana.post(f"/leads/{lead.pk}/call/end", {"result": "reached", "direction": "out"})
    assert "Answered, nothing noted yet" in dana.get("/review?tab=low-scores").content.decode()


def test_a_high_score_is_never_in_the_sample(lakeside: Clinic) -> None:
    assert not _came(lakeside, KNEE | {"message": "ready to book, I have Medicare"}).sampled


# --- what was set aside


def test_what_was_set_aside_is_brought_back_with_team_and_owner_and_stays_so(lakeside: Clinic, dana: Client) -> None:
    lead = _spam(lakeside)
    assert (lead.queue, lead.resting) == ("", "discarded")
    (one,) = _page(dana, "tab=set-aside").rows
    assert one.row.id == lead.pk
    assert "Brought back." in dana.post(f"/review/{lead.pk}/recover", follow=True).content.decode()
    lead.refresh_from_db()
    assert (bool(lead.queue), lead.resting, lead.disposition) == (True, "", "review")
    assert Waiting.objects.get().lane in (Lane.REVIEW, Lane.DUE, Lane.TO_DO)
    assert Waiting.objects.get().give_at is not None
    give_out(lakeside.number)
    rejudge(lakeside.number)
    lead.refresh_from_db()
    assert (bool(lead.queue), lead.resting) == (True, "")
    assert Event.objects.filter(name="lead.recovered", by=member(lakeside.organization, "coordinator").user).exists()
    (back,) = _page(dana, "tab=set-aside&show=done").rows
    assert back.by == "Sample coordinator"


def test_it_is_put_aside_again(lakeside: Clinic, dana: Client) -> None:
    lead = _spam(lakeside)
    dana.post(f"/review/{lead.pk}/recover")
    dana.post(f"/review/{lead.pk}/aside")
    lead.refresh_from_db()
    assert (lead.queue, lead.resting, lead.disposition) == ("", "discarded", "discard")
    assert "before" in dana.post(f"/review/{lead.pk}/aside", follow=True).content.decode()


def test_of_one_that_never_rested_nobody_is_said_to_have_been_first(lakeside: Clinic, dana: Client) -> None:
    lead = _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    for verb, says in (("aside", "Nobody has brought it back"), ("recover", "It does not rest, so")):
        answer = dana.post(f"/review/{lead.pk}/{verb}", follow=True).content.decode()
        assert says in answer
        assert "Somebody else" not in answer


def test_of_two_who_bring_it_back_one_is_told(lakeside: Clinic, dana: Client) -> None:
    lead = _spam(lakeside)
    assert recover(lakeside.number, lead.pk, actor=member(lakeside.organization, "manager").actor)
    answer = dana.post(f"/review/{lead.pk}/recover", follow=True).content.decode()
    assert "Somebody else was first" in answer
    assert Event.objects.filter(name="lead.recovered").count() == 1


# --- all sections


def test_counts_are_true_and_alone_where_the_page_looks_again(lakeside: Clinic, dana: Client) -> None:
    _spam(lakeside)
    _came(lakeside, CONFLICT)
    _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    counted = {tab.word: tab.count for tab in _page(dana).tabs}
    assert counted == {"Danger": 1, "Contradictions": 1, "One person?": 0, "Low scores, checked": 0, "Set aside": 1}
    part = dana.get("/review?tab=danger", headers={"X-Live": "1"}).content.decode()
    assert "<h1" not in part
    assert part.count("<a ") == 5
    assert dana.get("/review?tab=nonsense").status_code == 404


@pytest.mark.parametrize("tab", ["danger", "conflicts", "duplicates", "low-scores", "set-aside"])
def test_nothing_of_another_organisation_is_shown(lakeside: Clinic, harbor: Clinic, tab: str) -> None:
    _spam(lakeside)
    _came(lakeside, {"full_name": "Sample Person", "phone": "312-555-0147", "message": DANGER})
    theirs = _page(browser(harbor.organization, "coordinator"), f"tab={tab}")
    assert theirs.rows == ()
    assert all(one.count == 0 for one in theirs.tabs)


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator", "privacy-officer"])
def test_a_role_that_works_no_leads_is_told_nothing(lakeside: Clinic, role: str) -> None:
    _spam(lakeside)
    answer = browser(lakeside.organization, role).get("/review?tab=set-aside")
    assert answer.status_code == 403
    assert "Sample Sender" not in answer.content.decode()
