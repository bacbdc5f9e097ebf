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


def test_an_empty_list_is_answered_with_nothing(tmp_path: Path) -> None:
    done, answers = run([b"", b"  "], tmp_path)
    assert (done.exit_code, answers) == (0, [])


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
        (changed(dnc=True), "dnc must be an object"),
        (changed(stop=[]), "a key is unknown; stops may be meant"),
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


def test_other_keys_are_passed_over(tmp_path: Path) -> None:
    _, (answer,) = run([changed(id=7, note="seen", expects="yes")], tmp_path)
    assert answer["answer"] == "yes"


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
