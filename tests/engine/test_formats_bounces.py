"""What came back is understood by code, then by words; no bytes break it, and what blames nobody says so. (rule 2.6)

Addresses, names and hosts are invented; the shapes are those that the large providers send.
"""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.standins.bounces import Case, cases

from leadwell.formats.bounces import NotReturned, class_of, read
from leadwell.formats.bounces.classes import entries

OURS = "<0192f00ddeadbeef@clinic.example>"
SENT = f"From: Clinic <hello@clinic.example>\nTo: ana@example.org\nMessage-ID: {OURS}\nSubject: Your visit\n\nHello\n"


def report(fields: str, *, say: str = "It failed.", sent: str = SENT, kind: str = "delivery-status") -> bytes:
    return f"""From: Mail Delivery Subsystem <mailer-daemon@mx.example.net>
To: bounces+abc@clinic.example
Subject: Delivery Status Notification (Failure)
Message-ID: <report@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

{say}
--cut
Content-Type: message/{kind}

{fields}

--cut
Content-Type: message/rfc822

{sent}
--cut--
""".encode()


def failed(status: str, diagnostic: str, *, action: str = "failed") -> bytes:
    recipient = f"Final-Recipient: rfc822; ana@example.org\nAction: {action}\nStatus: {status}"
    return report(f"Reporting-MTA: dns; mx.example.net\n\n{recipient}\nDiagnostic-Code: smtp; {diagnostic}")


def spoken(text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    given = {"From": "MAILER-DAEMON@mx.example.net", "To": "bounces+abc@clinic.example", "Subject": "failure notice"}
    for name, value in (given | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize("section", ["status", "reply", "words"])
def test_every_entry_of_the_table_stands_beside_an_example_that_it_decides(section: str) -> None:
    for one in entries()[section]:
        assert class_of("", one["example"])[0] == one["class"], one["example"]
        assert one["source"]
        assert one["confidence"] in ("V", "v", "M")


@pytest.mark.parametrize(
    ("status", "says", "kind"),
    [
        ("5.1.1", "550 5.1.1 unknown", "address-bad"),
        ("5.1.0", "550 address unknown", "address-bad"),
        ("5.1.10", "556 null MX", "address-bad"),
        ("5.2.1", "550 disabled", "address-bad"),
        ("4.2.2", "452 4.2.2 over quota", "mailbox-full"),
        ("5.2.2", "552 5.2.2 full", "mailbox-full"),
        ("4.4.1", "connection timed out", "transient"),
        ("4.7.0", "421 4.7.0 try again later, user unknown", "transient"),
        ("5.4.4", "no route", "no-domain"),
        ("5.1.2", "bad host", "no-domain"),
        ("5.7.1", "550 5.7.1 refused; user unknown", "ours"),
        ("5.7.26", "550-5.7.26 unauthenticated", "ours"),
        ("5.3.4", "552 5.3.4 too large", "ours"),
        ("5.6.0", "554 content", "ours"),
        ("5.1.8", "550 5.1.8 bad sender", "ours"),
        ("5.4.6", "554 5.4.6 too many hops", "ours"),
        ("", "550 user unknown", "address-bad"),
        ("", "550", "ours"),
        ("", "450 user unknown", "transient"),
        ("", "452 mailbox full", "mailbox-full"),
        ("5.0.0", "550 5.1.1 no such user", "address-bad"),
        ("5.0.0", "smtp; 554 delivery error: dd This user doesn't have a mail.example account", "address-bad"),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", "address-bad"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied.", "address-bad"),
        ("5.4.1", "550 5.4.1 no answer from host", "ours"),
        ("5.2.1", "550-5.2.1 receiving mail at a rate that prevents additional messages", "transient"),
        ("5.0.0", "host 5.3.0.1 said no", "ours"),
    ],
)  # fmt: skip
def test_the_status_decides_then_the_code_in_the_words_then_the_words(status: str, says: str, kind: str) -> None:
    assert class_of(status, says)[0] == kind
    if status:
        assert read(failed(status, says)).kind == kind


def test_a_report_says_which_mail_whose_address_and_where_it_came_back_to() -> None:
    told = read(failed("5.1.1", "550 5.1.1 no such user"))
    assert (told.status, told.recipient) == ("5.1.1", "ana@example.org")
    assert told.message_ids == (OURS,)
    assert told.returned_to == ("bounces+abc@clinic.example",)


def test_a_report_within_a_report_within_a_forwarded_mail_is_found() -> None:
    whole = failed("5.1.1", "550 5.1.1 no such user")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Message-ID"] = "help@clinic.example", "bounces@clinic.example", "<x@y.example>"
    outer["Subject"] = "FW: Undeliverable"
    outer.set_content("Please see below.")
    outer.add_attachment(whole, maintype="application", subtype="octet-stream")
    with pytest.raises(NotReturned):
        read(outer.as_bytes())
    nested = f"From: a@b.example\nContent-Type: message/rfc822\nMessage-ID: <o@b.example>\n\n{whole.decode()}".encode()
    assert read(nested).kind == "address-bad"
    assert read(nested).message_ids[0] == OURS


def test_the_headers_alone_or_an_envelope_id_name_the_mail_too() -> None:
    whole = failed("5.1.1", "no").decode().replace("message/rfc822", "text/rfc822-headers").encode()
    assert OURS in read(whole).message_ids
    fields = f"Original-Envelope-Id: {OURS}\n\nFinal-Recipient: rfc822;a@example.org\nAction: failed\nStatus: 5.1.1"
    assert read(report(fields, sent="Subject: nothing of it\n\n")).message_ids == (OURS,)


def test_of_several_recipients_the_one_that_failed_counts() -> None:
    fields = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ok@example.org\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; late@example.org\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; bad@example.org\nAction: failed\nStatus: 5.1.1"
    )
    assert (read(report(fields)).recipient, read(report(fields)).kind) == ("bad@example.org", "address-bad")


def test_what_is_delayed_is_no_failure_whatever_its_code() -> None:
    with pytest.raises(NotReturned, match="waits"):
        read(failed("5.1.1", "550 5.1.1 user unknown", action="delayed"))


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_it_arrived_is_no_bounce(action: str) -> None:
    with pytest.raises(NotReturned, match="arrived"):
        read(failed("2.0.0", "250 ok", action=action))


@pytest.mark.parametrize(
    ("text", "headers", "kind", "recipient"),
    [
        ("Hi. This is the qmail-send program at mx.example.net.\n\n<ana@example.org>:\n"
         "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 <ana@example.org>: no such user\n\n"
         f"--- Below this line is a copy of the message.\n\n{SENT}", {}, "address-bad", "ana@example.org"),
        ("This message was created automatically by mail delivery software.\n\n  ana@example.org\n"
         "    Unrouteable address\n", {"X_Failed_Recipients": "ana@example.org"}, "address-bad", "ana@example.org"),
        ("Your message couldn't be delivered: Ana Example wasn't found at example.org.\n\nana@example.org\n",
         {"From": "postmaster@example.org", "Subject": "Undeliverable: Your visit"}, "address-bad", "ana@example.org"),
        ("<ana@example.org>: host mx.example.org[192.0.2.7] said: 552 5.2.2 mailbox over quota\n",
         {}, "mailbox-full", "ana@example.org"),
        ("<ana@example.org>: Host or domain name not found. Name service error for name=example.org type=MX: "
         "Host not found, try again", {}, "no-domain", "ana@example.org"),
        ("ana@example.org\nNo se ha podido entregar: dirección no encontrada\n", {}, "address-bad", "ana@example.org"),
        ("ana@example.org was rejected: 550 5.7.1 policy", {}, "ours", "ana@example.org"),
    ],
)  # fmt: skip
def test_a_server_that_speaks_plainly_is_understood(
    text: str, headers: dict[str, str], kind: str, recipient: str
) -> None:
    told = read(spoken(text, **headers))
    assert (told.kind, told.recipient) == (kind, recipient)


def test_the_copy_below_a_plain_bounce_names_the_mail_and_decides_nothing() -> None:
    copy = SENT.replace("Hello", "Our mailbox is full and there is no such user as 5.1.1")
    told = read(spoken(f"<ana@example.org>:\n550 5.7.1 refused\n\n--- Below this line is a copy.\n\n{copy}"))
    assert (told.kind, told.message_ids) == ("ours", (OURS,))


@pytest.mark.parametrize(
    "mail",
    [
        spoken("My address is 550 5.1.1 user unknown street", From="ana@example.org", Subject="Re: Your visit"),
        spoken("I am away, user unknown", From="ana@example.org", Auto_Submitted="auto-replied"),
        spoken("My mailbox is full", Return_Path="<>", From="ana@example.org", Subject="Away"),
        b"", b"\0\xff", b"Subject: x\n\n550 5.1.1 user unknown", b"x" * 100_000,
    ],
)  # fmt: skip
def test_what_a_person_or_their_absence_writes_is_no_bounce(mail: bytes) -> None:
    with pytest.raises(NotReturned):
        read(mail)


def _arf(fields: str) -> bytes:
    return report(fields, kind="feedback-report", say="This is an email abuse report.")


def test_a_complaint_is_known_and_says_whose_where_the_provider_does() -> None:
    told = read(_arf("Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\nOriginal-Rcpt-To: <Ana@Example.org>"))
    assert (told.kind, told.recipient, told.message_ids) == ("complaint", "ana@example.org", (OURS,))
    kept_back = read(_arf("Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1"))
    assert (kept_back.kind, kept_back.recipient, kept_back.message_ids) == ("complaint", "", (OURS,))


def test_not_spam_after_all_is_no_complaint() -> None:
    with pytest.raises(NotReturned, match="no complaint"):
        read(_arf("Feedback-Type: not-spam\nUser-Agent: X/1\nVersion: 1"))


PACKED = next(case.raw for case in cases() if case.file == "delivery-status-in-base64.eml")
WHOLE = [
    PACKED,
    failed("5.1.1", "550 5.1.1 x"),
    _arf("Feedback-Type: abuse"),
    spoken("<a@example.org>: 550 user unknown"),
]
NASTY = [b"\0", b"\r\n\r\n", b"--cut\n", b"--cut--", b"Content-Type: message/rfc822\n\n", b"\xff" * 9, b"=?x?b?!?=",
         b"Content-Type: multipart/mixed; boundary=cut\n\n", b"Content-Transfer-Encoding: base64\n\n", b"<" * 400,
         b"Status: 5.1.1\n\n", b"(" * 300, b"charset=punycode",
         b"Content-Type: message/delivery-status\n\n"]  # fmt: skip


@settings(max_examples=400, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_bytes_give_a_value_or_say_why_not(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(0, 6))):
        at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        raw[at : min(end, at + 80)] = data.draw(st.one_of(st.sampled_from(NASTY), st.binary(max_size=40)))
    try:
        told = read(bytes(raw))
    except NotReturned as error:
        assert "@" not in str(error)
    else:
        assert told.recipient == "" or "@" in told.recipient


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(raw=st.binary(max_size=600))
def test_noise_is_no_bounce(raw: bytes) -> None:
    with pytest.raises(NotReturned):
        read(raw)


def test_a_bounce_wrapped_without_end_is_refused_soon() -> None:
    with pytest.raises(NotReturned, match="deep"):
        read(b"Content-Type: message/rfc822\n\n" * 2_000)


def _read(case: Case) -> tuple[str, str | None]:
    """By the names of `expected.jsonl`: `disabled` is bad after the first time, so it is `address-bad` here."""
    try:
        told = read(case.raw)
    except NotReturned:
        return "not-a-bounce", None
    if case.message_id is not None:
        assert case.message_id in told.message_ids
    return told.kind, told.recipient or None


@pytest.mark.parametrize("case", [one for one in cases() if not one.arguable], ids=lambda one: one.file)
def test_what_large_providers_send_is_read_as_somebody_else_says(case: Case) -> None:
    """Half of these were never looked at while the reader was written."""
    kind = {"disabled": "address-bad"}.get(case.kind, case.kind)
    recipient = None if kind == "not-a-bounce" else case.recipient and case.recipient.lower()
    assert _read(case) == (kind, recipient)
