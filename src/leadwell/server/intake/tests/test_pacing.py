"""A worker takes no more at once than it ends in half a second."""

import pytest

from leadwell.server.intake.pacing import LEAST, MOST, Pace


@pytest.mark.parametrize(
    "begun, each, most",
    [(0.1, 0.0004, MOST), (0.1, 0.001, 400), (0.2, 0.0012, 250), (0.02, 0.002, 240), (0.1, 0.004, LEAST)],
)
def test_rounds_come_to_take_their_time(begun: float, each: float, most: int) -> None:
    """`begun`: what a round costs however many it has; `each`: what every submission adds."""
    pace = Pace()
    for _ in range(20):
        pace.took(pace.most, begun + each * pace.most)
    assert pace.most == pytest.approx(most, rel=0.1)


def test_however_slow_or_quick_it_keeps_within_its_bounds() -> None:
    pace = Pace()
    for seconds in (60.0, 60.0, 60.0):
        pace.took(pace.most, seconds)
    assert pace.most == LEAST
    for _ in range(20):
        pace.took(pace.most, 0.0)
    assert pace.most == MOST


def test_a_few_that_took_long_say_nothing_of_many() -> None:
    pace = Pace()
    pace.took(LEAST, 0.0)
    quick = pace.most
    pace.took(3, 5.0)
    assert pace.most == quick > LEAST
