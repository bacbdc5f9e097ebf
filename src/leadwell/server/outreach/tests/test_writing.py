"""A mail is whole: who writes, a way out, a signature over both, and nothing that a mail program stumbles over."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from leadwell.server.access.models import Organization
from leadwell.server.conftest import Clinic
from leadwell.server.outreach import channels, leaving
from leadwell.server.outreach.channels import NotReached, Written
from leadwell.server.outreach.channels.email.returning import id_in_address, is_ours, is_return_address
from leadwell.server.outreach.models import Message
from leadwell.server.outreach.tests.sent import ADDRESS, LETTER, queued

pytestmark = pytest.mark.django_db(databases="__all__")

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
PUBLIC = re.sub(r"-----[^-]+-----|\s", "", KEY.public_key().public_bytes(
    Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())  # fmt: skip


@pytest.fixture(autouse=True)
def _set(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[None]:
    settings.PUBLIC_URL, settings.PUBLIC_URL_IS_GIVEN = "https://clinic.example", True
    given = {
        "LEADWELL_SMTP_HOST": "mail.clinic.example", "LEADWELL_MAIL_FROM": "hello@clinic.example",
        "LEADWELL_MAIL_BOUNCES": "bounces@clinic.example", "LEADWELL_DKIM_KEY": PRIVATE,
        "LEADWELL_DKIM_SELECTOR": "lw",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    yield


def _written(message: Message) -> Written:
    return channels.way("email").write(message)


def _read(written: Written) -> email.message.EmailMessage:
    return email.message_from_bytes(written.raw, policy=email.policy.default)  # type: ignore[return-value]


def _holds(raw: bytes) -> bool:
    def txt(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"lw._domainkey.clinic.example."
        return f"v=DKIM1; k=rsa; p={PUBLIC}".encode()

    return bool(dkim.verify(raw, dnsfunc=txt))


def test_a_service_mail_says_who_writes_and_is_plain_and_html(lakeside: Clinic) -> None:
    mail = _read(_written(queued(lakeside)))
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Your visit")
    assert mail["From"].addresses[0].addr_spec == "hello@clinic.example"
    assert mail["From"].addresses[0].display_name == "Lakeside Orthopedics & Spine"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["List-Unsubscribe"] is None
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    for part in (plain, html):
        assert "Thursday" in part.get_content()
        assert "200 W Lake St" in part.get_content()
        assert "unsubscribe" not in part.get_content().lower()
    assert "http" not in html.get_content().replace("https://clinic.example", "")


@pytest.mark.parametrize("purpose", ["marketing", "business"])
def test_a_commercial_mail_has_a_way_out_in_its_words_and_for_mail_programs(lakeside: Clinic, purpose: str) -> None:
    message = queued(lakeside, purpose=purpose)
    written = _written(message)
    mail = _read(written)
    link = f"https://clinic.example/unsubscribe/{leaving.token(lakeside.number, message.pk, bytes(message.token))}"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in written.raw, "on one line, as it is"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = mail.get_body(("plain",))
    assert body is not None
    assert link in re.sub(r"\s", "", body.get_content())
    assert "200 W Lake St" in body.get_content()


def test_the_signature_covers_the_way_out(lakeside: Clinic) -> None:
    raw = _written(queued(lakeside, purpose="marketing")).raw
    assert _holds(raw)
    signed = re.search(rb"h=([^;]+);", raw)
    assert signed
    names = re.sub(rb"\s", b"", signed[1]).lower().split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"to", b"subject", b"date", b"message-id"} <= set(
        names
    )
    assert names.count(b"from") == 2
    for changed in (
        raw.replace(b"clinic.example/unsubscribe/", b"clinic.example/unsubscribed/", 1),
        raw.replace(b"Subject: Your", b"Subject: Our", 1),
        raw.replace(b"From:", b"From: x@example.org\r\nFrom:", 1),
        raw.replace(b"One-Click", b"No-Click", 1),
    ):
        assert changed != raw
        assert not _holds(changed)


def test_it_comes_back_to_an_address_that_names_it_and_that_nobody_else_can_make(
    lakeside: Clinic, harbor: Clinic
) -> None:
    message, other = queued(lakeside), queued(harbor)
    sender = _written(message).sender
    assert len(sender.partition("@")[0]) <= 64
    assert is_return_address(sender, "bounces@clinic.example")
    assert not is_return_address("bouncesx@clinic.example", "bounces@clinic.example")
    assert not is_return_address("bounces@clinic.example", "")
    named = id_in_address(sender)
    assert named is not None
    assert named[0] == message.pk
    assert is_ours(message, named[1])
    assert not is_ours(other, named[1])
    assert not is_ours(message, "0" * 10)


def test_tried_again_it_has_the_same_id(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    message = queued(lakeside)
    first = _written(message)
    assert first.message_id == f"<{message.pk.hex}@clinic.example>"
    message.message_id = first.message_id
    monkeypatch.setenv("LEADWELL_MAIL_FROM", "hello@moved.example")
    assert _written(message).message_id == first.message_id


@pytest.mark.parametrize(
    ("subject", "name"),
    [("Su visita — mañana", "Clínica Ñandú"), ("x" * 200, "A" * 150), ("=?utf-8?q?x?=", 'He said "hello", twice')],
)
def test_what_is_not_plain_ascii_arrives_as_it_was_written(
    lakeside: Clinic, subject: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Organization.objects.filter(pk=lakeside.number).update(name=name)
    words = "Le esperamos mañana.\n.\n..puntos\n" + "x" * 2_000
    written = _written(queued(lakeside, letter=replace(LETTER, subject=subject, text=words, language="es")))
    assert written.raw.isascii()
    assert max(map(len, written.raw.split(b"\r\n"))) <= 998
    assert b"\n" not in written.raw.replace(b"\r\n", b"")
    mail = _read(written)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").startswith(words)
    if not subject.startswith("=?"):
        assert mail["Subject"] == subject
    assert _holds(written.raw)


def test_nothing_leaves_unsigned_where_the_key_is_none(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_DKIM_KEY", "no key at all")
    message = queued(lakeside)
    with pytest.raises(NotReached, match="LEADWELL_DKIM_KEY"):
        _written(message)


def test_a_mark_up_in_the_words_stays_words(lakeside: Clinic) -> None:
    mail = _read(
        _written(queued(lakeside, letter=replace(LETTER, text="<script>x</script> & https://clinic.example/go")))
    )
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert 'href="https://clinic.example/go"' in html.get_content()
