"""Words of danger in what comes later are heard, whatever was said before them. (promise 18)"""

from urllib.parse import urlencode

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of

pytestmark = pytest.mark.django_db(databases="__all__")

EMERGENCY, CRISIS = "emergency", "crisis"


@pytest.fixture
def twilio(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "twilio", "Front desk", {"secrets": ["12345"]})


def said(source: Source, body: bytes, media_type: str) -> str:
    """The state that it ends in."""
    (receipt,) = accept(source.organization_id, source.pk, [Delivery(body, media_type=media_type)])
    while drain().submissions:
        pass
    return Submission.objects.get(pk=receipt.id).state


def text(source: Source, nth: int, words: str) -> str:
    fields = {"MessageSid": f"SM{nth}", "SmsStatus": "received", "From": "+13125550147", "To": "+13125550100"}
    return said(source, urlencode(fields | {"Body": words}).encode(), URLENCODED)


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        ("I need a knee replacement", "chest pain right now", EMERGENCY),
        ("I need a knee replacement, I don't have insurance", "chest pain right now", EMERGENCY),
        ("I need a knee replacement, don't call during the day", "chest pain right now", EMERGENCY),
        ("Knee replacement? No Medicare yet", "chest pain right now", EMERGENCY),
        ("I need a knee replacement, I have no", "crushing chest pain right now", EMERGENCY),
        ("I need a knee replacement, no chest pain", "chest pain", EMERGENCY),
        ("I need a knee replacement, not urgent", "can't breathe", EMERGENCY),
        ("Need an MRI. Please don't leave voicemail", "overdosed on my pills", EMERGENCY),
        ("Necesito una rodilla nueva, no me llamen de día", "dolor de pecho ahora mismo", EMERGENCY),
        ("Necesito una rodilla nueva, no tengo seguro", "no puedo respirar", EMERGENCY),
        ("Knee replacement consult, but not this week", "I want to kill myself", CRISIS),
        ("Knee replacement please. Is it normal that you don't", "want to live anymore", CRISIS),
        ("I need a knee replacement, I have no", "chest pain", EMERGENCY),
        ("I need a knee replacement and I have", "a dog", ""),
        ("I need a knee replacement", "thanks, tuesday is fine", ""),
        ("I need a knee replacement", "no chest pain", ""),
    ],
)
def test_a_text_is_read_for_danger_whatever_came_before_it(twilio: Source, first: str, then: str, says: str) -> None:
    assert text(twilio, 1, first) == State.ASSESSED
    assert text(twilio, 2, then) == State.JOINED
    lead = Lead.objects.get()
    assert lead.safety == says
    assert (then in columns_of(lead)["message"].splitlines()) == bool(says)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("I need a knee replacement. Please text me, don't call during the day", "chest pain right now"),
        ("I need a knee replacement. No", "I have chest pain right now"),
        ("Necesito una rodilla nueva, por favor no me llamen de día", "dolor de pecho ahora mismo"),
    ],
)
def test_what_a_call_says_later_is_no_sentence_of_what_it_said_before(lakeside: Clinic, first: str, then: str) -> None:
    callrail = add_source(lakeside.organization, "callrail", "Call tracking", {"secrets": ["12345"]})
    call = {"id": "CAL1", "customer_phone_number": "+13125550163", "voicemail": True, "call_type": "voicemail"}
    for words in (first, then):
        body = call | {"answered": False, "duration": 30, "direction": "inbound", "transcription": words}
        said(callrail, orjson.dumps(body), "application/json")
    assert Lead.objects.get().safety == EMERGENCY
