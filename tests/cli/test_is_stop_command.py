"""Does `leadwell is-stop` answer every line, in order, and say which it could not read?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from leadwell.cli import app


def run(*arguments: str, typed: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["is-stop", *arguments], input=typed)


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_gets_a_verdict_in_its_place(tmp_path: Path) -> None:
    asked = json.dumps({"text": "CANCEL", "after": "Your visit is Tuesday. Reply YES to confirm, CANCEL to cancel"})
    (tmp_path / "messages.txt").write_text(f"STOP\nsee you then\n\n{asked}\nya no me llamen", encoding="utf-8")
    result = run(str(tmp_path / "messages.txt"))
    assert result.exit_code == 0
    assert [row["verdict"] for row in told(result)] == ["stop", "not", "not", "ask-a-person", "stop"]
    assert all(row["why"].endswith(".") for row in told(result))


def test_what_is_said_of_a_stop_stands_beside_it() -> None:
    row = told(run("-", typed=b"please don't call my husband's phone\r\n"))[0]
    assert (row["channel"], row["whose"], row["evidence"]) == ("call", "another", "don't call my")
    assert told(run("-", typed=b"START\n"))[0]["restart"] is True
    assert told(run("-", typed=b"HELP\n"))[0]["help"] is True


def test_a_bad_line_is_named_and_fails_at_the_end() -> None:
    lines = [
        b"STOP",
        b'{"text": 1}',
        b"{bad",
        b'{"text": "hi", "after": []}',
        b"\xff\xfe",
        b'{"text": "\\ud800"}',
        b'{"text": "STOP", "text": "thank you"}',
        b"no",
    ]
    result = run("-", typed=b"\n".join(lines))
    assert result.exit_code == 1
    assert ["error" in row for row in told(result)] == [False, True, True, True, True, True, True, False]
    assert told(result)[6] == {"error": '"text" stands there twice.'}
    assert told(result)[0]["verdict"] == "stop"


def test_a_slip_of_a_key_is_named_and_other_keys_are_passed_over() -> None:
    lines = [b'{"text": "CANCEL", "After": "x"}', b'{"texts": "STOP"}', b'{"text": "STOP", "id": 7, "context": "x"}']
    result = run("-", typed=b"\n".join(lines))
    assert [row.get("error") for row in told(result)] == [
        'A key is unknown; "after" may be meant.', 'A key is unknown; "text" may be meant.', None,
    ]  # fmt: skip


def test_nothing_to_read_is_nothing_to_say() -> None:
    result = run("-", typed=b"")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_file_that_is_not_there_is_said_so() -> None:
    result = run("nowhere.txt")
    assert result.exit_code == 1
    assert "nowhere.txt cannot be read" in result.stderr
