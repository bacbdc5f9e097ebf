"""Is each vendor believed by its own published signature, and by nothing else? (promise A1)"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.test import Client

from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.sources import door
from leadwell.server.intake.sources.doors import Posted

FORM = "application/x-www-form-urlencoded"
AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)  # 1700000000
TWILIO = "https://mycompany.com/myapp.php?foo=1&bar=2"


def believed(kind: str, posted: Posted, *secrets: str, **settings: str) -> bool:
    found = door(kind)
    assert found is not None
    return found.genuine(posted, {"secrets": list(secrets), **settings})


def twilio(fields: object, signature: str, url: str = TWILIO) -> Posted:
    body = urlencode(fields, doseq=True).encode()  # type: ignore[arg-type]
    return Posted(body, {"x-twilio-signature": signature, "content-type": f"{FORM}; charset=UTF-8"}, url, AT)


# As Twilio publishes them, with the account's token 12345.
CALL = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212",
        "Caller": "+14158675309"}  # fmt: skip
PUBLISHED = [
    (CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (
        {"Sid": "CA123", "SidAccount": "AC123", "Digits": ["5678", "1234", "1234"]},
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
]


@pytest.mark.parametrize(("fields", "signature"), PUBLISHED)
def test_twilio_is_believed_by_its_published_examples(fields: dict[str, object], signature: str) -> None:
    assert believed("twilio", twilio(fields, signature), "12345")
    assert not believed("twilio", twilio(fields, signature), "12346")
    assert not believed("twilio", twilio(fields | {"Sent": ""}, signature), "12345")
    assert not believed("twilio", twilio(fields, signature, TWILIO + "3"), "12345")


def twilio_signed(url: str, said: str = "", token: str = "12345") -> str:
    return b64encode(hmac.new(token.encode(), (url + said).encode(), hashlib.sha1).digest()).decode()


@pytest.mark.parametrize("signed", ["https://leads.example.org/in/x?a=b", "https://leads.example.org:443/in/x?a=b"])
@pytest.mark.parametrize("arrived", ["https://leads.example.org/in/x?a=b", "https://leads.example.org:443/in/x?a=b"])
def test_twilio_signs_its_address_with_the_port_or_without(signed: str, arrived: str) -> None:
    assert believed("twilio", twilio({"A": "b"}, twilio_signed(signed, "Ab"), arrived), "12345")


@pytest.mark.parametrize(
    "signed", ["https://leads.example.org:8443/in/x", "http://leads.example.org/in/x", "https://leads.example.org/in/y"]
)
def test_another_port_scheme_or_path_is_another_address(signed: str) -> None:
    assert not believed("twilio", twilio({}, twilio_signed(signed), "https://leads.example.org/in/x"), "12345")


def _json(body: bytes, digest: str) -> Posted:
    url = f"https://leads.example.org/in/x?bodySHA256={digest}"
    headers = {"x-twilio-signature": twilio_signed(url), "content-type": "application/json"}
    return Posted(body, headers, url, AT)


def test_what_twilio_sends_as_json_is_proven_by_its_digest_in_the_address() -> None:
    body = b'{"property": "value", "boolean": true}'
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert believed("twilio", _json(body, digest), "12345")
    assert not believed("twilio", _json(body + b" ", digest), "12345")
    assert not believed("twilio", _json(body, digest[:-1] + "1"), "12345")
    assert not believed("twilio", _json(body, ""), "12345")


def test_a_body_that_is_no_form_is_not_believed_by_the_address_alone() -> None:
    url = "https://leads.example.org/in/x"
    headers = {"x-twilio-signature": twilio_signed(url), "content-type": "application/json"}
    assert believed("twilio", Posted(b"", headers, url, AT), "12345")
    assert not believed("twilio", Posted(b"{}", headers, url, AT), "12345")


def callrail(body: bytes, signature: str, header: str = "signature") -> Posted:
    return Posted(body, {header: signature, "content-type": "application/json"}, "https://leads.example.org/in/x", AT)


def test_callrail_is_believed_by_sha1_in_the_header_signature() -> None:
    body, signature = b'{"id":"CAL1"}', "H7Y0I9EkfWyr2GpmI35xB8JYqXs="
    assert believed("callrail", callrail(body, signature), "callrail-key")
    assert not believed("callrail", callrail(body, signature, "x-callrail-signature"), "callrail-key")
    assert not believed("callrail", callrail(body, signature), "callrail-key", digest="sha256")


def test_callrail_may_sign_otherwise_where_that_is_typed() -> None:
    body = b'{"id":"CAL1"}'
    made = b64encode(hmac.digest(b"callrail-key", body, "sha256")).decode()
    how = {"digest": "sha256", "header": "X-CallRail-Signature"}
    assert believed("callrail", callrail(body, made, "x-callrail-signature"), "callrail-key", **how)
    assert not believed("callrail", callrail(body, made, "x-callrail-signature"), "callrail-key", header=how["header"])


CALENDLY = b'{"event":"invitee.created"}'
V1 = "508d3e456d6b6b389f99cedbaf820af5091f0be3bf8f320582682acc40961dc3"


def calendly(header: str, *, later: float = 0, body: bytes = CALENDLY) -> Posted:
    at = AT + timedelta(seconds=later)
    return Posted(body, {"calendly-webhook-signature": header}, "https://leads.example.org/in/x", at)


@pytest.mark.parametrize(("later", "holds"), [
    (0, True), (179, True), (180, True), (181, False), (-180, True), (-181, False), (300, False),
])  # fmt: skip
def test_calendly_is_believed_for_three_minutes(later: float, holds: bool) -> None:
    assert believed("calendly", calendly(f"t=1700000000,v1={V1}", later=later), "calendly-key") is holds


@pytest.mark.parametrize(
    "header",
    ["", "t=1700000000", f"v1={V1}", f"t=,v1={V1}", f"t=x,v1={V1}", f"t=1700000001,v1={V1}", f"t=²,v1={V1}",
     f"t={'9' * 400},v1={V1}", f"t=1700000000,v2={V1}", f"t=1700000000,v1={V1[:-1]}", "t=1700000000,v1=",
     f"t=1700000000;v1={V1}", "t=1700000000,v1=\udcff"],
)  # fmt: skip
def test_a_broken_signature_of_calendly_is_none(header: str) -> None:
    assert not believed("calendly", calendly(header), "calendly-key")


def test_of_several_signatures_of_calendly_one_is_enough() -> None:
    assert believed("calendly", calendly(f"t=1700000000, v1={'0' * 64}, v1={V1.upper()}"), "calendly-key")


GENUINE: Mapping[str, tuple[str, Callable[[bytes, str], Posted]]] = {
    "twilio": ("12345", lambda body, token: Posted(
        body,
        {"x-twilio-signature": twilio_signed(TWILIO, body.decode("latin-1").replace("=", ""), token),
         "content-type": FORM}, TWILIO, AT)),
    "callrail": ("callrail-key", lambda body, key: callrail(
        body, b64encode(hmac.digest(key.encode(), body, "sha1")).decode())),
    "calendly": ("calendly-key", lambda body, key: calendly(
        f"t=1700000000,v1={hmac.digest(key.encode(), b'1700000000.' + body, 'sha256').hex()}", body=body)),
}  # fmt: skip


@pytest.mark.parametrize("kind", GENUINE)
def test_either_of_two_secrets_holds_and_an_empty_one_never(kind: str) -> None:
    secret, made = GENUINE[kind]
    posted = made(b"Sid=CA1", secret)
    assert believed(kind, posted, "another", secret)
    assert believed(kind, posted, secret, "another")
    assert not believed(kind, posted, "another")
    assert not believed(kind, posted)
    empty = made(b"Sid=CA1", "")
    assert not believed(kind, empty, "")
    assert not believed(kind, empty)
    assert not believed(kind, empty, secret)


@pytest.mark.parametrize("kind", GENUINE)
def test_one_flipped_bit_anywhere_is_not_believed(kind: str) -> None:
    secret, made = GENUINE[kind]
    body = b"Sid=CA1"
    posted = made(body, secret)
    for place in range(len(body)):
        flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not believed(kind, Posted(flipped, posted.headers, posted.url, posted.at), secret)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("kind", GENUINE)
@pytest.mark.parametrize("settings", [{}, {"secrets": [""]}, {"secrets": ["right"]}])
def test_what_is_not_proven_is_refused_and_kept_apart(
    client: Client, lakeside: Clinic, kind: str, settings: dict[str, object]
) -> None:
    source = add_source(lakeside.organization, kind, "Front desk", settings)
    answer = client.post(f"/in/{source.handle}", b'{"id": 1}', content_type="application/json")
    assert answer.status_code == 401
    assert [one.state for one in Submission.objects.of(lakeside.number)] == [State.REFUSED]


@pytest.mark.django_db(databases="__all__")
def test_behind_a_proxy_the_public_address_is_the_one_that_is_signed(
    client: Client, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "PUBLIC_URL", "https://leads.example.org")
    source = add_source(lakeside.organization, "twilio", "Front desk", {"secrets": ["12345"]})
    for public, status in (("https://leads.example.org", 200), ("http://testserver", 401)):
        signature = twilio_signed(f"{public}/in/{source.handle}?a=b", "CallSidCA1CallStatusringing")
        body, headers = "CallSid=CA1&CallStatus=ringing", {"X-Twilio-Signature": signature}
        answer = client.post(f"/in/{source.handle}?a=b", body, content_type=FORM, headers=headers)
        assert answer.status_code == status
