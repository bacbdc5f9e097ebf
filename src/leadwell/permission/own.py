"""What does a playbook ask beyond the law? Quiet hours and attempts, as further rules: stricter, never looser."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from leadwell.permission.deciding import Stricter
from leadwell.permission.rules import Cap, Hours, Rules, Standing
from leadwell.permission.values import CHANNELS, PURPOSES
from leadwell.playbook.hours import Window, quiet
from leadwell.playbook.model import FollowUp, Playbook

RULE: Final = "playbook"
NAME: Final = "your playbook"
# Quiet is the telephone; an e-mail waits until it is opened.
_RINGS: Final = ("call", "text")
# Attempts are tries to reach somebody. Who has an appointment was reached, and must hear of it.
_TRIES: Final = tuple(purpose for purpose in PURPOSES if purpose != "appointment")


@lru_cache(maxsize=64)
def stricter_of(playbook: Playbook) -> Stricter:
    follow_up = playbook.follow_up
    if follow_up is None:
        return Stricter()
    standing = Standing(RULE, playbook.version, date.max, "V", confirm=False, place="follow_up")
    return Stricter(_hours(follow_up, standing), (_cap(follow_up, standing),))


def longest_cap(playbook: Playbook | None, rules: Rules) -> timedelta:
    """For how long an attempt may still count, by the law and the playbook together."""
    caps = (*rules.caps, *(stricter_of(playbook).caps if playbook is not None else ()))
    return timedelta(hours=max((cap.hours for cap in caps), default=0), seconds=1)  # to the very second of the last


def _hours(follow_up: FollowUp, standing: Standing) -> tuple[Hours, ...]:
    window = quiet(follow_up.quiet_hours) if follow_up.quiet_hours else None
    if window is None:
        return ()
    start, end = window
    spans = ((end, start),) if start > end else ((0, start), (end, 1440))
    open_ = tuple(Window(day, *span) for day in range(7) for span in spans if span[0] < span[1])
    return (Hours(standing, NAME, None, open_, _RINGS, PURPOSES, automated=False, holidays=False, closed=()),)


def _cap(follow_up: FollowUp, standing: Standing) -> Cap:
    hours = -(-int(follow_up.over.total_seconds()) // 3600)
    return Cap(standing, (), CHANNELS, _TRIES, False, False, (), most=max(1, follow_up.attempts), hours=max(1, hours))
