"""A source that falls silent is noticed, one that merely sleeps is not. (silence detector)"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from leadwell.server.intake.silence import silence

ZONE = "America/Chicago"
MONDAY = datetime(2026, 9, 7, 5, tzinfo=UTC)  # Monday 0:00 in Chicago


def _weeks(a_day: float, weeks: int, seed: int) -> list[datetime]:
    """Arrivals on working days from eight to six, by chance."""
    random = np.random.default_rng(seed)
    found = []
    for day in range(weeks * 7):
        if day % 7 < 5:
            minutes = random.uniform(8 * 60, 18 * 60, random.poisson(a_day))
            found += [MONDAY + timedelta(days=day, minutes=float(m)) for m in minutes]
    return sorted(found)


def _judged(arrivals: list[datetime], now: datetime):
    return silence([a for a in arrivals if a <= now], now=now, since=MONDAY, zone=ZONE)


@pytest.mark.parametrize("seed", range(20))
def test_a_weekend_without_leads_is_no_silence(seed: int) -> None:
    arrivals = _weeks(30, 6, seed)
    told = _judged(arrivals, MONDAY + timedelta(days=34, hours=20))  # Sunday evening of the fifth week
    assert told is not None
    assert not told.quiet


@pytest.mark.parametrize("seed", range(20))
def test_a_dead_form_is_noticed_within_a_working_day(seed: int) -> None:
    dead = MONDAY + timedelta(days=29, hours=8)  # Tuesday morning
    arrivals = [a for a in _weeks(30, 6, seed) if a < dead]
    told = _judged(arrivals, dead + timedelta(hours=9))
    assert told is not None
    assert told.quiet
    assert told.since == arrivals[-1]


def test_false_alarms_are_rare_while_a_source_lives() -> None:
    alarms = checks = 0
    for seed in range(20):
        arrivals = _weeks(20, 8, seed)
        for hour in range(28 * 24, 56 * 24, 11):
            told = _judged(arrivals, MONDAY + timedelta(hours=hour))
            checks += 1
            alarms += told is not None and told.quiet
    assert alarms / checks < 0.005


def test_too_few_arrivals_make_no_habit() -> None:
    assert _judged(_weeks(0.5, 2, 1), MONDAY + timedelta(days=14)) is None
