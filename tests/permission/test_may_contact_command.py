"""Does `leadwell may-contact` answer each line, and say which it cannot read?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from listed import listed, question
from typer.testing import CliRunner, Result

from leadwell.cli import app

GOOD = next(case for case in listed("hours") if case["gives"] == "yes")
PLAYBOOK = "lakeside-orthopedics"


def run(lines: list[bytes], tmp_path: Path, *options: str) -> tuple[Result, list[dict[str, Any]]]:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    done = CliRunner().invoke(app, ["may-contact", str(file), *options])
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def changed(**values: Any) -> bytes:
    return question(GOOD | values)


def test_every_line_gets_one_verdict_in_order(tmp_path: Path) -> None:
    cases = listed("places")
    done, answers = run([question(case) for case in cases], tmp_path)
    assert done.exit_code == 0 and len(answers) == len(cases)
    for case, answer in zip(cases, answers, strict=True):
        assert list(answer) == ["answer", "not_before", "rule", "says"]
        assert case["gives"].split()[0] == answer["answer"]


def test_standard_input_is_read_too(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["may-contact", "-"], input=changed())
    assert done.exit_code == 0
    assert json.loads(done.stdout)["answer"] == "yes"


def test_an_empty_list_is_answered_with_nothing() -> None:
    done = CliRunner().invoke(app, ["may-contact", "-"], input=b"")
    assert (done.exit_code, done.stdout) == (0, "")


def test_every_line_is_answered_by_one_so_that_they_can_be_laid_side_by_side(tmp_path: Path) -> None:
    done, answers = run([b"", changed(), b"  ", changed()], tmp_path)
    assert done.exit_code == 1
    assert [answer.get("error") for answer in answers] == ["the line is empty", None, "the line is empty", None]
    assert len(CliRunner().invoke(app, ["may-contact", "-"], input=changed()).stdout.splitlines()) == 1


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    _, answers = run([b"\xef\xbb\xbf" + changed() + b"\r", changed() + b"\r"], tmp_path)
    assert [answer["answer"] for answer in answers] == ["yes", "yes"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (changed()[:-1] + b', "at": "2026-11-27T09:00:00-06:00"}', "at stands there twice"),
        (changed()[:-1] + b', "shoe": 1, "shoe": 1}', "a key stands there twice"),
        (
            changed(stops=None)[:-1]
            + b', "stops": [{"channel": "all", "channel": "text", "at": "2026-01-01T00:00:00Z"}]}',
            "stands there twice",
        ),
        (
            changed(consents=[{"channel": "call", "purpose": "care-request", "at": "2026-01-01T00:00:00Z"}]),
            "consents 1: kind is needed",
        ),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "must be a JSON object"),
        (changed(channel=None), "channel is needed"),
        (changed(channel="fax"), "channel must be one of call, text, email"),
        (changed(purpose=None), "purpose is needed"),
        (changed(purpose="sales"), "purpose must be one of"),
        (changed(at=None), "at is needed"),
        (changed(at="2026-01-15T08:00:00"), "at must be a time with its offset"),
        (changed(at="2026-01-15"), "at must be a time with its offset"),
        (changed(at=1768482000), "at must be a text"),
        (changed(at="0001-01-01T00:00:00Z"), "lies outside 1972"),
        (changed(stated_zone="Eastern"), "stated_zone is no time zone"),
        (changed(state="Ontario"), "state must be a state of the US"),
        (changed(stops={}), "stops must be a list"),
        (changed(stops=[{"at": "2026-01-01T00:00:00Z"}]), "stops 1: channel is needed"),
        (changed(stops=[{"channel": "call"}]), "stops 1: at is needed"),
        (changed(contacts=["call"]), "contacts 1 must be a JSON object"),
        (changed(consents=[{"channel": "call", "purpose": "care-request"}]), "consents 1: at is needed"),
        (changed(automated="no"), "automated must be true or false"),
        (changed(line_type="satellite"), "line_type must be one of"),
        (changed(dnc=True), "dnc must be an object or a list of objects"),
        (changed(stop=[]), "a key is unknown; stops may be meant"),
        (changed(time_zone="America/Chicago"), "a key is unknown; stated_zone may be meant"),
        (changed(timezone=None), "a key is unknown; stated_zone may be meant"),
        (changed(sms_stops=[]), "a key is unknown; stops may be meant"),
        (changed(unsubscribed=True), "a key is unknown; stops may be meant"),
        (changed(permissions=[]), "a key is unknown; consents may be meant"),
        (changed(postal_code="60601"), "a key is unknown; zip may be meant"),
        (changed(phoneNumber="312"), "a key is unknown; phone may be meant"),
        (changed(sent_at="2026-01-15T08:00:00Z"), "a key is unknown; at may be meant"),
        (changed(is_automated=True), "a key is unknown; automated may be meant"),
        (changed(shoe=1), "a key is unknown"),
        (
            changed(stops=[{"channel": "call", "at": "2026-01-01T00:00:00Z", "for": "marketing"}]),
            "stops 1: a key is unknown",
        ),
        (changed(dnc={"listed": False, "date": "2026-01-01T00:00:00Z"}), "dnc: a key is unknown; checked_at may be"),
        (changed(dnc=[{"listed": False}, 7]), "dnc 2 must be a JSON object"),
        (changed(zip=6.06), "zip must be a text"),
        (changed(phone=True), "phone must be a text"),
        (changed(stated_zone=["America/Chicago"]), "stated_zone must be a text"),
        (changed(consents={"channel": "call"}), "consents must be a list"),
        (changed(inquired_at="2026-01-15T08:00:00"), "inquired_at must be a time with its offset"),
        (changed(prerecorded=1), "prerecorded must be true or false"),
        (changed(Consents=[]), "a key is unknown; consents may be meant"),
    ],
)
def test_a_line_that_is_no_case_is_an_error_and_the_others_are_answered(line: bytes, says: str, tmp_path: Path) -> None:
    done, answers = run([changed(), line, changed()], tmp_path)
    assert done.exit_code == 1
    assert [list(answer) == ["error"] for answer in answers] == [False, True, False]
    assert says in answers[1]["error"]
    assert "1 line could not be read" in done.stderr


def test_no_error_repeats_what_a_line_says(tmp_path: Path) -> None:
    secret = "312-555-0147 Rosa Quintero"
    lines = [changed(channel=secret), changed(at=secret), changed(state=secret), changed(stated_zone=secret)]
    done, answers = run([*lines, secret.encode()], tmp_path)
    assert len(answers) == 5 and all("error" in answer for answer in answers)
    assert "0147" not in done.output and "Rosa" not in done.output


def test_what_is_null_is_not_known(tmp_path: Path) -> None:
    keys = (
        "zip",
        "state",
        "address_state",
        "phone",
        "contacts",
        "stops",
        "automated",
        "line_type",
        "inquired_at",
        "dnc",
    )
    _, (answer,) = run([changed(**dict.fromkeys(keys))], tmp_path)
    assert answer["answer"] == "yes"


def test_what_labels_a_case_is_passed_over(tmp_path: Path) -> None:
    _, (answer,) = run([changed(id=7, note="seen", expects="yes")], tmp_path)
    assert answer["answer"] == "yes"


SPOKEN: dict[str, Any] = {
    "purpose": "marketing",
    "consents": [{"channel": "call", "purpose": "marketing", "kind": "express", "at": "2025-01-01T12:00:00Z"}],
    "at": "2026-01-15T12:00:00-05:00",
}


def look(listed: bool | None, at: str) -> dict[str, Any]:
    return {"listed": listed, "checked_at": at}


@pytest.mark.parametrize(
    ("looks", "answer"),
    [
        (look(False, "2026-01-10T12:00:00Z"), "yes"),
        ([look(False, "2026-01-10T12:00:00Z")], "yes"),
        ([], "never"),
        ([look(True, "2026-01-09T12:00:00Z"), look(False, "2026-01-10T12:00:00Z")], "yes"),
        ([look(False, "2026-01-10T12:00:00Z"), look(True, "2026-01-10T06:00:00-06:00")], "never"),
        ([look(True, "2026-01-10T12:00:00Z"), look(False, "2026-01-10T12:00:00.9Z")], "never"),
        ([look(False, "2026-01-10T12:00:00Z"), look(True, "2026-01-16T12:00:00Z")], "yes"),
        ([look(None, "2026-01-12T12:00:00Z"), look(False, "2026-01-10T12:00:00Z")], "yes"),
    ],
)
def test_of_several_looks_at_the_registry_the_latest_counts_and_of_one_moment_the_stricter(
    looks: Any, answer: str, tmp_path: Path
) -> None:
    _, (told,) = run([changed(**SPOKEN, dnc=looks)], tmp_path)
    assert told["answer"] == answer


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
@pytest.mark.parametrize("key", ["stops", "contacts", "consents"])
def test_the_ends_of_the_calendar_are_times_like_others(key: str, at: str, tmp_path: Path) -> None:
    """Long ago it was before all else, in the year 9999 it is still to come."""
    one = {"channel": "call", "at": at} | ({"purpose": "care-request", "kind": "express"} if key == "consents" else {})
    _, (told,) = run([changed(**{key: [one]})], tmp_path)
    assert told["answer"] == ("never" if key == "consents" and at.startswith("9999") else "yes")


def test_what_is_written_in_any_way_is_understood(tmp_path: Path) -> None:
    """A ZIP with its four digits, a number in any notation, a state by its name or in small letters."""
    at = {"at": "2026-01-15T13:30:00Z", "stated_zone": None}  # 8:30 in New York, 7:30 in Chicago
    zips = [{"zip": one} for one in ("60601-1234", 606011234, "60601 1234", "K1A 0B1")]
    states = [{"state": "il"}, {"state": "Illinois"}, {"address_state": " ILLINOIS "}]
    numbers = (
        "tel:+1-312-555-0147",
        "(312) 555.0147",
        3125550147,
        "+1 312 555 0147 ext. 12",
        "800-555-0147",
        "5550147",
    )
    chicago = [*zips, *states, *({"phone": one} for one in numbers)]
    _, answers = run([changed(**at, **known) for known in chicago], tmp_path)
    assert {answer["answer"] for answer in answers} == {"not_before"}
    numbers = ("1 (212) 555-0147", "+44 20 7946 0000")
    new_york = [{"zip": "10001-1234"}, {"zip": "02108"}, {"state": "new york"}, *({"phone": one} for one in numbers)]
    _, answers = run([changed(**at, **known) for known in new_york], tmp_path)
    assert {answer["answer"] for answer in answers} == {"yes"}


@pytest.mark.parametrize("stop", [{"channel": "all"}, {"all": True}])
def test_a_stop_of_all_may_be_written_in_two_ways(stop: dict[str, Any], tmp_path: Path) -> None:
    _, (answer,) = run([changed(stops=[stop | {"at": "2025-06-01T12:00:00Z"}])], tmp_path)
    assert (answer["answer"], answer["rule"]) == ("never", "1.12")


def test_a_zip_or_number_may_be_a_number(tmp_path: Path) -> None:
    lines = [changed(stated_zone=None, zip=zip_, at="2026-01-15T13:00:00Z") for zip_ in (2108, "02108")]
    _, answers = run([*lines, changed(stated_zone=None, phone=8505550123, at="2026-01-15T13:59:59Z")], tmp_path)
    assert [answer["answer"] for answer in answers] == ["yes", "yes", "not_before"]


@pytest.mark.parametrize(
    ("values", "plain", "own"),
    [
        ({"at": "2026-01-15T08:59:59-05:00"}, "yes", "not_before 2026-01-15T14:00:00Z playbook"),
        ({"at": "2026-01-15T09:00:00-05:00"}, "yes", "yes"),
        ({"at": "2026-01-15T20:00:00-05:00"}, "yes", "not_before 2026-01-16T14:00:00Z playbook"),
        (
            {"at": "2026-01-15T23:00:00-05:00"},
            "not_before 2026-01-16T13:00:00Z 1.1",
            "not_before 2026-01-16T14:00:00Z playbook",
        ),
        ({"at": "2026-01-15T23:00:00-05:00", "channel": "email"}, "yes", "yes"),
    ],
)
def test_a_playbook_adds_its_quiet_hours(values: dict[str, Any], plain: str, own: str, tmp_path: Path) -> None:
    channel = values.get("channel", "call")
    consents = [{"channel": channel, "purpose": "care-request", "kind": "express", "at": "2025-01-01T12:00:00Z"}]
    for options, expected in (((), plain), (("--playbook", PLAYBOOK), own)):
        _, (answer,) = run([changed(consents=consents, **values)], tmp_path, *options)
        parts = [answer["answer"], answer["not_before"], answer["rule"] if answer["answer"] != "yes" else None]
        assert " ".join(filter(None, parts)) == expected


@pytest.mark.parametrize(("purpose", "answer"), [("care-request", "not_before"), ("appointment", "yes")])
def test_a_playbook_adds_its_attempts_by_all_channels(purpose: str, answer: str, tmp_path: Path) -> None:
    """Six in twelve days; what is about an appointment is not held back by them."""
    tried = [
        {"channel": channel, "at": f"2026-01-{day:02}T15:00:00Z"}
        for channel, day in zip(("call", "text", "email") * 2, range(4, 10), strict=True)
    ]
    consents = [{"channel": "call", "purpose": purpose, "kind": "express", "at": "2025-01-01T12:00:00Z"}]
    asked = changed(at="2026-01-15T16:00:00-05:00", purpose=purpose, contacts=tried, consents=consents)
    assert [run([asked], tmp_path)[1][0]["answer"], run([asked], tmp_path, "--playbook", PLAYBOOK)[1][0]["answer"]] == [
        "yes",
        answer,
    ]


def test_a_file_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["may-contact", str(tmp_path / "none.jsonl")])
    assert done.exit_code == 1
    assert "cannot be read" in done.stderr


def test_a_playbook_that_is_wrong_is_said_before_anything_is_answered(tmp_path: Path) -> None:
    wrong = tmp_path / "playbook.toml"
    wrong.write_text("playbook = 1", encoding="utf-8")
    done, answers = run([changed()], tmp_path, "--playbook", str(wrong))
    assert (done.exit_code, answers) == (1, [])
