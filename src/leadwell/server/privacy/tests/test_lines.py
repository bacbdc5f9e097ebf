"""A crash in the middle of a line of the data folder costs no other line. (promise F33)"""

from pathlib import Path

import pytest

from leadwell.server.privacy.lines import append, read, rewrite

HALF = b'{"organization":1,"person":"5e0'


def test_lines_come_back_in_their_order(tmp_path: Path) -> None:
    for number in range(3):
        append(tmp_path / "some.jsonl", {"number": number})
    assert read(tmp_path / "some.jsonl").whole == [{"number": 0}, {"number": 1}, {"number": 2}]
    assert (tmp_path / "some.jsonl").stat().st_mode & 0o077 == 0


def test_where_there_is_no_file_there_are_no_lines(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl").whole == []


def test_what_comes_after_half_a_line_stands_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    append(path, {"number": 1})
    path.write_bytes(path.read_bytes() + HALF)
    append(path, {"number": 2})
    assert (read(path).whole, read(path).unread) == ([{"number": 1}, {"number": 2}], [HALF])


@pytest.mark.parametrize("bad", [HALF, b"\xff\x00", b"[1]", b"7", b"}"])
def test_what_is_no_object_is_told_apart(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "some.jsonl").write_bytes(bad + b'\n{"number":1}\n')
    assert (read(tmp_path / "some.jsonl").whole, read(tmp_path / "some.jsonl").unread) == ([{"number": 1}], [bad])


def test_a_whole_line_that_hangs_on_half_of_another_is_read(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_bytes(HALF + b'{"organization":2}\n')
    told = read(tmp_path / "some.jsonl")
    assert (told.whole, len(told.unread)) == ([{"organization": 2}], 1)


def test_all_lines_are_replaced_in_one_step(tmp_path: Path) -> None:
    append(tmp_path / "some.jsonl", {"number": 1})
    rewrite(tmp_path / "some.jsonl", [{"number": 2}])
    assert read(tmp_path / "some.jsonl").whole == [{"number": 2}]
    assert [one.name for one in tmp_path.iterdir()] == ["some.jsonl"]
