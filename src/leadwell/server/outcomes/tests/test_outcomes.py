"""What became of a lead takes two keys, an end has a reason of the playbook, and no stage counts twice. (E27, E29)"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import orjson
import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell import playbook
from leadwell.server.calls.actions import Made, note_attempt
from leadwell.server.calls.ending import Ended
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads import became
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.verifying import Answer, Gone, verify
from leadwell.server.outcomes import actions
from leadwell.server.outcomes.actions import Became, CannotBecome, correct, note_outcome, take_back
from leadwell.server.outcomes.models import Outcome
from leadwell.server.outcomes.stages import stages
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.held import erase, export
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.tests.standing import stands

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "zip": "60601",
        "message": "I am 61 and I need a knee replacement in Evanston within two weeks"}  # fmt: skip


@stands
def lead(lakeside: Clinic) -> Lead:
    accept(lakeside.number, lakeside.source, [Delivery(orjson.dumps(KNEE))])
    drain()
    return Lead.objects.of(lakeside.number).get()


@pytest.fixture
def dana(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "coordinator")


def _actor(lead: Lead) -> str:
    return member(lead.organization, "coordinator").actor


def _note(lead: Lead, what: str, **more: object) -> Outcome:
    said = Became(what, **more)  # type: ignore[arg-type]
    return note_outcome(lead.organization_id, lead.pk, said, actor=_actor(lead))[0]


def _there(lead: Lead) -> list[str]:
    return [one.key for one in stages(lead, in_force(lead.organization_id)[1]) if one.at]


def test_a_stage_is_noted_on_the_timeline_and_in_the_trail(lead: Lead) -> None:
    _note(lead, "booked")
    assert _there(lead) == ["received", "booked"]
    assert Event.objects.get(name="outcome.noted").codes == {"became": "booked"}
    assert TrailEntry.objects.get(action="outcome.noted").subject == f"lead/{lead.pk}"


def test_what_is_told_otherwise_is_derived(lead: Lead) -> None:
    """That it qualifies by the playbook's own condition, that somebody was spoken with by the calls."""
    verify(lead.organization_id, lead.pk, Answer("payer", "aetna"), actor=_actor(lead))
    assert _there(lead) == ["received", "qualified"]
    note_attempt(lead.organization_id, lead.pk, Made(Ended("reached")), actor=_actor(lead))
    assert _there(lead) == ["received", "qualified", "contacted"]


def test_a_lead_that_comes_to_a_stage_again_counts_once_by_its_first_time(lead: Lead) -> None:
    first, later = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1)
    _note(lead, "booked", at=later, key="b")
    _note(lead, "booked", at=first, key="a")
    (booked,) = [one for one in stages(lead, in_force(lead.organization_id)[1]) if one.key == "booked"]
    assert booked.at == first


@pytest.mark.parametrize(
    ("what", "more", "key"),
    [
        ("declined", {}, "reason"),
        ("declined", {"reason": "because"}, "reason"),
        ("booked", {"reason": "out-of-area"}, "reason"),
        ("received", {}, "became"),
        ("qualified", {}, "became"),
        ("vanished", {}, "became"),
        ("", {}, "became"),
        ("booked", {"ease": "so-so"}, "ease"),
        ("booked", {"word": "x" * 501}, "word"),
    ],
)
def test_what_the_playbook_does_not_list_is_refused_at_its_field(
    lead: Lead, what: str, more: dict[str, str], key: str
) -> None:
    with pytest.raises(CannotBecome) as error:
        _note(lead, what, **more)
    assert error.value.key == key
    assert not Outcome.objects.exists()


def test_an_end_without_a_reason_cannot_even_be_written(lead: Lead) -> None:
    now = timezone.now()
    row = {"organization": lead.organization, "lead": lead, "became": "declined", "at": now, "noted_at": now, "by": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(**row, ends=True, reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(**row, ends=False, reason="age")


def test_no_response_has_the_reason_of_its_name(lead: Lead) -> None:
    assert _note(lead, "no-response").reason == "no-response"
    reason, _ = became.ended(lead.organization_id, [lead.pk])[lead.pk]
    assert reason == "no-response"


def test_a_stage_after_an_end_opens_it_again(lead: Lead) -> None:
    _note(lead, "declined", reason="chose-elsewhere", at=timezone.now() - timedelta(days=1))
    assert lead.pk in became.ended(lead.organization_id, [lead.pk])
    _note(lead, "booked")
    assert became.ended(lead.organization_id, [lead.pk]) == {}


def test_a_second_click_and_a_second_call_of_a_program_say_it_once(lead: Lead) -> None:
    _note(lead, "booked")
    _note(lead, "booked")
    _note(lead, "attended", key="visit-1")
    _note(lead, "attended", key="visit-1")
    assert sorted(Outcome.objects.values_list("became", flat=True)) == ["attended", "booked"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one writer: only PostgreSQL races")
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_clicks_at_one_moment_say_it_once(lead: Lead) -> None:
    def click(_: int) -> bool:
        try:
            return note_outcome(lead.organization_id, lead.pk, Became("booked"), actor=actor)[1]
        finally:
            connections.close_all()

    actor = _actor(lead)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [False, False, False, True]
    assert Outcome.objects.get().became == "booked"


@pytest.mark.parametrize(("minutes", "possible"), [(9, True), (11, False)])
def test_it_is_taken_back_within_ten_minutes(lead: Lead, minutes: int, possible: bool) -> None:
    one = _note(lead, "booked")
    Outcome.objects.filter(pk=one.pk).update(noted_at=timezone.now() - timedelta(minutes=minutes))
    done = take_back(lead.organization_id, lead.pk, one.pk, actor=_actor(lead))
    assert (done is not None, "booked" in _there(lead)) == (possible, not possible)
    assert take_back(lead.organization_id, lead.pk, one.pk, actor=_actor(lead)) is None


def test_it_is_corrected_later_and_the_first_stays_to_be_read(lead: Lead) -> None:
    one = _note(lead, "booked", at=timezone.now() - timedelta(days=3))
    made = correct(lead.organization_id, lead.pk, one.pk, Became("declined", "chose-elsewhere"), actor=_actor(lead))
    assert made is not None
    assert (made.at, made.corrects) == (one.at, one.pk)
    assert "booked" not in _there(lead)
    assert Outcome.objects.count() == 2
    assert correct(lead.organization_id, lead.pk, one.pk, Became("attended"), actor=_actor(lead)) is None


def test_a_word_of_staff_is_sealed_given_out_and_erased(lead: Lead) -> None:
    _note(lead, "booked", ease="easy", word="Quagmire knew what she wanted")
    assert "uagmire" not in str(list(Outcome.objects.values()) + list(Event.objects.values()))
    assert lead.person_id is not None
    given = export(lead.organization_id, lead.person_id, actor=_actor(lead))
    assert given["outcomes"][0]["note"] == "Quagmire knew what she wanted"
    erase(lead.organization_id, lead.person_id, actor=_actor(lead))
    assert (bytes(Outcome.objects.get().sealed), Outcome.objects.get().ease) == (b"", "easy")
    with pytest.raises(Gone):
        _note(lead, "attended")


def test_another_organisations_lead_is_not_there(lead: Lead, harbor: Clinic) -> None:
    with pytest.raises(Gone):
        note_outcome(harbor.number, lead.pk, Became("booked"), actor="user:1")


def test_it_is_said_on_the_leads_page_undone_and_corrected(dana: Client, lead: Lead) -> None:
    def post(name: str, **said: object) -> str:
        return dana.post(reverse(name, args=[lead.pk]), said, follow=True).content.decode()

    page = post("note_outcome", became="booked", ease="hard", word="Took four tries")
    assert "Booked: noted." in page
    assert "Hard: Took four tries" in page
    one = Outcome.objects.get()
    assert "Taken back." in post("take_back_outcome", outcome=one.pk)
    assert "Say why" in post("note_outcome", became="declined")
    page = post("note_outcome", became="declined", reason="chose-elsewhere")
    assert "Declined: chose elsewhere" in page
    one = Outcome.objects.get(undone_at=None)
    page = post("correct_outcome", outcome=one.pk, became="no-response")
    assert "<del>Declined: chose elsewhere</del>" in page
    assert dana.post(reverse("take_back_outcome", args=[lead.pk]), {"outcome": "x"}).status_code == 404


def test_what_somebody_else_noted_is_not_taken_back_whoever_asks_for_it(lakeside: Clinic, lead: Lead) -> None:
    one = _note(lead, "booked")
    priya = browser(lakeside.organization, "manager")
    page = priya.post(reverse("take_back_outcome", args=[lead.pk]), {"outcome": one.pk}, follow=True).content.decode()
    assert "only they can take it back" in page
    assert Outcome.objects.get().undone_at is None


def test_marketing_sees_codes_and_no_word(lakeside: Clinic, lead: Lead) -> None:
    _note(lead, "booked", word="Quagmire knew")
    page = browser(lakeside.organization, "marketing").get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Booked" in page
    assert "uagmire" not in page
    assert "Say what became of it" not in page


def test_a_lead_that_came_before_another_policy_offers_what_that_takes(
    lakeside: Clinic, lead: Lead, dana: Client
) -> None:
    source = playbook.find("lakeside-orthopedics")
    assert b'"attended", ' in source
    less = source.replace(b'"attended", ', b"").replace(b"chose-elsewhere ", b"chose-another ")
    publish(upload(lakeside.organization, less))
    page = dana.get(reverse("lead", args=[lead.pk])).context["page"]
    (told,) = [one.told for one in page.parts["now"] if one.template == "outcomes/card.html"]
    assert "attended" not in [one.value for one in told.choices]
    assert "chose-elsewhere" not in [value for value, _ in told.reasons]
    assert [one.key for one in told.choices] == [str(n) for n in range(1, len(told.choices) + 1)]
    for one in told.choices:
        _note(lead, one.value, reason=told.reasons[0][0] if one.reasons else "")
    stale = dana.post(
        reverse("note_outcome", args=[lead.pk]), {"became": "declined", "reason": "chose-elsewhere"}, follow=True
    ).content.decode()
    assert "by one of the playbook&#x27;s reasons: Out of area, " in stale


def test_of_two_clicks_at_the_same_moment_one_counts(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is looked at once the first is written."""
    alone = actions.alone

    def first(organization: int) -> None:
        monkeypatch.setattr(actions, "alone", alone)
        _note(lead, "booked")

    monkeypatch.setattr(actions, "alone", first)
    _note(lead, "booked")
    assert Outcome.objects.count() == 1


def test_no_response_has_no_other_reason_than_its_own(lead: Lead) -> None:
    with pytest.raises(CannotBecome, match="No response has its own reason"):
        _note(lead, "no-response", reason="not-now")
    assert _note(lead, "no-response", reason="no-response").reason == "no-response"
