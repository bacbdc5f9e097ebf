"""A referral that is mailed becomes a lead; nobody else's address is taken. (promise A1)"""

import smtplib
from email.message import EmailMessage

import pytest
from tests.journeys.running import Installation, free_port, until

pytestmark = pytest.mark.slow


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "office@example.org", to, "Referral"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(
        "We refer our patient for a knee replacement consult.\n\nPatient name: Ana Lopez\nDOB: 01/02/1960\n"
    )
    return message


def test_a_mail_is_durable_then_a_lead(clinic: Installation) -> None:
    address = (
        clinic.command("source", "new", "email", "Intake mail", "--organization", "lakeside") + "@leads.example.org"
    )
    port = free_port()
    clinic.start("mail", "listen", "--port", str(port))
    clinic.start_worker()
    until(lambda: _greeted(port), "the mail server")
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(_mail(address))
        smtp.send_message(_mail(address))  # sent again, as after a lost answer
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            smtp.send_message(_mail("nobody@leads.example.org"))
    until(lambda: '"leads": 1' in clinic.command("ledger", "--json"), "the lead")
    told = clinic.command("ledger", "--json")
    assert '"received": 2, "repeats": 1' in told
    assert '"difference": 0' in told


def _greeted(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False
