"""Are danger and stops heard in answers to questions that nobody here understands? (promises 18, 23)"""

import orjson
import pytest
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.queries import stops_in_force
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.leads.permitting import _heard

pytestmark = pytest.mark.django_db(databases="__all__")

DANGER = {
    "full_name": "Danera Volk",
    "phone": "312-555-0181",
    "Where does it hurt?": "My chest. I can't breathe <i>now</i>",
    "Which knee?": "left",
}


def _lead(clinic: Clinic, said: dict[str, str]) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    drain()
    return Lead.objects.of(clinic.number).latest("received_at")


def _verdicts(column: str, words: str) -> list[str]:
    return [said.verdict for _, said in _heard([{column: words}])[0]]


def test_danger_in_an_answer_is_shown_above_everything_and_marked_where_it_stood(lakeside: Clinic) -> None:
    lead = _lead(lakeside, DANGER)
    page = browser(lakeside.organization, "coordinator").get(reverse("lead", args=[lead.pk])).content.decode()
    assert lead.safety == "emergency"
    assert page.index("Danger.") < page.index("How good, and why")
    assert '<p class="said-from">Where does it hurt?</p>' in page
    assert "My chest. I <mark" in page
    assert page.count("can&#x27;t breathe") == 1
    assert "&lt;i&gt;now" in page
    assert "<dt>Which knee?</dt><dd>left</dd>" in page


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("What can we help you with?", "Knee. STOP texting me and do not call me ever again"),
        ("reason for visit?", "stop calling me, remove me from your list"),
        ("symptoms_now", "crushing chest pain and cannot breathe. Also stop texting me."),
        ("¿Algo más?", "No me llamen ni me escriban nunca más"),
        ("best_time", "never, stop contacting me"),
    ],
)
def test_a_stop_in_an_answer_is_obeyed(lakeside: Clinic, column: str, words: str) -> None:
    lead = _lead(lakeside, {"full_name": "Stopia Volk", "phone": "312-555-0182", column: words})
    assert stops_in_force(lakeside.number, lead.person_id)


def test_a_lead_that_asks_for_no_rest_may_be_answered(lakeside: Clinic) -> None:
    lead = _lead(lakeside, {"full_name": "Momma Volk", "phone": "312-555-0184", "Do you smoke?": "Quit"})
    assert stops_in_force(lakeside.number, lead.person_id) == []


@pytest.mark.parametrize(
    ("column", "words", "verdict"),
    [
        ("extra.Anything else?", "STOP", "stop"),
        ("extra.Do not contact me", "yes", "stop"),
        ("extra.do_not_call", "true", "stop"),
        ("extra.Do Not Email", "Yes", "stop"),
        ("extra.Do Not Email", "No", None),
        ("extra.Contact", "Do not call", "stop"),
        ("answer.goal", "please leave me alone, do not contact me", "stop"),
        ("full_name", "STOP TEXTING ME", "stop"),
        ("extra.Do you want us to stop texting you?", "yes", "ask-a-person"),
        ("extra.Do you smoke?", "Quit", None),
        ("extra.Outcome", "cancelled", None),
        ("extra.How should we contact you?", "Email only", None),
        ("extra.Gender", "Prefer not to say", None),
        ("extra.Surgery", "Not interested", None),
        ("extra.May we text you?", "yes", None),
        ("extra.I agree to texts. Reply STOP to opt out", "yes", None),
        ("extra.ad name", "Stop calling and texting me", None),
        ("extra.utm_content", "do not contact me", None),
        ("extra.page query", "stop calling me", None),
        ("campaign", "Stop contacting me about pain", None),
        ("extra.Goal", "I want the pain to stop", None),
    ],
)
def test_what_is_picked_or_a_machines_stops_nobody(column: str, words: str, verdict: str | None) -> None:
    assert _verdicts(column, words) == ([verdict] if verdict else [])


def test_a_later_enquiry_hides_no_danger_behind_the_first_answer(lakeside: Clinic) -> None:
    calm = DANGER | {"Where does it hurt?": "My left knee when I walk", "message": "Knee replacement"}
    first = _lead(lakeside, calm)
    _lead(lakeside, calm | DANGER)
    first.refresh_from_db()
    assert (Lead.objects.of(lakeside.number).count(), first.safety) == (1, "emergency")
