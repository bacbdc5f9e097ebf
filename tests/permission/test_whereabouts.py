"""In which zones and states may they be, by each fact alone and by several?"""

from __future__ import annotations

from datetime import datetime

import pytest

from leadwell.contact import whereabouts
from leadwell.contact.whereabouts import anywhere
from leadwell.permission import law
from leadwell.permission.calendars import open_everywhere
from leadwell.permission.opening import week

CHICAGO, NEW_YORK, LOS_ANGELES = "America/Chicago", "America/New_York", "America/Los_Angeles"
# RULES 1.4: codes that span zones by the phone library's data, and four overlays that it does not know.
SPANNING = (
    "208", "219", "270", "308", "423", "541", "574", "605", "606", "620", "701", "775", "785", "812", "850", "906",
    "907", "928", "986", "364", "448", "458", "930",
)  # fmt: skip


def zones(**facts: str) -> set[str]:
    return {where.zone for where in whereabouts(**facts) if where.zone}


def states(**facts: str) -> set[str]:
    return {where.state for where in whereabouts(**facts) if where.state}


@pytest.mark.parametrize("code", SPANNING)
def test_an_area_code_of_several_zones_has_several_clocks(code: str) -> None:
    clocks = {
        tuple(
            datetime.fromisoformat(f"2026-{day}T12:00:00+00:00").astimezone(_zone(zone)).utcoffset()
            for day in ("01-15", "07-15")
        )
        for zone in zones(phone=f"+1{code}5550123")
    }
    assert len(clocks) >= 2


def _zone(name: str):  # type: ignore[no-untyped-def]
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


@pytest.mark.parametrize(
    ("code", "state"),
    [("850", "FL"), ("212", "NY"), ("620", "KS"), ("907", "AK"), ("202", "DC"), ("787", "PR"), ("364", "KY")],
)
def test_an_area_code_has_the_state_that_it_was_given_to(code: str, state: str) -> None:
    assert states(phone=f"{code}-555-0123") == {state}


@pytest.mark.parametrize(
    "text", ["+1 850 555 0123", "(850) 555-0123", "8505550123", "850.555.0123 x12", "1-850-555-0123"]
)
def test_a_number_may_be_written_in_any_way(text: str) -> None:
    assert zones(phone=text) == {CHICAGO, NEW_YORK}


@pytest.mark.parametrize(
    "text", ["800-555-0123", "+1 888 555 0123", "500-555-0123", "999 555 0123", "555-0123", "call me"]
)
def test_a_number_that_tells_no_place_may_be_anywhere(text: str) -> None:
    assert zones(phone=text) == set(anywhere())
    assert states(phone=text) == set()


def test_anywhere_opens_and_closes_as_the_rules_say() -> None:
    """Contact's zones and the gate's are two lists; they must mean the same hours."""
    hours = frozenset({week(law().federal)})
    for year in range(2025, 2031):
        theirs, ours = (open_everywhere(hours, frozenset(some), year) for some in (anywhere(), law().everywhere))
        assert (theirs.starts == ours.starts).all() and (theirs.ends == ours.ends).all()


def test_a_foreign_number_has_the_zones_of_its_country() -> None:
    assert "Europe/London" in zones(phone="+44 20 7946 0018")
    assert zones(phone="+1 416 555 0123") == {"America/Toronto"}


def test_nothing_known_says_nothing() -> None:
    assert whereabouts() == whereabouts(zip="", state=" ", address_state=None, phone="") == ()


def test_a_zip_has_one_zone_and_state() -> None:
    assert whereabouts(zip="60201-1234") == (("ZIP", CHICAGO, "IL"),)
    assert whereabouts(zip="501") == (("ZIP", NEW_YORK, "NY"),)


@pytest.mark.parametrize("text", ["00000", "SW1A 1AA", "123456"])
def test_a_zip_that_is_none_may_lie_anywhere(text: str) -> None:
    assert zones(zip=text) == set(anywhere())


def test_a_military_zip_may_be_anywhere() -> None:
    assert zones(zip="09001") == set(anywhere())


def test_a_state_has_all_its_zones_unless_a_zip_in_it_says_which() -> None:
    assert zones(state="Texas") == {CHICAGO, "America/Denver"}
    assert zones(state="TX", zip="75201") == {CHICAGO}
    assert zones(state="TX", zip="90210") == {CHICAGO, "America/Denver", LOS_ANGELES}
    assert zones(state="Ontario") == set(anywhere())


def test_what_disagrees_counts_together() -> None:
    found = {"zip": "90210", "phone": "212-555-0123", "address_state": "WA", "state": "KY"}
    assert {CHICAGO, NEW_YORK, LOS_ANGELES} <= zones(**found)
    assert states(**found) == {"CA", "NY", "WA", "KY"}


def test_their_own_word_replaces_every_guessed_zone() -> None:
    said = {"zip": "33101", "phone": "850-555-0123", "address_state": "NY", "state": "TX", "stated_zone": LOS_ANGELES}
    assert zones(**said) == {LOS_ANGELES}
    assert states(**said) == {"FL", "TX"}, "the number's and the one they named; ZIP and address lie elsewhere"


def test_a_state_of_their_post_stays_where_its_clock_is_the_one_they_named() -> None:
    assert states(zip="33101", stated_zone=NEW_YORK) == {"FL"}
    assert states(zip="33101", stated_zone="US/Eastern") == {"FL"}
    assert states(zip="33101", stated_zone=CHICAGO) == {"FL"}, "its west keeps that clock"
    assert states(zip="33101", stated_zone=LOS_ANGELES) == set()


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        whereabouts(stated_zone="Chicago time")


def test_a_toll_free_line_may_be_answered_anywhere() -> None:
    assert zones(zip="10001", line_type="toll-free") == set(anywhere())
    assert zones(zip="10001", line_type="mobile") == {NEW_YORK}
    assert zones(zip="10001", line_type="toll-free", stated_zone=NEW_YORK) == {NEW_YORK}


@pytest.mark.parametrize("zip_", ["86040", "86045"])
def test_a_zip_beside_the_navajo_nation_has_both_clocks(zip_: str) -> None:
    assert zones(zip=zip_) == {"America/Phoenix", "America/Denver"}


def test_arizona_and_the_navajo_nation_differ_in_summer() -> None:
    assert (zones(zip="85001"), zones(zip="86515")) == ({"America/Phoenix"}, {"America/Denver"})
