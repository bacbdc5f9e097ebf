"""Which order of a source is asked for, and how does it stand? Its sender sees its own, and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leadwell.formats import fhir
from leadwell.server.access.models import ApiKey
from leadwell.server.intake import referred
from leadwell.server.intake.askers import asked_by
from leadwell.server.intake.bearing import lead_named
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.opening import Sent, opened
from leadwell.server.intake.queries import sent_by, settings_of
from leadwell.server.intake.sources.fhir import written
from leadwell.server.intake.sources.fhir.adapter import OURS, nth_of
from leadwell.server.intake.sources.fhir.door import first_made, name_in, order_in
from leadwell.server.intake.sources.fhir.turns import kept_as, sent_about
from leadwell.server.intake.unread import waiting
from leadwell.server.leads.models import Lead
from leadwell.server.leads.numbers import BEFORE, others
from leadwell.server.leads.queries import lead_of
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.privacy.trail import record


@dataclass(frozen=True)
class Order:
    """`request`: the ServiceRequest as it came; empty where it is no longer kept, or was never understood. `known_as`:
    our own name for it; `named`: its sender's, '' where it has none; `columns`: what it says, as a lead would."""

    source: Source
    submission: Submission
    request: Mapping[str, Any]
    known_as: str
    named: str
    columns: Mapping[str, str]

    @property
    def stands(self) -> referred.Standing:
        """What its sender has said of it counts at once, before anybody has read it."""
        ours = [f"fhir {self.source.pk} {name}" for name in (self.known_as, self.named) if name]
        said = waiting(self.source, ours, self.columns, among=sent_about(self.source, self.named, self.submission.pk))
        lead = self._lead(ours[:1])
        of = asked_by(lead, self.source, ours) if lead is not None else None
        return referred.standing(self.submission, lead, said, of=of)

    def _lead(self, ours: list[str]) -> Lead | None:
        """It may have become one later, as a draft does."""
        organization = self.source.organization_id
        number = self.submission.lead or lead_named(organization, ours)
        return lead_of(organization, number) if number else None

    def as_request(self) -> written.Json:
        return written.order(self.request, self.submission, self.stands)

    def as_task(self) -> written.Json:
        owner = self.source.organization.name
        return written.task(self.request, self.submission, self.stands, settings_of(self.source), owner)


def order_of(source: Source, number: str, key: ApiKey | None = None) -> Order | None:
    """By our id. Whoever looks with a key is put on record: it says who somebody is."""
    try:
        found = sent_by(source, UUID(number))
    except ValueError:
        return None
    return _opened(source, found, key) if found else None


def order_named(source: Source, name: str, key: ApiKey) -> Order | None:
    """By the sender's identifier of the order or its Task, `system|value`."""
    names = [f"fhir {source.pk} {kind} {name}" for kind in ("order", "task")]
    lead = lead_named(source.organization_id, names)
    first = first_made(source, kept_as(source, f"order {name}"))
    found = sent_by(source, first) if first else None
    if found is None or (lead and others(source.organization_id, lead, BEFORE)):  # it is another patient's now
        found = _of_lead(source, lead) or found
    return _opened(source, found, key) if found else None


def _of_lead(source: Source, number: UUID | None) -> Submission | None:
    lead = lead_of(source.organization_id, number) if number else None
    return sent_by(source, lead.submission) if lead else None


def _opened(source: Source, submission: Submission, key: ApiKey | None) -> Order:
    if key is not None:
        record(source.organization_id, f"key:{key.handle}", "submission.read", f"submission/{submission.pk}")
    try:
        sent = opened(submission) if submission.sealed else Sent(b"", "", {})
        message, nth = fhir.message_of(sent.body), nth_of(sent.headers)
        request = message.whole(nth)
    except (Unopenable, fhir.NotRead):
        sent, request = Sent(b"", "", {}), {}
    order = order_in(sent.body, sent.headers)
    named = name_in(order, sent.headers) or ""
    return Order(source, submission, request, sent.headers.get(OURS, ""), named, order.columns)
