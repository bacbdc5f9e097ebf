"""Whatever this process makes later is behind what it has made before, also within a millisecond."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from leadwell.server.base.ids import new_id


def test_ids_are_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(one < other for one, other in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_threads_make_none_twice() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [one for some in pool.map(lambda _: [new_id() for _ in range(2_000)], range(4)) for one in some]
    assert len(set(made)) == len(made)
