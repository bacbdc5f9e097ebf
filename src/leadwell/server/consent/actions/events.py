"""Append to the history of permissions and stops."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from leadwell.server.consent.models import ConsentEvent
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.trail import record, record_list


def append(event: ConsentEvent, words: str = "") -> ConsentEvent:
    """`words`: as somebody said it; sealed. It is told in the trail by `tell`, last of a transaction: whoever writes
    there has no lock to wait for any more."""
    if words:
        event.sealed = seal_json(event.organization_id, words, place=f"consent.event/{event.pk}")
    event.save(force_insert=True)
    return event


def tell(event: ConsentEvent, *, reached: Iterable[UUID] = ()) -> None:
    """`reached`: whom else it stopped, being reached at an address that it closed; the receipt of each says so."""
    subject = f"person/{event.person}" if event.person else ""
    record(event.organization_id, event.by, event.name, subject, event.codes)
    tell_reached(event, reached)


def tell_reached(event: ConsentEvent, reached: Iterable[UUID]) -> None:
    others = sorted({f"person/{one}" for one in reached if one != event.person})
    if others:
        record_list(event.organization_id, event.by, "address.stopped", others)
