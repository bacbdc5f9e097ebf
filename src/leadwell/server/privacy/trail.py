"""Who saw, searched, changed or exported what? A chain of entries that cannot be altered unnoticed. (promise F33)

Each entry's digest is a keyed hash of itself and of the one before. Whoever can write to the database but has no master
key cannot make a chain that fits. That the end was cut off shows against an anchor: the number and digest of an entry,
which `verify` prints and the data folder keeps (`anchors`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.privacy.anchors import Anchor, noted
from leadwell.server.privacy.anchors import of as anchors_of
from leadwell.server.privacy.keyring import keyring
from leadwell.server.privacy.models import TrailEntry, TrailShown
from leadwell.server.privacy.restores import RESTORED, Restore

SHOWN: Final = "shown"  # the code under which the entry of a list has what it showed
_PAGE: Final = 2_000
_START: Final = bytes(32)
_LOCK: Final = 0x7472_6169  # with the organisation's number: the advisory lock of its trail on PostgreSQL
# What a subject may be: a colleague's number, a record's number or id, a key's handle. Anything else might be words.
_SUBJECT: Final = re.compile(
    r"user:\d{1,19}|key/[0-9a-f]{12}|(?:lead|person|submission|alert|source|playbook|invitation)/(?:\d{1,9}|[0-9a-f-]{36})"
)


def record(
    organization: int, actor: str, action: str, subject: str = "", codes: Mapping[str, Any] | None = None
) -> None:
    """Adds an entry; in the transaction of a change it stands or falls with it. Codes are open, never words; a subject
    that is neither an id nor a number is left out."""
    record_each(organization, actor, action, [subject], codes)


def record_list(
    organization: int, actor: str, action: str, subjects: Iterable[str], codes: Mapping[str, Any] | None = None
) -> None:
    """Adds one entry for a list, with all that it showed: the receipt of each then has it."""
    shown = [subject for subject in subjects if _SUBJECT.fullmatch(subject)]
    with transaction.atomic():
        (entry,) = _sealed(organization, actor, action, [("", {**(codes or {}), SHOWN: shown})])
        entry.save(force_insert=True)
        rows = [TrailShown(organization_id=organization, entry=entry, subject=subject) for subject in shown]
        TrailShown.objects.bulk_create(rows)


def record_each(
    organization: int, actor: str, action: str, subjects: Sequence[str], codes: Mapping[str, Any] | None = None
) -> None:
    """Adds an entry for each subject, as when many are changed at once."""
    record_all(organization, actor, action, [(subject, codes or {}) for subject in subjects])


def record_all(organization: int, actor: str, action: str, told: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Adds an entry for each subject, with codes of its own."""
    with transaction.atomic():
        bulk.insert(_sealed(organization, actor, action, told))


def _sealed(
    organization: int, actor: str, action: str, told: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[TrailEntry]:
    """Entries that follow on the last, in a transaction in which nobody else adds any."""
    _one_at_a_time(organization)
    last = TrailEntry.objects.of(organization).order_by("-number").first()
    end, before = (last.number, bytes(last.digest)) if last else (0, _START)
    now, entries = timezone.now(), []
    for number, (subject, codes) in enumerate(told, end + 1):
        entry = TrailEntry(
            organization_id=organization,
            number=number,
            at=now,
            actor=actor,
            action=action,
            subject=subject if _SUBJECT.fullmatch(subject) else "",
            codes=dict(codes),
        )
        entry.digest = before = _digest(entry, before)
        entries.append(entry)
    return entries


def _one_at_a_time(organization: int) -> None:
    """On SQLite the write lock is held already; on PostgreSQL a lock of this organisation's trail."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, organization))


def _digest(entry: TrailEntry, before: bytes) -> bytes:
    said = [
        entry.organization_id, entry.number, entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor, entry.action, entry.subject, entry.codes,
    ]  # fmt: skip
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hmac.new(keyring(entry.organization_id).index, b"trail\0" + before + text, hashlib.sha256).digest()


@dataclass(frozen=True)
class Verdict:
    """`broken_at`: the number of the first entry that does not fit, None where all do. `head`: the last digest.
    `restores`: backups that were brought back; told for good, for each took later entries with it."""

    entries: int
    head: str
    broken_at: int | None = None
    says: str = "every entry fits the one before"
    restores: tuple[Restore, ...] = ()


def verify(organization: int) -> Verdict:
    """Reads the whole trail of an organisation, and what was noted of its end."""
    before, expected = _START, 1
    restores: list[Restore] = []
    anchors = anchors_of(organization, noted())
    there: dict[int, str] = {one.number: "" for one in anchors}
    for entry, shown in _entries(organization):
        if entry.number != expected:
            return Verdict(expected - 1, before.hex(), expected, f"entry {expected} is missing", tuple(restores))
        if not hmac.compare_digest(bytes(entry.digest), _digest(entry, before)):
            return Verdict(expected - 1, before.hex(), expected, f"entry {expected} was changed", tuple(restores))
        if shown != sorted(entry.codes.get(SHOWN, ())):
            says = f"what entry {expected} says that it showed was changed"
            return Verdict(expected - 1, before.hex(), expected, says, tuple(restores))
        before, expected = bytes(entry.digest), expected + 1
        if entry.number in there:
            there[entry.number] = before.hex()
        if entry.action == RESTORED:
            restores.append(Restore.of(entry))
    whole = Verdict(expected - 1, before.hex(), restores=tuple(restores))
    return _against(whole, anchors, there)


def _against(whole: Verdict, anchors: list[Anchor], there: Mapping[int, str]) -> Verdict:
    """The verdict on a chain that fits, by what was noted of its end."""
    astray = [
        one for one in anchors
        if there[one.number] != one.digest and not any(restore.explains(one, anchors) for restore in whole.restores)
    ]  # fmt: skip
    if not astray:
        return whole
    first, last = astray[0].number, astray[-1].number
    if first > whole.entries:
        return replace(whole, broken_at=whole.entries + 1, says=f"the trail ends before entry {last}, once anchored")
    return replace(whole, broken_at=first, says=f"entry {first} is not the one anchored")


@dataclass(frozen=True)
class Asked:
    """Of which entries? All where nothing is said. `since` and `until`: a day, for one."""

    subject: str = ""
    action: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(organization: int, asked: Asked) -> QuerySet[TrailEntry]:
    """The newest first."""
    ours = of_subjects(organization, [asked.subject]) if asked.subject else TrailEntry.objects.of(organization)
    ours = ours.filter(action=asked.action) if asked.action else ours
    ours = ours.filter(actor=asked.actor) if asked.actor else ours
    ours = ours.filter(at__gte=asked.since, at__lt=asked.until) if asked.since and asked.until else ours
    return ours.order_by("-number")


def actions_and_actors(organization: int) -> tuple[list[str], list[str]]:
    """What was ever done here, and by whom."""
    ours = TrailEntry.objects.of(organization)
    return (
        list(ours.order_by("action").values_list("action", flat=True).distinct()),
        list(ours.order_by("actor").values_list("actor", flat=True).distinct()),
    )


def actors(organization: int, action: str, subjects: Collection[str]) -> dict[str, str]:
    """Subject -> who did this to it, the last who did."""
    ours = TrailEntry.objects.of(organization).filter(action=action, subject__in=subjects).order_by("number")
    return dict(ours.values_list("subject", "actor"))


def _entries(organization: int) -> Iterator[tuple[TrailEntry, list[str]]]:
    """In their order, each with what its list showed. That is read after the entry, so that whatever is written
    meanwhile is no difference."""
    rows = TrailEntry.objects.of(organization).order_by("number").iterator(chunk_size=_PAGE)
    while page := list(islice(rows, _PAGE)):
        shown: dict[int, list[str]] = {}
        found = TrailShown.objects.of(organization).filter(entry__in=[entry.pk for entry in page])
        for key, subject in found.values_list("entry", "subject"):
            shown.setdefault(key, []).append(subject)
        yield from ((entry, sorted(shown.get(entry.pk, ()))) for entry in page)


def of_subjects(organization: int, subjects: list[str]) -> QuerySet[TrailEntry]:
    """When, by whom and how these were seen or used, alone or in a list, the newest first: the receipt of a person."""
    listed = TrailShown.objects.of(organization).filter(subject__in=subjects).values("entry")
    ours = TrailEntry.objects.of(organization)
    return ours.filter(Q(subject__in=subjects) | Q(pk__in=listed)).order_by("-number")


def about(entry: TrailEntry, subjects: Collection[str]) -> list[str]:
    """Which of these an entry is about: its own subject, or those that its list showed."""
    return [one for one in (entry.subject, *entry.codes.get(SHOWN, ())) if one in subjects]
