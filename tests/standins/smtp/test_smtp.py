"""Does the stand-in do what an address asks, and does its log say so?"""

import smtplib
import ssl
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped, unused-ignore]
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.standins.smtp import SmtpStandin, dkim_holds, signed_headers

SENDER = "bounces+7@clinic.example"


def written(to: str, body: str = "Good morning") -> bytes:
    lines = [
        "From: Clinic <desk@clinic.example>",
        f"To: {to}",
        "Subject: Your appointment",
        "Date: Thu, 26 Nov 2026 09:00:00 +0000",
        "Message-ID: <one@clinic.example>",
        "",
        body,
        "",
    ]
    return "\r\n".join(lines).encode()


def client(provider: SmtpStandin) -> smtplib.SMTP:
    return smtplib.SMTP(provider.host, provider.port, timeout=10)


def sent(provider: SmtpStandin, to: str, message: bytes | None = None) -> str:
    """The answer that decided: "250", or the refusal's code and text; "hung up" where there was none."""
    with client(provider) as smtp:
        try:
            smtp.sendmail(SENDER, [to], message or written(to), ["SMTPUTF8"] if not to.isascii() else [])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = refused.recipients[to]
            return f"{code} {text.decode()}"
        except smtplib.SMTPServerDisconnected:
            return "hung up"
        except smtplib.SMTPResponseException as refused:
            said = refused.smtp_error
            return f"{refused.smtp_code} {said.decode() if isinstance(said, bytes) else said}"
    return "250"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpStandin]:
    """One that answers bounces to another one, which takes everything."""
    folder = tmp_path_factory.mktemp("provider")
    with (
        SmtpStandin(folder / "bounces.jsonl") as bounces,
        SmtpStandin(
            folder / "wire.jsonl", bounce_to=(bounces.host, bounces.port), greylist_seconds=0.5, slow_seconds=0.3
        ) as running,
    ):
        running.bounces = bounces  # type: ignore[attr-defined]
        yield running


def test_an_accepted_message_is_in_the_log_byte_for_byte_before_the_answer_is_read(provider: SmtpStandin) -> None:
    message = written("ok.maria@example.org", ".a line that begins with a dot\r\n\r\n..and another\r\nÑandú")
    assert sent(provider, "ok.maria@example.org", message) == "250"
    last = provider.messages()[-1]
    assert last.raw == message
    assert (last.envelope_from, last.envelope_to) == (SENDER, ("ok.maria@example.org",))
    assert last.answered and last.answered.startswith("250 2.0.0") and last.kept
    assert last.email["Subject"] == "Your appointment"
    assert last.at.utcoffset() is not None


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("defer", "451 4.2.0"),
        ("full", "452 4.2.2"),
        ("overquota", "552 5.2.2"),
        ("unknown", "550 5.1.1"),
        ("bare-unknown", "550 user unknown"),
        ("policy", "550 5.7.1"),
        ("disabled", "550 5.2.1"),
        ("toolarge", "552 5.3.4"),
        ("nodomain", "550 5.1.2"),
        ("say-554-5-4-4", "554 5.4.4 as the address says"),
        ("say-550", "550 as the address says"),
        ("rcpt-only", "550 5.1.1"),
        ("at-data", "550 5.7.1"),
        ("at-data.full", "452 4.2.2"),
        ("rcpt-only.toolarge", "552 5.3.4"),
    ],
)
def test_a_word_is_answered_with_its_code(provider: SmtpStandin, word: str, answer: str) -> None:
    assert sent(provider, f"{word}.maria@example.org").startswith(answer)


def test_a_refusal_at_rcpt_leaves_no_message_and_one_at_data_leaves_it_unkept(provider: SmtpStandin) -> None:
    before = len(provider.messages())
    sent(provider, "rcpt-only.unknown.ana@example.org")
    assert len(provider.messages()) == before
    assert provider.attempts()[-1].stage == "RCPT"
    sent(provider, "at-data.unknown.ana@example.org")
    last = provider.messages()[-1]
    assert len(provider.messages()) == before + 1
    assert not last.kept and last.answered and last.answered.startswith("550 5.1.1")
    assert [one.stage for one in provider.attempts()[-2:]] == ["RCPT", "DATA"]


def test_a_number_says_how_often_before_mail_is_accepted(provider: SmtpStandin) -> None:
    answers = [sent(provider, "defer2.rosa@example.org")[:3] for _ in range(3)]
    assert answers == ["451", "451", "250"]
    assert [sent(provider, "at-data.full1.rosa@example.org")[:3] for _ in range(2)] == ["452", "250"]


def test_each_address_is_counted_by_itself_whatever_its_case(provider: SmtpStandin) -> None:
    assert sent(provider, "defer1.one@example.org")[:3] == "451"
    assert sent(provider, "defer1.two@example.org")[:3] == "451"
    assert sent(provider, "Defer1.One@example.org")[:3] == "250"


@pytest.mark.parametrize(("word", "kept"), [("dropdata1", True), ("dropdata-kept1", True), ("dropdata-lost1", False)])
def test_it_hangs_up_after_data_once_having_kept_the_message_or_not(
    provider: SmtpStandin, word: str, kept: bool
) -> None:
    to = f"{word}.leo@example.org"
    assert [sent(provider, to), sent(provider, to)] == ["hung up", "250"]
    mine = [one for one in provider.messages() if one.envelope_to == (to,)]
    assert [(one.answered is None, one.kept) for one in mine] == [(True, kept), (False, True)]


def test_the_option_says_whether_a_dropped_message_was_kept(tmp_path: Path) -> None:
    with SmtpStandin(tmp_path / "wire.jsonl", dropped="lost") as losing:
        assert [sent(losing, "dropdata.leo@example.org") for _ in range(2)] == ["hung up", "hung up"]
        assert [one.kept for one in losing.messages()] == [False, False]


def test_a_greylisted_sender_is_accepted_when_it_comes_back_later(provider: SmtpStandin) -> None:
    assert sent(provider, "greylist.eva@example.org").startswith("451 4.7.1")
    assert sent(provider, "greylist.eva@example.org").startswith("451 4.7.1")
    time.sleep(0.6)
    assert sent(provider, "greylist.eva@example.org") == "250"


def test_a_connection_carries_so_many_messages_and_no_more(provider: SmtpStandin) -> None:
    to = "rate2.eva@example.org"
    with client(provider) as smtp:
        for _ in range(2):
            smtp.sendmail(SENDER, [to], written(to))
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            smtp.sendmail(SENDER, [to], written(to))
        assert refused.value.recipients[to] == (421, b"4.7.0 Too many messages in this connection, try again later")
    assert sent(provider, to) == "250"


def test_a_slow_recipient_makes_each_answer_after_it_late(provider: SmtpStandin) -> None:
    began = time.monotonic()
    assert sent(provider, "slow.eva@example.org") == "250"
    assert time.monotonic() - began >= 4 * 0.3  # RCPT, DATA, the dot, QUIT


def test_of_several_recipients_those_accepted_get_the_message(provider: SmtpStandin) -> None:
    with client(provider) as smtp:
        refused = smtp.sendmail(SENDER, ["ok.a@example.org", "unknown.b@example.org"], written("ok.a@example.org"))
    assert list(refused) == ["unknown.b@example.org"]
    assert provider.messages()[-1].envelope_to == ("ok.a@example.org",)


def reported(provider: SmtpStandin, to: str, count: int = 1) -> list[bytes]:
    bounces: SmtpStandin = provider.bounces  # type: ignore[attr-defined]
    before = len(bounces.messages())
    assert sent(provider, to) == "250"
    found = bounces.until(before + count)[before:]
    assert {(one.envelope_from, one.envelope_to) for one in found} == {("", (SENDER,))}
    return [one.raw for one in found]


def test_a_late_bounce_comes_by_smtp_to_the_envelope_sender(provider: SmtpStandin) -> None:
    [raw] = reported(provider, "late-bounce.eva@example.org")
    report = message_from_bytes(raw, policy=policy.default)
    assert report.get_content_type() == "multipart/report"
    _, status, original = report.iter_parts()
    fields: Any = status.get_payload(1)
    assert (fields["Status"], fields["Action"]) == ("5.1.1", "failed")
    assert fields["Final-Recipient"] == "rfc822; late-bounce.eva@example.org"
    assert "<one@clinic.example>" in original.get_content()
    assert provider.until_reports(1)[-1].error is None


def test_a_late_bounce_reports_what_its_second_word_says_and_as_often_as_asked(provider: SmtpStandin) -> None:
    raws = reported(provider, "late-bounce2.full.eva@example.org", count=2)
    assert len(set(raws)) == 1
    assert b"\r\nStatus: 4.2.2\r\n" in raws[0]


@pytest.mark.parametrize(("word", "named"), [("complain", True), ("complain.redacted", False)])
def test_a_complaint_follows_with_or_without_the_recipient(provider: SmtpStandin, word: str, named: bool) -> None:
    to = f"{word}.eva@example.org"
    [raw] = reported(provider, to)
    report = message_from_bytes(raw, policy=policy.default)
    assert report.get_param("report-type") == "feedback-report"
    assert (to.encode() in raw) is named
    assert b"Message-ID: <one@clinic.example>" in raw


def test_nothing_is_ever_reported_to_the_null_sender(provider: SmtpStandin) -> None:
    before = len(provider.reports())
    with client(provider) as smtp:
        smtp.sendmail("", ["late-bounce.eva@example.org"], written("late-bounce.eva@example.org"))
    time.sleep(0.5)
    assert len(provider.reports()) == before


@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        (written("ok.x@example.org", "x" * 998), "250"),
        (written("ok.x@example.org", "x" * 999), "554 5.6.0"),
        (b"To: ok.x@example.org\r\n" + written("ok.x@example.org"), "550 5.7.1"),
        (written("ok.x@example.org").replace(b"From:", b"X-From:"), "550 5.7.1"),
        (written("ok.x@example.org").replace(b"Your", "Tú".encode()), "554 5.6.7"),
    ],
    ids=["998 octets", "999 octets", "To twice", "no From", "raw 8-bit header"],
)
def test_a_malformed_message_is_refused_as_large_providers_do(
    provider: SmtpStandin, broken: bytes, answer: str
) -> None:
    assert sent(provider, "ok.x@example.org", broken).startswith(answer)


def test_a_bare_line_feed_is_refused_and_ends_no_message(provider: SmtpStandin) -> None:
    with client(provider) as smtp:
        smtp.ehlo()
        smtp.mail(SENDER)
        smtp.rcpt("ok.x@example.org")
        smtp.docmd("DATA")
        smtp.send(written("ok.x@example.org") + b"a\n.\r\nMAIL FROM:<x@example.net>\r\n.\r\n")
        assert smtp.getreply()[0] == 521
    assert provider.messages()[-1].raw.endswith(b"MAIL FROM:<x@example.net>\r\n")


def test_with_tls_and_a_password_it_wants_both(tmp_path: Path) -> None:
    told = ("apikey", "s3:cret")
    with SmtpStandin(tmp_path / "wire.jsonl", starttls=True, auth=told) as strict, client(strict) as smtp:
        trusting = ssl.create_default_context(cafile=strict.certificate)
        assert smtp.docmd("EHLO", "me.example")[0] == 250
        assert smtp.mail(SENDER)[0] == 530
        smtp.starttls(context=trusting)
        smtp.ehlo()
        assert smtp.mail(SENDER)[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("apikey", "wrong")
        smtp.login(*told)
        smtp.sendmail(SENDER, ["ok.x@example.org"], written("ok.x@example.org"))
        assert [(one.tls, one.user) for one in strict.messages()] == [(True, "apikey")]


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    with SmtpStandin(tmp_path / "wire.jsonl", implicit_tls=True) as secure:
        trusting = ssl.create_default_context(cafile=secure.certificate)
        with smtplib.SMTP_SSL("localhost", secure.port, context=trusting, timeout=10) as smtp:
            smtp.sendmail(SENDER, ["ok.x@example.org"], written("ok.x@example.org"))
        assert secure.messages()[0].tls


def test_it_can_be_away_for_a_while_and_come_back_at_the_same_port(tmp_path: Path) -> None:
    with SmtpStandin(tmp_path / "wire.jsonl") as leaving:
        port = leaving.port
        sent(leaving, "ok.x@example.org")
        leaving.stop()
        with pytest.raises(ConnectionRefusedError):
            client(leaving)
        leaving.start()
        sent(leaving, "ok.x@example.org")
        assert leaving.port == port
        assert len(leaving.until(2)) == 2


def test_a_signature_is_verified_by_a_given_key_and_breaks_with_the_message() -> None:
    key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public, wrong = (
        one.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
        for one in (key, other)
    )
    message = written("ok.x@example.org")
    signed = dkim.sign(message, b"s1", b"clinic.example", pem, include_headers=[b"From", b"Subject"]) + message
    assert dkim_holds(signed, public_key=public)
    assert dkim_holds(signed, public_key=public, domain="clinic.example", selector="s1")
    bare = "".join(public.splitlines()[1:-1])
    assert dkim_holds(signed, public_key=bare) and dkim_holds(signed, public_key=f"v=DKIM1; k=rsa; p={bare}")
    assert not dkim_holds(signed, public_key=wrong)
    assert not dkim_holds(signed, public_key=public, domain="other.example")
    assert not dkim_holds(signed.replace(b"Good morning", b"Good evening"), public_key=public)
    assert not dkim_holds(message, public_key=public)
    assert signed_headers(signed) >= {"from", "subject"}
