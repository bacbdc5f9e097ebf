"""Is it reachable? The whole of `contact.check`, and ZIPs, states, zones, hours, NPI and distances."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell import contact, contract, playbook
from leadwell.contact.check import ADDS, NEEDS
from leadwell.contact.npi import read_npi
from leadwell.contact.places import package_table
from leadwell.contact.postal import read_postal
from leadwell.contact.states import state_of
from leadwell.contact.texts import FEW

PLAYBOOK = playbook.load(playbook.find("lakeside-orthopedics"))

# RULES 1.4
SPANNING = (
    "208", "219", "270", "308", "423", "541", "574", "605", "606", "620", "701", "775", "785", "812", "850", "906",
    "907", "928", "986", "364", "448", "458", "930",
)  # fmt: skip


def leads(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(
        [{name: row.get(name) for name in NEEDS} for row in rows], schema=dict.fromkeys(NEEDS, pl.String)
    )


def checked(**fields: str) -> dict[str, Any]:
    return contact.check(leads(fields), PLAYBOOK).row(0, named=True)


def test_it_adds_what_the_contract_promises() -> None:
    for frame in (leads({"phone": "312-555-0147"}), leads({}), leads({}).clear(), pl.DataFrame({"other": [1]})):
        found = contact.check(frame, PLAYBOOK)
        assert found.columns == [*frame.columns, *(c for c in found.columns if c in ADDS)]
        assert {name: found.schema[name] for name in contract.CONTACT} == contract.CONTACT
        assert found.schema["referrer_phone_ok"] == found.schema["referrer_email_ok"] == pl.Boolean


def test_a_lead_without_contact_data_says_nothing_about_it() -> None:
    found = checked()
    assert {found[name] for name in ADDS} == {None}


def test_the_second_number_stands_in_for_a_bad_first_one() -> None:
    found = checked(phone="555-0147", phone_2="773-555-0148 cell")
    assert (found["contact.phone"], found["phone_ok"], found["contact.phone_field"]) == (
        "+17735550148",
        True,
        "phone_2",
    )
    assert found["contact.phone_says"] == "The phone number lacks its area code. The second number is used instead."


def test_a_good_second_number_is_kept_beside_the_first() -> None:
    found = checked(phone="312-555-0147", phone_2="+44 20 7946 0958")
    assert (found["contact.phone"], found["contact.phone_2"]) == ("+13125550147", "+442079460958")
    assert checked(phone="312-555-0147", phone_2="(312) 555-0147")["contact.phone_2"] is None


def test_two_bad_numbers_are_no_phone() -> None:
    found = checked(phone="1", phone_2="2")
    assert (found["contact.phone"], found["phone_ok"], found["contact.phone_field"]) == (None, False, None)


ZIPS = {
    "five digits": ("60201", None, "60201"),
    "nine digits": ("60201-1234", None, "60201"),
    "nine digits run together": ("602011234", None, "60201"),
    "a float": ("60201.0", None, "60201"),
    "with its city": ("Evanston, IL 60201", None, "60201"),
    "lost zero, no state": ("2139", None, "02139"),
    "lost zero, its state": ("2139", "MA", "02139"),
    "lost zero, another state": ("2139", "IL", None),
    "lost zero, float": ("2139.0", "Massachusetts", "02139"),
    "lost zero, nine digits": ("2139-1234", None, "02139"),
    "two lost zeros": ("601", "PR", "00601"),
    "unknown": ("00000", None, None),
    "Canadian": ("M5V 2T6", None, None),
    "six digits": ("602011", None, None),
    "words": ("downtown", None, None),
}


@pytest.mark.parametrize(("zip_", "state", "expected"), ZIPS.values(), ids=ZIPS)
def test_a_zip_is_understood_or_refused_with_a_reason(zip_: str, state: str | None, expected: str | None) -> None:
    found = checked(zip=zip_, **({"state": state} if state else {}))
    assert found["contact.zip"] == expected
    assert (found["contact.postal_says"] is None) == (expected is not None)


STATES = {
    "IL": "IL", "il": "IL", "Illinois": "IL", " illinois. ": "IL", "Ill.": "IL", "Illinois (IL)": "IL",
    "IL - Illinois": "IL", "US-IL": "IL", "Nueva York": "NY", "Carolina del Norte": "NC", "Nuevo México": "NM",
    "Pensilvania": "PA", "Puerto Rico": "PR", "D.C.": "DC", "Washington": "WA",
    "Washington D.C.": "DC", "West Virginia": "WV", "N. Carolina": "NC",
    "Ontario": None, "XX": None, "": None, "😀": None, "Chicago": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "state"), STATES.items(), ids=[repr(text) for text in STATES])
def test_a_state_is_known_by_name_and_letters_in_both_languages(text: str, state: str | None) -> None:
    assert state_of(text) == state


def test_a_zip_against_the_state_is_said() -> None:
    found = checked(zip="60201", state="Wisconsin")
    assert found["contact.postal_says"] == "The ZIP code lies in IL, but the state given is WI."


def test_an_area_code_of_elsewhere_is_a_note_and_no_refusal() -> None:
    found = checked(zip="60201", phone="415-555-0147")
    assert found["contact.postal_says"] == "The phone's area code belongs to CA."
    assert (found["phone_ok"], found["area_code_states"]) == (True, ["CA"])


HOURS = {
    "one zone": ({"zip": "60201", "phone": "312-555-0147"}, "America/Chicago", "08:00-21:00"),
    "New York number, Los Angeles ZIP": (
        {"phone": "212-555-0147", "zip": "90210"},
        "America/Los_Angeles",
        "08:00-18:00",
    ),
    "an area code of two zones": ({"phone": "+1 850 555 0123"}, "America/Chicago", "08:00-20:00"),
    "Arizona and New York, either half of the year": (
        {"zip": "85001", "phone": "212-555-0147"},
        "America/Phoenix",
        "08:00-18:00",
    ),
    "a state of two zones": ({"state": "TN"}, "America/Chicago", "08:00-20:00"),
    "a city settles the state": ({"state": "TX", "city": "El Paso"}, "America/Denver", "08:00-21:00"),
    "a stated state before a number of elsewhere": (
        {"state": "WI", "phone": "415-555-0147"},
        "America/Chicago",
        "10:00-21:00",
    ),
    "foreign": ({"phone": "+44 20 7946 0958"}, "Europe/London", "08:00-21:00"),
    "no common hour": ({"zip": "60201", "phone": "+81 3-1234-5678"}, "America/Chicago", None),
    "Canada": ({"phone": "416-555-0147"}, "America/Toronto", "08:00-21:00"),
    "toll-free alone": ({"phone": "800-555-0147"}, None, None),
    "toll-free with a ZIP": ({"phone": "800-555-0147", "zip": "60201"}, "America/Chicago", "08:00-21:00"),
    "a military address": ({"zip": "09001"}, None, None),
}


@pytest.mark.parametrize(("fields", "zone", "hours"), HOURS.values(), ids=HOURS)
def test_a_call_is_welcome_where_every_plausible_zone_is_open(
    fields: dict[str, str], zone: str | None, hours: str | None
) -> None:
    found = checked(**fields)
    assert found["contact.good_hours"] == hours
    assert zone is None or found["contact.time_zone"] == zone
    assert (found["contact.zones"] is None) == (found["contact.time_zone"] is None)


CODES = st.sampled_from(package_table("area_codes.parquet").drop_nulls("kind")["code"].to_list())
ZIP_CODES = st.sampled_from(contact.places()["zip"].to_list())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(package_table("area_codes.parquet")["code"].to_list()),
    st.sampled_from(contact.places()["zip"].to_list()),
)
def test_good_hours_hold_in_every_zone_on_every_day_of_the_year(code: str, zip_: str) -> None:
    found = checked(phone=f"+1{code}2345678", zip=zip_)
    if found["contact.good_hours"] is None:
        return
    opens, closes = (timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in found["contact.good_hours"].split("-"))
    assert found["contact.time_zone"] in found["contact.zones"]
    for month in range(1, 13):
        midnight = datetime.combine(date(2026, month, 15), datetime.min.time())
        for at in (midnight + opens, midnight + closes - timedelta(minutes=1)):
            here = at.replace(tzinfo=ZoneInfo(found["contact.time_zone"]))
            assert all(8 <= here.astimezone(ZoneInfo(z)).hour < 21 for z in found["contact.zones"])


@pytest.mark.parametrize("code", SPANNING)
def test_an_area_code_that_spans_zones_keeps_them_all(code: str) -> None:
    zones = checked(phone=f"+1{code}5550123")["contact.zones"]
    days = [datetime(2026, month, 1) for month in (1, 7)]
    assert len({tuple(ZoneInfo(zone).utcoffset(day) for day in days) for zone in zones}) > 1


def test_every_area_code_of_the_states_has_a_zone_and_a_state() -> None:
    table = package_table("area_codes.parquet").filter(
        (pl.col("country") == "US") & pl.col("kind").str.contains("fixed|mobile")
    )
    assert table.filter(pl.col("zones").list.len() == 0)["code"].to_list() == []
    assert table.filter(pl.col("states").list.len() == 0)["code"].to_list() == []


GOOD_NPI = ("1234567893", "1245319599", "1003000126", "1679004527", "1999999992", "2000000002", "1090000005",
            "1900000005", "1234567893.0", "NPI: 1234567893", "12345 67893")  # fmt: skip
BAD_NPI = (
    "1234567890",
    "1245319598",
    "2123456787",
    "1234567839",
    "123456789",
    "3234567893",
    "12345678933",
    "abc",
    "😀",
    "1" * 500,
)


def test_where_a_lead_may_be_is_told_alone_as_in_a_list_and_again_as_the_first_time() -> None:
    asked = {
        "zip": ["60601", "02139-1234", "2139", "abc", None, "99999", "6" * 500],
        "state": ["IL", "ma", "Illinois", "??", None, "NY", "IL"],
        "city": ["Chicago", None, "", "Boston", "El Paso", "Nowhere", None],
        "code": [312, 617, None, 915, 0, 212, 312],
    }
    fields = pl.DataFrame(asked, schema_overrides={"code": pl.Int32})
    together = read_postal(fields)
    for _ in range(2):
        assert pl.concat([read_postal(lead) for lead in fields.iter_slices(1)]).equals(together)


def test_an_npi_is_known_by_its_check_digit() -> None:
    for few in (True, False):
        repeat = 1 if few else FEW
        for texts, verdict in ((GOOD_NPI, True), (BAD_NPI, False)):
            series = pl.Series([*texts] * repeat)
            assert read_npi(series, series.clear().extend_constant(None, len(series))).to_list() == [verdict] * len(
                series
            )


def test_one_wrong_digit_is_always_found() -> None:
    good = "1245319599"
    wrong = [good[:i] + str(d) + good[i + 1 :] for i in range(10) for d in range(10) if str(d) != good[i]]
    assert not read_npi(pl.Series(wrong), pl.Series([None] * len(wrong), dtype=pl.String)).any()


def test_the_referrers_npi_counts_where_there_is_no_other() -> None:
    assert checked(referrer_npi="1234567893")["npi_ok"] is True
    assert checked(npi="1234567890", referrer_npi="1234567893")["npi_ok"] is False


def test_the_referrers_phone_and_mail_are_checked_too() -> None:
    found = checked(referrer_phone="312-555-0147", referrer_email="referrals@")
    assert (found["referrer_phone_ok"], found["referrer_email_ok"], found["phone_ok"]) == (True, False, None)


def test_miles_are_great_circle_miles_to_each_location() -> None:
    miles = contact.miles(PLAYBOOK)
    assert miles.columns == ["zip", *PLAYBOOK.locations]
    here = miles.filter(zip="60606").row(0, named=True)
    assert here["loop"] == 0
    assert here["evanston"] == pytest.approx(12, abs=1.5)
    assert miles.filter(zip="10001")["loop"][0] == pytest.approx(711, abs=3)
    assert miles.filter(zip="09001")["loop"][0] is None
    assert miles.schema["loop"] == pl.Float32
    assert contact.miles(PLAYBOOK) is miles


WRITTEN = st.one_of(
    st.text(max_size=20), st.from_regex(r"[0-9]{2,11}", fullmatch=True), st.sampled_from(["IL", "TX", "Ohio"])
)
GARBAGE = (
    "\x00",
    "😀" * 50,
    "\u202e1320",
    "=CMD()",
    "x" * 100_000,
    "1e999",
    "NaN",
    "-",
    "9" * 40,
    "\ud7ff",
    "' OR 1=1 --",
    "(((((",
)


def test_no_garbage_in_any_field_makes_it_fail() -> None:
    rows = [dict.fromkeys(NEEDS, text) for text in GARBAGE]
    many = contact.check(leads(*rows * FEW), PLAYBOOK)
    assert many.height == len(rows) * FEW
    alone = pl.concat([contact.check(leads(row), PLAYBOOK) for row in rows])
    assert many.head(len(rows)).equals(alone)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NEEDS), WRITTEN), min_size=FEW + 1, max_size=FEW + 8))
def test_a_lead_gets_the_same_answer_alone_and_in_a_list(rows: list[dict[str, Any]]) -> None:
    together = contact.check(leads(*rows), PLAYBOOK)
    alone = pl.concat([contact.check(leads(row), PLAYBOOK) for row in rows])
    assert together.equals(alone)
