"""An answer becomes a verified fact that outranks field and words, and the lead is judged anew. (promise D22)"""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads import verifying
from leadwell.server.leads.asking import CannotBe
from leadwell.server.leads.models import Assessment, Event, Lead, Verified
from leadwell.server.leads.queries import columns_of, current_assessment
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.leads.verifying import Answer, Gone, SomebodyElse, take_back, verify, would_be
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.tests.standing import stands

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {
    "full_name": "Sample Person",
    "phone": "312-555-0147",
    "payer": "Quagmire Mutual",
    "message": "I am 61, both my knees are bone on bone and I want a knee replacement in Evanston within two weeks",
}


@stands
def lead(lakeside: Clinic) -> Lead:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    return Lead.objects.of(lakeside.number).get()


def _actor(lead: Lead) -> str:
    return member(lead.organization, "coordinator").actor


def _fact(lead: Lead, name: str) -> dict[str, Any]:
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    found: dict[str, Any] = said["facts"][name]
    return found


def _verify(lead: Lead, column: str, text: str, **more: Any) -> verifying.Change:
    return verify(lead.organization_id, lead.pk, Answer(column, text, **more), actor=_actor(lead))


def test_it_outranks_the_field_and_the_words(lead: Lead) -> None:
    assert (_fact(lead, "payer")["provenance"], _fact(lead, "age")["provenance"]) == ("stated", "extracted")
    _verify(lead, "payer", "bcbs")
    _verify(lead, "age", "66")
    assert _fact(lead, "payer") == {"value": "bcbs", "provenance": "verified", "from": "payer"}
    assert _fact(lead, "age") == {"value": 66, "provenance": "verified", "from": "age"}


def test_what_it_changed_is_told_and_kept(lead: Lead) -> None:
    assert lead.disposition == "decline"
    change = _verify(lead, "payer", "bcbs")
    assert (change.before.disposition, change.after.disposition) == ("decline", "verify")
    assert change.after.asks == ("zip",)
    row = Verified.objects.get()
    assert (row.by, row.moved["disposition"], row.moved["asks"]) == (_actor(lead), ["decline", "verify"], [[], ["zip"]])
    assert Lead.objects.get().disposition == "verify"
    assert Event.objects.filter(name="fact.verified").get().codes["disposition"] == ["decline", "verify"]


def test_the_last_missing_answer_makes_it_ready_to_book(lead: Lead) -> None:
    _verify(lead, "payer", "Pays themselves")
    change = _verify(lead, "zip", "60201")
    assert (change.after.disposition, change.after.asks) == ("schedule", ())
    assert Assessment.objects.count() == 3


def test_what_they_do_not_know_outranks_nothing(lead: Lead) -> None:
    verify(lead.organization_id, lead.pk, Answer("zip", known=False), actor=_actor(lead))
    assert "zip" not in columns_of(Lead.objects.get())
    assert Event.objects.filter(name="fact.unknown").exists()


def test_a_later_correction_counts_and_the_first_stays(lead: Lead) -> None:
    _verify(lead, "age", "66")
    _verify(lead, "age", "67")
    assert _fact(lead, "age")["value"] == 67
    assert Verified.objects.filter(column="age").count() == 2


def test_a_second_click_says_it_once(lead: Lead) -> None:
    _verify(lead, "age", "66")
    assert _verify(lead, "age", "66").row is None
    assert Verified.objects.count() == 1


def test_it_is_taken_back_within_ten_minutes_and_what_stood_before_counts(lead: Lead) -> None:
    _verify(lead, "payer", "aetna")
    second = _verify(lead, "payer", "bcbs").row
    assert second is not None
    assert take_back(lead.organization_id, lead.pk, second.pk, actor=_actor(lead)) is not None
    assert _fact(lead, "payer")["value"] == "aetna"
    assert take_back(lead.organization_id, lead.pk, second.pk, actor=_actor(lead)) is None


def test_a_second_undo_is_told_that_it_was_taken_back(lead: Lead) -> None:
    row = _verify(lead, "payer", "aetna").row
    assert row is not None
    dana, sent = browser(lead.organization, "coordinator"), {"verified": str(row.pk)}
    page = dana.post(reverse("take_back_fact", args=[lead.pk]), sent, follow=True).content.decode()
    assert "Taken back; the lead stands as it did." in page
    page = dana.post(reverse("take_back_fact", args=[lead.pk]), sent, follow=True).content.decode()
    assert "That was taken back before." in page
    assert "ten minutes are over" not in page


@pytest.mark.parametrize(("minutes", "possible"), [(9, True), (11, False)])
def test_after_ten_minutes_it_is_only_corrected(lead: Lead, minutes: int, possible: bool) -> None:
    row = _verify(lead, "payer", "aetna").row
    assert row is not None
    Verified.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(minutes=minutes))
    assert (take_back(lead.organization_id, lead.pk, row.pk, actor=_actor(lead)) is not None) is possible


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("age", "sixty", "Write a number"),
        ("age", "130", "Write a number"),
        ("zip", "6020", "five digits"),
        ("zip", "00000", "five digits"),
        ("has_referral", "maybe", "Choose one of: Yes, No."),
        ("answer.metal_implant", "perhaps", "Choose one of: Yes, No."),
        ("service", "dentistry", "Choose one of: Knee replacement"),
        ("patient_birth_date", "21 March 1965", "1965-03-21"),
        ("patient_birth_date", "2965-03-21", "1965-03-21"),
        ("phone", "12", "whole number"),
        ("phone", "000-000-0000", "whole number"),
        ("payer", "", "in a few words"),
        ("payer", "x" * 501, "at most 500"),
        ("message", "rewritten", "knows no fact"),
        ("answer.nothing", "yes", "knows no fact"),
        ("verified", "payer", "knows no fact"),
        ("source", "website", "knows no fact"),
        ("nonsense", "x", "knows no fact"),
    ],
)
def test_what_a_fact_cannot_be_is_said_and_not_kept(lead: Lead, column: str, text: str, says: str) -> None:
    with pytest.raises(CannotBe, match=says):
        _verify(lead, column, text)
    assert not Verified.objects.exists()
    assert Lead.objects.get().verified == 0


def test_what_an_answer_would_change_is_told_before_it_is_saved(lead: Lead) -> None:
    accepted, other = would_be(lead, [{"payer": "bcbs"}, {"payer": "Another Mutual"}])
    assert (accepted.disposition, other.disposition) == ("verify", "decline")
    assert not Verified.objects.exists()


def test_another_judgement_keeps_what_was_verified(lead: Lead) -> None:
    _verify(lead, "payer", "bcbs")
    assert rejudge(lead.organization_id) == 0
    assert Lead.objects.get().disposition == "verify"


def test_one_that_changed_while_it_was_judged_is_judged_once_more(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers at the same moment: neither is lost from the judgement."""
    judged, other = verifying.judged, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        if not other:
            other.append(1)
            _verify(lead, "zip", "60201")
        return judged(*args, **kwargs)

    monkeypatch.setattr(verifying, "judged", slow)
    assert _verify(lead, "payer", "bcbs").after.disposition == "schedule"


def test_a_number_that_is_not_theirs_reaches_nobody(lead: Lead) -> None:
    change = _verify(lead, "phone", "", empties=True)
    said = current_assessment(lead.organization_id, lead.pk)
    assert said is not None
    assert said["dimensions"]["reachability"]["finding"] == "unknown"
    assert "phone" in change.after.asks or change.after.disposition == "decline"


def test_of_an_erased_one_nothing_is_confirmed_any_more(lead: Lead) -> None:
    _verify(lead, "payer", "bcbs")
    assert lead.person_id is not None
    given = export(lead.organization_id, lead.person_id, actor=_actor(lead))
    assert given["leads"][0]["verified"][0]["answer"] == "bcbs"
    erase(lead.organization_id, lead.person_id, actor=_actor(lead))
    assert bytes(Verified.objects.get().sealed) == b""
    with pytest.raises(Gone):
        _verify(lead, "zip", "60201")


def test_the_trail_says_which_fact_and_never_the_answer(lead: Lead) -> None:
    _verify(lead, "payer", "Quagmire Gold")
    entry = TrailEntry.objects.get(action="fact.verified")
    assert (entry.subject, entry.codes) == (f"lead/{lead.pk}", {"column": "payer"})
    assert "uagmire" not in str(list(Verified.objects.values()) + list(Event.objects.values()))


def test_of_one_that_cannot_be_opened_nothing_is_confirmed(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(sealed=b"damaged")
    with pytest.raises(Gone):
        _verify(lead, "payer", "bcbs")


def test_a_business_is_asked_for_one_of_our_offers(lakeside: Clinic) -> None:
    asks = {"type": "business", "organization": "Sample Freight", "phone": "312-555-0147", "message": "Work with us?"}
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(asks))])
    drain()
    lead = Lead.objects.of(lakeside.number).get()
    change = _verify(lead, "service", "Referral agreement")
    assert (change.before.asks, change.after.disposition) == (("offer",), "schedule")
    with pytest.raises(CannotBe, match="Choose one of: Referral agreement"):
        _verify(lead, "service", "Knee replacement")


def test_a_stale_page_does_not_win_over_what_a_colleague_confirmed(lakeside: Clinic, lead: Lead) -> None:
    _verify(lead, "age", "66")
    manager, url = browser(lakeside.organization, "manager"), reverse("verify_fact", args=[lead.pk])
    stale = manager.post(url, {"column": "age", "answer": "16", "seen": ""})
    page = stale.content.decode()
    assert (stale.status_code, _fact(lead, "age")["value"]) == (409, 66)
    assert "Sample coordinator has confirmed something else" in page
    assert "Leave theirs: 66" in page
    seen = str(Verified.objects.get().pk)
    assert page.count(f'name="seen" value="{seen}"') == 2  # of the choice, and of the fact
    manager.post(url, {"column": "age", "answer": "16", "seen": seen})
    assert _fact(lead, "age")["value"] == 16


def test_of_two_at_the_same_moment_the_second_is_told(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    """The colleague is between the look and the writing."""
    other, written = member(lead.organization, "manager").actor, verifying._written

    def first(prepared: verifying.Prepared) -> bool:
        monkeypatch.setattr(verifying, "_written", written)
        verify(lead.organization_id, lead.pk, Answer("age", "71"), actor=other, seen="")
        return written(prepared)

    monkeypatch.setattr(verifying, "_written", first)
    with pytest.raises(SomebodyElse) as told:
        verify(lead.organization_id, lead.pk, Answer("age", "61"), actor=_actor(lead), seen="")
    assert told.value.row is not None
    assert (told.value.row.by, Verified.objects.count()) == (other, 1)
