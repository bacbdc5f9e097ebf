"""A clinic that sends: its own mail server's stand-in, people who asked for care, and messages to them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.journeys.running import Installation, until
from tests.standins.smtp import SmtpStandin

_QUEUE = """
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.letters import Letter
said = [{"full_name": "Sample Person", "email": one, "message": "a knee replacement"} for one in sys.argv[2:]]
accept(ours.pk, source_of_kind(ours.pk, "api"), [Delivery(orjson.dumps(one)) for one in said])
while drain().submissions:
    pass
letter = Letter("Your visit", sys.argv[1], "first-answer")
for lead in Lead.objects.of(ours.pk):
    address = columns_of(lead).get("email", "")
    if address in sys.argv[2:]:
        draft = Draft(Recipient(address, lead.person_id, lead.pk), letter, "care-request")
        queue(ours.pk, draft, key=address)
"""
_TOLD = """
from leadwell.server.consent.models import Contact
from leadwell.server.leads.models import Event
from leadwell.server.outreach.letters import address_of
from leadwell.server.outreach.models import Message
messages = [
    {"to": address_of(one), "state": one.state, "problem": one.problem, "answer": one.answer, "tries": one.tries,
     "unknowns": one.unknowns, "message_id": one.message_id, "person": str(one.person), "asked_at": one.asked_at,
     "handed_at": one.handed_at}
    for one in Message.objects.of(ours.pk)
]
contacts = [{"person": str(one.person), "at": one.at, "answer": one.answer}
            for one in Contact.objects.of(ours.pk).filter(taken_back_at=None)]
events = [{"lead": str(one.lead_id), "name": one.name} for one in Event.objects.of(ours.pk)]
print(orjson.dumps({"messages": messages, "contacts": contacts, "events": events}).decode())
"""
_OLDER = """
from datetime import timedelta
from django.db.models import F
from django.utils import timezone
from leadwell.server.consent.models import Contact
from leadwell.server.outreach.models import Message, Pace, Result
span = timedelta(hours=float(sys.argv[1]))
Pace.objects.of(ours.pk).update(next_at=timezone.now())
dates = ("due_at", "first_tried_at", "created_at", "handed_at", "sent_at", "asked_at")
for name in dates:
    Message.objects.of(ours.pk).exclude(**{name: None}).update(**{name: F(name) - span})
for dated in (Contact, Result):
    dated.objects.of(ours.pk).update(at=F("at") - span)
"""
_DUE = """
from django.utils import timezone
from leadwell.server.outreach.models import Message, Pace
Pace.objects.of(ours.pk).update(next_at=timezone.now())
waiting = Message.objects.of(ours.pk).filter(state="deferred")
print(waiting.update(due_at=timezone.now()))
"""


@dataclass(frozen=True)
class Sender:
    """`public`: the public half of the key that signs."""

    clinic: Installation
    provider: SmtpStandin
    public: str

    def queue(self, addresses: Iterable[str], *, words: str = "We can see you on Thursday.") -> None:
        self.clinic.within(_QUEUE, words, *addresses)

    def told(self) -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(self.clinic.within(_TOLD))
        return whole

    def messages(self) -> dict[str, dict[str, Any]]:
        return {one["to"]: one for one in self.told()["messages"]}

    def make_due(self) -> int:
        """What was put off is due now, and every provider has its turn; returns how many messages."""
        return int(self.clinic.within(_DUE))

    def age(self, *, hours: float) -> None:
        """Everything in the outbox happened so much longer ago, and what was to be done is due so much sooner."""
        self.clinic.within(_OLDER, str(hours))

    def settled(self, *, put_off: bool = True) -> dict[str, dict[str, Any]]:
        """Once nothing waits to be tried for the first time, nor is being sent; what is put off may wait."""
        still = {"queued", "sending"} | (set() if put_off else {"deferred"})

        def done() -> dict[str, dict[str, Any]] | None:
            found = self.messages()
            return None if any(one["state"] in still for one in found.values()) else found

        whole: dict[str, dict[str, Any]] = until(done, "the outbox to be settled")
        return whole

    def all_allowed(self) -> None:
        """Each message that the provider received has its yes: stored with the message, and as an attempt from before
        it came, one for each time that it came. What was taken back is no attempt."""
        told = self.told()
        by_id = {one["message_id"]: one for one in told["messages"]}
        came: dict[str, list[datetime]] = {}
        for received in self.provider.messages():
            message = by_id[str(received.email["Message-ID"])]
            assert message["answer"] == "yes"
            assert received.envelope_to == (message["to"],)
            came.setdefault(message["person"], []).append(received.at)
        for person, times in came.items():
            attempts = sorted(
                datetime.fromisoformat(one["at"]) for one in told["contacts"]
                if one["person"] == person and one["answer"] == "yes"
            )  # fmt: skip
            assert len(attempts) >= len(times)
            for attempt, at in zip(attempts, sorted(times), strict=False):
                assert attempt <= at, "it came before it was allowed"


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A database beside the one named, gone afterwards; on SQLite, where none is named, none is needed."""
    if not url:
        yield ""
        return
    name = f"leadwell_outbox_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield url.rpartition("/")[0] + f"/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def settings(provider: SmtpStandin, folder: Path) -> tuple[dict[str, str], str]:
    """What the environment says of a provider that wants TLS and a password; and the public half of a new key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, password = folder / "dkim.pem", folder / "password"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    password.write_text("a quiet word\n")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {
        "LEADWELL_SMTP_HOST": "localhost",
        "LEADWELL_SMTP_PORT": str(provider.port),
        "LEADWELL_SMTP_CA": str(provider.certificate),
        "LEADWELL_SMTP_USER": "clinic",
        "LEADWELL_SMTP_PASSWORD_FILE": str(password),
        "LEADWELL_SMTP_TIMEOUT": "3",
        "LEADWELL_MAIL_FROM": "hello@clinic.example",
        "LEADWELL_MAIL_BOUNCES": "bounces@clinic.example",
        "LEADWELL_MAIL_PER_MINUTE": "6000",
        "LEADWELL_DKIM_KEY_FILE": str(private),
        "LEADWELL_DKIM_SELECTOR": "lw",
        "LEADWELL_URL": "https://clinic.example",
    }, public
