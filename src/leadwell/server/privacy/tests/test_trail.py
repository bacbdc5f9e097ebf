"""The trail cannot be altered unnoticed. (promise F33)"""

import pytest

from leadwell.server import environment
from leadwell.server.conftest import Clinic
from leadwell.server.privacy.anchors import anchor
from leadwell.server.privacy.models import TrailEntry, TrailShown
from leadwell.server.privacy.trail import of_subjects, record, record_list, verify

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def trail(lakeside: Clinic, harbor: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path) -> int:
    monkeypatch.setattr(environment, "home", lambda: tmp_path)
    for number in range(5):
        record(lakeside.number, "user:1", "lead.viewed", f"lead/{number % 2}", {"page": "lead"})
        record(harbor.number, "user:2", "lead.viewed", "lead/0")
    return lakeside.number


def _entry(organization: int, number: int):
    return TrailEntry.objects.of(organization).filter(number=number)


def test_an_untouched_trail_fits(trail: int) -> None:
    verdict = verify(trail)
    assert (verdict.entries, verdict.broken_at) == (5, None)


@pytest.mark.parametrize(
    "change", [{"actor": "user:9"}, {"action": "x"}, {"subject": "lead/9"}, {"codes": {}}, {"digest": bytes(32)}]
)
def test_a_changed_entry_is_named(trail: int, change: dict[str, object]) -> None:
    _entry(trail, 3).update(**change)
    assert (verify(trail).broken_at, verify(trail).says) == (3, "entry 3 was changed")


def test_a_missing_entry_is_named(trail: int) -> None:
    _entry(trail, 2).delete()
    assert verify(trail).says == "entry 2 is missing"


def test_two_entries_put_in_other_order_are_noticed(trail: int) -> None:
    _entry(trail, 4).update(number=99)
    _entry(trail, 5).update(number=4)
    _entry(trail, 99).update(number=5)
    assert verify(trail).broken_at == 4


def test_an_end_cut_off_shows_against_an_anchor(trail: int) -> None:
    anchor(trail)
    _entry(trail, 5).delete()
    assert "ends before entry 5" in verify(trail).says


def test_what_a_list_showed_cannot_be_changed_unnoticed(trail: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadwell.server.privacy.trail._PAGE", 2)
    record_list(trail, "user:1", "lead.listed", ["lead/8", "lead/1"])
    record_list(trail, "user:1", "lead.listed", [])
    record(trail, "user:1", "lead.viewed", "lead/1")
    assert (verify(trail).entries, verify(trail).broken_at) == (8, None)
    assert [one.number for one in of_subjects(trail, ["lead/8"])] == [6]
    assert [one.number for one in of_subjects(trail, ["lead/1"])] == [8, 6, 4, 2]
    (row,) = TrailShown.objects.of(trail).filter(subject="lead/8")
    for change in ({"subject": "lead/9"}, {"entry": _entry(trail, 7).get()}):
        TrailShown.objects.of(trail).filter(pk=row.pk).update(**change)
        assert verify(trail).says == "what entry 6 says that it showed was changed"
        row.save()
    TrailShown.objects.of(trail).filter(pk=row.pk).delete()
    assert verify(trail).broken_at == 6
    row.save(force_insert=True)
    assert verify(trail).broken_at is None
    _entry(trail, 6).update(codes={"shown": ["lead/1"]})
    assert verify(trail).says == "entry 6 was changed"


def test_a_person_learns_who_saw_what(trail: int) -> None:
    assert [one.actor for one in of_subjects(trail, ["lead/1"])] == ["user:1", "user:1"]
