"""PostgreSQL keeps in one message what has a new key; whoever comes second is told of the first all the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.intake import accepting, at_once
from leadwell.server.intake.accepting import Delivery, Receipt, accept
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

BODY = b'{"message": "my knee hurts"}'


@pytest.fixture(autouse=True)
def _on_postgresql(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's writers wait for one another, and not for a network")


def _accept(clinic: Clinic, *deliveries: Delivery):
    return accept(clinic.number, clinic.source, deliveries)


def test_a_new_key_is_one_message_and_kept_as_it_was_sent(lakeside: Clinic) -> None:
    _accept(lakeside, Delivery(BODY, key="warm"))
    with CaptureQueriesContext(connection) as asked:
        (receipt,) = _accept(lakeside, Delivery(BODY, key="k", headers={"user-agent": "form"}))
    assert len(asked) == 1
    kept = Submission.objects.get(pk=receipt.id)
    assert (opened(kept).body, opened(kept).headers, kept.state) == (BODY, {"user-agent": "form"}, State.RECEIVED)
    assert kept.due_at == kept.received_at


def test_a_repeat_a_conflict_and_a_new_one_in_one_call_are_told_apart(lakeside: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY, key="a"))
    again, other, new = _accept(
        lakeside, Delivery(BODY, key="a"), Delivery(b'{"message": "other"}', key="a"), Delivery(BODY, key="b")
    )
    assert (again.id, again.repeat) == (first.id, True)
    assert other.conflict
    assert not (new.repeat or new.conflict)
    again, newer = _accept(lakeside, Delivery(BODY, key="b"), Delivery(BODY, key="c"))
    assert (again.id, again.repeat, newer.repeat) == (new.id, True, False)
    assert sorted(Submission.objects.values_list("state", flat=True)) == [State.RECEIVED] * 3 + [State.REPEAT] * 2


def test_another_organisation_may_use_the_same_key(lakeside: Clinic, harbor: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY, key="k"))
    (other,) = _accept(harbor, Delivery(BODY, key="k"))
    assert (other.repeat, other.id == first.id) == (False, False)


def test_without_a_key_a_double_click_is_still_known(lakeside: Clinic) -> None:
    (first,) = _accept(lakeside, Delivery(BODY))
    again, keyed = _accept(lakeside, Delivery(BODY), Delivery(BODY, key="k"))
    assert (again.id, again.repeat, keyed.repeat) == (first.id, True, False)


def test_many_are_kept_whether_or_not_it_can_be_at_once(lakeside: Clinic) -> None:
    for count in (at_once._MOST, at_once._MOST + 1):
        made = [Delivery(BODY, key=f"{count}/{number}") for number in range(count)]
        assert not any(one.repeat for one in _accept(lakeside, *made))
        assert all(one.repeat for one in _accept(lakeside, *made))


def test_of_those_that_send_the_same_at_the_same_time_one_is_first(lakeside: Clinic) -> None:
    """As two web servers would: short lists in one message and long ones step by step, each also from its end."""
    keys = [str(number) for number in range(at_once._MOST + 20)]
    lists = [keys[:20], keys[:20][::-1], keys, keys[::-1]] * 3
    with ThreadPoolExecutor(len(lists)) as hands:
        told = [receipt for receipts in hands.map(lambda one: _by_itself(lakeside, one), lists) for receipt in receipts]
    assert sum(not one.repeat for one in told) == len(keys)
    assert not any(one.conflict for one in told)
    firsts = set(Submission.objects.filter(state=State.RECEIVED).values_list("pk", flat=True))
    assert (len(firsts), {one.id for one in told}) == (len(keys), firsts)


def _by_itself(clinic: Clinic, keys: list[str]) -> list[Receipt]:
    now, blind = timezone.now(), Blind(clinic.number)
    rows = [accepting._row(clinic.number, clinic.source, Delivery(BODY, key=key), now, blind) for key in keys]
    kept = accepting._Kept(rows)
    accepting._write([kept])
    connections.close_all()
    if kept.error is not None:
        raise kept.error
    return kept.receipts or []
