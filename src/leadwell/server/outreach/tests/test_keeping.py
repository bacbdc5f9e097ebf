"""No address is kept for ever: of nobody's messages it goes by itself, and sooner with whom it belongs to. (F33)"""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import forget_late, stop
from leadwell.server.consent.models import Confirmation, Way, WrongAddress
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_contacting import RACES, _started, shared
from leadwell.server.outreach import privacy
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.channels import Unfit
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.privacy import NOBODYS_FOR, forget_nobodys
from leadwell.server.outreach.results import note
from leadwell.server.outreach.tests.sent import ADDRESS, LETTER, again, lead_of, queued
from leadwell.server.privacy.held import erase, export

__all__ = ["shared"]
pytestmark = pytest.mark.django_db(databases="__all__")


def _to_nobody(clinic: Clinic, address: str = ADDRESS) -> Message:
    return queue(clinic.number, Draft(Recipient(address), LETTER, "care-request"), key=address)


def _holds(message: Message) -> bool:
    found = again(message)
    return any(bytes(one) for one in (found.sealed, found.token, found.domain))


def test_what_is_for_nobody_is_emptied_after_ninety_days_and_not_before(lakeside: Clinic) -> None:
    old, theirs = _to_nobody(lakeside), queued(lakeside, "other@example.org")
    born = timezone.now() - NOBODYS_FOR
    Message.objects.update(created_at=born + timedelta(minutes=5))
    assert forget_nobodys() == 0
    Message.objects.update(created_at=born - timedelta(minutes=5))
    assert forget_nobodys() == 1
    assert forget_nobodys() == 0
    assert (_holds(old), _holds(theirs)) == (False, True)
    assert (again(old).state, again(old).problem, again(old).due_at) == (State.CANCELLED, "forgotten", None)
    assert again(theirs).state == State.QUEUED


def test_many_for_nobody_are_emptied_page_by_page_with_what_came_back_from_them(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "_AT_ONCE", 4)
    theirs, kept = _to_nobody(lakeside, "shared@example.org"), _to_nobody(lakeside, "kept@example.org")
    lead_of(lakeside, "shared@example.org")
    mine = [_to_nobody(lakeside, f"nobody{n}@example.org") for n in range(6)]
    again_kept = queue(lakeside.number, Draft(Recipient("kept@example.org"), LETTER, "care-request"), key="2")
    for one in (theirs, kept, again_kept, *mine):
        note(one, "address-bad", via="smtp")
    Message.objects.exclude(pk=again_kept.pk).update(created_at=timezone.now() - NOBODYS_FOR - timedelta(minutes=5))
    asked: dict[int, int] = {}
    for size in (4, 8):
        with CaptureQueriesContext(connection) as told, transaction.atomic():
            monkeypatch.setattr(privacy, "_AT_ONCE", size)
            assert forget_nobodys() == 8
            transaction.set_rollback(True)
        asked[size] = len(told)
    assert asked[4] <= 2 * asked[8]
    assert asked[8] < 18  # eight messages
    assert forget_nobodys() == 8
    still = set(WrongAddress.objects.of(lakeside.number).values_list("token", flat=True))
    assert {bytes(one) for one in still} == {bytes(theirs.token), bytes(kept.token)}


def test_who_is_erased_takes_along_what_went_to_their_address_alone(lakeside: Clinic, harbor: Clinic) -> None:
    lead = lead_of(lakeside)
    message, elsewhere, others = _to_nobody(lakeside), _to_nobody(harbor), _to_nobody(lakeside, "other@example.org")
    assert lead.person_id
    assert [one["to"] for one in export(lakeside.number, lead.person_id, actor="user:1")["messages"]] == [ADDRESS]
    erase(lakeside.number, lead.person_id, actor="user:1")
    assert [_holds(one) for one in (message, elsewhere, others)] == [False, True, True]
    assert again(message).problem == "erased"


def test_where_a_late_confirmation_would_have_gone_is_not_kept(lakeside: Clinic) -> None:
    for address in (ADDRESS, "other@example.org"):
        stop(lakeside.number, None, Saying(Way.EMAIL_REPLY, "worker", address=address))
    late = Confirmation.objects.order_by("pk").first()
    Confirmation.objects.filter(pk=late.pk).update(due_by=timezone.now() - timedelta(days=1, minutes=1))
    assert forget_late() == 1
    assert [bool(bytes(one.sealed)) for one in Confirmation.objects.order_by("pk")] == [False, True]


@RACES
@pytest.mark.parametrize("round_", range(3))
def test_while_somebody_is_erased_nothing_is_queued_that_stays(shared: Clinic, round_: int) -> None:
    """Whoever comes first: a message is either refused or emptied with all else of theirs."""
    person = lead_of(shared).person_id
    assert person
    start, refused = Barrier(3), list[bool]()

    def write(key: str) -> None:
        start.wait()
        for n in range(12):
            try:
                with transaction.atomic():
                    queue(shared.number, Draft(Recipient(ADDRESS, person), LETTER, "care-request"), key=f"{key}/{n}")
            except Unfit:
                refused.append(True)

    def forget() -> None:
        start.wait()
        erase(shared.number, person, actor="user:1")

    for thread in [_started(lambda: write("a")), _started(lambda: write("b")), _started(forget)]:
        thread.join(60)
    assert not Message.objects.exclude(sealed=b"").exists()
    assert not Message.objects.exclude(state=State.CANCELLED).exists()
    assert Message.objects.count() + len(refused) == 24
