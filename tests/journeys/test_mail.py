"""A referral that is mailed becomes a lead; nobody else's address is taken. (promise A1)"""

import smtplib
from email.message import EmailMessage

import pytest
from tests.journeys.running import Installation, free_port, until

pytestmark = pytest.mark.slow

_CLOSE = """
from django.utils import timezone
from leadwell.server.intake.models import Source
Source.objects.filter(handle=sys.argv[1]).update(closed_at=timezone.now())
"""


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


def test_what_is_odd_is_taken_or_refused_in_so_many_words_and_never_lost(clinic: Installation) -> None:
    handles = [
        clinic.command("source", "new", "email", f"Mail {n}", "--organization", "lakeside") for n in ("one", "two")
    ]
    port = free_port()
    clinic.start("mail", "listen", "--port", str(port))
    until(lambda: _greeted(port), "the mail server")
    long = "Subject: Referral\r\n\r\n" + "our patient asks for a knee replacement, " * 10_000 + "\r\n"
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        assert smtp.sendmail("office@example.org", [f"{handles[0]}@leads.example.org"], long) == {}
        smtp.mail("office@example.org")
        for address in (b"\xff\xfe@leads.example.org", b"\x00@leads.example.org", "é@leads.example.org".encode()):
            smtp.sock.sendall(b"RCPT TO:<" + address + b">\r\n")
            code, said = smtp.getreply()
            assert code in (501, 550, 553), said
            assert b"Error" not in said
        smtp.rcpt(f"{handles[0]}@leads.example.org")
        smtp.rcpt(f"{handles[1]}@leads.example.org")
        clinic.within(_CLOSE, handles[1])
        assert smtp.data("Subject: Referral\r\n\r\nknee\r\n")[0] == 451
        smtp.rset()
        smtp.mail("office@example.org")
        assert smtp.rcpt(f"{handles[1]}@leads.example.org")[0] == 550
        smtp.rcpt(f"{handles[0]}@leads.example.org")
        assert smtp.data("Subject: Referral\r\n\r\nknee\r\n")[0] == 250
    told = clinic.ledger()
    assert (told["received"], told["repeats"]) == (3, 1)


def _greeted(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False
