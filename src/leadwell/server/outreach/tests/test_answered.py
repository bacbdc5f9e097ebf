"""An answer to a mail of ours joins the lead that the mail was about, from the address of the lead's own person."""

from email.message import EmailMessage

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.leads.models import Event, Lead
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, queued, tick

pytestmark = pytest.mark.django_db(databases="__all__")


def answered(clinic: Clinic, message_id: str, *, sender: str = ADDRESS) -> Submission:
    """What became of a mail that answers this one."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "hello@clinic.example", "Re: Your visit"
    mail["Message-ID"], mail["In-Reply-To"] = f"<{sender}>", message_id
    mail.set_content("Thursday suits me, thank you.")
    source = add_source(clinic.organization, "email", "Mail")
    (receipt,) = accept(clinic.number, source.pk, [Delivery(bytes(mail), media_type="message/rfc822")])
    drain()
    return Submission.objects.get(pk=receipt.id)


def test_it_joins_the_lead_that_the_mail_was_about(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    tick()
    message.refresh_from_db()
    became = answered(lakeside, message.message_id)
    assert (became.state, became.lead, Lead.objects.count()) == (State.JOINED, message.lead, 1)
    assert Event.objects.filter(lead=message.lead, name="lead.replied").count() == 1


def test_from_somebody_elses_address_it_is_a_lead_of_its_own(lakeside: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    tick()
    message.refresh_from_db()
    assert answered(lakeside, message.message_id, sender="somebody@example.net").state == State.ASSESSED
    assert Lead.objects.count() == 2


def test_of_another_organisation_nothing_is_joined(lakeside: Clinic, harbor: Clinic, way: FakeWay) -> None:
    message = queued(lakeside)
    tick()
    message.refresh_from_db()
    assert answered(harbor, message.message_id).state == State.ASSESSED


def test_one_that_never_left_has_no_answer(lakeside: Clinic) -> None:
    message = queued(lakeside)
    message.message_id = f"<{message.pk.hex}@clinic.example>"
    message.save()
    assert answered(lakeside, message.message_id).state == State.ASSESSED
