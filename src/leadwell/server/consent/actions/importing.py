"""Take in a list of stops that another system kept: what can be read is in force at once, what cannot is kept to be
mended, and a report says how much was which."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.formats import CannotRead
from leadwell.server.access.models import Organization
from leadwell.server.base.alone import alone
from leadwell.server.consent import lists
from leadwell.server.consent.actions import events
from leadwell.server.consent.actions.stopping import stop_addresses
from leadwell.server.consent.lists import Listed, Odd, Unread
from leadwell.server.consent.models import ConsentEvent, StopList, Way
from leadwell.server.consent.queries import odd_of, unread_of
from leadwell.server.privacy.sealing import seal_json

LEAVE_OUT: Final = "-"  # in place of a row: it holds no stop
_AT_ONCE: Final = 2_000  # addresses of one transaction
KEPT_TO_MEND: Final = timedelta(days=365)


def import_suppressions(organization: int, body: bytes, *, actor: str) -> StopList:
    """Returns the report. A list that cannot be read at all is kept whole, and says why. Taken in twice, it stops
    nobody twice."""
    now = timezone.now()
    made = StopList(organization_id=organization, at=now, by=actor, taken=0, known=0, unread=0)
    try:
        read = lists.read(body, now=now)
    except CannotRead as error:
        made.problem, made.unread = str(error)[:200], 1
        _keep(made, {"file": b64encode(body).decode()})
        with transaction.atomic():
            made.save(force_insert=True)
            _said(made)
        return made
    _take(made, read.listed, now)
    made.unread = len(read.unread)
    _keep(made, _rest(read.unread, read.odd, read.odd_rows))
    with transaction.atomic():
        made.save(force_insert=True)
        _said(made, odd=read.odd_rows)
    return made


def mend(organization: int, number: UUID, rows: Mapping[int, str], *, actor: str) -> StopList | None:
    """Takes rows that somebody has corrected; one of LEAVE_OUT is left out for good. What still cannot be read stays.
    None where there is no such list."""
    with transaction.atomic():
        alone(organization)
        found = StopList.objects.of(organization).select_for_update().filter(pk=number).first()
        if found is None:
            return None
        now, stops, left = timezone.now(), list[Listed](), list[Unread]()
        for one in unread_of(found):
            text = rows.get(one.row)
            mended = lists.one(text, now=now) if text and lists.mends(one, text) else ()
            stops += mended
            if text != LEAVE_OUT and not mended:
                left.append(one)
        before = found.taken, found.known
        _take(found, stops, now, actor=actor)
        found.unread = len(left)
        _keep(found, _rest(left, *odd_of(found)))
        found.save(update_fields=["taken", "known", "unread", "sealed"])
        counts = {"taken": found.taken - before[0], "known": found.known - before[1], "unread": found.unread}
        events.tell(_event(found, "list.mended", at=now, by=actor, counts=counts))
    return found


def forget_unmended() -> int:
    """Empties rows that nobody has mended within a year; how many there were stays."""
    count = 0
    for organization in Organization.objects.all():
        old = StopList.objects.of(organization).filter(at__lt=timezone.now() - KEPT_TO_MEND)
        count += old.exclude(sealed=b"").update(sealed=b"")
    return count


def _take(made: StopList, listed: Sequence[Listed], now: datetime, *, actor: str = "") -> None:
    """In short transactions, so that nobody else waits for a long list."""
    event = None
    for start in range(0, len(listed), _AT_ONCE):
        with transaction.atomic():
            event = event or _event(made, "stops.imported", at=now, by=actor or made.by, counts={})
            new, known = stop_addresses(
                made.organization_id, listed[start : start + _AT_ONCE], event=event, way=Way.IMPORT
            )
        made.taken, made.known = made.taken + new, made.known + known


def _rest(unread: Sequence[Unread], odd: Sequence[Odd], odd_rows: int) -> dict[str, Any]:
    rows = {"rows": [[one.row, one.said, one.why] for one in unread]} if unread else {}
    return rows | ({"odd": [[one.row, one.what, one.said] for one in odd], "odd_rows": odd_rows} if odd else {})


def _keep(made: StopList, rest: Mapping[str, Any] | None) -> None:
    made.sealed = seal_json(made.organization_id, rest, place=f"consent.list/{made.pk}") if rest else b""


def _said(made: StopList, *, odd: int = 0) -> None:
    counts = {"taken": made.taken, "known": made.known, "unread": made.unread} | ({"odd": odd} if odd else {})
    events.tell(_event(made, "list.read", at=made.at, by=made.by, counts=counts))


def _event(made: StopList, name: str, *, at: datetime, by: str, counts: Mapping[str, int]) -> ConsentEvent:
    """`counts`: what came of it, none where that is not known yet."""
    event = ConsentEvent(organization_id=made.organization_id, name=name, at=at, by=by)
    event.codes = {"list": str(made.pk), **counts}
    return events.append(event)
