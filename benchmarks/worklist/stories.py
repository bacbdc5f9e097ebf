"""What does the product itself write of a lead, from its arrival to its end? Some invented people ask and are worked.

A story is every row of one lead, opened and taken apart (`Row`), so that it can be told again of others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

JUDGED: Final = b'"as_of":"{judged}"'
_JUDGED: Final = re.compile(rb'"as_of":"[^"]*"')
STEP_SECONDS: Final = 20 * 60  # between what was done with a lead
_SWEPT: Final = {"back_at", "give_at"}  # what the worker does within minutes is done
DANGER: Final = "Crushing chest pain since this morning and my left arm is numb."
MESSAGES: Final = (
    "I need a knee replacement, my doctor says the joint is worn out.",
    "Looking for physical therapy after shoulder surgery. Mornings are best.",
    "Lower back pain for three months, I would like to see a spine specialist.",
    "My doctor ordered an MRI of the left knee. How soon can I come?",
    "Do you take Aetna? I would like an appointment for my hip.",
    DANGER,
    "I want to see a dentist about a root canal.",
    "Please call me about an appointment.",
    "Necesito terapia física para la rodilla, gracias.",
)
OFFER: Final = "We offer SEO services and can bring your website to the first page of Google."
ZIPS: Final = ("60614", "60657", "60601", "60622", "60640", "60091")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and all by which the leads of one story differ. `phone`: ten digits."""

    first_name: str
    last_name: str
    phone: str
    email: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What somebody asks, and what is done with it then (`working.STEPS`)."""

    message: str
    zip: str
    steps: tuple[str, ...]


def body(plot: Plot, asker: Asker) -> bytes:
    """As an API client would send it."""
    phone = f"{asker.phone[:3]}-{asker.phone[3:6]}-{asker.phone[6:]}"
    said = {"first_name": asker.first_name, "last_name": asker.last_name, "phone": phone, "email": asker.email}
    return orjson.dumps(said | {"birth_date": asker.birth_date, "zip": plot.zip, "message": plot.message})


def spoken(asker: Asker) -> tuple[str, ...]:
    """By which texts an asker is found in what is written of a lead, those that hold others first."""
    phone = asker.phone
    told = (phone, f"{phone[:3]}-{phone[3:6]}-{phone[6:]}", f"({phone[:3]}) {phone[3:6]}-{phone[6:]}")
    return (asker.email, *told, asker.birth_date, asker.first_name, asker.last_name)


@dataclass(frozen=True)
class Row:
    """`values`: of each column what it is made of (`_part`)."""

    model: Any
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Story:
    """`ids`: how many there are; the first is the lead's. `texts`: who it was told of; `body`: what they sent, after a
    line of headers."""

    rows: tuple[Row, ...]
    ids: int
    texts: tuple[str, ...]
    zip: str
    body: bytes


def models() -> tuple[Any, ...]:
    """The tables that hold rows of a lead, those first to which others point."""
    from leadwell.server.calls.models import Attempt
    from leadwell.server.consent.models import Contact, Inquiry
    from leadwell.server.intake.models import Submission
    from leadwell.server.leads.models import Assessment, Event, Lead
    from leadwell.server.outcomes.models import Outcome
    from leadwell.server.people.models import Person
    from leadwell.server.worklist.models import Responsible, Waiting

    return (Submission, Person, Inquiry, Lead, Assessment, Event, Waiting, Responsible, Attempt, Contact, Outcome)


def place_of(row: Any) -> str:
    """Where what is sealed stands; "" of a row that has nothing sealed."""
    return f"{row._meta.app_label}.{row._meta.model_name}" if getattr(row, "sealed", None) else ""


def rows_of(organization: int, lead: Any) -> list[Any]:
    """All that is written of a lead, but for the tokens of who asks."""
    keyed = {"submission": lead.submission, "person": lead.person_id, "lead": lead.pk}
    found = []
    for model in models():
        kind, names = model._meta.model_name, {field.name for field in model._meta.concrete_fields}
        its = (
            {"pk": keyed[kind]}
            if kind in keyed
            else {"lead": lead.pk}
            if "lead" in names
            else {"person": lead.person_id}
        )
        found += model.objects.of(organization).filter(**its).order_by("pk")
    return found


def story_of(  # noqa: PLR0917  all that it was made of
    organization: int, lead: Any, plot: Plot, asker: Asker, actor: str, moments: Sequence[datetime]
) -> Story:
    """`moments`: when it had been judged, and when each step was done; `actor`: who did them."""
    rows = rows_of(organization, lead)
    keys = [row.pk for row in rows if isinstance(row.pk, UUID)]
    ids = {number: at for at, number in enumerate(dict.fromkeys([lead.pk, *keys]))}
    taking = _Taking(organization, lead, asker, actor, tuple(moments), ids)
    told = tuple(taking.row(row) for row in rows)
    return Story(told, len(ids), spoken(asker), plot.zip, b"{}\n" + body(plot, asker))


@dataclass(frozen=True)
class _Taking:
    """Takes rows apart."""

    organization: int
    lead: Any
    asker: Asker
    actor: str
    moments: tuple[datetime, ...]
    ids: Mapping[UUID, int]

    def row(self, row: Any) -> Row:
        from django.db import models

        fields = [one for one in row._meta.concrete_fields if not isinstance(one, models.AutoField)]
        return Row(type(row), tuple(self._part(row, field) for field in fields))

    def _part(self, row: Any, field: Any) -> tuple[str, Any]:
        """How to make the value anew, and of what."""
        value, kind = getattr(row, field.attname), row._meta.model_name
        match value:
            case datetime() if field.name in _SWEPT:
                return "same", None
            case UUID():
                return "id", self.ids[value]
            case datetime():
                return "at", self._after(value)
            case bytes() | memoryview():
                return self._binary(row, field.name, bytes(value))
            case dict():
                return "text", self._text(orjson.dumps(value))
            case str() if value == self.actor:
                return "actor", None
            case str() if "/" in value:
                return "text", self._text(value.encode())
            case int() if field.is_relation and field.related_model._meta.model_name == "user":
                return "staff", None
            case int() if kind == "submission" and field.name == "size":
                return "size", None
        return "same", value

    def _binary(self, row: Any, name: str, value: bytes) -> tuple[str, Any]:
        from leadwell.server.privacy.sealing import unseal
        from leadwell.server.privacy.tokens import Blind

        blind = Blind(self.organization)
        tokens = {
            blind.token("phone", f"+1{self.asker.phone}"): "phone",
            blind.token("email", self.asker.email): "email",
        }
        if value in tokens:
            return tokens[value], None
        if name == "content":
            return "content", row.source
        if name == "sealed" and value:
            said = unseal(self.organization, value, place=f"{place_of(row)}/{row.pk}")
            return "sealed", (place_of(row), self.ids[row.pk], self._text(said))
        assert not value, f"{name} holds what nobody knows how to tell again"
        return "same", value

    def _text(self, said: bytes) -> tuple[bytes, tuple[int, ...]]:
        """The text, and which ids stand in it, as `{id 3}`; when it was judged is `{judged}`."""
        said = _JUDGED.sub(JUDGED, said)
        named = [(number, at) for number, at in self.ids.items() if str(number).encode() in said]
        for number, at in named:
            said = said.replace(str(number).encode(), b"{id %d}" % at)
        return said, tuple(at for _, at in named)

    def _after(self, at: datetime) -> int:
        """Seconds after it was received; what was done here, a while after the last."""
        step = next((nth for nth, moment in enumerate(self.moments) if at <= moment), None)
        if step is not None:
            return STEP_SECONDS * step
        return round((at - self.lead.received_at).total_seconds())
