"""What would a sample become? Its leads, as they would be judged, and what whoever sent it is told; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.conf import settings as site
from django.core.exceptions import ObjectDoesNotExist
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError
from django.utils import timezone

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.server.access.models import Organization
from leadwell.server.intake import sources
from leadwell.server.intake.accepting import Receipt
from leadwell.server.intake.conversations import by_itself
from leadwell.server.intake.endangered import endangered
from leadwell.server.intake.listening import in_lead, in_no_lead, joins
from leadwell.server.intake.meant import Field, said_in
from leadwell.server.intake.models import Source
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.doors import Posted
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.leads import names, telling
from leadwell.server.leads.judging import Arrived, Judged, judged
from leadwell.server.leads.referring import of_referrers

MOST_SHOWN: Final = 20  # leads of one sample that are judged and shown
_FIELDS: Final = ("form", "twilio")
_NOBODY: Final = UUID(int=0)
_LONGEST: Final = 400  # characters of a reply that are shown


@dataclass(frozen=True)
class Foretold:
    """A lead that it would become. `known`: what is understood, under our names in words; `carried`: what is not, and
    goes along; `wants`: the service and place, as the policy understands them; `next`: what should happen; `hears`: a
    wish to be left alone, a death, danger."""

    who: str
    patient: str
    referrer: str
    wants: str
    next: str
    hears: tuple[str, ...]
    known: tuple[tuple[str, str], ...]
    carried: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tried:
    """`leads`: how many it would become, of which `foretold` are shown. `problem`: why it would need mending;
    `not_a_lead`: why it is none; `joins`: what it would do where what it belongs to is here; `hears`: what would be
    heard in it all the same. `awaits`: what it would wait for. `reply`: what whoever sent it is told."""

    fields: tuple[Field, ...]
    leads: int
    foretold: tuple[Foretold, ...]
    problem: str
    not_a_lead: str
    joins: str
    hears: tuple[str, ...]
    awaits: str
    reply: str


def as_posted(kind: str, body: bytes) -> Posted:
    """What somebody pastes, or has in a file, as it would be posted; of a form, or of Twilio, its fields, or JSON."""
    media_type = "message/rfc822" if kind == "email" else "application/json"
    if kind in _FIELDS and not body.lstrip().startswith((b"{", b"[")):
        media_type = URLENCODED
    return Posted(body, {"content-type": media_type}, f"{site.PUBLIC_URL}/in/", timezone.now())


def tried(kind: str, posted: Posted, settings: Mapping[str, Any], playbook: Playbook | None) -> Tried:
    """Whether its signature fits is not asked. Without a `playbook` the leads are not judged."""
    came = [sources.reader(_read_as(kind, sent))(sent, settings) for sent in _sent(kind, posted, settings)]
    told = endangered(dict(enumerate(came)), playbook) if playbook is not None else frozenset[int]()
    readings = [by_itself(one, in_danger=n in told) for n, one in enumerate(came)]
    none = [one for one, own in zip(came, readings, strict=True) if one.leads and not own.leads]
    leads = [(columns, one.senders) for one in readings for columns in one.leads]
    first = Sent(posted.body, posted.headers["content-type"], {})
    return Tried(
        fields=said_in(_read_as(kind, first), first, settings),
        leads=len(leads),
        foretold=_foretold(leads[:MOST_SHOWN], playbook),
        problem=_said(readings, "problem"),
        not_a_lead=_said(readings, "not_a_lead"),
        joins=" ".join(dict.fromkeys(filter(None, map(joins, none)))),
        hears=tuple(dict.fromkeys(said for one in none for said in _heard_in_none(one, playbook))),
        awaits=_said(readings, "awaits"),
        reply=_reply(kind, posted, settings, len(readings)),
    )


def _sent(kind: str, posted: Posted, settings: Mapping[str, Any]) -> list[Sent]:
    """Its submissions: a door may make several of one delivery."""
    media_type = posted.headers["content-type"]
    door = sources.door(kind)
    if door is None or (kind == "form" and media_type == "application/json"):
        return [Sent(posted.body, media_type, {})]
    return [Sent(one.body, one.media_type, one.headers) for one in door.deliveries(posted, settings)]


def _read_as(kind: str, sent: Sent) -> str:
    """A form's fields may be pasted as JSON, and are then read as a webhook's."""
    return "webhook" if kind == "form" and sent.media_type == "application/json" else kind


def _said(readings: Sequence[Reading], what: str) -> str:
    return "; ".join(dict.fromkeys(said for one in readings if (said := getattr(one, what))))


def _foretold(
    leads: Sequence[tuple[Mapping[str, str], tuple[str, ...]]], playbook: Playbook | None
) -> tuple[Foretold, ...]:
    arrived = _arrived(leads)
    arrived = of_referrers(arrived, playbook) if playbook else arrived
    told = judged(arrived, playbook) if playbook and arrived else [None] * len(arrived)
    return tuple(_one(one.columns, said, playbook) for one, said in zip(arrived, told, strict=True))


def _arrived(leads: Sequence[tuple[Mapping[str, str], tuple[str, ...]]]) -> list[Arrived]:
    now = timezone.now()
    return [Arrived(_NOBODY, nth, 0, now, row, senders=by) for nth, (row, by) in enumerate(leads)]


def _heard_in_none(one: Reading, playbook: Playbook | None) -> tuple[str, ...]:
    """In what is no lead by itself."""
    told = judged(_arrived([(one.leads[0], one.senders)]), playbook) if playbook else [None]
    return in_no_lead(one, told[0])


def _one(columns: Mapping[str, str], said: Judged | None, playbook: Playbook | None) -> Foretold:
    ours = {name: text for name, text in columns.items() if not name.startswith(contract.EXTRA_PREFIX)}
    referrer = (columns.get("referrer_name"), columns.get("referrer_organization"))
    return Foretold(
        who=names.name(columns),
        patient=names.patient(columns),
        referrer=", ".join(part for part in referrer if part),
        wants=_wants(said, playbook),
        next=telling.DO_NEXT.get(said.said.get("disposition") or "", "") if said else "",
        hears=in_lead(said) if said else (),
        known=tuple((telling.label(name), text) for name, text in ours.items()),
        carried=tuple(
            (name.removeprefix(contract.EXTRA_PREFIX), columns[name]) for name in columns if name not in ours
        ),
    )


def _wants(said: Judged | None, playbook: Playbook | None) -> str:
    if said is None or playbook is None:
        return ""
    facts = said.said.get("facts") or {}
    parts = [telling.fact_value(facts, fact, playbook) for fact in ("service", "location")]
    return ", ".join(part for part in parts if part)


def _reply(kind: str, posted: Posted, settings: Mapping[str, Any], count: int) -> str:
    """What the door tells; '' where nobody is told anything, or that rests on what came before."""
    door = sources.door(kind)
    if door is None:
        return ""
    source = Source(kind=kind, organization=Organization(name="Your organisation"))
    try:
        answer = door.taken(_request(posted), source, settings, [Receipt(_NOBODY)] * count)
    except (DatabaseError, ObjectDoesNotExist):
        return ""
    page = answer.headers.get("Content-Type", "").startswith("text/html")
    words = answer.headers.get("Location") or ("a page that says thanks" if page else answer.content.decode())
    return f"{answer.status_code} {words[:_LONGEST]}".strip()


def _request(posted: Posted) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/in/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": posted.headers["content-type"],
            "CONTENT_LENGTH": str(len(posted.body)),
            "wsgi.input": BytesIO(posted.body),
        }
    )
