"""Whatever bytes come, does each source's reader end, soon, and with a defined answer? (promise A2)

What was captured (invented people, as real senders shape it) is bent byte by byte, and mails, JSON and workbooks are
built askew. A few seconds; `--hypothesis-profile=long` looks fifty times as far.
"""

import base64
import io
import json
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from leadwell import contract
from leadwell.formats import mime
from leadwell.server.base import unpacked
from leadwell.server.conftest import Clinic, often
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import KINDS, Reading, door, reader
from leadwell.server.intake.sources.doors import Posted
from leadwell.server.intake.sources.email.adapter import NOT_READ
from leadwell.server.intake.sources.webhook.signature import signed
from leadwell.server.intake.trying import as_posted, tried

CAPTURED = Path(__file__).parent / "captured"
SECONDS = 10.0  # of processor, for the largest: it takes some two; what is made to take long takes minutes
BOUNDARY = "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"
SETTINGS: dict[str, dict[str, Any]] = {
    "api": {},
    "webhook": {"each": "rows", "mapping": {"message": "message"}},
    "form": {"trap": "website", "mapping": {"topics[]": "service"}},
    "twilio": {"secrets": ["12345"]},
    "callrail": {"secrets": ["callrail-key"]},
    "calendly": {"secrets": ["calendly-key"], "mapping": {"Insurance": "payer"}},
    "google-ads": {"mapping": {"What hurts?": "message"}, "secrets": ["a-key"]},
    "meta": {"mapping": {"What hurts?": "message"}, "secrets": ["a-secret"]},
    "typed-in": {},
    "file": {"mapping": {"Comments": "message"}},
    "email": {"mapping": {"Cell": "phone"}},
    "fhir": {},
    "hl7v2": {},
}
# What parsers stumble over.
NASTY = [
    b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\r\n\r\n", b"\n--outer\n", b"--outer--", b"=", b"=?x?b?!?=", b"<!--",
    b"<![", b"&#x110000;", b"%", b"%00", b"%ZZ", b'"', b"\\u0000", b"\\ud800", b"[" * 300, b'{"a":' * 300, b"1e999",
    b"-" * 400, b"> " * 200, b"(" * 300, b"\n" * 300, b"\t", b",", b";" * 100, b"charset=punycode", b"charset=zip",
    b"Content-Type: multipart/mixed; boundary=inner\n\n", b"Content-Transfer-Encoding: x\n", b"filename*=x'y'%ff",
    b"message/rfc822", b"application/pdf", b"PK\x03\x04", b"PAR1", "\u202e\u200b\ufeff".encode(), b"x" * 5_000,
]  # fmt: skip


def _workbook() -> bytes:
    held = io.BytesIO()
    pl.DataFrame({"Name": ["Sample Person"], "Phone": ["312-555-0147"]}).write_excel(held)
    return held.getvalue()


def _parquet() -> bytes:
    held = io.BytesIO()
    pl.DataFrame({"name": ["Sample Person"], "phone": ["312-555-0147"]}).write_parquet(held)
    return held.getvalue()


def _pdf() -> bytes:
    held, made = io.BytesIO(), PdfWriter()
    made.add_blank_page(200, 200)
    made.write(held)
    return held.getvalue()


WORKBOOK, PARQUET, PDF = _workbook(), _parquet(), _pdf()
SEEDS = {
    "api.json": ("api", "application/json"),
    "google-ads.json": ("google-ads", "application/json"),
    "meta.json": ("meta", "application/json"),
    "webhook.json": ("webhook", "application/json"),
    "form.txt": ("form", "application/x-www-form-urlencoded"),
    "form.multipart": ("form", BOUNDARY),
    "typed-in.json": ("typed-in", "application/json"),
    "file.csv": ("file", "text/csv"),
    "file.jsonl": ("file", "application/jsonl"),
    "email.eml": ("email", "message/rfc822"),
    "invitation.eml": ("email", "message/rfc822"),
    "twilio-call.txt": ("twilio", "application/x-www-form-urlencoded"),
    "twilio-text.txt": ("twilio", "application/x-www-form-urlencoded"),
    "callrail.json": ("callrail", "application/json"),
    "calendly.json": ("calendly", "application/json"),
    "fhir.json": ("fhir", "application/fhir+json"),
    "hl7v2.hl7": ("hl7v2", "application/hl7-v2"),
}


@st.composite
def bent(draw: st.DrawFn, seed: bytes) -> bytes:
    """A few bytes left out, doubled, replaced or put in."""
    body = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        at, size = draw(st.integers(0, len(body))), draw(st.integers(0, 60))
        part = draw(st.sampled_from(NASTY) | st.binary(max_size=12))
        how = draw(st.sampled_from(["out", "twice", "instead", "in"]))
        new = {"out": b"", "twice": bytes(body[at : at + size]) * 2, "instead": part, "in": part}[how]
        body[at : at if how == "in" else at + size] = new
    return bytes(body)


def check(kind: str, body: bytes, media_type: str = "") -> Reading:
    """Reads it, and holds what every reading must be."""
    read, began = reader(kind), time.process_time()
    reading = read(Sent(body, media_type, {}), SETTINGS[kind])
    assert time.process_time() - began < SECONDS
    assert [bool(reading.leads), bool(reading.problem), bool(reading.not_a_lead), bool(reading.awaits)].count(True) == 1
    assert len(reading.problem) < 200
    for lead in reading.leads:
        orjson.dumps(dict(lead))  # whole characters, so that it can be kept
        assert all(isinstance(text, str) for text in lead.values())
        assert all(name in contract.INCOMING or name.startswith(("answer.", "extra.")) for name in lead)
    return reading


@pytest.mark.parametrize("name", SEEDS)
def test_what_was_captured_is_read(name: str) -> None:
    kind, media_type = SEEDS[name]
    assert check(kind, (CAPTURED / name).read_bytes(), media_type).leads


@pytest.mark.parametrize("name", SEEDS)
@often(60)
@given(st.data())
def test_what_is_bent_has_a_defined_answer(name: str, data: st.DataObject) -> None:
    kind, media_type = SEEDS[name]
    check(kind, data.draw(bent((CAPTURED / name).read_bytes())), media_type)


@pytest.mark.parametrize("kind", KINDS)
@often(30)
@given(body=st.binary(max_size=400), media_type=st.text(max_size=80))
def test_any_bytes_have_a_defined_answer(kind: str, body: bytes, media_type: str) -> None:
    check(kind, body, media_type)
    tried(kind, as_posted(kind, body), SETTINGS[kind], None)


_TEXT = st.text(max_size=30) | st.sampled_from([part.decode("utf-8", errors="replace") for part in NASTY])
_NAMES = [
    "rows", "message", "event", "payload", "uri", "old_invitee", "questions_and_answers", "question", "answer", "data",
    "type", "request", "parameters", "CallSid", "MessageSid", "callSid", "resource_id", "duration", "content",
    "answered", "scheduled_event", "location", "start_time", "cancellation", "tracking", "transcription",
]  # fmt: skip
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXT | st.sampled_from(_NAMES), inner),
    max_leaves=30,
)


@pytest.mark.parametrize("kind", ["api", "webhook", "twilio", "callrail", "calendly"])
@often(80)
@given(value=_JSON)
def test_any_json_has_a_defined_answer(kind: str, value: Any) -> None:
    check(kind, json.dumps(value).encode())
    tried(kind, as_posted(kind, json.dumps(value).encode()), SETTINGS[kind], None)


def _notices(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Near to what Meta and Google send."""
    value = st.dictionaries(st.sampled_from(["leadgen_id", "item"]), inner, max_size=2)
    change = st.fixed_dictionaries({"field": st.sampled_from(["leadgen", "feed", 7]), "value": value | inner})
    entry = st.fixed_dictionaries({"changes": st.lists(change | inner, max_size=3) | inner})
    return st.fixed_dictionaries(
        {}, optional={"entry": st.lists(entry | inner, max_size=3) | inner, "google_key": inner, "lead_id": inner,
                      "user_column_data": inner, "field_data": inner, "lead": inner, "id": inner, "form": inner}
    )  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in SETTINGS if KINDS[kind].posted])
@often(100)
@given(value=_notices(_JSON) | _JSON, headers=st.dictionaries(st.sampled_from(["x-hub-signature-256"]), _TEXT))
def test_any_post_is_believed_or_not_and_split_into_what_can_be_read(
    kind: str, value: Any, headers: dict[str, str]
) -> None:
    opened, body = door(kind), json.dumps(value).encode()
    assert opened is not None
    posted = Posted(body, headers, "https://leads.example.org/in/x", datetime(2026, 11, 23, tzinfo=UTC))
    assert opened.genuine(posted, SETTINGS[kind]) in {True, False}
    deliveries = opened.deliveries(posted, SETTINGS[kind])
    assert deliveries
    for one in deliveries:
        check(kind, one.body, one.media_type)


_TYPES = st.sampled_from(
    ["text/plain", "text/html; charset=nonsense", "text/plain; charset=idna", "multipart/mixed; boundary=b",
     "multipart/alternative; boundary=c", "multipart/related; boundary=b; start=x", "message/rfc822", "text/csv",
     "application/pdf", "application/json", "multipart/mixed", "application/vnd.ms-excel", "/", ";", "a/b/c",
     "message/delivery-status", "multipart/signed; boundary=c", "image/png; name*0*=utf-8''%e2; name*2=x"]
)  # fmt: skip
_ENCODINGS = st.sampled_from(["7bit", "base64", "quoted-printable", "x-uuencode", "8bit", "nonsense", ""])
_SAID = st.sampled_from(
    [b"I need a knee replacement", b"Patient name: Ana\nDOB: 1/2/1960\nPatient name: Bo\n", PDF, WORKBOOK, PARQUET,
     b"Name,Phone\nAna,312-555-0147\n", b'{"message": "knee"}', base64.b64encode(b"Name,Phone\nA,1\n"), b"!!!=",
     b"<p>knee<blockquote>x", b"---------- Forwarded message ----------\nFrom: a@example.com\n\nknee\n",
     b"On Monday,\nAna wrote:\n> knee\n", b"begin 644 a\n!!!\nend\n"]
)  # fmt: skip


@st.composite
def parts(draw: st.DrawFn, depth: int = 0) -> bytes:
    """A part with parts: types that lie, encodings that do not fit, mails within mails."""
    head = f"Content-Type: {draw(_TYPES)}\nContent-Transfer-Encoding: {draw(_ENCODINGS)}\n"
    head += draw(st.sampled_from(["", "Content-Disposition: attachment; filename=a.csv\n", "Content-Disposition: \n"]))
    if depth > 4 or draw(st.booleans()):
        return head.encode() + b"\n" + draw(_SAID) + b"\n"
    inner = draw(st.lists(parts(depth + 1), max_size=3))
    edge = draw(st.sampled_from([b"--b\n", b"--c\n", b""]))
    return head.encode() + b"\n" + b"".join(edge + one for one in inner) + draw(st.sampled_from([b"--b--\n", b""]))


_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["From", "Reply-To", "Subject", "Message-ID", "References", "Date", "To", "Auto-Submitted"]),
        _TEXT
        | st.sampled_from(['"a" <a@example.com>', "=?utf-8?q?=FF?= <a@b>", "a@[1.2.3", "<" * 50, "@", "a" * 9000]),
    ),
    max_size=6,
)


@often(150)
@given(headers=_HEADERS, body=parts())
def test_any_mail_has_a_defined_answer(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    check("email", b"From: a@example.com\n" + head.encode("utf-8", errors="surrogatepass") + body)


@pytest.mark.parametrize("seed", [WORKBOOK, PARQUET], ids=["workbook", "Parquet"])
@often(40)
@given(st.data())
def test_any_packed_list_has_a_defined_answer(seed: bytes, data: st.DataObject) -> None:
    check("file", data.draw(bent(seed)))


@often(25)
@given(st.data())
def test_any_sheet_has_a_defined_answer(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as book:
        entries = {name: book.read(name) for name in book.namelist()}
    name = data.draw(st.sampled_from(sorted(entries)))
    check("file", _zipped(entries | {name: data.draw(bent(entries[name]))}))


@often(25)
@given(st.data())
def test_any_pdf_has_a_defined_answer(data: st.DataObject) -> None:
    check("email", _with(("letter.pdf", "application/pdf", data.draw(bent(PDF)))))


def _zipped(entries: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        for name, entry in entries.items():
            book.writestr(name, entry)
    return held.getvalue()


def _with(*files: tuple[str, str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "office@example.org", "Referral"
    message.set_content("Please see attached: a knee replacement.")
    for name, media_type, body in files:
        kind, _, of = media_type.partition("/")
        message.add_attachment(body, maintype=kind, subtype=of, filename=name)
    return message.as_bytes()


def _bomb(*, lies: bool) -> bytes:
    """A workbook that unpacks to more than a list may; `lies`: and says that it is small."""
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as book:
        entries = {name: book.read(name) for name in book.namelist()}
    big = b" " * (unpacked.MOST_BYTES + 1)
    body = _zipped(entries | {"xl/worksheets/sheet1.xml": big})
    return body.replace(len(big).to_bytes(4, "little"), (10).to_bytes(4, "little")) if lies else body


@pytest.mark.parametrize("lies", [False, True])
def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(lies: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_BYTES", 5_000_000)
    assert check("file", _bomb(lies=lies)).problem
    (lead,) = check("email", _with(("list.xlsx", "application/octet-stream", _bomb(lies=lies)))).leads
    assert lead[NOT_READ] == "list.xlsx"


def test_parquet_that_would_fill_the_memory_is_not_unpacked() -> None:
    held = io.BytesIO()
    pl.DataFrame({"name": pl.repeat("x", 5_000_000, eager=True)}).write_parquet(held)
    assert check("file", held.getvalue()).problem


def test_what_hangs_on_a_mail_and_cannot_be_read_is_named() -> None:
    body = _with(("scan.pdf", "application/pdf", b"%PDF-1.4"), ("card.png", "image/png", b"\x89PNG"))
    (lead,) = check("email", body).leads
    assert lead[NOT_READ] == "scan.pdf; card.png"


def test_pdfs_that_take_too_long_together_are_named_as_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadwell.server.intake.sources.email.adapter._LONGEST_MAIL", 0.0)
    (lead,) = check("email", _with(("letter.pdf", "application/pdf", PDF))).leads
    assert lead[NOT_READ] == "letter.pdf"


# Each took minutes or gigabytes before somebody tried it, or would.
LARGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "lines of a mail": ("email", lambda: b"From: a@example.com\n\n" + b"a\n" * 490_000),
    "empty lines": ("email", lambda: b"From: a@example.com\n\n" + b"\n" * 400_000 + b"x"),
    "too many lines": ("email", lambda: b"From: a@example.com\n\n" + b"\n" * 25_000_000),
    "On On On": ("email", lambda: b"From: a@example.com\n\n" + b"On " * 100_000),
    "a long header": ("email", lambda: b"From: " + b"(" * 1_000_000 + b"\n\nknee"),
    "many addresses": ("email", lambda: b"From: " + b"a <a@example.com>, " * 100_000 + b"\n\nknee"),
    "many parameters": ("email", lambda: b"From: a@b\nContent-Type: text/plain; " + b"a=b; " * 100_000 + b"\n\nknee"),
    "many headers": ("email", lambda: b"From: a@example.com\n" + b"A: b\n" * 400_000 + b"\nknee"),
    "parts within parts": ("email", lambda: b"From: a@b\n" + _nested(2_000)),
    "many parts": (
        "email",
        lambda: b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 9_000,
    ),
    "elements within elements": ("email", lambda: _html(b"<div>" * 100_000 + b"knee")),
    "comments": ("email", lambda: _html(b"<!--" * 100_000)),
    "attributes": ("email", lambda: _html(b"<a x='" * 100_000)),
    "a codec of host names": ("email", lambda: b"From: a@b\nContent-Type: text/plain; charset=idna\n\n" + b"a" * 10**6),
    "patients of one letter": ("email", lambda: b"From: a@b\n\n" + b"Name: Ana\n" * 20_000),
    "leads of one delivery": ("webhook", lambda: b'{"rows":[' + b"{}," * 300_000 + b"{}]}"),
    "fields of one delivery": ("webhook", lambda: _object(90_000)),
    "columns of one lead": ("api", lambda: _object(90_000)),
    "depth": ("webhook", lambda: b'{"rows":[' + b"[" * 900 + b"]" * 900 + b"]}"),
    "fields of a form": ("form", lambda: b"a=b&" * 200_000),
    "headers of a list": ("file", lambda: b",".join(b"h%d" % n for n in range(20_000)) + b"\n" + b"1," * 20_000),
    "empty rows": ("file", lambda: b"name\n" + b"\n" * 2_000_000),
    "fields of a callback": ("twilio", lambda: b"CallSid=CA1&" + b"a=b&" * 200_000),
    "a long text": ("twilio", lambda: b"MessageSid=SM1&SmsStatus=received&Body=" + b"stop+" * 190_000),
    "questions of a booking": ("calendly", lambda: _questions(9_000)),
    "a transcript": ("callrail", lambda: b'{"duration":1,"transcription":"' + b"Agent: ok " * 95_000 + b'"}'),
    "events of a calendar": ("email", lambda: _calendar(b"BEGIN:VEVENT\nUID:1\nEND:VEVENT\n" * 30_000)),
    "attendees": ("email", lambda: _calendar(b"BEGIN:VEVENT\nUID:1\n" + b"ATTENDEE:mailto:a@b.c\n" * 40_000)),
    "a rule without end": (
        "email",
        lambda: _calendar(b"BEGIN:VEVENT\nUID:1\nDTSTART:20261203T103000\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n"),
    ),
    "rules that no day meets": (
        "email",
        lambda: _calendar(
            b"".join(
                b"BEGIN:VEVENT\nUID:%d\nDTSTART:20261203T103000\nRRULE:FREQ=DAILY;BYMONTHDAY=31;BYDAY=%s1MO\nEND:VEVENT\n"
                % (n, b"-1TU," * 600)
                for n in range(100)
            )
        ),
    ),
    "calendars within calendars": ("email", lambda: _calendar(b"BEGIN:VEVENT\n" * 60_000)),
    "a folded line": ("email", lambda: _calendar(b"BEGIN:VEVENT\nUID:1\nSUMMARY:a\n" + b" b\n" * 300_000)),
    "open quotes": ("file", lambda: b"name,phone\n" + b'"a,b\n' * 4_000),
}


def _nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


def _questions(many: int) -> bytes:
    each = b",".join(b'{"question":"q%d","answer":"a"}' % n for n in range(many))
    return b'{"event":"invitee.created","payload":{"email":"a@b.c","questions_and_answers":[' + each + b"]}}"


def _calendar(events: bytes) -> bytes:
    return b"From: a@b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + events + b"END:VCALENDAR\n"


def _html(html: bytes) -> bytes:
    return b"From: a@example.com\nContent-Type: text/html\n\n" + html


def _object(fields: int) -> bytes:
    return b'{"rows":[{' + b",".join(b'"f%d":"a"' % n for n in range(fields)) + b"}]}"


@pytest.mark.parametrize("name", LARGE)
def test_what_is_made_to_take_long_does_not(name: str) -> None:
    kind, made = LARGE[name]
    check(kind, made(), "application/x-www-form-urlencoded")


@often(60)
@given(
    body=st.binary(max_size=50), headers=st.dictionaries(st.sampled_from(["x-sign", "other"]), st.text()),
    digest=st.sampled_from(["sha256", "sha1", "md5", ""]), encoding=st.sampled_from(["hex", "base64", "none"]),
    prefix=st.text(max_size=5),
)  # fmt: skip
def test_no_signature_but_the_right_one_verifies(
    body: bytes, headers: dict[str, str], digest: str, encoding: str, prefix: str
) -> None:
    settings = {"secrets": ["secret"], "header": "X-Sign", "digest": digest, "encoding": encoding, "prefix": prefix}
    assert not signed(body, headers, settings)


def test_a_mail_of_no_use_to_the_parser_says_how_much_is_allowed() -> None:
    with pytest.raises(mime.TooMuch, match="50 deep"):
        mime.parsed(_nested(60))


@pytest.mark.django_db(databases="__all__")
@often(6)
@given(st.data())
def test_nothing_that_came_vanishes(lakeside: Clinic, data: st.DataObject) -> None:
    """All kinds at once, through the worker: each is a lead, no lead, or waits for somebody; none fails in it."""
    sources = {kind: add_source(lakeside.organization, kind, kind, SETTINGS[kind]).pk for kind in KINDS}
    ids = set()
    for name, (kind, media_type) in SEEDS.items():
        seed = (CAPTURED / name).read_bytes()
        bodies: Iterable[bytes] = [data.draw(bent(seed)), data.draw(bent(seed)), seed]
        deliveries = [
            Delivery(body, media_type=media_type, key=f"{n}{zlib.crc32(body)}") for n, body in enumerate(bodies)
        ]
        ids |= {receipt.id for receipt in accept(lakeside.number, sources[kind], deliveries)}
    drain()
    ended = dict(Submission.objects.values_list("pk", "state"))
    assert ended.keys() >= ids
    assert set(ended.values()) <= {State.ASSESSED, State.NEEDS_MENDING, State.NOT_A_LEAD, State.REPEAT, State.JOINED}
    assert ledger_of(lakeside.organization).difference == 0
