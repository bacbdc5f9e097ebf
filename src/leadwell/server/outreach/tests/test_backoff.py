"""Each wait stands in the rules, and ends when they say. (rule 2.6)"""

from datetime import timedelta

import pytest

from leadwell.server.outreach.backoff import GIVES_UP, after_full, after_refusal, after_silence

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("tries", "since", "wait"),
    [
        (1, timedelta(), timedelta(minutes=5)),
        (2, timedelta(minutes=5), timedelta(minutes=10)),
        (9, 20 * HOUR, 8 * HOUR),
        (40, 71 * HOUR, HOUR),
        (40, 72 * HOUR, None),
    ],
)
def test_what_passes_is_tried_ever_later_for_three_days(tries: int, since: timedelta, wait: timedelta | None) -> None:
    assert after_refusal(tries, since) == wait


@pytest.mark.parametrize(
    ("times", "since", "wait"),
    [
        (1, timedelta(), 24 * HOUR),
        (2, 24 * HOUR, 48 * HOUR),
        (2, 71 * HOUR, HOUR),
        (3, 72 * HOUR, None),
        (9, timedelta(minutes=1), 24 * HOUR - timedelta(minutes=1)),
        (9, 71 * HOUR, HOUR),
        (1, 80 * HOUR, 24 * HOUR),
        (2, 80 * HOUR, 24 * HOUR),
    ],
)
def test_a_full_mailbox_is_tried_after_a_day_and_after_three(
    times: int, since: timedelta, wait: timedelta | None
) -> None:
    """By how long it has been full, and neither sooner for many tries nor after fewer than three."""
    assert after_full(times, since) == wait


def test_silence_is_borne_twice() -> None:
    assert [after_silence(n) for n in (1, 2, 3)] == [timedelta(minutes=5), timedelta(minutes=10), None]


def test_no_wait_leads_past_the_end() -> None:
    since, tries = timedelta(), 1
    while (wait := after_refusal(tries, since)) is not None:
        since, tries = since + wait, tries + 1
    assert since == GIVES_UP
