"""When does take place what comes again and again? As dateutil reads the same rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from leadwell.formats.recurring import MOST_HOURS, Change, Hour, changed, hours_of, next_of

START = datetime(2027, 1, 7, 14, tzinfo=ZoneInfo("America/Chicago"))
HOUR = timedelta(hours=1)
WEEKLY = hours_of(START, HOUR, {"FREQ": ["WEEKLY"], "COUNT": [4]})

RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=7;BYDAY=TH", "FREQ=DAILY;BYDAY=MO,TH;COUNT=9",
    "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH;WKST=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH;WKST=SU",
    "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=1TH", "FREQ=MONTHLY;BYDAY=-4TH,2TU", "FREQ=MONTHLY;BYMONTHDAY=7,-1",
    "FREQ=MONTHLY;BYMONTHDAY=7,31;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=7,15;BYDAY=TH",
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_read_as_others_read_it(rule: str) -> None:
    start = START.replace(tzinfo=None)
    until = "" if "COUNT" in rule else f";UNTIL={start + timedelta(days=730):%Y%m%dT%H%M%S}"
    theirs = [one.isoformat() for one in islice(rrulestr(rule + until, dtstart=start), MOST_HOURS)]
    said = {name: values.split(",") for name, _, values in (part.partition("=") for part in rule.split(";"))}
    assert [one.starts for one in hours_of(start, None, said)] == theirs


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
