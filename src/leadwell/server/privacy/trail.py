"""Who saw, searched, changed or exported what? A chain of entries that cannot be altered unnoticed. (promise F33)

Each entry's digest is a keyed hash of itself and of the one before. Whoever can write to the database but has no master
key cannot make a chain that fits. That the end was cut off shows against an anchor: the number and digest of an entry,
which `verify` prints and the data folder's `anchors.jsonl` keeps.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from leadwell.server import environment
from leadwell.server.privacy.keyring import keyring
from leadwell.server.privacy.models import TrailEntry

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


def record_each(
    organization: int, actor: str, action: str, subjects: Sequence[str], codes: Mapping[str, Any] | None = None
) -> None:
    """Adds an entry for each subject, as when a list shows many people: the receipt of each then has it."""
    with transaction.atomic():
        _one_at_a_time(organization)
        last = TrailEntry.objects.of(organization).order_by("-number").first()
        end, before = (last.number, bytes(last.digest)) if last else (0, _START)
        now, entries = timezone.now(), []
        for number, subject in enumerate(subjects, end + 1):
            entry = TrailEntry(
                organization_id=organization,
                number=number,
                at=now,
                actor=actor,
                action=action,
                subject=subject if _SUBJECT.fullmatch(subject) else "",
                codes=dict(codes or {}),
            )
            entry.digest = before = _digest(entry, before)
            entries.append(entry)
        TrailEntry.objects.bulk_create(entries)


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
    """`broken_at`: the number of the first entry that does not fit, None where all do. `head`: the last digest."""

    entries: int
    head: str
    broken_at: int | None = None
    says: str = "every entry fits the one before"


def verify(organization: int) -> Verdict:
    """Reads the whole trail of an organisation, and its anchors."""
    before, expected = _START, 1
    anchors = dict(_anchors(organization))
    for entry in _entries(organization):
        if entry.number != expected:
            return Verdict(expected - 1, before.hex(), expected, f"entry {expected} is missing")
        if not hmac.compare_digest(bytes(entry.digest), _digest(entry, before)):
            return Verdict(expected - 1, before.hex(), expected, f"entry {expected} was changed")
        before, expected = bytes(entry.digest), expected + 1
        if anchors.pop(entry.number, before.hex()) != before.hex():
            return Verdict(entry.number, before.hex(), entry.number, f"entry {entry.number} is not the one anchored")
    if anchors:
        return Verdict(
            expected - 1, before.hex(), expected, f"the trail ends before entry {max(anchors)}, once anchored"
        )
    return Verdict(expected - 1, before.hex())


def anchor(organization: int) -> None:
    """Notes the last entry in the data folder, where a restored or cut database does not reach."""
    last = TrailEntry.objects.of(organization).order_by("-number").first()
    if last is None:
        return
    line = {"organization": organization, "number": last.number, "digest": bytes(last.digest).hex()}
    with _anchor_file().open("ab") as file:
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _anchor_file() -> Any:
    return environment.home() / "anchors.jsonl"


def _anchors(organization: int) -> Iterator[tuple[int, str]]:
    if not _anchor_file().exists():
        return
    for line in _anchor_file().read_bytes().splitlines():
        one = orjson.loads(line)
        if one["organization"] == organization:
            yield one["number"], one["digest"]


def entries(organization: int, *, subject: str = "") -> QuerySet[TrailEntry]:
    """The newest first, of everything or of one subject."""
    ours = TrailEntry.objects.of(organization).order_by("-number")
    return ours.filter(subject=subject) if subject else ours


def _entries(organization: int) -> Iterator[TrailEntry]:
    return TrailEntry.objects.of(organization).order_by("number").iterator(chunk_size=_PAGE)


def of_subjects(organization: int, subjects: list[str]) -> QuerySet[TrailEntry]:
    """When, by whom and how these were seen or used, the newest first: the receipt of a person."""
    return TrailEntry.objects.of(organization).filter(subject__in=subjects).order_by("-number")
