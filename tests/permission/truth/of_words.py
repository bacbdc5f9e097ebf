"""Cases of what was said: stops, consents, kinds of line, do-not-call, e-mail, missing facts (RULES 1.7-1.19, 2)."""

from datetime import UTC, datetime, timedelta

from of_hours import HOURS_OF, PLAIN
from telling import CT, ET, HI, HOURS, NO_CONSENT, PT, STOPPED, Facts, clock, consent, number, tell, zulu

NOON = clock(CT, "2026-11-18 12:00")
HOME: Facts = {"zip": "60601", "phone": number("312"), "line_type": "mobile"}
SERVICE = ("care-request", "appointment")


def stop(channel: str, at: str = "2026-11-02T16:00:00Z", **more: str) -> Facts:
    return {"channel": channel, "at": at, **more}


def stops() -> None:
    late = clock(CT, "2026-11-18 22:30")
    for channel in ("call", "text", "email"):
        rule = STOPPED if channel != "email" else ["1.11", "1.12", "1.14", "2.1", "2.2", "2.3"]
        for purpose in (*SERVICE, "marketing"):
            granted = [consent(channel, purpose, "written")]
            for scope in ("all", channel):
                tell("stops", f"{channel} for {purpose} after a stop to {scope}", "never", NOON, rule=rule,
                     channel=channel, purpose=purpose, consents=granted, stops=[stop(scope)], **HOME)  # fmt: skip
            tell("stops", f"{channel} for {purpose}, stopped and at night: never, not later", "never", late,
                 channel=channel, purpose=purpose, consents=granted, stops=[stop("all")], **HOME)  # fmt: skip
            other = "email" if channel != "email" else "text"
            tell("stops", f"{channel} for {purpose} after a stop to {other} only", "yes", NOON, channel=channel,
                 purpose=purpose, consents=granted, stops=[stop(other)], **HOME)  # fmt: skip
        marketing = [stop("all", purpose="marketing")]
        both = [consent(channel, "appointment", "express"), consent(channel, "marketing", "written")]
        tell("stops", f"{channel}: marketing stopped, the appointment may be spoken of", "yes", NOON, channel=channel,
             purpose="appointment", consents=both, stops=marketing, **HOME)  # fmt: skip
        tell("stops", f"{channel}: marketing stopped is marketing stopped", "never", NOON, rule=rule, channel=channel,
             consents=both, stops=marketing, **HOME)  # fmt: skip
        named = [stop(channel, purpose="marketing")]
        tell("stops", f"{channel}: a stop to marketing by {channel} leaves the appointment", "yes", NOON,
             channel=channel, purpose="appointment", consents=both, stops=named, **HOME)  # fmt: skip
        tell("stops", f"{channel}: a stop to marketing by {channel}", "never", NOON, rule=rule, channel=channel,
             consents=both, stops=named, **HOME)  # fmt: skip
        for gap in (0, 1, 60):
            when = zulu(NOON - timedelta(seconds=gap))
            tell("stops", f"{channel}: {gap} seconds after the stop, the send was queued", "never", NOON, rule=rule,
                 channel=channel, purpose="appointment", consents=[consent(channel, "appointment", "express")],
                 stops=[stop(channel, when)], **HOME)  # fmt: skip
        two = [stop("text", "2026-01-05T16:00:00Z"), stop("call"), stop("email", "2026-03-05T16:00:00Z")]
        tell(
            "stops",
            f"{channel}: three separate stops are a stop to each",
            "never",
            NOON,
            rule=rule,
            channel=channel,
            purpose="care-request",
            consents=[consent(channel, "care-request", "express")],
            stops=two,
            **HOME,
        )
    virginia(late)


def virginia(late: datetime) -> None:
    person = {"zip": "23219", "phone": number("804"), "line_type": "mobile"}
    replied = [stop("text", "2026-01-02T17:00:00Z")]
    for day in ("2026-01-03", "2028-02-29", "2035-12-31", "2036-01-01", "2036-01-03", "2040-06-01"):
        for purpose in ("marketing", "appointment"):
            tell("stops", f"VA: STOP on 2 January 2026, a text for {purpose} on {day}", "never",
                 clock(ET, f"{day} 12:00"), rule=STOPPED, channel="text", purpose=purpose,
                 consents=[consent("text", purpose, "written")], stops=replied, **person)  # fmt: skip
    for years in (1, 2, 5):
        tell("stops", f"WA: no calls {years} years after the stop", "never", clock(PT, f"{2026 + years}-11-10 12:00"),
             rule=STOPPED, consents=[consent("call", "marketing", "written")], stops=[stop("call")],
             zip="98101", phone=number("206"))  # fmt: skip
    again = [consent("text", "appointment", "express", "2026-01-05T15:00:00Z"),
             consent("text", "appointment", "express", "2026-11-10T15:00:00Z")]  # fmt: skip
    tell("stops", "STOP, then START: an appointment text", "yes", NOON, channel="text", purpose="appointment",
         consents=again, stops=[stop("text")], **HOME)  # fmt: skip
    tell(
        "stops",
        "STOP, then START, then STOP again",
        "never",
        NOON,
        rule=STOPPED,
        channel="text",
        purpose="appointment",
        consents=again,
        stops=[stop("text"), stop("text", "2026-11-12T15:00:00Z")],
        **HOME,
    )
    tell("stops", "STOP, then START for appointments: not for marketing", "never", NOON, channel="text",
         consents=[consent("text", "marketing", "written"), *again], stops=[stop("text")], **HOME)  # fmt: skip
    tell("stops", "a consent that comes before the stop revives nothing", "never", late, rule=STOPPED, channel="text",
         purpose="appointment", consents=again[:1], stops=[stop("text")], **HOME)  # fmt: skip


def consents() -> None:
    for channel in ("call", "text", "email"):
        for purpose in (*SERVICE, "marketing", "business"):
            for label, granted in (
                ("nothing", []),
                (
                    "only another channel",
                    [consent(other, purpose, "written") for other in ("call", "text", "email") if other != channel],
                ),
            ):
                tell("consents", f"{channel} for {purpose} with consent to {label}", "never", NOON, channel=channel,
                     purpose=purpose, consents=granted, **HOME)  # fmt: skip
        for purpose in SERVICE:
            for kind in ("express", "written"):
                tell("consents", f"{channel} for {purpose}, {kind} consent", "yes", NOON, channel=channel,
                     purpose=purpose, consents=[consent(channel, purpose, kind)], **HOME)  # fmt: skip
                tell("consents", f"{channel} for {purpose}, {kind} consent, automated", "yes", NOON, channel=channel,
                     purpose=purpose, consents=[consent(channel, purpose, kind)], automated=True, **HOME)  # fmt: skip
            tell("consents", f"{channel} for marketing on a consent to {purpose}", "never", NOON, channel=channel,
                 consents=[consent(channel, purpose, "express")], rule=[*NO_CONSENT, "2.1", "2.2"], **HOME)  # fmt: skip
        tell("consents", f"{channel} for marketing at night without consent: never, not later", "never",
             clock(CT, "2026-11-18 22:30"), channel=channel, consents=[], **HOME)  # fmt: skip
        tell(
            "consents",
            f"{channel} for business, asked for and consented",
            "yes",
            NOON,
            channel=channel,
            purpose="business",
            consents=[consent(channel, "business", "written")],
            **HOME,
            inquired_at="2026-11-10T15:00:00Z",
            dnc={"listed": False, "checked_at": "2026-11-10T15:00:00Z"},
        )


def kinds() -> None:
    for channel in ("call", "text"):
        for label, extra in (("automated", {"automated": True}),
                             ("prerecorded", {"automated": True, "prerecorded": True})):  # fmt: skip
            if channel == "text" and "prerecorded" in extra:
                continue
            for kind, answer in (("express", "never"), ("written", "yes")):
                tell("consents", f"{label} {channel} for marketing, {kind} consent", answer, NOON, channel=channel,
                     consents=[consent(channel, "marketing", kind)], rule=NO_CONSENT if answer == "never" else None,
                     dnc={"listed": False, "checked_at": "2026-11-10T15:00:00Z"}, **extra, **HOME)  # fmt: skip
    for purpose in SERVICE:
        tell("consents", f"prerecorded call for {purpose}, express consent", "yes", NOON, purpose=purpose,
             automated=True, prerecorded=True, consents=[consent("call", purpose, "express")], **HOME)  # fmt: skip
        tell("consents", f"prerecorded call for {purpose}, no consent: the exemption is not for leads", "never", NOON,
             purpose=purpose, automated=True, prerecorded=True, consents=[], rule=NO_CONSENT, **HOME)  # fmt: skip
    typed = [consent("text", "care-request", "express", "2026-11-17T15:00:00Z")]
    tell("consents", "the number typed, the box not ticked: an appointment text", "yes", NOON, channel="text",
         purpose="appointment", consents=typed, **HOME)  # fmt: skip
    tell("consents", "the number typed, the box not ticked: a newsletter text", "never", NOON, channel="text",
         consents=typed, rule=NO_CONSENT, automated=True, **HOME)  # fmt: skip
    tell("consents", "hours bind written consent too", "not_before", clock(CT, "2026-11-18 21:00"),
         opens=clock(CT, "2026-11-19 08:00"), rule=HOURS, **HOME)  # fmt: skip
    several = [consent("email", "marketing", "express"), consent("text", "marketing", "written"),
               consent("call", "care-request", "express")]  # fmt: skip
    for channel, purpose, answer in (("email", "marketing", "yes"), ("text", "marketing", "yes"),
                                     ("call", "care-request", "yes"), ("call", "marketing", "never"),
                                     ("text", "care-request", None), ("email", "care-request", None)):  # fmt: skip
        if answer:
            tell("consents", f"three consents side by side: {channel} for {purpose}", answer, NOON, channel=channel,
                 purpose=purpose, consents=several, **HOME)  # fmt: skip


def line_types() -> None:
    for purpose in (*SERVICE, "marketing"):
        granted = [consent("text", purpose, "written"), consent("call", purpose, "written")]
        for line, text, call in (("mobile", "yes", "yes"), ("landline", "never", "yes"), ("voip", "yes", "yes")):
            facts = {**HOME, "line_type": line}
            tell("line types", f"a text to a {line} for {purpose}", text, NOON, channel="text", purpose=purpose,
                 consents=granted, rule="1.18" if text == "never" else None, **facts)  # fmt: skip
            tell(
                "line types",
                f"a call to a {line} for {purpose}",
                call,
                NOON,
                purpose=purpose,
                consents=granted,
                **facts,
            )
        tell("line types", f"the line's type unknown, a text for {purpose}", "yes", NOON, channel="text",
             purpose=purpose, consents=granted, **{**HOME, "line_type": None})  # fmt: skip
        tell(
            "line types",
            f"a text to a landline at night for {purpose}",
            "never",
            clock(CT, "2026-11-18 23:00"),
            channel="text",
            purpose=purpose,
            consents=granted,
            rule="1.18",
            **{**HOME, "line_type": "landline"},
        )
        tell(
            "line types",
            f"an e-mail to one with a landline for {purpose}",
            "yes",
            NOON,
            channel="email",
            purpose=purpose,
            consents=[consent("email", purpose, "express")],
            **{**HOME, "line_type": "landline"},
        )


def do_not_call() -> None:
    spoken = {"consents": [consent("call", "marketing", "express", "2025-01-06T15:00:00Z")]}
    for days, answer in (
        (0, "yes"),
        (1, "yes"),
        (30, "yes"),
        (31, "yes"),
        (32, "never"),
        (60, "never"),
        (400, "never"),
    ):
        dnc = {"listed": False, "checked_at": zulu(NOON.astimezone(UTC) - timedelta(days=days))}
        tell("do not call", f"not listed, looked up {days} days ago", answer, NOON, dnc=dnc, **spoken, **HOME,
             rule="1.19" if answer == "never" else None)  # fmt: skip
        tell("do not call", f"listed, looked up {days} days ago, in writing: yes", "yes", NOON,
             dnc={**dnc, "listed": True}, **HOME)  # fmt: skip
    fresh = zulu(NOON.astimezone(UTC) - timedelta(days=2))
    listed = {"listed": True, "checked_at": fresh}
    tell("do not call", "listed and only spoken consent", "never", NOON, dnc=listed, rule="1.19", **spoken, **HOME)
    tell("do not call", "no consent, listed", "never", NOON, dnc=listed, consents=[], **HOME)
    tell("do not call", "never looked up, in writing", "yes", NOON, **HOME)
    stale = {"listed": False, "checked_at": zulu(NOON.astimezone(UTC) - timedelta(days=40))}
    tell("do not call", "no consent and a stale list", "never", NOON, dnc=stale, consents=[], **HOME)
    for purpose in SERVICE:
        for channel in ("call", "text"):
            tell("do not call", f"listed, but they asked: {channel} for {purpose}", "yes", NOON, dnc=listed,
                 channel=channel, purpose=purpose, consents=[consent(channel, purpose, "express")], **HOME)  # fmt: skip
    tell("do not call", "the list is no list of e-mail addresses", "yes", NOON, dnc=listed, channel="email", **HOME)
    months = [
        ("2027-01-15 10:00", "2027-04-15 15:00", "yes"),
        ("2027-01-15 10:00", "2027-04-16 15:00", "never"),
        ("2027-01-15 20:00", "2027-04-15 09:00", "yes"),
        ("2027-03-31 12:00", "2027-06-30 12:00", "yes"),
        ("2027-03-31 12:00", "2027-07-02 12:00", "never"),
        ("2026-11-30 12:00", "2027-02-27 12:00", "yes"),
        ("2026-11-30 12:00", "2027-03-03 12:00", "never"),
        ("2026-11-10 12:00", "2026-11-18 12:00", "yes"),
        ("2026-12-02 12:00", "2027-03-02 12:00", "yes"),
        ("2026-12-02 12:00", "2027-03-03 12:30", "never"),
        ("2026-01-15 12:00", "2026-11-18 12:00", "never"),
        ("2027-06-10 12:00", "2027-09-10 09:30", "yes"),
        ("2027-06-10 12:00", "2027-09-11 12:30", "never"),
        ("2026-12-31 12:00", "2027-03-31 12:00", "yes"),
    ]
    for asked, called, answer in months:
        for label, extra in (("listed", {"dnc": {"listed": True, "checked_at": zulu(clock(CT, called))}}), ("", {})):
            tell("do not call", f"asked {asked}, called {called} {label or 'without a look at the list'}", answer,
                 clock(CT, called), inquired_at=zulu(clock(CT, asked)), rule="1.19" if answer == "never" else None,
                 **extra, **spoken, **HOME)  # fmt: skip
    tell("do not call", "a stop ends the relation of an inquiry", "never", NOON, inquired_at="2026-11-01T15:00:00Z",
         stops=[stop("call")], **spoken, **HOME)  # fmt: skip


def everywhere() -> None:
    """What is never allowed is never allowed in any place, at noon and at night alike."""
    for turn, (place, zip_code, area, zone) in enumerate(
        [(row[3], row[0], row[1], row[2]) for row in PLAIN] + [row[:4] for row in HOURS_OF]
    ):
        home: Facts = {"zip": zip_code, "phone": number(area), "line_type": ("mobile", "voip")[turn % 2]}
        moment = clock(zone, f"2026-12-{8 + turn % 3:02} {('12:00', '23:15', '06:40')[turn % 3]}")
        purpose = ("marketing", "appointment", "care-request")[turn % 3]
        channel = ("call", "text")[turn % 2]
        spoken = [consent(channel, "marketing", "express")]
        ways: list[tuple[str, list[str], str, list[Facts], Facts]] = [
            ("nobody agreed to anything", [*NO_CONSENT, "2.1", "2.2"], purpose, [], {}),
            ("all is stopped", STOPPED, purpose, [consent(channel, purpose, "written")], {"stops": [stop("all")]}),
            ("listed, with spoken consent", ["1.19"], "marketing", spoken,
             {"dnc": {"listed": True, "checked_at": "2026-12-01T15:00:00Z"}, "channel": "call"}),
            ("a machine, with spoken consent", NO_CONSENT, "marketing", spoken, {"automated": True}),
        ]  # fmt: skip
        for way, (label, rule, about, granted, extra) in enumerate(ways):
            if way == turn % 4 or way == (turn + 2) % 4:
                given = [{**one, "channel": extra.get("channel", channel)} for one in granted]
                tell("everywhere", f"{place}, {moment:%H:%M}: {label}, {channel} for {about}", "never", moment,
                     **{"channel": channel, **home, **extra}, purpose=about, consents=given, rule=rule)  # fmt: skip


def email() -> None:
    turn = 0
    places = (("FL", "33101", ET), ("AL", "35203", CT), ("PA", "19103", ET), ("TX", "75201", CT))
    for wall in ("2026-11-18 03:00", "2026-11-18 21:30", "2026-11-22 12:00", "2026-12-25 07:00", "2026-11-18 12:00"):
        for state, zip_code, zone in places:
            purpose = ("marketing", "appointment", "care-request", "business")[(turn + turn // 4) % 4]
            kind = ("express", "written")[turn % 3 // 2]
            turn += 1
            tell("email", f"{state}: an e-mail for {purpose} has no hours, {wall}", "yes", clock(zone, wall),
                 channel="email", purpose=purpose, zip=zip_code,
                 consents=[consent("email", purpose, kind)])  # fmt: skip
    for label, facts in (("no place known", {}), ("a toll-free number", {"phone": "+18005550142"}),
                         ("a number and a ZIP that disagree", {"phone": number("212"), "zip": "90210"})):  # fmt: skip
        tell("email", f"an e-mail at six in the morning, {label}", "yes", clock(ET, "2026-11-18 06:00"),
             channel="email", consents=[consent("email", "marketing", "express")], **facts)  # fmt: skip


def missing() -> None:
    tell("missing", "nothing but the question", "never", NOON, consents=[], automated=None)
    tell("missing", "a place, a number, no word of consent", "never", NOON, consents=[], **HOME)
    for purpose in SERVICE:
        tell("missing", f"no line type, no zone, no list: a call for {purpose} at one in Hawaii", "yes",
             clock(HI, "2026-11-18 13:00"), purpose=purpose, automated=None,
             consents=[consent("call", purpose, "express")], phone=number("808"))  # fmt: skip
        tell("missing", f"no place at all at three in New York for {purpose}", "yes", clock(ET, "2026-11-18 15:00"),
             purpose=purpose, consents=[consent("call", purpose, "express")])  # fmt: skip
        tell("missing", f"empty lists are no stops: {purpose}", "yes", NOON, purpose=purpose, stops=[], contacts=[],
             consents=[consent("call", purpose, "express")], **HOME)  # fmt: skip
    tell("missing", "only an address' state", "not_before", clock(ET, "2026-11-18 07:00"), address_state="GA",
         opens=clock(ET, "2026-11-18 08:00"), rule=HOURS)  # fmt: skip
    tell("missing", "only an address' state, open", "yes", clock(ET, "2026-11-18 08:00"), address_state="GA")
    for shown in ("(312) 555-0142", "312-555-0142", "1 312 555 0142"):
        tell("missing", f"the number written {shown}", "not_before", clock(CT, "2026-11-18 07:59"), phone=shown,
             opens=clock(CT, "2026-11-18 08:00"), rule=HOURS)  # fmt: skip
    for zip_code in ("60601-1234",):
        for wall, answer in (("2026-11-18 07:59", "not_before"), ("2026-11-18 08:00", "yes")):
            tell("missing", f"a long ZIP {zip_code} at {wall}", answer, clock(CT, wall), zip=zip_code)
    for moment in (datetime(2026, 11, 18, 2, 59, 59, tzinfo=UTC), datetime(2026, 11, 18, 14, 0, tzinfo=UTC)):
        tell("missing", f"asked in UTC: Chicago at {zulu(moment)}", "yes", moment, **HOME)
    abroad = clock("Asia/Tokyo", "2026-11-19 12:00")
    tell("missing", "asked from Tokyo at its noon: Chicago sleeps", "not_before", abroad,
         opens=clock(CT, "2026-11-19 08:00"), rule=HOURS, **HOME)  # fmt: skip


def tell_all() -> None:
    for family in (stops, consents, kinds, line_types, do_not_call, everywhere, email, missing):
        family()
