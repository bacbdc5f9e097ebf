"""In a list the gate answers as it does on the page of each. (promises B13, D23)"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadwell.permission.values import PURPOSES, Consent, Contact, DoNotCall, Known, Place, Stop
from leadwell.server.conftest import Clinic
from leadwell.server.consent.glance import _decided, _short
from leadwell.server.consent.telling import lines
from leadwell.server.playbooks.queries import policy_now

pytestmark = pytest.mark.django_db(databases="__all__")

NOW = datetime(2026, 11, 18, 10, 12, tzinfo=ZoneInfo("America/Chicago"))
AGO = NOW - timedelta(days=3)
GIVEN = tuple(Consent(channel, "care-request", "express", AGO) for channel in ("call", "text", "email"))
THEM = [
    Known(),
    Known(consents=GIVEN),
    Known(consents=GIVEN, places=(Place("ZIP", "America/Chicago", "IL"),), inquired_at=AGO),
    Known(consents=GIVEN, places=(Place("area code", "America/Los_Angeles", "CA"), Place("ZIP", None, "NV"))),
    Known(consents=GIVEN, stops=(Stop("text", NOW - timedelta(days=1)),)),
    Known(consents=GIVEN, stops=(Stop("all", AGO - timedelta(days=1), "marketing"),)),
    Known(consents=GIVEN, contacts=tuple(Contact("call", NOW - timedelta(hours=n)) for n in range(1, 9))),
    Known(consents=(Consent("email", "marketing", "written", AGO, until=NOW),), dnc=DoNotCall(True, AGO)),
    Known(consents=(Consent("call", "business", "express", AGO),), line_type="mobile", automated=True),
]


@pytest.mark.parametrize("hour", [3, 10, 20, 23])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_list_says_what_each_page_says(lakeside: Clinic, purpose: str, hour: int) -> None:
    now = NOW.replace(hour=hour)
    told = _decided(THEM, purpose, now, policy_now(lakeside.number))
    for known, answers in zip(THEM, told, strict=True):
        page = lines(lakeside.number, known, purpose, person=None, now=now)
        from_list = [(one.name, one.state, one.word) for one in (_short(*each, known, now) for each in answers)]
        assert from_list == [(one.name, one.state, one.word) for one in page]
