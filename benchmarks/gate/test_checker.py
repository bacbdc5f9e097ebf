"""Can the checker fail? Every rule is broken once on purpose and must be found; its lawful twin must not be."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.gate import checker, law
from benchmarks.gate.judging import judge
from benchmarks.gate.places import BY_ZIP, PLACES, ZONES_OF_AREA, area_of
from benchmarks.gate.told import Told, message_of
from benchmarks.gate.world import World, generate, zulu

Row = Mapping[str, Any]
ET, CT, PT = "America/New_York", "America/Chicago", "America/Los_Angeles"
PHONES = {"IL": "+13125550142", "NY": "+12125550142", "FL": "+13055550142", "AL": "+12055550142", "ME": "+12075550142",
          "VA": "+18045550142", "WA": "+12065550142", "TX": "+12145550142", "850": "+18505550142",
          "toll-free": "+18885550142"}  # fmt: skip
MAIL = "ann@mail.example"


def at(wall: str, zone: str = CT) -> str:
    return zulu(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)))


NOON = at("2026-11-18 12:00")


def known(record: str = "r1", phone: str = "IL", moment: str = "2026-01-02T12:00:00Z", **facts: str | None) -> Row:
    told = {"phone": PHONES.get(phone, phone), "email": MAIL, **facts}
    return {"at": moment, "kind": "known", "record": record, "facts": told}


def agreed(
    purpose: str = "marketing", level: str = "written", record: str = "r1", moment: str = "2026-01-03T12:00:00Z",
    **more: Any,
) -> list[Row]:  # fmt: skip
    base = {"at": moment, "kind": "consent", "record": record, "purpose": purpose, "level": level, "expires": None}
    return [{**base, "channel": channel, **more} for channel in ("call", "text", "email")]


def stop(moment: str, channel: str = "all", record: str | None = "r1", address: str | None = None, **more: Any) -> Row:
    return {"at": moment, "kind": "stop", "record": record, "address": address, "channel": channel, "purpose": None,
            "only": False, "way": "staff", **more}  # fmt: skip


def sent(moment: str = NOON, channel: str = "text", purpose: str = "marketing", phone: str = "IL", **more: Any) -> Row:
    address = MAIL if channel == "email" else PHONES.get(phone, phone)
    return {"at": moment, "channel": channel, "purpose": purpose, "address": address, "record": "r1",
            "automated": False, **more}  # fmt: skip


def call(moment: str, phone: str = "IL", **more: Any) -> Row:
    return sent(moment, "call", phone=phone, **more)


def event(kind: str, moment: str = "2026-11-02T16:00:00Z", **facts: Any) -> Row:
    return {"at": moment, "kind": kind, **facts}


def report(events: list[Row], wire: list[Row], refusals: list[Row] | None = None) -> checker.Report:
    return checker.check(events, wire, refusals or [])


LAWFUL = [known(), *agreed()]
LINKED = [*LAWFUL, known("r2", "TX", email="bo@mail.example"), event("link", a="r1", b="r2")]
SERVICE = [known(), *agreed("appointment", "express")]
FLORIDA = [known(phone="FL"), *agreed()]
MAINE = [known(phone="ME"), *agreed()]
THREE = [call(at(f"2026-11-17 {hour}:00", ET), "FL") for hour in (10, 13, 16)]
TEXTED = stop("2026-11-18T17:00:00Z", "text", address=PHONES["IL"], way="text-reply")
CONFIRM = {"purpose": "stop-confirmation"}
STARTED = event("start", "2026-11-10T16:00:00Z", record="r1", address=PHONES["IL"], channel="text")

FRESH = event("registry", "2026-11-10T16:00:00Z", address=PHONES["IL"], listed=False)

# what is wrong, its rule, the events, the messages of which the last is wrong, and the last one's lawful twin
PLANTED: list[tuple[str, str, list[Row], list[Row], Row | None]] = [
    ("a second before eight", "1.1", LAWFUL, [call(at("2026-11-18 07:59:59"))], call(at("2026-11-18 08:00"))),
    ("at nine in the evening", "1.1", LAWFUL, [call(at("2026-11-18 21:00"))], call(at("2026-11-18 20:59:59"))),
    ("a text at night", "1.1", LAWFUL, [sent(at("2026-11-18 23:00"))], sent()),
    ("the clock of yesterday, in spring", "1.2", [known(phone="NY"), *agreed()],
     [call("2026-11-01T12:30:00Z", "NY")], call("2026-11-01T13:00:00Z", "NY")),
    ("the clock of yesterday, at night", "1.2", [known(phone="NY"), *agreed()],
     [call("2026-03-09T01:30:00Z", "NY")], call("2026-03-09T00:59:59Z", "NY")),
    ("a number of the east, a ZIP of the west", "1.3", [known(phone="NY", zip="90210"), *agreed()],
     [call(at("2026-11-18 10:59", ET), "NY")], call(at("2026-11-18 11:00", ET), "NY")),
    ("an area code of two zones", "1.4", [known(phone="850"), *agreed()],
     [call(at("2026-11-18 08:30", ET), "850")], call(at("2026-11-18 09:00", ET), "850")),
    ("a toll-free number", "1.4", [known(phone="toll-free"), *agreed()],
     [call(at("2026-11-18 12:59", ET), "toll-free")], call(at("2026-11-18 13:00", ET), "toll-free")),
    ("Florida after eight", "1.5", FLORIDA, [call(at("2026-11-18 20:00", ET), "FL")],
     call(at("2026-11-18 19:59:59", ET), "FL")),
    ("a Sunday in Alabama", "1.5", [known(phone="AL"), *agreed()], [call(at("2026-11-22 12:00"), "AL")],
     call(at("2026-11-23 12:00"), "AL")),
    ("Christmas in Alabama", "1.5", [known(phone="AL"), *agreed()], [call(at("2026-12-25 12:00"), "AL")],
     call(at("2026-12-24 12:00"), "AL")),
    ("Texas before Sunday noon", "1.5", [known(phone="TX"), *agreed()], [call(at("2026-11-22 11:59:59"), "TX")],
     call(at("2026-11-22 12:00"), "TX")),
    ("the state of a ported number", "1.5", [known(phone="AL", zip="30303"), *agreed()],
     [call(at("2026-11-22 12:00"), "AL")], call(at("2026-11-23 12:00"), "AL")),
    ("a machine in Maine after five", "1.5", MAINE, [call(at("2026-11-18 17:00", ET), "ME", automated=True)],
     call(at("2026-11-18 17:00", ET), "ME")),
    ("the fourth call in 24 hours", "1.6", FLORIDA, [*THREE, call(at("2026-11-18 09:59", ET), "FL")],
     call(at("2026-11-18 10:00:01", ET), "FL")),
    ("a second machine's call in eight hours", "1.6", MAINE,
     [call(at("2026-11-18 09:00", ET), "ME", automated=True), call(at("2026-11-18 16:30", ET), "ME", automated=True)],
     call(at("2026-11-18 16:30", ET), "ME")),
    ("a Virginian's stop", "1.7", [known(phone="VA"), *agreed(), stop("2026-01-04T12:00:00Z", "text")],
     [sent(phone="VA")], call(NOON, "VA")),
    ("a Washingtonian's stop to calls", "1.7", [known(phone="WA"), *agreed(), stop("2026-01-04T12:00:00Z", "call")],
     [call(at("2026-11-18 12:00", PT), "WA")], None),
    ("no consent at all", "1.8", [known(), FRESH], [call(NOON)], None),
    ("consent to something else", "1.8", [known(), FRESH, *agreed("business")], [call(NOON)],
     call(NOON, purpose="business")),
    ("consent to another channel", "1.8", [known(), FRESH, agreed()[0]], [sent()], call(NOON)),
    ("a machine on spoken consent", "1.8",
     [known(), *agreed(level="express"), event("inquiry", record="r1", channels=[], about="care")],
     [call(NOON, automated=True)], call(NOON)),
    ("consent that has expired", "1.8", [known(), FRESH, *agreed(expires="2026-11-18T17:59:59Z")], [sent()],
     sent("2026-11-18T17:59:58Z")),
    ("consent that comes tomorrow", "1.8", [known(), FRESH, *agreed(moment="2026-11-18T18:00:01Z")], [sent()],
     sent("2026-11-18T18:00:01Z")),
    ("the consent of a linked record", "1.8",
     [known(), FRESH, known("r2"), *agreed(record="r2"), event("link", a="r1", b="r2")], [sent()], sent(record="r2")),
    ("an old number", "1.8", [*LAWFUL, known(phone="+13125550199", moment="2026-11-02T12:00:00Z")], [sent()],
     sent(channel="email")),
    ("a newsletter on the request's consent", "1.8",
     [known(), event("inquiry", record="r1", channels=["text"], about="care")], [sent(automated=True)],
     sent(purpose="appointment")),
    ("days after a stop", "1.11", [*LAWFUL, stop("2026-11-02T16:00:00Z")], [sent()], sent("2026-11-02T15:59:59Z")),
    ("a stop of the linked record", "1.11", [*LINKED, stop("2026-11-10T16:00:00Z", record="r2")], [sent()],
     sent("2026-11-09T16:00:00Z")),
    ("a stop said before the two were linked", "1.11", [*LINKED, stop("2026-10-01T16:00:00Z", record="r2")], [sent()],
     sent("2026-11-02T15:59:59Z")),
    ("a stop of the number by somebody unknown", "1.11",
     [*LAWFUL, stop("2026-11-02T16:00:00Z", "text", record=None, address=PHONES["IL"], only=True)], [sent()],
     call(NOON)),
    ("a stop of another in the household", "1.11",
     [*LAWFUL, known("r2"), stop("2026-11-02T16:00:00Z", "text", record="r2", address=PHONES["IL"])], [sent()],
     sent(channel="email")),
    ("own stop after the link was undone", "1.11",
     [*LINKED, stop("2026-11-10T16:00:00Z"), event("unlink", "2026-11-11T16:00:00Z", a="r1", b="r2")], [sent()], None),
    ("START is for service, not for marketing", "1.11",
     [*LAWFUL, *agreed("appointment"), stop("2026-11-02T16:00:00Z", "text", address=PHONES["IL"]), STARTED],
     [sent()], sent(purpose="appointment")),
    ("STOP, START, STOP", "1.11",
     [*SERVICE, stop("2026-11-02T16:00:00Z", "text", address=PHONES["IL"]), STARTED,
      stop("2026-11-12T16:00:00Z", "text", address=PHONES["IL"])],
     [sent(purpose="appointment")], sent("2026-11-11T16:00:00Z", purpose="appointment")),
    ("START by text opens no calls", "1.11",
     [*SERVICE, stop("2026-11-02T16:00:00Z", "call", address=PHONES["IL"], only=True), STARTED],
     [call(NOON, purpose="appointment")], sent(purpose="appointment")),
    ("queued, sent a second after the stop", "1.12", [*SERVICE, stop("2026-11-18T17:59:59Z")],
     [sent(purpose="appointment")], sent("2026-11-18T17:59:58Z", purpose="appointment")),
    ("in the instant of the stop", "1.12", [*LAWFUL, stop(NOON)], [sent()], None),
    ("STOP by text, then a machine calls", "1.14", [*LAWFUL, stop("2026-11-02T16:00:00Z", "text")],
     [call(NOON, automated=True)], call(NOON)),
    ("a confirmation after six minutes", "1.13", [*LAWFUL, TEXTED], [sent("2026-11-18T17:05:01Z", **CONFIRM)],
     sent("2026-11-18T17:04:59Z", **CONFIRM)),
    ("a second confirmation", "1.13", [*LAWFUL, TEXTED, {**TEXTED, "at": "2026-11-18T17:01:00Z"}],
     [sent("2026-11-18T17:00:10Z", **CONFIRM), sent("2026-11-18T17:01:10Z", **CONFIRM)], None),
    ("a confirmation of nothing", "1.13", LAWFUL, [sent(**CONFIRM)], None),
    ("the carrier knew of a stop", "1.15", [*LAWFUL, event("result", address=PHONES["IL"], code="21610")], [sent()],
     sent(channel="email")),
    ("a text to a landline", "1.18", [known(line_type="landline"), *agreed()], [sent()], call(NOON)),
    ("a landline, as the carrier said", "1.18", [*LAWFUL, event("result", address=PHONES["IL"], code="30006")],
     [sent()], call(NOON)),
    ("a number that does not exist", "1.18", [*LAWFUL, event("result", address=PHONES["IL"], code="30005")], [sent()],
     sent(channel="email")),
    ("listed, on spoken consent", "1.19",
     [known(), *agreed(level="express"), event("registry", address=PHONES["IL"], listed=True)], [call(NOON)], None),
    ("a list of 32 days ago", "1.19",
     [known(), *agreed(level="express"), event("registry", "2026-10-17T18:00:00Z", address=PHONES["IL"], listed=False)],
     [call(NOON)], call("2026-11-17T18:00:00Z")),
    ("three months and a day after the inquiry", "1.19",
     [known(), *agreed(level="express"),
      event("inquiry", "2026-01-15T18:00:00Z", record="r1", channels=[], about="care")],
     [call("2026-04-16T18:00:00Z")], call("2026-04-15T20:00:00Z")),
    ("an e-mail after a stop", "2.1", [*LAWFUL, stop("2026-11-02T16:00:00Z", "email", address=MAIL)],
     [sent(channel="email")], sent()),
    ("an e-mail after the link was pressed", "2.3",
     [*LAWFUL, *agreed("appointment"),
      stop("2026-11-02T16:00:00Z", "email", address=MAIL, way="link", purpose="marketing")],
     [sent(channel="email")], sent(channel="email", purpose="appointment")),
    ("an e-mail after a complaint", "2.6",
     [*LAWFUL, stop("2026-11-02T16:00:00Z", "email", address=MAIL, way="complaint")], [sent(channel="email")], None),
    ("an e-mail to a dead mailbox", "2.6", [*LAWFUL, event("result", address=MAIL, code="5.1.1")],
     [sent(channel="email")], sent()),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "events", "wire"), [p[1:4] for p in PLANTED], ids=[p[0] for p in PLANTED])
def test_a_planted_violation_is_found(rule: str, events: list[Row], wire: list[Row]) -> None:
    found = report(events, wire)
    assert found.plain == {rule: 1}
    assert found.against_plain == 1
    assert not found.passed(plain_only=True)
    assert found.examples[0][1] == wire[-1]


TWINS = [(p[0], p[2], [*p[3][:-1], p[4]]) for p in PLANTED if p[4] is not None]


@pytest.mark.parametrize(("events", "wire"), [twin[1:] for twin in TWINS], ids=[twin[0] for twin in TWINS])
def test_its_lawful_twin_is_not(events: list[Row], wire: list[Row]) -> None:
    found = report(events, wire)
    assert found.passed(), found.examples


HOURS = """FL 305 8 20|OK 405 8 20|MD 410 8 20|WA 206 8 20|MA 617 8 20|WY 307 8 20|AL 205 8 20|LA 504 8 20|MS 601 8 20|
CT 860 9 20|NV 702 9 20|MI 313 9 21|MN 612 9 21|NM 505 9 21|KY 502 10 21|RI 401 9 18|TX 214 9 21|PA 215 9 19"""


@pytest.mark.parametrize("row", HOURS.replace("\n", "").split("|"))
def test_a_states_hours_are_those_of_rules_1_5(row: str) -> None:
    state, area, first, last = row.split()
    zone = next(place.zone for place in PLACES if area in place.areas)
    phone = f"+1{area}5550142"
    events = [known(phone=phone), *agreed()]
    moments = {f"{int(first) - 1:02}:59:59": False, f"{first:0>2}:00": True, f"{int(last) - 1}:59:59": True,
               f"{last}:00": False}  # fmt: skip
    for wall, allowed in moments.items():
        wednesday = report(events, [call(at(f"2026-11-18 {wall}", zone), phone)])
        assert (wednesday.plain.total() == 0) is allowed, f"{state} at {wall}"


def test_every_rule_that_decides_is_planted() -> None:
    rules = {plant[1] for plant in PLANTED}
    assert rules == {"1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.11", "1.12", "1.13", "1.14", "1.15",
                     "1.18", "1.19", "2.1", "2.3", "2.6"}  # fmt: skip


def test_an_undone_link_takes_back_the_other_ones_stop() -> None:
    events = [*LINKED, stop("2026-11-10T16:00:00Z", record="r2")]
    undone = event("unlink", "2026-11-18T17:00:00Z", a="r1", b="r2")
    assert not report(events, [sent()]).passed()
    assert report([*events, undone], [sent()]).passed()


def test_a_doubt_is_told_apart() -> None:
    night = report(SERVICE, [sent(at("2026-11-18 23:00"), purpose="appointment")])
    assert night.passed(plain_only=True)
    assert not night.passed()
    assert "hours bind service too" in night.readings


WISH = event("wish", NOON, wish="w0", record="r1", channel="text", purpose="marketing", automated=True)
REFUSED = {"at": NOON, "wish": "w0", "answer": "never", "rule": "1.11", "says": "She said stop on 2 November."}


@pytest.mark.parametrize("lacking", ["answer", "rule", "says"])
def test_a_refusal_without_its_reason_is_found(lacking: str) -> None:
    found = report([*LAWFUL, WISH], [], [{**REFUSED, lacking: ""}])
    assert found.plain == {"reason": 1}


def test_a_wish_that_vanishes_is_found() -> None:
    assert report([*LAWFUL, WISH], []).plain == {"reason": 1}
    assert report([*LAWFUL, WISH], [sent(wish="w0")]).passed()


def test_a_needless_refusal_is_counted_and_a_needed_one_is_not() -> None:
    assert report([*LAWFUL, WISH], [], [REFUSED]).needless == {"1.11": 1}
    assert not report([*LAWFUL, stop("2026-11-02T16:00:00Z"), WISH], [], [REFUSED]).needless


@pytest.mark.parametrize(
    ("promised", "kept"),
    [("2026-11-19T14:00:00Z", True), ("2026-11-19T13:59:59Z", False), (NOON, False), (None, False)],
)
def test_a_promised_instant_must_be_open(promised: str | None, kept: bool) -> None:
    refusal = {**REFUSED, "answer": "not_before", "not_before": promised}
    assert (report([*LAWFUL, WISH], [], [refusal]).plain["promise"] == 0) is kept


def test_nothing_sent_is_nothing_shown(tmp_path: Path) -> None:
    files = _written(tmp_path, LAWFUL, [])
    assert checker.main(files) == 1
    assert "Nothing left" in checker.sentence(report(LAWFUL, []))


def test_the_command_ends_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checker.main(_written(tmp_path, LAWFUL, [sent()])) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("All 1 messages were allowed")
    assert checker.main(_written(tmp_path, LAWFUL, [sent(), sent(at("2026-11-18 23:00"))])) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 of 2 messages")


def _written(folder: Path, events: list[Row], wire: list[Row]) -> list[str]:
    for name, rows in (("events", events), ("wire", wire)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [str(folder / "events"), str(folder / "wire")]


def test_the_order_of_the_lines_does_not_matter() -> None:
    events = [*LINKED, stop("2026-11-10T16:00:00Z", record="r2")]
    wire = [sent("2026-11-09T16:00:00Z"), sent()]
    assert report(events, wire).plain == report(events[::-1], wire[::-1]).plain == {"1.11": 1}


def drive(world: World, *, obedient: bool) -> tuple[list[Row], list[Row]]:
    """A product that asks the judge, or nobody: the wire and the refusals."""
    told, wire, refusals = Told(), list[Row](), list[Row]()
    for one in world.events:
        told.hear(one)
        if one["kind"] != "wish":
            continue
        address = told.address_of(one["record"], one["channel"])
        message = message_of({**one, "address": address or ""})
        against = judge(message, told)
        if address and not (obedient and against):
            wire.append({**one, "address": address})
            told.left(message)
        else:
            refusals.append({"at": one["at"], "wish": one["wish"], "answer": "never", "rule": "1.8", "says": "No."})
    return wire, refusals


@pytest.fixture(scope="module")
def world() -> World:
    return generate(7, people=400)


def test_an_obedient_year_passes_and_a_careless_one_breaks_every_rule(world: World) -> None:
    wire, refusals = drive(world, obedient=True)
    lawful = checker.check(world.events, wire, refusals)
    assert lawful.passed()
    assert lawful.messages > 1000
    assert not lawful.needless
    careless = checker.check(world.events, *drive(world, obedient=False))
    assert careless.plain.keys() >= {plant[1] for plant in PLANTED} - {"1.13"}


def test_one_unlawful_message_in_a_lawful_year_is_found() -> None:
    world = generate(9, people=80)
    wire, refusals = drive(world, obedient=True)
    for refusal in refusals[:: len(refusals) // 12]:
        wish = next(one for one in world.events if one.get("wish") == refusal["wish"])
        planted = {**wish, "address": "+13125550142", "record": wish["record"]}
        assert checker.check(world.events, [*wire, planted], refusals).against_plain == 1


def test_a_world_is_its_seed(world: World) -> None:
    assert generate(7, people=400).events == world.events
    assert generate(8, people=400).events != world.events


def test_a_world_holds_what_it_promises(world: World) -> None:
    kinds = {one["kind"] for one in world.events}
    assert kinds == {"known", "inquiry", "consent", "stop", "start", "link", "unlink", "registry", "result", "wish"}
    assert [one["at"] for one in world.events] == sorted(one["at"] for one in world.events)
    told = [one["facts"] for one in world.events if one["kind"] == "known"]
    assert {BY_ZIP[facts["zip"]].state for facts in told if facts.get("zip")} == {place.state for place in PLACES}
    phones = [facts["phone"] for facts in told if facts.get("phone")]
    assert len(set(phones)) < len(phones)
    ported = [f for f in told if f.get("phone") and f.get("zip") and _elsewhere(f["phone"], f["zip"])]
    assert len(ported) > len(told) / 20
    assert any(len(person["homes"]) > 1 for person in world.truth)


def _elsewhere(phone: str, zip_code: str) -> bool:
    area = area_of(phone)
    return area in ZONES_OF_AREA and area not in BY_ZIP[zip_code].areas


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.town)
def test_a_place_lies_within_its_area_codes(place: Any) -> None:
    noon = int(datetime(2026, 7, 1, 18).timestamp())
    for area in place.areas:
        hours = {law.local(zone, noon).utcoffset() for zone in ZONES_OF_AREA[area]}
        assert law.local(place.zone, noon).utcoffset() in hours
