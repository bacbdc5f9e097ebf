"""Mail becomes leads: plain, forwarded, with letters and lists; answers join, machines do not count. (promise A1)"""

from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.email.adapter import read
from leadwell.server.leads.models import Event, Lead

pytestmark = pytest.mark.django_db(databases="__all__")

FORWARDED = """FYI, please call her.

---------- Forwarded message ---------
From: Ana Lopez <ana@example.com>
Date: Mon, Nov 2, 2026 at 5:00 PM
Subject: knee
To: <front@example.org>

I need a knee replacement consult.
"""


def _mail(text: str = "I need a knee replacement consult", *, html: bool = False, **headers: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    given = {"From": "Ana Lopez <ana@example.com>", "Subject": "Appointment", "Message-ID": "<1@example.com>"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    for name, value in given.items():
        message[name] = value
    message.set_content(text, subtype="html" if html else "plain")
    return message


def _read(message: EmailMessage):
    return read(Sent(message.as_bytes(), "message/rfc822", {}), {})


def test_a_plain_mail_is_one_lead() -> None:
    (lead,) = _read(_mail()).leads
    assert lead == {
        "email": "ana@example.com",
        "full_name": "Ana Lopez",
        "subject": "Appointment",
        "message": "I need a knee replacement consult",
    }


@pytest.mark.parametrize("subject", ["unsubscribe", "STOP", "Re: STOP", "RE: Fwd: Please remove me from your list"])
def test_a_mail_that_is_nothing_but_its_subject_asks_us_to_stop_by_it(lakeside: Clinic, subject: str) -> None:
    source = add_source(lakeside.organization, "email", "Mail", {})
    mail = _mail("", Subject=subject)
    accept(lakeside.number, source.pk, [Delivery(mail.as_bytes(), media_type="message/rfc822")])
    drain()
    assert Submission.objects.get().state == State.ASSESSED
    assert {one.channel for one in Suppression.objects.of(lakeside.number)} == {"all"}
    assert Suppression.objects.get().person == Lead.objects.get().person_id


@pytest.mark.parametrize("subject", ["unsubscribe", "Re: please stop emailing me"])
def test_an_answer_that_is_nothing_but_its_subject_ends_mail(lakeside: Clinic, subject: str) -> None:
    source = add_source(lakeside.organization, "email", "Mail", {})
    answer = _mail("", Subject=subject, Message_ID="<2@example.com>", In_Reply_To="<1@example.com>")
    for mail in (_mail(), answer):
        accept(lakeside.number, source.pk, [Delivery(mail.as_bytes(), media_type="message/rfc822")])
        drain()
    assert (Lead.objects.count(), Suppression.objects.get().channel) == (1, "email")


def test_a_subject_in_doubt_is_looked_at_and_one_that_says_nothing_is_mended(lakeside: Clinic) -> None:
    (lead,) = _read(_mail("", Subject="How did you get my address?")).leads
    assert lead["subject"] == "How did you get my address?"
    assert "says nothing" in _read(_mail("", Subject="Appointment")).problem


def test_html_is_read_without_its_quotations() -> None:
    (lead,) = _read(
        _mail("<p>My knee<br>hurts</p><div class='gmail_quote'>old words</div><style>x</style>", html=True)
    ).leads
    assert lead["message"].split() == ["My", "knee", "hurts"]


def test_a_mailed_table_is_read_cell_by_cell() -> None:
    row = "<tr><td><p>{}</p></td>\n<td><p>{}</p></td></tr>".format
    rows = (
        row("Fever", "no") + row("Chest pain:", "yes, right now") + row("Phone", "312-555-0147") + row("ZIP", "60201")
    )
    more = "<tr><td>Knee</td><td>left</td><td>bad</td></tr>"
    (lead,) = _read(_mail(f"<p>A form</p><table>{rows}{more}</table>", html=True)).leads
    fields = ["A form", "Fever: no", "Chest pain: yes, right now", "Phone: 312-555-0147", "ZIP: 60201"]
    assert lead["message"].splitlines() == [*fields, "Knee\tleft\tbad"]
    assert (lead["phone"], lead["zip"]) == ("312-555-0147", "60201")


def test_danger_in_a_mailed_table_is_heard(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "email", "Mail", {})
    table = "<table><tr><td>Fever</td><td>no</td></tr><tr><td>Chest pain</td><td>yes, right now</td></tr></table>"
    assert _arrive(lakeside, source.pk, _mail(table, html=True)).state == State.ASSESSED
    assert Lead.objects.get().safety == "emergency"


@pytest.mark.parametrize("quoted", [
    "Yes, Tuesday.\n\nOn Mon, Nov 2, 2026 at 5:00 PM Lakeside <in@example.org> wrote:\n> When?\n> Thanks\n",
    "Yes, Tuesday.\n\nEl lun, 2 nov 2026 a las 17:00, Lakeside (<in@example.org>) escribió:\n> ¿Cuándo?\n",
    "Yes, Tuesday.\n> When?\n",
])  # fmt: skip
def test_what_an_answer_quotes_is_not_read(quoted: str) -> None:
    assert _read(_mail(quoted)).leads[0]["message"] == "Yes, Tuesday."


def test_of_a_forwarded_mail_its_first_writer_is_the_lead() -> None:
    (lead,) = _read(_mail(FORWARDED, From="Front Desk <front@example.org>", Subject="Fwd: knee")).leads
    assert (lead["email"], lead["full_name"], lead["subject"]) == ("ana@example.com", "Ana Lopez", "knee")
    assert lead["message"].startswith("I need a knee replacement consult.")
    assert "please call her" in lead["message"]


def test_what_was_forwarded_in_html_is_no_quotation() -> None:
    html = (
        "<p>FYI</p><p>Begin forwarded message:</p><blockquote><div>From: Ana Lopez &lt;ana@example.com&gt;</div>"
        "<div>Subject: knee</div><div><br></div><div>A knee consult, please.</div></blockquote>"
    )
    (lead,) = _read(_mail(html, html=True, From="front@example.org")).leads
    assert (lead["email"], lead["subject"]) == ("ana@example.com", "knee")
    assert "A knee consult, please." in lead["message"]


def test_labelled_lines_name_fields_and_a_second_patient_is_a_second_lead() -> None:
    text = "Patient name: Ana Lopez\nDOB: 01/02/1960\nPhone: 312-555-0147\n\nPatient name: Bo Diaz\nDOB: 03/04/1971\n"
    first, second = _read(_mail(text, From="office@example.org")).leads
    assert (first["patient_full_name"], second["patient_full_name"]) == ("Ana Lopez", "Bo Diaz")
    assert first["phone"] == "312-555-0147"
    assert second["email"] == "office@example.org"


def test_a_list_that_hangs_on_a_mail_is_read_as_a_list() -> None:
    message = _mail("see attached")
    message.add_attachment(
        b"Name,Phone\nAna,312-555-0147\nBo,312-555-0148\n", maintype="text", subtype="csv", filename="a.csv"
    )
    assert [lead["full_name"] for lead in _read(message).leads] == ["Ana", "Bo"]


def test_a_mail_that_hangs_on_a_mail_is_read() -> None:
    outer = _mail("see attached", From="front@example.org")
    outer.add_attachment(_mail())
    assert _read(outer).leads[0]["email"] == "ana@example.com"


@pytest.mark.parametrize(("headers", "why"), [
    ({"Auto_Submitted": "auto-replied"}, "auto-reply"), ({"X_Autoreply": "yes"}, "auto-reply"),
    ({"Return_Path": "<>"}, "bounce"), ({"From": "MAILER-DAEMON@example.org"}, "bounce"),
    ({"Precedence": "bulk"}, "bulk mail"),
])  # fmt: skip
def test_what_a_machine_wrote_is_no_lead(headers: dict[str, str], why: str) -> None:
    reading = _read(_mail(**headers))
    assert (reading.alone or reading.not_a_lead) == why
    assert not reading.answers


def test_auto_submitted_no_is_a_person() -> None:
    assert _read(_mail(Auto_Submitted="no")).leads


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff\xfe", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\n", b"From: x\n\n"]
)
def test_a_mail_that_says_nothing_needs_mending(raw: bytes) -> None:
    assert read(Sent(raw, "message/rfc822", {}), {}).problem


def _arrive(clinic: Clinic, source: int, message: EmailMessage) -> Submission:
    (receipt,) = accept(clinic.number, source, [Delivery(message.as_bytes(), media_type="message/rfc822")])
    drain()
    return Submission.objects.get(pk=receipt.id)


def test_an_answer_joins_its_lead_and_is_no_second_one(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "email", "Intake mail").pk
    first = _arrive(lakeside, source, _mail())
    Lead.objects.update(queue="", resting="discarded")
    answer = _arrive(
        lakeside, source, _mail("Tuesday is fine", Message_ID="<2@example.com>", In_Reply_To="<1@example.com>")
    )
    assert (answer.state, answer.lead) == (State.JOINED, first.lead)
    assert (Lead.objects.count(), Lead.objects.get().queue) == (1, "front-desk")
    assert Event.objects.filter(name="lead.replied").count() == 1
    told = ledger_of(lakeside.organization).whole
    assert (told.received, told.joined, told.leads, told.difference) == (2, 1, 1, 0)


def test_somebody_else_who_answers_is_a_lead_of_their_own(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "email", "Intake mail").pk
    _arrive(lakeside, source, _mail())
    other = _arrive(lakeside, source, _mail("knee replacement", From="eve@example.net", In_Reply_To="<1@example.com>"))
    assert (other.state, Lead.objects.count()) == (State.ASSESSED, 2)
