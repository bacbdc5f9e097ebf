"""The three leads of the mission, from arrival to end: a form that asks for surgery is called and booked, the referral
that a doctor's office mails waits for its owner, and who asked for prices alone returns with a need as the same person.
(promises A1, A3, B8, D22, E27)

Real web server, worker, SMTP and browser.
"""

from __future__ import annotations

import re
import smtplib
import socket
from email.message import EmailMessage
from typing import Any

import httpx
import orjson
import pytest
from tests.journeys.running import Installation, free_port, until

from leadwell.server.tests.chromium import CHROMIUM, violations

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

SURGERY = {
    "full_name": "Sample Person", "phone": "312-555-0147", "email": "person@example.com", "zip": "60201",
    "message": "I am 63 and need a knee replacement at your Evanston clinic within the next month, my osteoarthritis of"
    " the knee is bad. I have Medicare. What happens next?",
}  # fmt: skip
REFERRAL = """We refer our patient for a knee replacement consult at your Loop clinic.

Patient name: Sample Referred
DOB: 01/02/1960
Patient phone: 312-555-0182
Reason: osteoarthritis of the right knee, failed cortisone. X-rays are attached to her chart here.

Dr. Dora Example, North Clinic, 312-555-0148
"""
PRICES = "Hello, what are your prices, and could you send me general information? Just looking for now."
NEED = "I have decided: I need a knee replacement in Chicago, I am 60 and have Medicare. Please call 312-555-0163."
_LEADS = """
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
found = [
    {"lead": str(one.pk), "person": str(one.person_id), "type": one.type, "disposition": one.disposition,
     "grade": one.grade, "queue": one.queue,
     "patient": columns_of(one).get("patient_last_name", "") or columns_of(one).get("patient_full_name", "")}
    for one in Lead.objects.of(ours.pk).order_by("received_at")
]
print(orjson.dumps(found).decode())
"""
_SAME = """
from uuid import UUID
from leadwell.server.people.linking import linked
one, other = map(UUID, sys.argv[1:])
print(other in linked(ours.pk, [one])[one])
"""


def _leads(clinic: Installation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(clinic.within(_LEADS))
    return found


def _mailed(clinic: Installation, *, who: str, subject: str, text: str, answers: str = "") -> None:
    """To the clinic's own address, by SMTP; `answers`: the message that it replies to."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = who, f"{clinic.more['mailbox']}@leads.example.org", subject
    message["Message-ID"] = f"<{len(text)}@example.net>"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", int(clinic.more["mail_port"])) as smtp:
        smtp.send_message(message)


@pytest.fixture
def mail(clinic: Installation) -> None:
    clinic.more["mailbox"] = clinic.command("sources", "new", "email", "Intake mail", "--organization", "lakeside")
    clinic.more["mail_port"] = str(free_port())
    clinic.start("mail", "listen", "--port", clinic.more["mail_port"])

    def greeted() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", int(clinic.more["mail_port"])), timeout=5):
                return True
        except OSError:
            return False

    until(greeted, "the mail server")


def test_a_form_that_names_service_clinic_and_time_is_called_and_booked(clinic: Installation, desk: Any) -> None:
    handle = clinic.command("sources", "new", "form", "Website", "--organization", "lakeside")
    assert httpx.post(f"{clinic.url}/in/{handle}", data=SURGERY).status_code < 300
    until(lambda: _leads(clinic), "the lead")
    (lead,) = _leads(clinic)
    assert (lead["type"], lead["grade"]) == ("patient", "A")
    assert lead["disposition"] in ("schedule", "verify")
    assert lead["queue"]

    desk.goto(f"{clinic.url}/leads/{lead['lead']}/call")
    if lead["disposition"] == "verify":  # the short call asks just what is missing
        sync.expect(desk.locator(".ask-now h2")).to_be_visible()
    assert violations(desk) == []
    desk.goto(f"{clinic.url}/leads/{lead['lead']}")
    desk.keyboard.press("f")
    desk.get_by_role("button", name="Booked").click()
    sync.expect(desk.locator("#became")).to_have_text("Booked")
    assert violations(desk) == []
    desk.goto(f"{clinic.url}/worklist")
    sync.expect(desk.get_by_text("Sample Person")).to_have_count(0)  # nobody need call again
    assert clinic.ledger()["difference"] == 0


def test_a_doctors_office_mails_a_referral_and_it_is_ready_for_its_owner(
    clinic: Installation, mail: None, desk: Any
) -> None:
    _mailed(clinic, who="office@north-clinic.example", subject="Referral", text=REFERRAL)
    until(lambda: _leads(clinic), "the referral")
    (lead,) = _leads(clinic)
    assert (lead["type"], bool(lead["queue"])) == ("referral", True)
    assert "Referred" in lead["patient"]
    desk.goto(f"{clinic.url}/leads/{lead['lead']}")
    sync.expect(desk.get_by_text("Sample Referred").first).to_be_visible()
    sync.expect(desk.get_by_text(re.compile("Dora Example")).first).to_be_visible()
    sync.expect(desk.get_by_text(re.compile("failed cortisone")).first).to_be_visible()
    assert violations(desk) == []
    assert clinic.ledger()["difference"] == 0


def test_who_asked_for_prices_is_kept_warm_and_returns_with_a_need_as_the_same_person(
    clinic: Installation, mail: None, desk: Any
) -> None:
    _mailed(clinic, who="Sample Asker <asker@example.com>", subject="Prices", text=PRICES)
    until(lambda: _leads(clinic), "the question")
    (first,) = _leads(clinic)
    assert first["disposition"] == "nurture"  # and not declined

    _mailed(clinic, who="Sample Asker <asker@example.com>", subject="Re: Prices", text=NEED)

    def live() -> dict[str, Any] | None:
        return next((one for one in _leads(clinic) if one["disposition"] in ("schedule", "verify")), None)

    lead = until(live, "the need")
    assert lead["queue"]
    assert lead["person"] == first["person"] or clinic.within(_SAME, first["person"], lead["person"]) == "True"
    desk.goto(f"{clinic.url}/worklist")
    sync.expect(desk.get_by_text("Sample Asker").first).to_be_visible()
    assert clinic.ledger()["difference"] == 0
