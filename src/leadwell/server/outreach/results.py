"""What does a result mean for the person? Only an address's own fault is held against it; a complaint ends marketing.

(docs/outbox.md, rule 2.6) What is ours (policy, size, content) or passes changes nothing but the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from leadwell.permission.values import RETURNED
from leadwell.server.consent.actions import note_wrong, returns_no_more
from leadwell.server.consent.queries import known_wrong
from leadwell.server.leads.actions import happened
from leadwell.server.outreach.backoff import FULL_TIMES
from leadwell.server.outreach.models import Message, Result, State

_BAD_AT_ONCE: Final = frozenset({"address-bad", "no-domain"})
FULL: Final = "mailbox-full"
FINAL: Final = frozenset({*_BAD_AT_ONCE, FULL, "ours"})  # reported of a message, it has come back
REOPENED: Final = "reopened"
# Why somebody says that an address is good after all: a code, for what they type could name somebody.
REASONS: Final[Mapping[str, str]] = {
    "said-so": "They say that it is right",
    "emptied": "They say that it takes mail again",
    "mistaken": "The report was mistaken",
}
_FULL_FOR: Final = timedelta(days=14)


def note(message: Message, kind: str, *, via: str, status: str = "", why: str = "") -> bool:
    """Writes a result and what follows from it, within a transaction; False where the same report came before. `why`:
    one of REASONS, of what a person says."""
    if via == "report" and was_reported(message, kind):
        return False
    bad_before = is_known_bad(message.organization_id, bytes(message.token))
    made = Result(
        organization_id=message.organization_id, message=message, token=bytes(message.token), at=timezone.now(),
        kind=kind, via=via, status=status, why=why,
    )  # fmt: skip
    made.save(force_insert=True)
    bad = is_known_bad(message.organization_id, bytes(message.token))
    if bad and not bad_before:
        _tell(message, "email.unreachable", {"why": kind})
    if kind == REOPENED:
        _tell(message, "email.reopened", {"why": why})
    if kind == "complaint":
        _tell(message, "email.complained", {})
    _tell_the_gate(message, bad=bad, opens=kind == REOPENED)
    return True


def note_sent(message: Message, *, taken: bool) -> None:
    """`taken`: False where it was reported to have come back before we knew that it was sent."""
    _tell(message, "email.sent", {"template": message.template, "purpose": message.purpose})
    _tell_the_gate(message, bad=is_known_bad(message.organization_id, bytes(message.token)), opens=taken)


def was_reported(message: Message, kind: str) -> bool:
    return Result.objects.of(message.organization_id).filter(message=message, kind=kind, via="report").exists()


def is_known_bad(organization: int, token: bytes) -> bool:
    """Whether mail to this address came back for a reason of its own, and nobody has said since that it is good. A
    mailbox that was full is bad after three times over two weeks in which it took nothing."""
    if not token:
        return False
    results = Result.objects.of(organization).filter(token=token)
    if last := results.filter(kind=REOPENED).order_by("-at").first():
        results = results.filter(at__gt=last.at)
    if results.filter(kind__in=_BAD_AT_ONCE).exists():
        return True
    full = results.filter(kind=FULL)
    taken = Message.objects.of(organization).filter(token=token, state=State.SENT).aggregate(last=Max("sent_at"))
    if taken["last"] is not None:
        full = full.filter(at__gt=taken["last"])
    times, since = _times(full, until=None)
    return times >= FULL_TIMES and since >= _FULL_FOR


def is_closed(organization: int, token: bytes) -> bool:
    """Whether it is known to be bad, here or at the gate alone, which remembers what came back to whoever was erased as
    long as somebody else is reached there."""
    return is_known_bad(organization, token) or known_wrong(organization, token, why=RETURNED) is not None


def _tell_the_gate(message: Message, *, bad: bool, opens: bool) -> None:
    """Has it know what is known here of a message's address, in the same transaction."""
    organization, token = message.organization_id, bytes(message.token)
    if bad and known_wrong(organization, token, why=RETURNED) is None:
        proof, now = f"message/{message.pk}", timezone.now()
        note_wrong(organization, token, why=RETURNED, person=message.person, proof=proof, at=now)
    elif opens and token and not bad:
        returns_no_more(organization, token)


def reported(message: Message) -> str:
    """The class by which it was reported to have come back since it was first tried; '' where it was not. A provider
    may be quicker with its report than we are with noting its answer."""
    theirs = Result.objects.of(message.organization_id).filter(message=message, via="report", kind__in=FINAL)
    found = theirs.filter(at__gte=message.first_tried_at).order_by("-at").first() if message.first_tried_at else None
    return found.kind if found else ""


def times_full(message: Message, now: datetime) -> tuple[int, timedelta]:
    """How often its mailbox was found full since this message was first tried, and for how long now."""
    theirs = Result.objects.of(message.organization_id).filter(message=message, kind=FULL)
    return _times(theirs.filter(at__gte=message.first_tried_at or now), until=now)


def _times(results: QuerySet[Result], *, until: datetime | None) -> tuple[int, timedelta]:
    """How many there are, and over how long a time: to the last of them, or until then."""
    at = sorted(results.values_list("at", flat=True))
    return (len(at), (until or at[-1]) - at[0]) if at else (0, timedelta())


def _tell(message: Message, name: str, codes: dict[str, str]) -> None:
    happened(message.organization_id, name, person=message.person, lead=message.lead, codes=codes)
