"""Where did each trail end, noted where a database that is cut or brought back does not reach? (promise F33)

In the data folder `heads.jsonl` has the last entry of a few seconds ago, `anchors.jsonl` one of every hour. What a
restore has made untrue stays, with the number of the entry that tells of the restore (`cut_by`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.base.embedded import on_disk
from leadwell.server.privacy.lines import append, read, rewrite
from leadwell.server.privacy.models import TrailEntry

ANCHORS: Final = "anchors.jsonl"
HEADS: Final = "heads.jsonl"
_NOTED: dict[int, tuple[int, str]] = {}  # by this process: what has not moved on is not looked at again


@dataclass(frozen=True)
class Anchor:
    """Entry `number` had this digest. `cut_by`: the entry of a restore after which it has not, None where none told."""

    number: int
    digest: str
    cut_by: int | None = None

    def line(self, organization: int) -> dict[str, Any]:
        line = {"organization": organization, "number": self.number, "digest": self.digest}
        return line if self.cut_by is None else {**line, "cut_by": self.cut_by}


def anchor(organization: int) -> None:
    """Notes the last entry for good."""
    if last := _last(organization):
        on_disk(connection)  # what is noted must not be ahead of what is kept
        append(environment.home() / ANCHORS, Anchor(*last).line(organization))


def note_heads() -> None:
    """Notes each trail's last entry in the place of the one noted before, which must still be there: where it is not,
    the note stays, and `verify` tells."""
    heads = {number: _last(number) for number in Organization.objects.values_list("pk", flat=True)}
    moved = {number: head for number, head in heads.items() if head and _NOTED.get(number) != head}
    if not moved:
        return
    on_disk(connection)
    path = environment.home() / HEADS
    with _alone():
        noted = {line["organization"]: line for line in read(path).whole}
        for organization, head in moved.items():
            before = noted.get(organization)
            if before is None or _goes_on(organization, before, head):
                noted[organization] = Anchor(*head).line(organization)
            _NOTED[organization] = head
        rewrite(path, noted.values())


def _last(organization: int) -> tuple[int, str] | None:
    last = TrailEntry.objects.of(organization).order_by("-number").values_list("number", "digest").first()
    return (last[0], bytes(last[1]).hex()) if last else None


def head(organization: int) -> dict[str, Any] | None:
    """The line of a trail's last entry; None where it has none."""
    last = _last(organization)
    return Anchor(*last).line(organization) if last else None


def _goes_on(organization: int, before: dict[str, Any], head: tuple[int, str]) -> bool:
    there = TrailEntry.objects.of(organization).filter(number=before["number"]).values_list("digest", flat=True)
    return head[0] >= before["number"] and [bytes(one).hex() for one in there] == [before["digest"]]


@contextmanager
def _alone() -> Iterator[None]:
    with os.fdopen(os.open(environment.home() / f"{HEADS}.lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def noted() -> list[dict[str, Any]]:
    """Every line of both files, as it stands."""
    return [line for name in (ANCHORS, HEADS) for line in read(environment.home() / name).whole]


def unread() -> int:
    """How many lines cannot be read, as after a crash."""
    return sum(len(read(environment.home() / name).unread) for name in (ANCHORS, HEADS))


def of(organization: int, lines: Iterable[dict[str, Any]]) -> list[Anchor]:
    """Those of one organisation, each once, the lowest number first."""
    found = {
        (line["number"], line["digest"]): Anchor(line["number"], line["digest"], line.get("cut_by"))
        for line in sorted(lines, key=lambda line: "cut_by" in line)
        if line["organization"] == organization
    }
    return sorted(found.values(), key=lambda one: (one.number, one.digest))


def sum_of(cut: Iterable[Anchor]) -> str:
    """Names a set of anchors: the entry of a restore holds it, so that no other can be passed off as cut by it."""
    text = " ".join(sorted(f"{one.number}:{one.digest}" for one in cut))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
