"""A referral that is mailed becomes a lead; nobody else's address is taken. (promise A1)"""

import smtplib
import socket
import time
from email.message import EmailMessage

import orjson
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
        clinic.command("sources", "new", "email", "Intake mail", "--organization", "lakeside") + "@leads.example.org"
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


_MAILBOX = """
from leadwell.server.intake.actions import add_source
settings = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": "a", "password": "b", "plain": True}
add_source(ours, "email", "Silent mailbox", settings)
"""
_LEAD = """
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.queries import source_of_kind
accept(ours.pk, source_of_kind(ours.pk, "api"), [Delivery(sys.argv[1].encode())])
"""


def test_a_mailbox_that_never_greets_holds_up_nobody(clinic: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        clinic.within(_MAILBOX, str(silent.getsockname()[1]))
        clinic.start_worker()
        silent.settimeout(60)
        asked, _ = silent.accept()  # and never a word
        with asked:
            lead = orjson.dumps({"full_name": "Sample Person", "message": "knee replacement please"}).decode()
            clinic.within(_LEAD, lead)
            before = time.monotonic()
            until(lambda: clinic.ledger()["made_leads"] == 1, "the lead", patience=15)
            asked.settimeout(0.1)
            with pytest.raises(TimeoutError):  # it waits for the greeting still
                asked.recv(1)
            assert time.monotonic() - before < 15
            clinic.stop("worker")


def test_what_is_odd_is_taken_or_refused_in_so_many_words_and_never_lost(clinic: Installation) -> None:
    handles = [
        clinic.command("sources", "new", "email", f"Mail {n}", "--organization", "lakeside") for n in ("one", "two")
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
