"""Cases of place: clock changes, Arizona, Hawaii, several zones, facts that disagree, no place (RULES 1.2-1.4)."""

from datetime import UTC, datetime, timedelta

from telling import (
    ADAK,
    ANC,
    CT,
    ET,
    HI,
    HOURS,
    MT,
    PHX,
    PR,
    PT,
    STATE,
    STATE_ONLY,
    clock,
    number,
    tell,
    window,
)

CHANGES = [  # the day before, the day of the change, 8:00 on each in UTC hours for New York; others shift
    ("2026-03-07", "2026-03-08"), ("2026-10-31", "2026-11-01"), ("2027-03-13", "2027-03-14"),
    ("2027-11-06", "2027-11-07"),
]  # fmt: skip


def clock_changes() -> None:
    places = [(ET, "212", "10001"), (CT, "312", "60601"), (MT, "303", "80202"), (PT, "503", "97201")]
    for before, day in CHANGES:
        for zone, area, zip_code in places:
            facts = {"zip": zip_code, "phone": number(area)}
            opens = clock(zone, f"{day} 08:00")
            same = clock(zone, f"{before} 08:00").astimezone(UTC) + timedelta(days=1)
            tell("clock changes", f"{zone}: Saturday night before {day}", "not_before", clock(zone, f"{before} 21:30"),
                 opens=opens, rule=HOURS, **facts)  # fmt: skip
            spring = same > opens
            inside = opens if spring else same
            tell(
                "clock changes",
                f"{zone}: between the old and the new 8:00 on {day}",
                "yes" if spring else "not_before",
                inside.astimezone(UTC),
                opens=None if spring else opens,
                rule=None if spring else HOURS,
                **facts,
            )
            tell("clock changes", f"{zone}: a second before 8:00 on {day}", "not_before",
                 (opens.astimezone(UTC) - timedelta(seconds=1)), opens=opens, rule=HOURS, **facts)  # fmt: skip
    east = {"zip": "10001", "phone": number("212")}
    for wall, answer in (("2026-03-08T11:30", "not_before"), ("2026-03-08T12:00", "yes"),
                         ("2026-03-07T12:30", "not_before"), ("2026-03-07T13:00", "yes")):  # fmt: skip
        moment = datetime.fromisoformat(wall).replace(tzinfo=UTC)
        opens = clock(ET, f"{wall[:10]} 08:00") if answer == "not_before" else None
        tell("clock changes", f"RULES 1.2 as written: New York at {wall}Z", answer, moment, opens=opens, **east)
    hole = clock(ET, "2026-03-08 03:10")
    tell("clock changes", "just after the hour that does not exist", "not_before", hole,
         opens=clock(ET, "2026-03-08 08:00"), rule=HOURS, **east)  # fmt: skip
    twice = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    for count, moment in enumerate((twice, twice + timedelta(hours=1)), 1):
        tell("clock changes", f"half past one in the night of two, time {count}", "not_before", moment,
             opens=clock(ET, "2026-11-01 08:00"), rule=HOURS, **east)  # fmt: skip
    miami = {"zip": "33101", "phone": number("305")}
    tell("clock changes", "FL, 20:00 the night before the spring change", "not_before", clock(ET, "2026-03-07 20:00"),
         opens=clock(ET, "2026-03-08 08:00"), rule=STATE, **miami)  # fmt: skip


def arizona_hawaii() -> None:
    phoenix = {"zip": "85004", "phone": number("602")}
    for season, day in (("winter", "2027-01-13"), ("summer", "2026-07-14"), ("the day others change", "2026-03-08")):
        window("arizona", f"Phoenix in {season}", (PHX, "08:00"), (PHX, "21:00"), day, HOURS, **phoenix)
    for zip_code, town in (("86515", "Window Rock"), ("86503", "Chinle")):
        facts = {"zip": zip_code, "channel": "text"}
        tell("arizona", f"{town}, Navajo Nation, half past nine at night in July", "not_before",
             clock(MT, "2026-07-14 21:30"), rule=HOURS, **facts)  # fmt: skip
        tell("arizona", f"{town}, half past seven in the morning in July", "not_before",
             clock(MT, "2026-07-14 07:30"), rule=HOURS, **facts)  # fmt: skip
        tell("arizona", f"{town}, half past nine in the morning in July", "yes", clock(MT, "2026-07-14 09:30"), **facts)
        tell("arizona", f"{town} in winter as it opens", "yes", clock(MT, "2027-01-13 08:00"), **facts)
    north = {"phone": number("928")}
    window(
        "arizona", "area code 928 in summer, Navajo or not", (PHX, "08:00"), (MT, "21:00"), "2026-07-15", HOURS, **north
    )
    window("arizona", "area code 928 in winter", (PHX, "08:00"), (MT, "21:00"), "2027-01-13", HOURS, **north)
    for season, day in (("winter", "2027-01-14"), ("summer", "2026-07-16")):
        window(
            "arizona", f"Hilo in {season}", (HI, "08:00"), (HI, "21:00"), day, HOURS, zip="96720", phone=number("808")
        )
    window("arizona", "San Juan", (PR, "08:00"), (PR, "21:00"), "2026-07-16", HOURS, zip="00901", phone=number("787"))
    window("arizona", "Anchorage by ZIP", (ANC, "08:00"), (ANC, "21:00"), "2026-07-16", HOURS, zip="99501")
    window("arizona", "area code 907 in winter, Adak too", (ADAK, "08:00"), (ANC, "21:00"), "2027-01-14", HOURS,
           phone=number("907"))  # fmt: skip


SPANNING = [  # area code, where it opens last, where it closes first (RULES 1.4 with the state's hours of 1.5)
    ("208", (PT, "08:00"), (MT, "21:00")), ("986", (PT, "08:00"), (MT, "21:00")),
    ("541", (PT, "08:00"), (MT, "21:00")), ("458", (PT, "08:00"), (MT, "21:00")),
    ("219", (CT, "08:00"), (ET, "21:00")), ("574", (CT, "08:00"), (ET, "21:00")),
    ("812", (CT, "08:00"), (ET, "21:00")), ("930", (CT, "08:00"), (ET, "21:00")),
    ("423", (CT, "08:00"), (ET, "21:00")), ("308", (MT, "08:00"), (CT, "21:00")),
    ("605", (MT, "08:00"), (CT, "21:00")), ("620", (MT, "08:00"), (CT, "21:00")),
    ("785", (MT, "08:00"), (CT, "21:00")), ("701", (MT, "08:00"), (CT, "21:00")),
    ("270", (CT, "10:00"), (ET, "21:00")), ("364", (CT, "10:00"), (ET, "21:00")),
    ("606", (CT, "10:00"), (ET, "21:00")), ("850", (CT, "08:00"), (ET, "20:00")),
    ("448", (CT, "08:00"), (ET, "20:00")), ("775", (PT, "09:00"), (MT, "20:00")),
    ("906", (CT, "09:00"), (ET, "21:00")),
]  # fmt: skip
STATES_OF_TWO = [
    ("FL", (CT, "08:00"), (ET, "20:00")), ("TX", (MT, "09:00"), (CT, "21:00")), ("KY", (CT, "10:00"), (ET, "21:00")),
    ("TN", (CT, "08:00"), (ET, "21:00")), ("IN", (CT, "08:00"), (ET, "21:00")), ("ID", (PT, "08:00"), (MT, "21:00")),
    ("ND", (MT, "08:00"), (CT, "21:00")), ("SD", (MT, "08:00"), (CT, "21:00")),
]  # fmt: skip


def several_zones() -> None:
    days = ["2026-11-18", "2027-05-05", "2027-01-13"]
    for turn, (area, first, last) in enumerate(SPANNING):
        facts = {"phone": number(area), "channel": "text" if turn % 4 == 3 else "call"}
        window("several zones", f"area code {area}", first, last, days[turn % 3], STATE, **facts)
    for turn, (state, first, last) in enumerate(STATES_OF_TWO):
        window("several zones", f"only that they live in {state}", first, last, days[turn % 3], STATE, state=state)
    named = {"phone": "+18505550123"}
    tell("several zones", "RULES 1.4 as written: 850 at 8:30 Eastern", "not_before", clock(ET, "2026-11-18 08:30"),
         opens=clock(ET, "2026-11-18 09:00"), rule=STATE, **named)  # fmt: skip
    tell("several zones", "RULES 1.4 as written: 850 at 9:00 Eastern", "yes", clock(ET, "2026-11-18 09:00"), **named)
    tell("several zones", "RULES 1.4 as written: 850 at 20:59 Central", "not_before", clock(CT, "2026-11-18 20:59"),
         opens=clock(CT, "2026-11-19 08:00"), rule=STATE, **named)  # fmt: skip


DISAGREE = [  # number's area code, ZIP, where it opens last, where it closes first
    ("212", "90210", (PT, "08:00"), (ET, "21:00")), ("312", "97201", (PT, "08:00"), (CT, "21:00")),
    ("404", "80202", (MT, "08:00"), (ET, "21:00")), ("503", "30303", (PT, "08:00"), (ET, "21:00")),
    ("305", "90012", (PT, "08:00"), (ET, "20:00")), ("808", "10001", (HI, "08:00"), (ET, "21:00")),
    ("602", "60601", (PHX, "08:00"), (CT, "21:00")), ("206", "33101", (PT, "08:00"), (ET, "20:00")),
    ("617", "60601", (CT, "08:00"), (ET, "20:00")), ("505", "10001", (MT, "09:00"), (ET, "21:00")),
    ("401", "02108", (ET, "09:00"), (ET, "18:00")), ("215", "08002", (ET, "09:00"), (ET, "19:00")),
    ("415", "27601", (PT, "08:00"), (ET, "21:00")), ("410", "80202", (MT, "08:00"), (ET, "20:00")),
    ("303", "94103", (PT, "08:00"), (MT, "21:00")), ("919", "63101", (CT, "08:00"), (ET, "21:00")),
]  # fmt: skip


def disagreement() -> None:
    for turn, (area, zip_code, first, last) in enumerate(DISAGREE):
        facts = {"zip": zip_code, "phone": number(area), "channel": "text" if turn % 2 else "call"}
        day = ["2026-11-18", "2027-05-05", "2026-12-08"][turn % 3]
        window("disagreement", f"a {area} number and the ZIP {zip_code}", first, last, day, STATE, **facts)
    window("disagreement", "the postal state FL and a New York ZIP", (CT, "08:00"), (ET, "20:00"), "2026-11-18", STATE,
           zip="10001", address_state="FL")  # fmt: skip
    for wall, zone in (("2026-11-22 12:00", ET), ("2026-11-21 21:30", ET)):
        tell("disagreement", f"an AL number with a GA ZIP, {wall}: Sunday is barred", "not_before", clock(zone, wall),
             opens=clock(CT, "2026-11-23 08:00"), rule=STATE_ONLY if "12:00" in wall else STATE,
             zip="30303", phone=number("205"))  # fmt: skip
    tell("disagreement", "a PA number with a DE ZIP on Sunday", "not_before", clock(ET, "2026-12-06 12:00"),
         opens=clock(ET, "2026-12-07 09:00"), rule=STATE_ONLY, zip="19801", phone=number("215"))  # fmt: skip
    tell("disagreement", "said CA, number 212, half past seven in California", "not_before",
         clock(PT, "2026-11-18 07:30"), opens=clock(PT, "2026-11-18 08:00"), rule=STATE, state="CA",
         phone=number("212"))  # fmt: skip
    tell("disagreement", "said NY, number 310, half past nine at night in New York", "not_before",
         clock(ET, "2026-11-18 21:30"), rule=STATE, state="NY", phone=number("310"))  # fmt: skip
    for area, zone, wall, answer in (("312", PT, "2026-11-18 20:30", "yes"), ("404", PT, "2026-11-18 20:59:59", "yes"),
                                     ("404", HI, "2026-11-18 19:00", "yes"), ("503", ET, "2026-11-18 08:30", "yes"),
                                     ("312", PT, "2026-11-18 21:00", "not_before"),
                                     ("503", ET, "2026-11-18 21:00", "not_before"),
                                     ("404", PT, "2026-11-18 07:59:59", "not_before"),
                                     ("312", HI, "2026-11-18 07:00", "not_before")):  # fmt: skip
        tell("disagreement", f"says the clock is {zone}, number {area}, {wall} there", answer, clock(zone, wall),
             rule=STATE if answer != "yes" else None, stated_zone=zone, phone=number(area))  # fmt: skip


def no_place() -> None:
    for season, day, opens in (("winter", "2026-11-18", "13:00"), ("summer", "2026-07-14", "14:00")):
        for how, facts in (("a toll-free number", {"phone": "+18005550142", "line_type": "toll-free"}),
                           ("no number, no place", {}), ("an 888 number", {"phone": "+18885550142"}),
                           ("a personal 500 number", {"phone": "+15005550142"})):  # fmt: skip
            start = clock(ET, f"{day} {opens}")
            tell("no place", f"{how}, a second before all zones are open in {season}", "not_before",
                 start - timedelta(seconds=1), opens=start, rule=HOURS, **facts)  # fmt: skip
            tell("no place", f"{how}, as Hawaii opens in {season}", "yes", start, **facts)
            closed = clock(ET, f"{day} 21:00")
            tell("no place", f"{how}, as New York closes in {season}", "not_before", closed,
                 opens=clock(HI, f"{closed + timedelta(days=1):%Y-%m-%d} 08:00"), rule=STATE, **facts)  # fmt: skip
            tell("no place", f"{how}, nine in the morning in New York in {season}", "not_before",
                 clock(ET, f"{day} 09:00"), opens=start, rule=HOURS, **facts)  # fmt: skip
    tell("no place", "Friday night with no place waits for Saturday's opening in Hawaii", "not_before",
         clock(ET, "2026-11-20 22:00"), opens=clock(HI, "2026-11-21 08:00"), rule=STATE)  # fmt: skip


def tell_all() -> None:
    for family in (clock_changes, arizona_hawaii, several_zones, disagreement, no_place):
        family()
