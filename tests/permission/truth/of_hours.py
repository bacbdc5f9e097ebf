"""Cases of the clock: federal and state hours, Sundays, holidays, caps, automated calls (RULES 1.1, 1.5, 1.6)."""

from datetime import timedelta

from telling import (
    CT,
    ET,
    FAMILIES,
    HI,
    HOURS,
    MT,
    PHX,
    PT,
    STATE,
    STATE_ONLY,
    Facts,
    clock,
    consent,
    number,
    tell,
    window,
    zulu,
)

PLAIN = [  # places of states that RULES names no hours for (or names the federal ones): ZIP, area code, zone, whose
    ("10001", "212", ET, "New York"), ("30303", "404", ET, "Atlanta"), ("27601", "919", ET, "Raleigh"),
    ("07102", "973", ET, "Newark"), ("43215", "614", ET, "Columbus"), ("23219", "804", ET, "Richmond"),
    ("19801", "302", ET, "Wilmington"), ("29401", "843", ET, "Charleston"), ("03301", "603", ET, "Concord"),
    ("20001", "202", ET, "Washington DC"), ("60601", "312", CT, "Chicago"), ("53202", "414", CT, "Milwaukee"),
    ("63101", "314", CT, "St. Louis"), ("50309", "515", CT, "Des Moines"), ("37203", "615", CT, "Nashville"),
    ("72201", "501", CT, "Little Rock"), ("68102", "402", CT, "Omaha"), ("80202", "303", MT, "Denver"),
    ("59101", "406", MT, "Billings"), ("84101", "801", MT, "Salt Lake City"), ("94103", "415", PT, "San Francisco"),
    ("90012", "213", PT, "Los Angeles"), ("97201", "503", PT, "Portland"), ("85004", "602", PHX, "Phoenix"),
    ("96813", "808", HI, "Honolulu"),
]  # fmt: skip
WEEKDAYS = ["2026-03-04", "2026-07-14", "2026-11-18", "2027-01-13", "2027-05-05", "2026-08-12", "2026-12-08"]


def federal() -> None:
    for turn, (zip_code, area, zone, whose) in enumerate(PLAIN):
        facts: Facts = {"channel": "text" if turn % 3 == 2 else "call"}
        if turn % 4 != 1:
            facts["zip"] = zip_code
        if turn % 4 != 2 or facts["channel"] == "text":
            facts["phone"] = number(area)
        day = WEEKDAYS[turn % len(WEEKDAYS)]
        window("federal", f"{whose}, {facts['channel']}", (zone, "08:00"), (zone, "21:00"), day, HOURS, **facts)
    for zone, area, whose in ((ET, "404", "Atlanta"), (PT, "503", "Portland"), (HI, "808", "Honolulu")):
        facts = {"phone": number(area)}
        for wall in ("2026-11-22 12:00", "2026-12-25 12:00", "2026-11-21 20:59:59"):
            tell("federal", f"{whose} has no day off in the law: {wall}", "yes", clock(zone, wall), **facts)
        night = clock(zone, "2026-11-21 23:30")
        tell("federal", f"{whose} on a Saturday night waits for Sunday 8:00", "not_before", night,
             opens=clock(zone, "2026-11-22 08:00"), rule=HOURS, **facts)  # fmt: skip
        small = clock(zone, "2027-01-01 00:10")
        tell("federal", f"{whose} ten minutes into the new year", "not_before", small,
             opens=clock(zone, "2027-01-01 08:00"), rule=HOURS, **facts)  # fmt: skip
    queued = clock(ET, "2026-11-18 21:01")
    tell("federal", "queued at 20:58, the worker runs at 21:01", "not_before", queued,
         opens=clock(ET, "2026-11-19 08:00"), rule=HOURS, zip="10001", phone=number("212"))  # fmt: skip


HOURS_OF = [  # state, ZIP, area code of one zone, zone, opens, closes (Monday to Friday)
    ("FL", "33101", "305", ET, "08:00", "20:00"), ("OK", "73102", "405", CT, "08:00", "20:00"),
    ("MD", "21201", "410", ET, "08:00", "20:00"), ("WA", "98101", "206", PT, "08:00", "20:00"),
    ("MA", "02108", "617", ET, "08:00", "20:00"), ("WY", "82001", "307", MT, "08:00", "20:00"),
    ("AL", "35203", "205", CT, "08:00", "20:00"), ("LA", "70112", "504", CT, "08:00", "20:00"),
    ("MS", "39201", "601", CT, "08:00", "20:00"), ("CT", "06103", "860", ET, "09:00", "20:00"),
    ("NV", "89101", "702", PT, "09:00", "20:00"), ("MI", "48226", "313", ET, "09:00", "21:00"),
    ("MN", "55401", "612", CT, "09:00", "21:00"), ("NM", "87102", "505", MT, "09:00", "21:00"),
    ("KY", "40202", "502", ET, "10:00", "21:00"), ("RI", "02903", "401", ET, "09:00", "18:00"),
    ("TX", "75201", "214", CT, "09:00", "21:00"), ("PA", "19103", "215", ET, "09:00", "19:00"),
]  # fmt: skip
ONE_ZONE = {"MD", "WA", "MA", "WY", "LA", "MS", "CT", "MN", "NM", "RI", "PA"}


def state_hours() -> None:
    days = ["2026-11-18", "2027-01-13", "2027-05-05", "2026-12-08"]
    for turn, (state, zip_code, area, zone, first, last) in enumerate(HOURS_OF):
        ways: list[tuple[str, Facts]] = [
            ("ZIP and number", {"zip": zip_code, "phone": number(area)}),
            ("number alone", {"phone": number(area), "channel": "text" if turn % 2 else "call"}),
        ]
        if state in ONE_ZONE:
            ways.append(("what they said", {"state": state}))
        for step, (way, facts) in enumerate(ways):
            day = days[(turn + step) % len(days)]
            window("state hours", f"{state} by {way}", (zone, first), (zone, last), day, STATE, **facts)


OUTSIDE = {
    "20:30": "FL OK MD WA MA WY AL LA MS CT NV",
    "08:30": "MI MN NM TX",
    "09:30": "KY",
    "18:30": "RI",
    "19:30": "PA",
}


def service() -> None:
    """RULES 1.5 is of solicitation: what they asked for may be answered at hours its states close to sellers."""
    for wall, states in OUTSIDE.items():
        for state in states.split():
            zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
            channel, purpose = ("text", "appointment") if state < "MM" else ("call", "care-request")
            tell("service", f"service in {state} at {wall}: {channel} for {purpose}", "yes",
                 clock(zone, f"2026-11-18 {wall}"), channel=channel, purpose=purpose,
                 consents=[consent(channel, purpose, "express")], zip=zip_code, phone=number(area))  # fmt: skip
    for state in ("AL", "LA", "MS", "PA"):
        zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
        for purpose in ("care-request", "appointment"):
            tell("service", f"service in {state} on a Sunday noon: text for {purpose}", "yes",
                 clock(zone, "2026-12-06 12:00"), channel="text", purpose=purpose,
                 consents=[consent("text", purpose, "express")], zip=zip_code, phone=number(area))  # fmt: skip


def sundays() -> None:
    for state, opens in (("AL", "08:00"), ("LA", "08:00"), ("MS", "08:00"), ("PA", "09:00")):
        zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
        facts = {"zip": zip_code, "phone": number(area)}
        monday = clock(zone, f"2026-12-07 {opens}")
        for wall in ("2026-12-06 12:00", "2026-12-06 08:00", "2026-12-05 20:30"):
            tell("sundays", f"{state} keeps the Sunday: {wall} waits for Monday", "not_before", clock(zone, wall),
                 opens=monday, rule=STATE_ONLY, **facts)  # fmt: skip
        tell("sundays", f"{state} on Saturday noon", "yes", clock(zone, "2026-12-05 12:00"), **facts)
        tell("sundays", f"{state} on Monday as it opens", "yes", monday, **facts)
        tell("sundays", f"{state} by e-mail on a Sunday", "yes", clock(zone, "2026-12-06 12:00"),
             channel="email", **facts)  # fmt: skip
    texas = {"zip": "75201", "phone": number("214")}
    window("sundays", "TX on a Sunday", (CT, "12:00"), (CT, "21:00"), "2026-11-22", STATE, **texas)
    FAMILIES["sundays"][-1]["expect"]["not_before"] = zulu(clock(CT, "2026-11-23 09:00"))
    tell("sundays", "TX on Saturday night waits for Sunday noon", "not_before", clock(CT, "2026-11-21 21:00"),
         opens=clock(CT, "2026-11-22 12:00"), rule=STATE, **texas)  # fmt: skip
    tell("sundays", "TX on Saturday at 8:59:59", "not_before", clock(CT, "2026-11-21 08:59:59"),
         opens=clock(CT, "2026-11-21 09:00"), rule=STATE_ONLY, **texas)  # fmt: skip
    tell("sundays", "TX on Saturday at 9:00", "yes", clock(CT, "2026-11-21 09:00"), **texas)
    for state in ("FL", "OK", "MD", "WA", "MA", "WY", "CT", "NV", "MI", "MN", "NM", "KY"):
        zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
        tell("sundays", f"{state} has no rule for Sundays: noon", "yes", clock(zone, "2026-11-22 12:00"),
             zip=zip_code, phone=number(area))  # fmt: skip


HOLIDAYS = [  # state, the day, the wall clock of the next opening where every calendar agrees
    ("AL", "2026-12-25", "2026-12-26 08:00"), ("AL", "2027-01-01", "2027-01-02 08:00"),
    ("AL", "2026-09-07", "2026-09-08 08:00"), ("AL", "2026-05-25", "2026-05-26 08:00"),
    ("AL", "2026-04-27", "2026-04-28 08:00"), ("AL", "2026-11-26", None), ("AL", "2027-01-18", "2027-01-19 08:00"),
    ("LA", "2026-12-25", None), ("LA", "2027-01-01", "2027-01-02 08:00"),
    ("LA", "2026-09-07", "2026-09-08 08:00"), ("LA", "2027-02-09", "2027-02-10 08:00"),
    ("LA", "2026-04-03", "2026-04-04 08:00"), ("LA", "2026-11-26", None), ("LA", "2027-01-18", "2027-01-19 08:00"),
    ("PA", "2026-12-25", "2026-12-26 09:00"), ("PA", "2027-01-01", "2027-01-02 09:00"),
    ("PA", "2027-01-18", "2027-01-19 09:00"), ("PA", "2027-05-31", "2027-06-01 09:00"),
    ("PA", "2026-11-26", None), ("PA", "2027-09-06", "2027-09-07 09:00"),
]  # fmt: skip


def holidays() -> None:
    for state, day, opening in HOLIDAYS:
        zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
        facts = {"zip": zip_code, "phone": number(area)}
        opens = clock(zone, opening) if opening else None
        tell("holidays", f"{state} at noon on the holiday {day}", "not_before", clock(zone, f"{day} 12:00"),
             opens=opens, rule=STATE_ONLY, **facts)  # fmt: skip
        if opens:
            tell("holidays", f"{state} as it opens after {day}", "yes", opens, **facts)
            eve = clock(zone, f"{day} 00:30") - timedelta(hours=2)
            tell("holidays", f"{state} late on the eve of {day}", "not_before", eve,
                 opens=opens, rule=STATE, **facts)  # fmt: skip
    for state, day in (("FL", "2026-12-25"), ("TX", "2026-11-26"), ("OK", "2027-01-01"), ("MD", "2026-12-25")):
        zip_code, area, zone = next(row[1:4] for row in HOURS_OF if row[0] == state)
        tell("holidays", f"{state} names no holidays: noon of {day}", "yes", clock(zone, f"{day} 12:00"),
             zip=zip_code, phone=number(area))  # fmt: skip
    tell("holidays", "a PA number, a ZIP in DE: Christmas counts", "not_before", clock(ET, "2026-12-25 12:00"),
         opens=clock(ET, "2026-12-26 09:00"), rule=STATE_ONLY, zip="19801", phone=number("215"))  # fmt: skip
    tell("holidays", "an AL number, a ZIP in GA: New Year counts", "not_before", clock(ET, "2027-01-01 12:00"),
         opens=clock(CT, "2027-01-02 08:00"), rule=STATE_ONLY, zip="30303", phone=number("205"))  # fmt: skip


def caps() -> None:
    for state, zip_code, area, zone in (("FL", "33101", "305", ET), ("OK", "73102", "405", CT),
                                        ("MD", "21201", "410", ET)):  # fmt: skip
        facts = {"zip": zip_code, "phone": number(area)}
        first = clock(zone, "2026-11-17 10:00")
        calls = [first + timedelta(hours=hours) for hours in (0, 3, 6)]
        contacts = [{"channel": "call", "at": zulu(call)} for call in calls]
        cap = ["1.6"]
        for wall, answer in (("2026-11-17 17:00", "not_before"), ("2026-11-18 09:59", "not_before"),
                             ("2026-11-18 09:59:59", "not_before"), ("2026-11-18 10:00:01", "yes")):  # fmt: skip
            tell("caps", f"{state}: three calls since 10:00 yesterday, the fourth at {wall[5:]}", answer,
                 clock(zone, wall), rule=cap if answer != "yes" else None, contacts=contacts, **facts)  # fmt: skip
        tell("caps", f"{state}: two calls leave room for the third", "yes", clock(zone, "2026-11-17 17:00"),
             contacts=contacts[:2], **facts)  # fmt: skip
        letters = [{"channel": "email", "at": contact["at"]} for contact in contacts]
        tell("caps", f"{state}: three e-mails are no calls", "yes", clock(zone, "2026-11-17 17:00"), contacts=letters,
             **facts)  # fmt: skip
        tell("caps", f"{state}: three calls do not bar an e-mail", "yes", clock(zone, "2026-11-17 17:00"),
             channel="email", contacts=contacts, **facts)  # fmt: skip
        late = [{"channel": "call", "at": zulu(clock(zone, f"2026-11-17 20:{minute}"))} for minute in (30, 40, 50)]
        tell("caps", f"{state}: the cap ends after hours, so it is the day after", "not_before",
             clock(zone, "2026-11-18 12:00"), opens=clock(zone, "2026-11-19 08:00"), rule=cap, contacts=late,
             **facts)  # fmt: skip
        tell("caps", f"{state}: three calls of the day before yesterday are forgotten", "yes",
             clock(zone, "2026-11-19 12:00"), contacts=contacts, **facts)  # fmt: skip
        if zone == ET:
            tell(
                "caps",
                f"{state} by number only, the ZIP in Georgia: the cap holds",
                "not_before",
                clock(zone, "2026-11-17 17:00"),
                rule=cap,
                contacts=contacts,
                zip="30303",
                phone=facts["phone"],
            )
    spring = [{"channel": "call", "at": zulu(clock(ET, f"2026-03-07 {wall}"))} for wall in ("12:00", "14:00", "16:00")]
    autumn = [{"channel": "call", "at": zulu(clock(ET, f"2026-10-31 {wall}"))} for wall in ("12:00", "14:00", "16:00")]
    for wall, answer, contacts in (("2026-03-08 12:30", "not_before", spring), ("2026-03-08 13:00:01", "yes", spring),
                                   ("2026-11-01 10:59:59", "not_before", autumn),
                                   ("2026-11-01 11:30", "yes", autumn)):  # fmt: skip
        tell(
            "caps",
            f"FL: 24 hours are hours, not the clock's day: {wall}",
            answer,
            clock(ET, wall),
            rule=["1.6"] if answer != "yes" else None,
            contacts=contacts,
            zip="33101",
            phone=number("305"),
        )
    many = [{"channel": "call", "at": zulu(clock(ET, f"2026-11-18 {hour:02}:15"))} for hour in range(8, 14)]
    for zip_code, area in (("10001", "212"), ("30303", "404"), ("19801", "302")):
        tell("caps", f"{zip_code}: six calls today, no cap in this state's law", "yes", clock(ET, "2026-11-18 15:00"),
             contacts=many, zip=zip_code, phone=number(area))  # fmt: skip


def automated() -> None:
    maine: Facts = {"zip": "04101", "phone": number("207"), "automated": True}
    dakota: Facts = {"zip": "57104", "automated": True}
    for wall, opening in (("2026-11-18 08:59:59", "2026-11-18 09:00"), ("2026-11-18 17:00", "2026-11-19 09:00"),
                          ("2026-11-20 17:00", "2026-11-23 09:00"), ("2026-11-21 12:00", "2026-11-23 09:00"),
                          ("2026-11-22 12:00", "2026-11-23 09:00")):  # fmt: skip
        tell("automated", f"ME, automated, {wall}", "not_before", clock(ET, wall), opens=clock(ET, opening),
             rule=STATE if "21:00" in wall else STATE_ONLY, **maine)  # fmt: skip
    for wall in ("2026-11-18 09:00", "2026-11-18 16:59:59", "2026-11-20 12:00"):
        tell("automated", f"ME, automated, inside at {wall}", "yes", clock(ET, wall), **maine)
    for wall in ("2026-11-18 08:00", "2026-11-18 20:59:59", "2026-11-21 12:00"):
        tell("automated", f"ME, a person dials at {wall}", "yes", clock(ET, wall), **{**maine, "automated": False})
    for wall, opening in (("2026-11-18 08:59:59", "2026-11-18 09:00"), ("2026-11-18 21:00", "2026-11-19 09:00"),
                          ("2026-11-20 21:00", "2026-11-23 09:00"), ("2026-11-21 12:00", "2026-11-23 09:00"),
                          ("2026-11-22 12:00", "2026-11-23 09:00")):  # fmt: skip
        tell("automated", f"SD, automated, {wall}", "not_before", clock(CT, wall), opens=clock(CT, opening),
             rule=STATE if "21:00" in wall else STATE_ONLY, **dakota)  # fmt: skip
    for wall in ("2026-11-18 09:00", "2026-11-18 20:59:59"):
        tell("automated", f"SD, automated, inside at {wall}", "yes", clock(CT, wall), **dakota)
    for wall in ("2026-11-18 08:00", "2026-11-21 12:00", "2026-11-22 12:00"):
        tell("automated", f"SD, a person dials at {wall}", "yes", clock(CT, wall), **{**dakota, "automated": False})
    for gap, hours in (("an hour", 1), ("seven hours", 7)):
        moment = clock(ET, "2026-11-18 16:30")
        contacts = [{"channel": "call", "at": zulu(moment - timedelta(hours=hours))}]
        tell("automated", f"ME: the automated call of {gap} ago, so tomorrow", "not_before", moment,
             opens=clock(ET, "2026-11-19 09:00"), rule=["1.6", "1.5"], contacts=contacts, **maine)  # fmt: skip
    yesterday = [{"channel": "call", "at": zulu(clock(ET, "2026-11-17 16:30"))}]
    tell("automated", "ME: the automated call of yesterday is forgotten", "yes", clock(ET, "2026-11-18 09:00"),
         contacts=yesterday, **maine)  # fmt: skip
    tell("automated", "ME: eight hours and a second later", "yes", clock(ET, "2026-11-18 16:30:01"),
         contacts=[{"channel": "call", "at": zulu(clock(ET, "2026-11-18 08:30"))}], **maine)  # fmt: skip


def tell_all() -> None:
    for family in (federal, state_hours, service, sundays, holidays, caps, automated):
        family()
