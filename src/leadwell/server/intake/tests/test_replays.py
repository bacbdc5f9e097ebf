"""What was caught on the way and is sent again days later makes no second lead; one changed byte is not believed. (A1)

Where a vendor signs the time, what is old is refused; else what it sent is known again for good. A form and a webhook
have no name for what they send: there the same person with the same need is one lead.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import orjson
import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone

from leadwell.server.access.keys import new_key
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.sources import KINDS
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.leads.models import Lead

pytestmark = pytest.mark.django_db(databases="__all__")

CAPTURED = Path(__file__).parent / "captured"
KEY, AT = "a-key", datetime(2026, 11, 24, 16, tzinfo=UTC)
NOTICE = b'{"object": "page", "entry": [{"id": "7", "changes": [{"field": "leadgen", "value": {"leadgen_id": "12"}}]}]}'
FORM = b"full_name=Ana+Lopez&phone=312-555-0147&message=knee+replacement"
WEBHOOK = b'{"full_name": "Ana Lopez", "phone": "312-555-0147", "message": "knee replacement"}'
GOOGLE = (CAPTURED / "google-ads.json").read_bytes()
JSON = "application/json"
Signed = Callable[[bytes, str], Mapping[str, str]]


def _hmac(body: bytes, digest: str) -> bytes:
    return hmac.digest(KEY.encode(), body, digest)


def _twilio(body: bytes, url: str) -> Mapping[str, str]:
    said = "".join(name + value for name, value in sorted(parse_qsl(body.decode(), keep_blank_values=True)))
    return {"X-Twilio-Signature": b64encode(_hmac((url + said).encode(), "sha1")).decode()}


def _calendly(body: bytes, url: str) -> Mapping[str, str]:
    time = int(AT.timestamp())
    return {"Calendly-Webhook-Signature": f"t={time},v1={_hmac(b'%d.' % time + body, 'sha256').hex()}"}


# Kind -> what it sends, of which type, how it is signed, and what becomes of it when it comes again two days later.
POSTS: Mapping[str, tuple[bytes, str, Signed, str]] = {
    "webhook": (WEBHOOK, JSON, lambda body, _: {"X-Signature": _hmac(body, "sha256").hex()}, State.JOINED),
    "form": (FORM, URLENCODED, lambda _, __: {}, State.JOINED),
    "google-ads": (GOOGLE, JSON, lambda _, __: {}, State.REPEAT),
    "meta": (NOTICE, JSON,
             lambda body, _: {"X-Hub-Signature-256": f"sha256={_hmac(body, 'sha256').hex()}"}, State.REPEAT),
    "twilio": ((CAPTURED / "twilio-call.txt").read_bytes().strip(), URLENCODED, _twilio, State.REPEAT),
    "callrail": ((CAPTURED / "callrail.json").read_bytes(), JSON,
                 lambda body, _: {"Signature": b64encode(_hmac(body, "sha1")).decode()}, State.REPEAT),
    "calendly": ((CAPTURED / "calendly.json").read_bytes(), JSON, _calendly, State.REFUSED),
    "fhir": ((CAPTURED / "fhir.json").read_bytes(), "application/fhir+json", lambda _, __: {}, State.REPEAT),
    "hl7v2": ((CAPTURED / "hl7v2.hl7").read_bytes(), "application/hl7-v2",
              lambda _, __: {"Authorization": f"Bearer {KEY}"}, State.REPEAT),
}  # fmt: skip


def test_every_kind_that_others_post_to_is_looked_at() -> None:
    assert POSTS.keys() == {kind for kind, one in KINDS.items() if one.posted}


@pytest.mark.parametrize("kind", POSTS)
def test_the_same_post_days_later_makes_no_second_lead(
    lakeside: Clinic, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, media_type, signs, state = POSTS[kind]
    key = orjson.loads(GOOGLE)["google_key"] if kind == "google-ads" else KEY
    how = {"header": "X-Signature"} if kind == "webhook" else {}
    source = add_source(lakeside.organization, kind, kind, {"secrets": [key], **how})
    path = f"/{KINDS[kind].under}/{source.handle}"
    headers = dict(signs(body, f"{site.PUBLIC_URL}{path}"))
    if kind == "fhir":
        headers = {"Authorization": f"Bearer {new_key(lakeside.organization, ['leads:write'])}"}
    leads, told = [], []
    for days in (0, 2):
        monkeypatch.setattr(timezone, "now", lambda days=days: AT + timedelta(days=days))
        answer = Client().post(path, body, content_type=media_type, headers=headers)
        told.append((answer.status_code, answer.content))
        while drain().submissions:
            pass
        leads.append(Lead.objects.count())
    assert leads[0] == leads[1]
    assert Submission.objects.order_by("received_at", "pk").last().state == state
    if state == State.REPEAT and kind != "fhir":  # which says that it stands there already
        assert told[0] == told[1]
    assert ledger_of(lakeside.number).difference == 0


@pytest.mark.parametrize("kind", [kind for kind in POSTS if kind not in ("form", "google-ads", "fhir", "hl7v2")])
def test_one_changed_byte_is_not_believed(lakeside: Clinic, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed is what comes over the wire, and not what it says: a blank more is another."""
    body, media_type, signs, _ = POSTS[kind]
    monkeypatch.setattr(timezone, "now", lambda: AT)
    how = {"header": "X-Signature"} if kind == "webhook" else {}
    source = add_source(lakeside.organization, kind, kind, {"secrets": [KEY], **how})
    path = f"/in/{source.handle}"
    headers = dict(signs(body, f"{site.PUBLIC_URL}{path}"))
    changed = body.replace(b"=", b"=+", 1) if media_type == URLENCODED else body.replace(b":", b": ", 1)
    assert changed != body
    statuses = [
        Client().post(path, one, content_type=media_type, headers=headers).status_code for one in (changed, body)
    ]
    assert statuses[0] == 401
    assert statuses[1] in (200, 202)
