"""How does a trail tell that an older backup was brought back? By an entry of its own, which no one can forge.

It says of when the backup is, where its trail ended, and what had been noted beyond: that is gone with the restore, and
`verify` says so for good in the place of an alarm. What else does not fit is still an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from leadwell.server.access.models import Organization
from leadwell.server.privacy.anchors import Anchor, of, sum_of
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.restores import RESTORED
from leadwell.server.privacy.trail import record


def tell(backup: str, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds the entry to each trail of the database that is being brought back; `backup`: of when it is. Returns the
    lines of `anchors.jsonl` as they are to stand: all that there were, and which of them this restore has cut."""
    lines, told = list(lines), []
    ours = set(Organization.objects.values_list("pk", flat=True))
    for organization in sorted(ours):
        told += [one.line(organization) for one in _told(organization, backup, of(organization, lines))]
    # A number may be given again to another organisation, whose trail these do not concern.
    return told + [
        {**line, "organization": None, "was": line.get("was", line["organization"])}
        for line in lines
        if line["organization"] not in ours
    ]


def _told(organization: int, backup: str, anchors: list[Anchor]) -> list[Anchor]:
    there, restores, last = {}, set(), 0
    entries = TrailEntry.objects.of(organization).order_by("number").values_list("number", "digest", "action")
    for number, digest, action in entries.iterator():
        there[number], last = bytes(digest).hex(), number
        if action == RESTORED:
            restores.add(number)
    fitting = [replace(one, cut_by=None) for one in anchors if there.get(one.number) == one.digest]
    others = [one for one in anchors if there.get(one.number) != one.digest]
    before = [one for one in others if one.cut_by in restores]
    # Also where the backup has an entry of this number: a chain that fits is ours, so it took another course.
    cut = [replace(one, cut_by=last + 1) for one in others if one.cut_by not in restores]
    cut_to = max((one.number for one in cut), default=None)
    record(
        organization,
        "command",
        RESTORED,
        codes={"backup": backup, "last": last, "cut_to": cut_to, "cut": sum_of(cut)},
    )
    return fitting + before + cut
