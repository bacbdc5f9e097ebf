"""A submission is kept once, whoever sends it again. (promise A2)"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from leadwell.server.base.routers import inbox_database
from leadwell.server.conftest import Clinic
from leadwell.server.intake import accepting
from leadwell.server.intake.accepting import DOUBLE_CLICK, Delivery, Receipt, accept
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

BODY = b'{"message": "my knee hurts"}'


def _accept(clinic: Clinic, *deliveries: Delivery):
    return accept(clinic.number, clinic.source, deliveries)


def test_what_was_sent_is_kept_to_the_byte_and_sealed(lakeside: Clinic) -> None:
    (receipt,) = _accept(lakeside, Delivery(BODY, headers={"user-agent": "form"}))
    kept = Submission.objects.get(pk=receipt.id)
    assert (opened(kept).body, opened(kept).headers) == (BODY, {"user-agent": "form"})
    assert b"knee" not in bytes(kept.sealed)
    assert (kept.state, kept.size) == (State.RECEIVED, len(BODY))


def test_the_same_key_returns_the_first_id_and_is_recorded_as_a_repeat(lakeside: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY, key="k"))
    (again,) = _accept(lakeside, Delivery(BODY, key="k"))
    assert (again.id, again.repeat) == (first.id, True)
    assert Submission.objects.get(state=State.REPEAT).repeat_of == first.id


def test_one_key_with_other_content_is_a_conflict_and_keeps_nothing(lakeside: Clinic) -> None:
    _accept(lakeside, Delivery(BODY, key="k"))
    (other,) = _accept(lakeside, Delivery(b'{"message": "another"}', key="k"))
    assert other.conflict
    assert Submission.objects.count() == 1


def test_a_double_click_within_ten_minutes_is_one_submission(lakeside: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY))
    Submission.objects.update(received_at=timezone.now() - DOUBLE_CLICK + timedelta(seconds=5))
    (again,) = _accept(lakeside, Delivery(BODY))
    assert (again.id, again.repeat) == (first.id, True)


@pytest.mark.parametrize(("key", "repeat"), [(None, False), ("k", True)])
def test_what_was_erased_is_asked_anew_but_by_its_key(lakeside: Clinic, key: str | None, repeat: bool) -> None:
    (first,) = _accept(lakeside, Delivery(BODY, key=key))
    Submission.objects.update(sealed=b"", state=State.ASSESSED)  # as an erasure leaves it
    (again,) = _accept(lakeside, Delivery(BODY, key=key))
    assert (again.repeat, again.id == first.id) == (repeat, repeat)
    if key is None:
        (third,) = _accept(lakeside, Delivery(BODY))
        assert (third.id, third.repeat) == (again.id, True)


def test_the_same_words_after_ten_minutes_are_another_submission(lakeside: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY))
    Submission.objects.update(received_at=timezone.now() - DOUBLE_CLICK - timedelta(seconds=5))
    (later,) = _accept(lakeside, Delivery(BODY))
    assert later.id != first.id
    assert not later.repeat


def test_two_keys_with_the_same_content_are_two_submissions(lakeside: Clinic) -> None:
    first, second = _accept(lakeside, Delivery(BODY, key="a"), Delivery(BODY, key="b"))
    assert first.id != second.id
    assert not second.repeat


def test_repeats_within_one_delivery_are_recognised(lakeside: Clinic) -> None:
    first, second, third = _accept(lakeside, Delivery(BODY), Delivery(BODY), Delivery(b"{}", key="x"))
    assert (second.id, second.repeat, third.repeat) == (first.id, True, False)


def test_another_organisation_may_use_the_same_key(lakeside: Clinic, harbor: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY, key="k"))
    (other,) = _accept(harbor, Delivery(BODY, key="k"))
    assert other.id != first.id
    assert not other.repeat


def test_calls_that_are_written_together_are_told_apart(lakeside: Clinic, harbor: Clinic) -> None:
    calls = [
        (lakeside, [Delivery(BODY, key="a"), Delivery(BODY)]),
        (harbor, [Delivery(BODY, key="a")]),
        (lakeside, [Delivery(b'{"message": "another"}', key="a"), Delivery(BODY)]),
        (lakeside, [Delivery(BODY, key="a"), Delivery(BODY, key="b")]),
    ]
    (first, words), (other,), (conflict, double), (again, new) = _together(*calls)
    assert (again.id, again.repeat, double.id, double.repeat) == (first.id, True, words.id, True)
    assert conflict.conflict
    assert not any(one.repeat or one.conflict for one in (first, words, other, new))
    assert len({first.id, words.id, other.id, new.id}) == 4
    assert Submission.objects.filter(state=State.RECEIVED).count() == 4
    assert set(Submission.objects.filter(state=State.REPEAT).values_list("repeat_of", flat=True)) == {
        first.id,
        words.id,
    }


def _together(*calls: tuple[Clinic, list[Delivery]]) -> list[list[Receipt]]:
    """As where threads came while another wrote: the last of them writes for all."""
    *others, (clinic, deliveries) = calls
    waiting = []
    for one, theirs in others:
        rows = [accepting._row(one.number, one.source, d, timezone.now(), Blind(one.number)) for d in theirs]
        waiting.append(accepting._Kept(rows))
    accepting._waiting.extend(waiting)
    last = _accept(clinic, *deliveries)
    return [*(one.receipts or [] for one in waiting), last]


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_nothing_is_acknowledged_in_a_transaction_that_may_still_be_undone(lakeside: Clinic) -> None:
    with pytest.raises(RuntimeError), transaction.atomic(using=inbox_database()):
        _accept(lakeside, Delivery(BODY))
    assert not Submission.objects.exists()
