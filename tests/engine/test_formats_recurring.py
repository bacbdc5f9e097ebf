"""When does take place what comes again and again? As dateutil reads the same rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from leadwell.formats.recurring import MOST_HOURS, Change, Hour, changed, hours_of, next_of

START = datetime(2027, 1, 7, 14, tzinfo=ZoneInfo("America/Chicago"))
HOUR = timedelta(hours=1)
WEEKLY = hours_of(START, HOUR, {"FREQ": ["WEEKLY"], "COUNT": [4]})

ON = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=3, unique=True)
NTH = st.lists(st.sampled_from(["1MO", "-1TH", "2TH", "TH", "5FR", "-2SU"]), max_size=2, unique=True)
DATES = st.lists(st.sampled_from([1, 7, 15, 31, -1, -3]), max_size=2, unique=True)
RULES = st.one_of(
    st.fixed_dictionaries({"FREQ": st.just(["DAILY"]), "BYDAY": ON, "INTERVAL": st.integers(1, 9).map(lambda n: [n])}),
    st.fixed_dictionaries({
        "FREQ": st.just(["WEEKLY"]), "BYDAY": ON, "INTERVAL": st.integers(1, 4).map(lambda n: [n]),
        "WKST": st.sampled_from([["MO"], ["SU"]]),
    }),
    st.fixed_dictionaries({
        "FREQ": st.just(["MONTHLY"]), "BYDAY": NTH, "BYMONTHDAY": DATES,
        "INTERVAL": st.integers(1, 5).map(lambda n: [n]),
    }),
)  # fmt: skip


@given(RULES)
def test_a_rule_is_read_as_others_read_it(rule: dict[str, list[Any]]) -> None:
    said = {name: values for name, values in rule.items() if values}
    written = ";".join(f"{name}={','.join(map(str, values))}" for name, values in said.items())
    naive = START.replace(tzinfo=None)
    until = naive + timedelta(days=730)
    theirs = list(islice((one for one in rrulestr(written, dtstart=naive).between(naive, until, inc=True)), MOST_HOURS))
    ours = [one.starts for one in hours_of(naive, None, said)]
    expected = [one.isoformat() for one in theirs]
    first = naive.isoformat()  # counts whatever the rule says
    assert ours == (expected if expected[:1] == [first] else [first, *expected])[:MOST_HOURS]


def test_the_clock_stays_where_the_clocks_change() -> None:
    found = hours_of(START, HOUR, {"FREQ": ["MONTHLY"], "UNTIL": [date(2027, 4, 7)]})
    assert found[-1] == Hour("2027-04-07T14:00:00-05:00", "2027-04-07T15:00:00-05:00")
    assert len(found) == 4


@pytest.mark.parametrize("rule", [
    {"FREQ": ["SECONDLY"]}, {"FREQ": ["YEARLY"]}, {"FREQ": ["WEEKLY"], "BYSETPOS": [1]}, {},
    {"FREQ": ["DAILY"], "INTERVAL": [7], "BYDAY": ["MO"]}, {"FREQ": ["WEEKLY"], "BYDAY": ["XX"]},
])  # fmt: skip
def test_of_what_is_not_understood_or_never_meets_the_first_hour_is_told(rule: dict[str, list[Any]]) -> None:
    assert hours_of(START, HOUR, rule) == [Hour("2027-01-07T14:00:00-06:00", "2027-01-07T15:00:00-06:00")]


def test_what_is_left_out_counts_and_what_is_named_comes_besides() -> None:
    second, named = START + timedelta(days=7), START + timedelta(days=1)
    found = hours_of(START, None, {"FREQ": ["WEEKLY"], "COUNT": [3]}, [second], [named])
    assert [one.starts[8:10] for one in found] == ["07", "08", "21"]


@pytest.mark.parametrize(("change", "days"), [
    (Change("2027-01-14T20:00:00+00:00", None), ["07", "21", "28"]),
    (Change("2027-01-14T14:00:00-06:00", Hour("2027-01-30T09:00:00-06:00")), ["07", "21", "28", "30"]),
    (Change("2027-01-14T14:00:00-06:00", None, following=True), ["07"]),
    (Change("2027-01-14T14:00:00-06:00", Hour("2027-01-15T14:00:00-06:00"), following=True), ["07", "15", "22", "29"]),
    (Change("2027-01-15T14:00:00-06:00", None), ["07", "14", "21", "28"]),
    (Change("", None), ["07", "14", "21", "28"]),
])  # fmt: skip
def test_one_of_many_is_moved_or_cancelled_alone_or_with_what_follows(change: Change, days: list[str]) -> None:
    assert [one.starts[8:10] for one in changed(WEEKLY, [change])] == days


def test_the_next_is_the_first_that_is_still_to_come() -> None:
    assert next_of(WEEKLY, "2027-01-10T00:00:00+00:00") == WEEKLY[1]
    assert next_of(WEEKLY, "2028-01-10T00:00:00+00:00") == WEEKLY[-1]
    assert next_of([], "") is None
