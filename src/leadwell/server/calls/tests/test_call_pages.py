"""On the call: the most decisive question first, what an answer would change, how it ended; without script. (D22)"""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import NOON, Clinic, browser
from leadwell.server.consent.models import Contact, Suppression
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead, Verified
from leadwell.server.tests.standing import stands

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("at_noon")]

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "zip": "60601",
        "message": "I am 61 and I need a knee replacement in Evanston within two weeks"}  # fmt: skip


def _lead(clinic: Clinic, **more: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | more))])
    drain()
    return Lead.objects.of(clinic.number).latest("pk")


@stands
def lead(lakeside: Clinic) -> Lead:
    return _lead(lakeside)


@pytest.fixture
def dana(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "coordinator")


def _page(client: Client, lead: Lead, name: str = "call") -> str:
    return client.get(reverse(name, args=[lead.pk])).content.decode()


def _post(client: Client, name: str, lead: Lead, **said: object) -> tuple[int, str]:
    answer = client.post(reverse(name, args=[lead.pk]), said, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_first_question_says_why_it_is_first_and_what_each_answer_would_change(dana: Client, lead: Lead) -> None:
    page = _page(dana, lead)
    assert "“Which insurance does the patient have, or would they pay themselves?”" in page
    assert "It settles: We take the listed plans and self-pay." in page
    assert "for each second of asking, the most of all" in page
    aetna = page[page.index("<dt>Aetna</dt>") :]
    assert aetna.index("Verify") < aetna.index("Schedule") < aetna.index("Nothing is left to ask.")
    assert '<input type="radio" name="choice" value="aetna" data-key="1"' in page


def test_an_answer_is_saved_as_a_verified_fact_and_the_next_is_asked(dana: Client, lead: Lead) -> None:
    status, page = _post(dana, "answer_question", lead, column="payer", choice="aetna")
    assert (status, Lead.objects.get().disposition) == (200, "schedule")
    assert "Nothing is left to ask" in page
    assert "Undo" in page
    assert Verified.objects.get().column == "payer"


def test_whoever_answers_otherwise_second_is_told_and_chooses(dana: Client, lakeside: Clinic) -> None:
    lead = _lead(lakeside, message="I need a knee replacement in Evanston within two weeks")
    manager = browser(lakeside.organization, "manager")
    assert 'name="seen" value=""' in _page(manager, lead)
    _post(dana, "answer_question", lead, column="age", answer="61", seen="")
    status, page = _post(manager, "answer_question", lead, column="age", answer="71", seen="")
    assert (status, Verified.objects.count()) == (409, 1)
    assert "Sample coordinator has confirmed something else" in page
    assert "Save mine: 71" in page
    assert "Leave theirs: 61" in page
    seen = str(Verified.objects.get().pk)
    assert f'name="seen" value="{seen}"' in page
    status, _ = _post(manager, "answer_question", lead, column="age", answer="71", seen=seen)
    assert (status, Verified.objects.count()) == (200, 2)
    status, page = _post(dana, "answer_question", lead, column="age", choice="unknown", seen="")
    assert (status, Verified.objects.count()) == (409, 2)
    assert "Save mine: they do not know" in page


def test_whoever_says_the_same_or_answers_another_question_is_not_held_up(dana: Client, lakeside: Clinic) -> None:
    lead = _lead(lakeside, zip="", message="I need a knee replacement in Evanston within two weeks")
    manager = browser(lakeside.organization, "manager")
    _post(dana, "answer_question", lead, column="age", answer="61", seen="")
    assert _post(manager, "answer_question", lead, column="age", answer="61", seen="")[0] == 200
    assert _post(manager, "answer_question", lead, column="zip", answer="60606", seen="")[0] == 200


def test_what_they_do_not_know_is_asked_last(dana: Client, lakeside: Clinic) -> None:
    lead = _lead(lakeside, zip="", message="I need a knee replacement within two weeks")
    first = _page(dana, lead)
    assert first.index("How old is the patient?") < first.index("What is the patient&#x27;s ZIP code?")
    _, page = _post(dana, "answer_question", lead, column="age", choice="unknown")
    assert page.index("What is the patient&#x27;s ZIP code?") < page.index("How old is the patient?")
    later = dana.get(reverse("call", args=[lead.pk]) + "?later=zip").content.decode()
    assert later.index("Which insurance") < later.index("What is the patient&#x27;s ZIP code?")


def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(dana: Client, lakeside: Clinic) -> None:
    lead = _lead(lakeside, message="I need a knee replacement in Evanston within two weeks")
    status, page = _post(dana, "answer_question", lead, column="age", answer="sixty-one")
    assert status == 400
    assert 'value="sixty-one"' in page
    assert page.count("Write a number, like 61.") >= 2
    assert not Verified.objects.exists()


def test_what_a_typed_answer_would_change_is_told_before_it_is_saved(dana: Client, lead: Lead) -> None:
    _, page = _post(dana, "try_answer", lead, column="payer", answer="Quagmire Mutual", choice="other")
    assert "Decline" in page[page.index('id="path"') :][:900]
    part = dana.post(
        reverse("try_answer", args=[lead.pk]),
        {"column": "payer", "answer": "Quagmire Mutual"},
        headers={"X-Part": "path"},
    )
    assert b"<html" not in part.content
    assert b"Decline" in part.content
    assert not Verified.objects.exists()


def test_a_call_begins_and_ends_and_is_undone(dana: Client, lead: Lead) -> None:
    _, page = _post(dana, "begin_call", lead)
    assert "On the call, " in page
    assert 'href="tel:+13125550147"' in page
    attempt = Attempt.objects.get()
    _, page = _post(dana, "end_call", lead, attempt=attempt.pk, result="voicemail", note="Left our number")
    assert "Voicemail" in page
    assert "Left our number" in page
    _, page = _post(dana, "take_back_call", lead, attempt=attempt.pk)
    assert "Say again how it ended." in page
    assert "On the call, " in page


def test_where_we_may_not_there_is_no_number_to_dial_and_it_says_from_when(
    dana: Client, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=11))
    page = _page(dana, lead)
    assert "Not before 9:00" in page
    assert "tel:" not in page
    _, page = _post(dana, "begin_call", lead)
    assert "Nobody was called." in page
    assert not Attempt.objects.exists()


def test_when_they_ask_to_be_called_back_is_shown_before_it_is_saved(dana: Client, lead: Lead) -> None:
    _post(dana, "begin_call", lead)
    attempt = Attempt.objects.get()
    _, page = _post(dana, "end_call", lead, attempt=attempt.pk, result="callback", when="mañana a las 10")
    assert "Call back 10:00 am tomorrow, Chicago time" in page
    assert Attempt.objects.get().result == ""
    at = "2026-11-26T10:00:00-06:00"
    assert f'value="{at}"' in page
    _post(dana, "end_call", lead, attempt=attempt.pk, result="callback", callback_at=at)
    assert Attempt.objects.get().callback_at == datetime.fromisoformat(at)


def test_the_words_of_a_callback_are_lost_by_no_other_end(dana: Client, lead: Lead) -> None:
    _post(dana, "begin_call", lead)
    ends = {"attempt": Attempt.objects.get().pk, "result": "reached", "when": "tomorrow after 3"}
    _, page = _post(dana, "end_call", lead, **ends)
    assert "Call back 3:00 pm tomorrow" in page
    assert "Reached, and nobody calls back" in page
    assert Attempt.objects.get().result == ""
    _post(dana, "end_call", lead, **ends, anyway="yes")
    assert Attempt.objects.get().result == "reached"


def test_a_stop_is_noted_whatever_else_is_typed(dana: Client, lead: Lead) -> None:
    _post(dana, "end_call", lead, result="asked-to-stop", when="tomorrow after 3")
    assert Attempt.objects.get().result == "asked-to-stop"


def test_enter_in_the_field_of_a_callback_shows_when_that_is(dana: Client, lead: Lead) -> None:
    """A browser takes the first button of the form."""
    form = next(part for part in _page(dana, lead).split("<form") if 'id="when"' in part)
    assert re.findall(r'<button[^>]*name="result"[^>]*value="([^"]+)"', form)[0] == "callback"


def test_whoever_opens_the_call_sees_who_is_on_the_line(
    dana: Client, lead: Lead, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(dana, "begin_call", lead)
    colleague = browser(lakeside.organization, "intake-lead")
    says = "Sample coordinator is on a call with them, since 12:00 pm."
    assert says in _page(colleague, lead)
    assert says not in _page(dana, lead)
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(minutes=32))  # nobody ended it
    ended = "Sample coordinator began a call with them 12:00 pm, and has not said how it ended."
    assert (says in _page(colleague, lead), ended in _page(colleague, lead)) == (False, True)
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=3))
    assert "Sample coordinator" not in _page(colleague, lead).partition("On the call")[0].partition("What happened")[0]


def test_a_stop_takes_the_number_away_and_an_undo_does_not_bring_it_back(dana: Client, lead: Lead) -> None:
    _post(dana, "begin_call", lead)
    attempt = Attempt.objects.get().pk
    assert "tel:" in _page(dana, lead)
    _post(dana, "end_call", lead, attempt=attempt, result="asked-to-stop", note="please do not call again")
    _post(dana, "take_back_call", lead, attempt=attempt)
    page = _page(dana, lead)
    assert "On the call" in page
    assert "tel:" not in page
    assert "No call: They asked us to stop" in page


def test_of_whom_nothing_tells_where_they_are_our_own_clock_is_named(dana: Client, lakeside: Clinic) -> None:
    one = _lead(lakeside, phone="850-555-0167", zip="")  # Florida's west: two zones
    page = _page(dana, one)
    assert "Our time, 12:00 pm; theirs is not known" in page
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow after 3")
    assert "Call back 3:00 pm tomorrow, our time (Chicago)" in page


@pytest.mark.parametrize(
    ("given", "when", "guess", "never"),
    [
        ({"phone": "850-555-0134", "zip": ""}, "tomorrow 6 am", "they may be in Chicago or New York.",
         "If they are in Chicago: 6:00 am there, and no call is allowed before 8:00 am."),
        ({"phone": "850-555-0134", "zip": ""}, "tomorrow at 8:30 pm", "they may be in Chicago or New York.",
         "If they are in New York: 9:30 pm there, and no call is allowed from 9:00 pm on."),
        ({"phone": "850-555-0134", "zip": ""}, "tomorrow at 3", "they may be in Chicago or New York.", ""),
        ({"phone": "", "email": "sample@example.com", "zip": ""}, "tomorrow 6 am", "nothing tells where they are.",
         "no call is allowed before 8:00 am."),
    ],
)  # fmt: skip
def test_an_hour_of_which_nobody_knows_whose_it_is_says_that_it_is_a_guess(
    dana: Client, lakeside: Clinic, given: dict[str, str], when: str, guess: str, *, never: str
) -> None:
    one = _lead(lakeside, **{"message": "I need a knee replacement within two weeks"} | given)
    _, page = _post(dana, "end_call", one, result="callback", when=when)
    before, button, _ = page.partition('name="callback_at"')
    assert button
    assert f"By our clock (Chicago), which is a guess: {guess}" in before
    assert never in before
    assert bool(never) == ("no call is allowed" in before)


def test_a_clock_that_they_name_is_no_guess(dana: Client, lakeside: Clinic) -> None:
    one = _lead(lakeside, phone="850-555-0134", zip="", message="I need a knee replacement within two weeks")
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow at 3 pm eastern")
    assert "which is a guess" not in page


def test_after_a_wrong_number_the_page_says_how_else_they_are_reached(dana: Client, lakeside: Clinic) -> None:
    one = _lead(lakeside, email="sample@example.com", payer="Aetna")
    _post(dana, "end_call", one, result="wrong-number")
    page = _page(dana, one, "lead")
    assert ">Write to them by e-mail, and ask for a number</h2>" in page
    assert "The number that they gave is wrong." in page
    assert "the one given is wrong" in page
    assert "<b>Say:</b>" not in page


def test_the_clock_that_they_name_is_said_back_and_an_hour_at_which_no_call_is_lawful(
    dana: Client, lakeside: Clinic
) -> None:
    one = _lead(lakeside, phone="415-555-0167", zip="94103")
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow at 3 our time")
    assert "Call back 1:00 pm tomorrow, Los Angeles time (3:00 pm our time, Chicago)" in page
    assert "no call is allowed" not in page
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow 3pm your time")
    assert "On whose clock: theirs, or ours?" in page
    assert "Call back 3:00 pm tomorrow, Los Angeles time<" in page
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow 5 am")
    assert "5:00 am there: no call is allowed before 8:00 am" in page
    _, page = _post(dana, "end_call", one, result="callback", when="tomorrow 9 pm")
    assert "9:00 pm there: no call is allowed from 9:00 pm on" in page


def test_a_callback_of_a_call_that_they_made_stays_theirs(dana: Client, lead: Lead) -> None:
    _, page = _post(dana, "end_call", lead, result="callback", direction="in", when="today at 3 pm")
    assert "Call back 3:00 pm today, Chicago time" in page
    assert '<input type="hidden" name="direction" value="in">' in page
    assert 'value="in" checked' in page
    _post(dana, "end_call", lead, result="callback", direction="in", callback_at="2026-11-25T15:00:00-06:00")
    assert Attempt.objects.get().direction == "in"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("tomorrow at 8", "Which of these times?"),
        ("today at 9", "That is over."),
        ("soon", "Write it like"),
        ("", "Write"),
    ],
)
def test_what_is_unclear_is_asked_and_never_guessed(dana: Client, lead: Lead, words: str, says: str) -> None:
    _, page = _post(dana, "end_call", lead, result="callback", when=words)
    assert says in page
    assert not Attempt.objects.exists()


def test_a_moment_that_is_over_is_no_callback(dana: Client, lead: Lead) -> None:
    past = (NOON - timedelta(hours=1)).isoformat()
    _post(dana, "end_call", lead, result="callback", callback_at=past)
    assert not Attempt.objects.exists()


def test_one_who_asks_to_stop_on_the_call_is_stopped(dana: Client, lead: Lead) -> None:
    _post(dana, "begin_call", lead)
    attempt = Attempt.objects.get()
    _, page = _post(dana, "end_call", lead, attempt=attempt.pk, result="asked-to-stop", note="Never call me")
    assert Suppression.objects.filter(way="voice").exists()
    assert "No call: " in page


def test_a_call_by_them_is_noted_and_counts_in_no_cap(dana: Client, lead: Lead) -> None:
    _, page = _post(dana, "end_call", lead, result="reached", direction="in")
    assert "Call by them: reached" in page
    assert not Contact.objects.exists()


def test_how_it_ended_is_corrected_later_and_the_first_stays_to_be_read(dana: Client, lead: Lead) -> None:
    _post(dana, "end_call", lead, result="voicemail")
    one = Attempt.objects.get()
    _, page = _post(dana, "correct_call", lead, attempt=one.pk, result="reached")
    assert "<del>Call: voicemail</del>" in page
    assert "Call: reached" in page


def test_nobody_in_danger_is_asked_for_their_insurance(dana: Client, lakeside: Clinic) -> None:
    lead = _lead(lakeside, message="chest pain and I cannot breathe")
    page = _page(dana, lead)
    assert "Say at once:" in page
    assert "Which insurance" not in page


def test_the_texts_to_say_are_at_hand(dana: Client, lead: Lead) -> None:
    page = _page(dana, lead)
    assert "If it sounds like an emergency, say this" in page
    assert "We do not offer dental care." in page


def test_an_end_that_does_not_exist_is_said(dana: Client, lead: Lead) -> None:
    status, page = _post(dana, "end_call", lead, result="vanished")
    assert (status, "Say how it ended" in page) == (400, True)
    assert _post(dana, "never_called", lead, attempt="nonsense")[0] == 404
    assert _post(dana, "take_back_call", lead, attempt=uuid4())[0] == 200


def test_marketing_sees_that_there_were_tries_and_no_word_of_them(lakeside: Clinic, dana: Client, lead: Lead) -> None:
    _post(dana, "end_call", lead, result="reached", note="Quagmire is her name")
    page = _page(browser(lakeside.organization, "marketing"), lead, "lead")
    assert "Call: reached" in page
    assert "uagmire" not in page
    assert "callbar" not in page


def test_a_fact_is_corrected_in_place_on_the_leads_page(dana: Client, lead: Lead) -> None:
    status, page = _post(dana, "verify_fact", lead, column="age", answer="15")
    assert (status, Lead.objects.get().disposition) == (200, "review")
    assert "<strong>Age:</strong> 15." in page
    status, page = _post(dana, "verify_fact", lead, column="age", answer="old")
    assert status == 400
    assert 'value="old" aria-invalid="true"' in page
    _, page = _post(dana, "take_back_fact", lead, verified=Verified.objects.get().pk)
    assert "Taken back" in page
    assert Lead.objects.get().disposition == "verify"
