"""The newest entries cannot be cut unnoticed, and a restore that cuts them is told for good. (promise F33)"""

from pathlib import Path

import pytest

from leadwell.server import environment
from leadwell.server.conftest import Clinic, browser
from leadwell.server.privacy import anchors, restored
from leadwell.server.privacy.lines import read, rewrite
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import record, verify
from leadwell.server.worker import Worker

pytestmark = pytest.mark.django_db(databases="__all__")

BACKUP = "2026-11-26T08:00:00+00:00"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(environment, "home", lambda: tmp_path)
    anchors._NOTED.clear()
    return tmp_path


def exports(clinic: Clinic, count: int = 5) -> None:
    for number in range(count):
        record(clinic.number, "user:1", "person.exported", f"person/{number}")


def cut(clinic: Clinic, after: int) -> None:
    TrailEntry.objects.of(clinic.number).filter(number__gt=after).delete()


def brought_back(clinic: Clinic, last: int) -> None:
    """As a restore does it, of a backup whose trail ended there."""
    cut(clinic, last)
    rewrite(environment.home() / anchors.ANCHORS, restored.tell(BACKUP, anchors.noted()))
    (environment.home() / anchors.HEADS).unlink(missing_ok=True)
    anchors._NOTED.clear()
    anchors.note_heads()


def test_the_newest_entries_cut_since_the_last_anchor_are_noticed(lakeside: Clinic) -> None:
    anchors.anchor(lakeside.number)
    exports(lakeside)
    Worker()._beat()
    cut(lakeside, 2)
    assert "the trail ends before entry 5" in verify(lakeside.number).says


def test_what_is_written_after_a_cut_does_not_hide_it(lakeside: Clinic) -> None:
    exports(lakeside)
    anchors.note_heads()
    cut(lakeside, 2)
    exports(lakeside, 7)
    anchors.note_heads()
    anchors.note_heads()
    assert (verify(lakeside.number).broken_at, "not the one anchored" in verify(lakeside.number).says) == (5, True)


def test_a_head_that_has_not_moved_is_not_written_again(lakeside: Clinic, harbor: Clinic, folder: Path) -> None:
    exports(lakeside)
    exports(harbor)
    anchors.note_heads()
    (folder / anchors.HEADS).unlink()
    anchors.note_heads()
    assert not (folder / anchors.HEADS).exists()
    exports(lakeside)
    anchors.note_heads()
    assert [line["number"] for line in read(folder / anchors.HEADS).whole] == [10]


def test_half_a_line_stops_neither_the_proof_nor_the_next_anchor(lakeside: Clinic, folder: Path) -> None:
    exports(lakeside)
    anchors.anchor(lakeside.number)
    with (folder / anchors.ANCHORS).open("ab") as file:
        file.write(b'{"organization":1,"num')
    exports(lakeside)
    anchors.anchor(lakeside.number)
    assert (verify(lakeside.number).broken_at, anchors.unread()) == (None, 1)
    cut(lakeside, 9)
    assert verify(lakeside.number).broken_at == 10


def test_after_an_older_backup_the_trail_fits_and_says_what_is_gone(lakeside: Clinic, harbor: Clinic) -> None:
    exports(lakeside, 4)
    anchors.anchor(lakeside.number)
    exports(lakeside, 3)
    anchors.note_heads()
    brought_back(lakeside, 2)
    exports(lakeside, 9)
    anchors.anchor(lakeside.number)
    verdict = verify(lakeside.number)
    (one,) = verdict.restores
    assert (verdict.broken_at, one.number, one.last, one.cut_to) == (None, 3, 2, 7)
    assert "26 Nov 2026 at 08:00 UTC" in one.says
    assert "entries 3 to 7 of until then are gone" in one.says


def test_what_is_cut_after_a_restore_is_an_alarm_as_before(lakeside: Clinic) -> None:
    exports(lakeside)
    anchors.note_heads()
    brought_back(lakeside, 2)
    exports(lakeside, 9)
    anchors.note_heads()
    cut(lakeside, 8)
    assert "ends before entry 12" in verify(lakeside.number).says


def test_an_anchor_cannot_be_passed_off_as_cut_by_an_earlier_restore(lakeside: Clinic, folder: Path) -> None:
    exports(lakeside)
    anchors.anchor(lakeside.number)
    brought_back(lakeside, 2)
    exports(lakeside, 9)
    anchors.anchor(lakeside.number)
    lines = [{**line, "cut_by": 3} for line in anchors.noted()]
    rewrite(folder / anchors.ANCHORS, lines)
    (folder / anchors.HEADS).unlink()
    cut(lakeside, 8)
    assert verify(lakeside.number).broken_at is not None


def test_an_entry_of_a_restore_cannot_be_put_in_past_leadwell(lakeside: Clinic) -> None:
    exports(lakeside)
    anchors.anchor(lakeside.number)
    TrailEntry.objects.of(lakeside.number).filter(number=3).update(
        action=restored.RESTORED, codes={"backup": BACKUP, "last": 2, "cut_to": 5, "cut": ""}
    )
    cut(lakeside, 3)
    assert verify(lakeside.number).says == "entry 3 was changed"


def test_a_newer_backup_after_an_older_one_is_no_alarm_and_both_stay_told(lakeside: Clinic) -> None:
    exports(lakeside, 10)
    anchors.anchor(lakeside.number)
    kept = list(TrailEntry.objects.of(lakeside.number).order_by("number"))
    brought_back(lakeside, 2)
    exports(lakeside)
    anchors.anchor(lakeside.number)
    cut(lakeside, 2)
    TrailEntry.objects.bulk_create(kept[2:])
    brought_back(lakeside, 10)
    verdict = verify(lakeside.number)
    assert (verdict.broken_at, [one.number for one in verdict.restores]) == (None, [11])
    assert "noted up to entry 8, is gone" in verdict.restores[0].says
    brought_back(lakeside, 11)
    assert (verify(lakeside.number).broken_at, len(verify(lakeside.number).restores)) == (None, 2)


def test_anchors_of_an_organisation_that_is_gone_say_nothing_of_the_next_of_its_number(lakeside: Clinic) -> None:
    exports(lakeside)
    foreign = anchors.Anchor(40, "ab").line(987654)
    told = restored.tell(BACKUP, [foreign])
    assert told == [{**foreign, "organization": None, "was": 987654}]
    assert restored.tell(BACKUP, told)[-1] == told[-1]


def test_the_page_says_that_a_backup_was_brought_back(lakeside: Clinic) -> None:
    exports(lakeside)
    anchors.note_heads()
    brought_back(lakeside, 2)
    said = browser(lakeside.organization, "privacy-officer").post("/trail").content.decode()
    assert "entries 3 to 5 of until then are gone" in said
    assert "The trail was altered" not in said
