"""What does a result mean for the person? Only an address's own fault is held against it; a complaint ends marketing.

(docs/outbox.md, rule 2.6) What is ours (policy, size, content) or passes changes nothing but the message.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from leadwell.server.leads.actions import happened
from leadwell.server.outreach.models import Message, Result

_BAD_AT_ONCE: Final = frozenset({"address-bad", "no-domain"})
FULL: Final = "mailbox-full"
REOPENED: Final = "reopened"
_FULL_TIMES: Final = 3
_FULL_FOR: Final = timedelta(days=14)


def note(message: Message, kind: str, *, via: str, status: str = "") -> bool:
    """Writes a result and what follows from it, within a transaction; False where the same report came before."""
    ours = Result.objects.of(message.organization_id)
    if via == "report" and ours.filter(message=message, kind=kind, via=via).exists():
        return False
    bad_before = is_known_bad(message.organization_id, bytes(message.token))
    made = Result(
        organization_id=message.organization_id, message=message, token=bytes(message.token), at=timezone.now(),
        kind=kind, via=via, status=status,
    )  # fmt: skip
    made.save(force_insert=True)
    if not bad_before and is_known_bad(message.organization_id, bytes(message.token)):
        _tell(message, "email.unreachable", {"why": kind})
    if kind == "complaint":
        _tell(message, "email.complained", {})
    return True


def note_sent(message: Message) -> None:
    _tell(message, "email.sent", {"template": message.template, "purpose": message.purpose})


def is_known_bad(organization: int, token: bytes) -> bool:
    """Whether mail to this address came back for a reason of its own, and nobody has said since that it is good."""
    if not token:
        return False
    results = Result.objects.of(organization).filter(token=token)
    if last := results.filter(kind=REOPENED).order_by("-at").first():
        results = results.filter(at__gt=last.at)
    if results.filter(kind__in=_BAD_AT_ONCE).exists():
        return True
    full = list(results.filter(kind=FULL).order_by("at").values_list("at", flat=True))
    return len(full) >= _FULL_TIMES and full[-1] - full[0] >= _FULL_FOR


def _tell(message: Message, name: str, codes: dict[str, str]) -> None:
    happened(message.organization_id, name, person=message.person, lead=message.lead, codes=codes)
