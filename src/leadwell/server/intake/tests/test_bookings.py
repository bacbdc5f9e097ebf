"""All that comes of one booking is one lead, by Calendly or by an invitation in a mail. (promise A1)"""

from typing import Any

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.consent.models import Suppression
from leadwell.server.consent.tests.test_known import answers
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading, reader
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import columns_of

pytestmark = pytest.mark.django_db(databases="__all__")

AT = "https://api.calendly.com/scheduled_events"
ANA = {"name": "Ana Lopez", "email": "ana@example.com", "timezone": "America/Chicago"}
ASKED = [
    {"question": "Phone Number", "answer": "312-555-0147"},
    {"question": "Please share anything that will help prepare for our meeting.", "answer": "Knee replacement, left"},
    {"question": "Which shoes do you wear?", "answer": "The red ones"},
]


def event(name: str, /, **payload: Any) -> dict[str, Any]:
    return {"event": name, "created_at": "2026-11-24T16:00:00Z", "payload": payload}


def booked(nth: int = 1, day: str = "2026-12-03", **more: Any) -> dict[str, Any]:
    visit = {"name": "New patient visit", "start_time": f"{day}T16:30:00.000000Z", "end_time": f"{day}T17:00:00Z"}
    payload = {**ANA, "uri": f"{AT}/E{nth}/invitees/I{nth}", "scheduled_event": visit, "questions_and_answers": ASKED}
    return event("invitee.created", **payload | more)


def cancelled(nth: int = 1, *, by: str = "invitee", reason: str = "", **more: Any) -> dict[str, Any]:
    told = {"canceler_type": by, "canceled_by": "Ana Lopez", "reason": reason}
    payload = {**ANA, "uri": f"{AT}/E{nth}/invitees/I{nth}", "cancellation": told, "rescheduled": False}
    return event("invitee.canceled", **payload | more)


MOVED = (
    cancelled(rescheduled=True, new_invitee=f"{AT}/E2/invitees/I2"),
    booked(2, "2026-12-10", old_invitee=f"{AT}/E1/invitees/I1"),
)


def arrive(clinic: Clinic, kind: str, *bodies: bytes) -> list[Submission]:
    source = add_source(clinic.organization, kind, "Bookings", {"secrets": ["a-key"]}).pk
    made = [accept(clinic.number, source, [Delivery(body, media_type="message/rfc822")])[0].id for body in bodies]
    while drain().submissions:
        pass
    return [Submission.objects.of(clinic.number).get(pk=one) for one in made]


def calendly(clinic: Clinic, *events: dict[str, Any]) -> list[str]:
    return [one.state for one in arrive(clinic, "calendly", *map(orjson.dumps, events))]


def test_a_booking_is_a_lead_with_its_hour_and_what_was_answered(lakeside: Clinic) -> None:
    calendly(lakeside, booked(tracking={"utm_source": "google", "utm_campaign": "knee", "utm_medium": "cpc"}))
    lead = Lead.objects.get()
    columns = columns_of(lead)
    assert (columns["full_name"], columns["email"], columns["phone"]) == (*list(ANA.values())[:2], "312-555-0147")
    assert (columns["message"], columns["extra.Which shoes do you wear?"]) == ("Knee replacement, left", "The red ones")
    assert (columns["appointment_type"], columns["timeline"]) == ("New patient visit", "2026-12-03 at 10:30")
    assert columns["extra.appointment_at"] == "2026-12-03T16:30:00.000000Z"
    assert (columns["source"], columns["campaign"], columns["extra.utm_medium"]) == ("google", "knee", "cpc")
    assert (lead.service, bool(lead.timeline_band)) == ("knee-replacement", True)


def test_an_answer_that_says_otherwise_what_is_known_stands_beside_it() -> None:
    told = booked(text_reminder_number="+13125550188", questions_and_answers=[
        *ASKED, {"question": "Email", "answer": "work@example.org"}, {"question": "Your D.O.B.?", "answer": "2/3/1960"},
    ])  # fmt: skip
    (lead,) = reader("calendly")(Sent(orjson.dumps(told), "application/json", {}), {}).leads
    assert (lead["phone"], lead["phone_2"]) == ("+13125550188", "312-555-0147")
    assert (lead["email"], lead["extra.Email"]) == ("ana@example.com", "work@example.org")
    assert "2/3/1960" in lead.values()


def test_another_visit_of_the_same_person_is_another_lead_and_cancelled_by_itself(lakeside: Clinic) -> None:
    """Both would stand under one hour otherwise, and one that is cancelled would cancel the other."""
    assert calendly(lakeside, booked(), booked(3, "2026-12-17")) == [State.ASSESSED, State.ASSESSED]
    calendly(lakeside, cancelled(3, by="invitee"))
    first, second = Lead.objects.order_by("received_at", "pk")
    stand = {
        columns_of(one)["extra.appointment_at"][:10]: columns_of(one)["extra.appointment_status"]
        for one in (first, second)
    }
    assert stand == {"2026-12-03": "booked", "2026-12-17": "cancelled"}
    assert {first.same_person_as, second.same_person_as} - {None} <= {first.pk, second.pk}
    assert first.person_id != second.person_id or first.same_person_as or second.same_person_as


@pytest.mark.parametrize("events", [(booked(), *MOVED), (booked(), *MOVED[::-1])])
def test_a_booking_that_is_moved_is_the_same_lead(lakeside: Clinic, events: tuple[dict[str, Any], ...]) -> None:
    assert calendly(lakeside, *events) == [State.ASSESSED, State.JOINED, State.JOINED]
    columns = columns_of(Lead.objects.get())
    assert (columns["extra.appointment_at"], columns["timeline"]) == (
        "2026-12-10T16:30:00.000000Z",
        "2026-12-10 at 10:30",
    )
    assert columns["extra.appointment_status"] == "moved"
    assert calendly(lakeside, cancelled(2)) == [State.JOINED]
    assert columns_of(Lead.objects.get())["extra.appointment_status"] == "cancelled"


def test_the_move_of_a_booking_that_came_before_us_is_a_lead(lakeside: Clinic) -> None:
    assert calendly(lakeside, *MOVED) == [State.JOINED, State.ASSESSED]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(("by", "says"), [
    ("invitee", "Their appointment was cancelled, by them"), ("host", "Their appointment was cancelled, by us"),
    ("somebody", "Their appointment was cancelled"),
])  # fmt: skip
def test_a_cancellation_joins_and_says_by_whom(lakeside: Clinic, by: str, says: str) -> None:
    assert calendly(lakeside, booked(), cancelled(by=by, reason="a Quillfeather wedding")) == ["assessed", "joined"]
    lead = Lead.objects.get()
    assert says in {one.says for one in happenings(lakeside.number, lead.pk)}
    assert any("Quillfeather" in text for text in columns_of(lead).values())
    assert ("Quillfeather" in columns_of(lead)["message"]) is (by != "host")
    assert "Quillfeather" not in str([(one.name, one.codes) for one in Event.objects.all()])


def test_a_cancellation_that_asks_to_be_left_alone_is_obeyed(lakeside: Clinic) -> None:
    calendly(lakeside, booked(), cancelled(reason="Please cancel and never contact me again"))
    assert set(answers(lakeside, Lead.objects.get().person_id).values()) == {"never"}


def test_what_happens_to_a_booking_that_is_not_known_is_no_lead(lakeside: Clinic) -> None:
    missed = event("invitee_no_show.created", invitee=f"{AT}/E1/invitees/I1")
    assert calendly(lakeside, cancelled(9), missed, event("invitee.unheard_of", uri="x")) == [State.NOT_A_LEAD] * 3


def test_somebody_who_did_not_come_is_noted(lakeside: Clinic) -> None:
    missed = [event(f"invitee_no_show.{one}", invitee=f"{AT}/E1/invitees/I1") for one in ("created", "deleted")]
    assert calendly(lakeside, booked(), *missed) == [State.ASSESSED, State.JOINED, State.JOINED]
    told = [one.says for one in happenings(lakeside.number, Lead.objects.get().pk)]
    assert "They did not come to their appointment" in told


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event": "invitee.created"}', b'{"event": 1, "payload": {}}',
                                  orjson.dumps(event("invitee.created", uri="x"))])  # fmt: skip
def test_what_is_no_event_needs_mending(body: bytes) -> None:
    assert reader("calendly")(Sent(body, "application/json", {}), {}).problem


# --- invitations ---------------------------------------------------------------------------------------------------

ICS = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:visit-1@example.com
DTSTAMP:20261124T1500{version:02d}Z
SEQUENCE:{version}
DTSTART:{start}
DTEND:20261203T170000Z
SUMMARY:Knee consult
DESCRIPTION:{words}
ORGANIZER;CN=Ana Lopez:mailto:{who}
ATTENDEE;CN=Intake;PARTSTAT=NEEDS-ACTION:mailto:intake@clinic.example
END:VEVENT
END:VCALENDAR
"""


def mail(
    method: str = "REQUEST", *, version: int = 0, start: str = "20261203T163000Z", who: str = "ana@example.com",
    words: str = "Knee replacement consult", headers: str = "", name: str = "",
) -> bytes:  # fmt: skip
    ics = ICS.format(method=method, version=version, start=start, who=who, words=words)
    head = f"From: Ana Lopez <{who}>\nTo: intake@clinic.example\nSubject: Knee\n{headers}"
    how = f"\nContent-Disposition: attachment; filename={name}" if name else ""
    media_type = "application/octet-stream" if name else "text/calendar"
    return f"{head}Content-Type: {media_type}; charset=utf-8{how}\n\n{ics}".encode()


def mails(clinic: Clinic, *bodies: bytes) -> list[str]:
    return [one.state for one in arrive(clinic, "email", *bodies)]


def test_an_invitation_is_a_booking_also_where_a_machine_sends_it(lakeside: Clinic) -> None:
    assert mails(lakeside, mail(headers="Auto-Submitted: auto-generated\n")) == [State.ASSESSED]
    columns = columns_of(Lead.objects.get())
    assert (columns["full_name"], columns["email"]) == ("Ana Lopez", "ana@example.com")
    assert (columns["appointment_type"], columns["message"]) == ("Knee consult", "Knee replacement consult")
    assert columns["extra.appointment_at"] == "2026-12-03T16:30:00+00:00"


def test_all_that_comes_of_an_invitation_is_one_lead_and_the_newest_version_stands(lakeside: Clinic) -> None:
    moved = mail(version=2, start="20261203T180000Z")
    told = mails(lakeside, mail(), moved, mail(version=1, start="20261203T150000Z"))
    assert told == [State.ASSESSED, State.JOINED, State.JOINED]
    assert columns_of(Lead.objects.get())["extra.appointment_at"] == "2026-12-03T18:00:00+00:00"
    assert mails(lakeside, mail("CANCEL", version=3)) == [State.JOINED]
    assert columns_of(Lead.objects.get())["extra.appointment_status"] == "cancelled"


def test_nobody_else_can_move_or_cancel_it(lakeside: Clinic) -> None:
    mails(lakeside, mail())
    assert mails(lakeside, mail("CANCEL", version=1, who="eve@example.net")) == [State.NOT_A_LEAD]
    assert mails(lakeside, mail(version=1, who="eve@example.net")) == [State.ASSESSED]
    assert Event.objects.exclude(name="lead.received").count() == 0


def forged(body: bytes, sender: str = "eve@example.net") -> bytes:
    """As if the organizer had written it; and who answers shall answer the organizer."""
    return body.replace(
        b"From: Ana Lopez <ana@example.com>", f"From: Ana <{sender}>\nReply-To: ana@example.com".encode()
    )


@pytest.mark.parametrize(
    ("method", "says"), [("CANCEL", "was cancelled"), ("REQUEST", "was changed"), ("REPLY", "was answered")]
)
def test_who_knows_its_uid_and_its_organizer_can_neither_move_nor_cancel_it(
    lakeside: Clinic, method: str, says: str
) -> None:
    mails(lakeside, mail())
    before = columns_of(Lead.objects.get())
    answer = mail(method, version=1, start="20261209T180000Z", words="I am sorry; please stop calling me")
    assert mails(lakeside, forged(answer)) == [State.JOINED]
    lead = Lead.objects.get()
    assert columns_of(lead) == before
    assert f"their appointment {says}" in happenings(lakeside.number, lead.pk)[0].says
    assert not Suppression.objects.exists()


def test_what_somebody_else_says_of_a_lead_at_rest_wakes_it(lakeside: Clinic) -> None:
    mails(lakeside, mail())
    Lead.objects.update(queue="", resting="booked")
    mails(lakeside, forged(mail("CANCEL", version=1)))
    assert Lead.objects.get().queue


def test_from_the_address_by_which_it_came_first_it_can_be_changed_whoever_invites(lakeside: Clinic) -> None:
    system = "mailer@bookwell.example"
    moved = mail(version=1, start="20261203T180000Z")
    assert mails(lakeside, forged(mail(), system), forged(moved, system))[1] == State.JOINED
    assert columns_of(Lead.objects.get())["extra.appointment_at"] == "2026-12-03T18:00:00+00:00"
    assert mails(lakeside, mail("CANCEL", version=2)) == [State.JOINED]  # by its organizer
    assert columns_of(Lead.objects.get())["extra.appointment_status"] == "cancelled"


def test_what_somebody_else_says_makes_them_no_maker_of_it(lakeside: Clinic) -> None:
    mails(lakeside, mail(), forged(mail(version=1)), forged(mail("CANCEL", version=2)))
    assert columns_of(Lead.objects.get())["extra.appointment_status"] == "booked"


def test_the_id_of_a_mail_takes_no_appointments_name(lakeside: Clinic) -> None:
    other = mail(who="eve@example.net", headers="Message-ID: ics/visit-1@example.com\n").replace(
        b"UID:visit-1", b"UID:x"
    )
    assert mails(lakeside, other, mail(), mail("CANCEL", version=1))[1:] == [State.ASSESSED, State.JOINED]


@pytest.mark.parametrize(("method", "lead"), [
    ("REPLY", False), ("DECLINECOUNTER", False), ("REFRESH", False), ("CANCEL", False), ("COUNTER", True),
    ("PUBLISH", True), ("ADD", True),
])  # fmt: skip
def test_an_answer_to_ours_is_no_lead_but_who_asks_for_another_hour_is(method: str, *, lead: bool) -> None:
    reading = _read(mail(method))
    assert (not reading.alone) is lead


def _read(body: bytes, **settings: Any) -> Reading:
    return reader("email")(Sent(body, "message/rfc822", {}), settings)


def test_whoever_of_us_invites_it_is_the_others_who_come() -> None:
    body = (
        mail(who="nurse@clinic.example")
        .replace(b"CN=Intake", b"CN=Bo Diaz")
        .replace(b"mailto:intake@", b"mailto:bo@other.")
    )
    (lead,) = _read(body, ours=["clinic.example"]).leads
    assert (lead["full_name"], lead["email"]) == ("Bo Diaz", "bo@other.clinic.example")


def test_a_file_that_is_an_invitation_is_read_and_not_named_as_unread() -> None:
    inner = mail(name="invite.ics").partition(b"Subject: Knee\n")[2]
    outer = b"From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee attached\n--x\n" + inner
    (lead,) = _read(outer + b"\n--x--\n").leads
    assert lead["extra.appointment_at"] == "2026-12-03T16:30:00+00:00"
    assert lead["message"] == "see attached\n\nKnee replacement consult"
    assert "extra.attachments not read" not in lead


def test_two_appointments_of_one_mail_are_two_leads_and_each_can_be_cancelled(lakeside: Clinic) -> None:
    one, another = (
        mail(who="no-reply@bookwell.example", words=f"Phone: 312-555-01{n}\\nName: {name}")
        for n, name in ((47, "Anabel Quillfeather"), (48, "Tobias Wren"))
    )
    event = another.partition(b"BEGIN:VEVENT")[2].replace(b"visit-1@", b"visit-2@")
    both = one.partition(b"END:VCALENDAR")[0] + b"BEGIN:VEVENT" + event
    assert mails(lakeside, both) == [State.ASSESSED]
    assert sorted(columns_of(lead)["full_name"] for lead in Lead.objects.all()) == [
        "Anabel Quillfeather",
        "Tobias Wren",
    ]
    end = mail("CANCEL", version=1, who="no-reply@bookwell.example").replace(b"visit-1@", b"visit-2@")
    assert mails(lakeside, end) == [State.JOINED]
    stands = {
        columns_of(lead)["full_name"]: columns_of(lead)["extra.appointment_status"] for lead in Lead.objects.all()
    }
    assert stands == {"Anabel Quillfeather": "booked", "Tobias Wren": "cancelled"}


def test_an_exception_of_what_comes_each_week_is_no_appointment_of_its_own() -> None:
    other = mail().partition(b"BEGIN:VEVENT")[2].replace(b"SEQUENCE", b"RECURRENCE-ID:20261203T163000Z\nSEQUENCE", 1)
    both = mail().partition(b"END:VCALENDAR")[0] + b"BEGIN:VEVENT" + other
    assert len(_read(both).leads) == 1


def weekly(*changes: bytes, method: str = "REQUEST", version: int = 0) -> bytes:
    """Four visits; or, of `changes`, these alone, each `(which, when)`."""
    if not changes:
        return mail().replace(b"SUMMARY", b"RRULE:FREQ=WEEKLY;COUNT=4\nSUMMARY")
    body = mail(method, version=version)
    event = body.partition(b"BEGIN:VEVENT")[2].partition(b"END:VEVENT")[0]
    before = body.partition(b"BEGIN:VEVENT")[0]
    told = [event.replace(b"DTSTART:20261203T163000Z\nDTEND:20261203T170000Z", one) for one in changes]
    return before + b"".join(b"BEGIN:VEVENT" + one + b"END:VEVENT\n" for one in told) + b"END:VCALENDAR\n"


def hour(which: str, to: str = "") -> bytes:
    return f"RECURRENCE-ID:202612{which}T163000Z\nDTSTART:202612{to or which}T163000Z".encode()


def stands() -> tuple[str, str]:
    columns = columns_of(Lead.objects.get())
    return columns["extra.appointment_at"][8:10], columns["extra.appointment_status"]


def test_of_a_series_the_next_visit_that_stands_is_the_appointment(lakeside: Clinic) -> None:
    assert mails(lakeside, weekly()) == [State.ASSESSED]
    assert columns_of(Lead.objects.get())["extra.appointments"].count("; ") == 3
    for change, stand in (
        (weekly(hour("10"), method="CANCEL", version=1), ("03", "booked")),
        (weekly(hour("03", "04"), version=2), ("04", "booked")),
        (weekly(hour("03", "02"), version=1), ("04", "booked")),  # older than the one before
        (weekly(hour("04"), hour("17"), method="CANCEL", version=4), ("24", "booked")),
        (weekly(hour("24"), method="CANCEL", version=5), ("24", "cancelled")),
        (weekly(hour("24", "28"), version=6), ("28", "booked")),
    ):
        assert mails(lakeside, change) == [State.JOINED]
        assert stands() == stand
    assert mails(lakeside, mail("CANCEL", version=7)) == [State.JOINED]
    assert stands() == ("03", "cancelled")


def test_an_exception_beside_its_series_and_one_of_a_series_that_is_not_known(lakeside: Clinic) -> None:
    other = weekly(hour("03", "05")).partition(b"BEGIN:VEVENT")[2]
    (lead,) = _read(weekly().partition(b"END:VCALENDAR")[0] + b"BEGIN:VEVENT" + other).leads
    assert lead["extra.appointment_at"] == "2026-12-05T16:30:00+00:00"
    assert mails(lakeside, weekly(hour("10", "11"))) == [State.ASSESSED]
    assert stands() == ("11", "booked")


def test_a_rule_that_is_broken_takes_away_no_appointment() -> None:
    for rule in (b"RRULE:FREQ=WEEKLY;INTERVAL=x\n", b"RRULE:often\n", b"RRULE:FREQ=WEEKLY\nEXDATE:never\n"):
        (lead,) = _read(mail().replace(b"SUMMARY", rule + b"SUMMARY")).leads
        assert lead["extra.appointment_at"] == "2026-12-03T16:30:00+00:00"


def forwarded(*inner: bytes, words: str = "Please call her") -> bytes:
    parts = b"".join(b"--=x\nContent-Type: message/rfc822\n\n" + one + b"\n" for one in inner)
    head = "From: Dana <dana@clinic.example>\nTo: intake@clinic.example\nSubject: FW\n"
    return f"{head}Content-Type: multipart/mixed; boundary==x\n\n--=x\n\n{words}\n".replace("==x", '="=x"').encode() + (
        parts + b"--=x--\n"
    )


def test_an_invitation_that_somebody_forwards_is_the_appointment_of_whoever_made_it(lakeside: Clinic) -> None:
    assert mails(lakeside, forwarded(mail(headers="Message-ID: <inner@x.example>\n"))) == [State.ASSESSED]
    columns = columns_of(Lead.objects.get())
    assert (columns["full_name"], columns["email"]) == ("Ana Lopez", "ana@example.com")
    assert columns["message"] == "Please call her\n\nKnee replacement consult"
    assert "extra.attachments not read" not in columns
    assert mails(lakeside, mail("CANCEL", version=1)) == [State.JOINED]


def test_of_several_that_are_forwarded_each_is_a_lead_and_another_mail_stays_one(lakeside: Clinic) -> None:
    second = mail(who="bo@example.com").replace(b"visit-1@", b"visit-2@").replace(b"Ana Lopez", b"Bo Diaz")
    plain = b"From: Cy Roe <cy@example.com>\nSubject: Hip\n\nmy hip hurts\n"
    assert mails(lakeside, forwarded(mail(), plain, forwarded(second))) == [State.ASSESSED]
    found = {columns_of(lead)["full_name"]: columns_of(lead) for lead in Lead.objects.all()}
    assert set(found) == {"Ana Lopez", "Bo Diaz", "Cy Roe"}
    assert "extra.appointment_at" in found["Bo Diaz"]
    assert "extra.appointment_at" not in found["Cy Roe"]
    end = mail("CANCEL", version=1, who="bo@example.com").replace(b"visit-1@", b"visit-2@")
    assert mails(lakeside, end) == [State.JOINED]


@pytest.mark.parametrize(("charset", "written"), [
    ("iso-8859-1", "cp1252"), ("", "cp1252"), ("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("nonsense", "utf-8"),
    ("iso-8859-2", "iso-8859-2"), ("iso-2022-jp", "iso-2022-jp"), ("utf-16", "utf-16"),
])  # fmt: skip
def test_a_calendar_is_read_in_its_charset_and_in_utf_8_where_it_is_in_that(charset: str, written: str) -> None:
    name = {"iso-8859-2": "Łucja Dvořák", "iso-2022-jp": "山田"}.get(written, "Íñigo Peña")
    head, _, ics = mail().decode().partition("\n\n")
    how = f"; charset={charset}" if charset else ""
    body = head.replace("; charset=utf-8", how).encode() + b"\n\n" + ics.replace("Ana Lopez", name).encode(written)
    (lead,) = _read(body).leads
    assert lead["full_name"] == name


def test_a_character_may_be_folded_in_its_middle() -> None:
    body = mail(words="Pe\u00f1a").replace(b"Pe\xc3\xb1a", b"Pe\xc3\r\n \xb1a")
    assert _read(body).leads[0]["message"] == "Peña"


@pytest.mark.parametrize("body", [mail().replace(b"UID:visit-1@example.com\n", b""), mail()[:330], mail()[:200]])
def test_an_invitation_that_is_broken_needs_mending(body: bytes) -> None:
    assert "invitation" in _read(body).problem
