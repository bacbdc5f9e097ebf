"""A wrong address, a look-up that forbids and what a link spread outlive the bringing back of an older backup."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.permission.values import ANOTHER, RETURNED
from leadwell.server import environment
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import (
    LookedUp,
    join,
    note_look_ups,
    note_wrong,
    part,
    returns_no_more,
    stop,
    take_back_wrong,
    would_cancel,
)
from leadwell.server.consent.models import LookUp, SuppressedAddress, Suppression, WrongAddress
from leadwell.server.consent.noted import STOPS_FILE, noted_before, stop_again
from leadwell.server.consent.noted_findings import FoundAgain, find_again
from leadwell.server.consent.tests.test_known import ANA, CLOSED, NOON, OPEN, STAFF, answers, person
from leadwell.server.people.models import Person, PersonLink, PersonToken
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.lines import read
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")
BY_MAIL = {**CLOSED, "email": "yes"}


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    environment.kept_secret("LEADWELL_MASTER_KEY", "master.key")
    shutil.copytree(environment.home() / "keys", tmp_path / "keys")
    monkeypatch.setattr(environment, "home", lambda: tmp_path)


def _brought_back() -> FoundAgain:
    """As from a backup that had no stop, no link, and nothing that was found."""
    for model in (Suppression, WrongAddress, LookUp, PersonLink):
        model.objects.all().delete()
    lines = read(environment.home() / STOPS_FILE).whole
    stop_again(lines)
    return find_again(lines)


def _other(clinic: Clinic):
    return person(clinic, phone="312-555-0199", email="other@example.com")


def _wrong(clinic: Clinic, who, *, kind: str = "phone") -> None:
    token = Blind(clinic.number).token(*{"phone": ("phone", "+13125550147"), "email": ("email", ANA["email"])}[kind])
    why = {"phone": ANOTHER, "email": RETURNED}[kind]
    note_wrong(clinic.number, token, why=why, person=who, proof=f"attempt/{kind}", at=NOON - timedelta(hours=2))


def test_wrong_addresses_stay_closed_and_those_that_ended_stay_open(
    lakeside: Clinic, django_capture_on_commit_callbacks
) -> None:
    who = person(lakeside)
    _wrong(lakeside, who)
    assert answers(lakeside, who) == BY_MAIL
    before = list(WrongAddress.objects.values_list())
    assert _brought_back() == FoundAgain(wrong=1)
    assert list(WrongAddress.objects.values_list()) == before
    assert answers(lakeside, who) == BY_MAIL
    assert find_again(read(environment.home() / STOPS_FILE).whole) == FoundAgain()
    with django_capture_on_commit_callbacks(execute=True):
        take_back_wrong(lakeside.number, proof="attempt/phone")
    assert _brought_back() == FoundAgain()
    assert answers(lakeside, who) == OPEN


def test_a_mailbox_that_is_right_after_all_is_right_after_a_restore(
    lakeside: Clinic, django_capture_on_commit_callbacks
) -> None:
    who = person(lakeside)
    _wrong(lakeside, who, kind="email")
    assert _brought_back() == FoundAgain(wrong=1)
    assert answers(lakeside, who)["email"] == "never"
    with django_capture_on_commit_callbacks(execute=True):
        returns_no_more(lakeside.number, Blind(lakeside.number).token("email", ANA["email"]))
    WrongAddress.objects.update(ended_at=None)  # as the backup has it
    assert find_again(read(environment.home() / STOPS_FILE).whole) == FoundAgain()
    assert answers(lakeside, who)["email"] == "yes"


def test_look_ups_that_forbid_are_known_again_and_what_is_newer_of_the_same_number(lakeside: Clinic) -> None:
    at = timezone.now() - timedelta(hours=3)
    seen = [
        LookedUp(ANA["phone"], listed=True, at=at, source="Anabel's list"),
        LookedUp("312-555-0150", listed=False, at=at),
        LookedUp("312-555-0151", line_type="landline", at=at),
        LookedUp("312-555-0152", line_type="mobile", at=at),
    ]
    note_look_ups(lakeside.number, seen, actor="user:1")
    assert _brought_back() == FoundAgain(looks=2)
    assert set(LookUp.objects.values_list("listed", "line_type", "checked_at", "source")) == {
        (True, "", at, ""), (None, "landline", at, ""),
    }  # fmt: skip
    later = LookedUp(ANA["phone"], listed=False, at=at + timedelta(hours=1))
    note_look_ups(lakeside.number, [later], actor="user:1")
    assert _brought_back() == FoundAgain(looks=2)
    assert LookUp.objects.filter(listed=False).count() == 1


def test_what_a_link_spread_holds_until_the_link_is_undone(
    lakeside: Clinic, django_capture_on_commit_callbacks
) -> None:
    one, other = person(lakeside), _other(lakeside)
    stop(lakeside.number, other, STAFF)
    join(lakeside.number, one, other, actor="user:1")
    assert answers(lakeside, one) == CLOSED
    assert _brought_back() == FoundAgain(links=1)
    assert answers(lakeside, one) == CLOSED
    with django_capture_on_commit_callbacks(execute=True):
        assert part(lakeside.number, PersonLink.objects.get(undone_at=None).pk, actor="user:1")
    assert answers(lakeside, one) == OPEN
    assert _brought_back() == FoundAgain()
    assert answers(lakeside, one) == OPEN
    assert answers(lakeside, other) == CLOSED


def test_who_is_not_in_the_backup_and_comes_again_is_stopped_at_their_addresses(lakeside: Clinic) -> None:
    one, other = person(lakeside), _other(lakeside)
    stop(lakeside.number, other, STAFF)
    join(lakeside.number, one, other, actor="user:1")
    Person.objects.filter(pk=one).delete()
    PersonToken.objects.filter(person=one).delete()
    SuppressedAddress.objects.all().delete()
    assert _brought_back() == FoundAgain(links=1)
    assert answers(lakeside, person(lakeside, message="my sprained ankle")) == CLOSED


def test_a_link_that_was_only_tried_is_not_noted(lakeside: Clinic) -> None:
    one, other = person(lakeside), _other(lakeside)
    would_cancel(lakeside.number, one, other, actor="user:1")
    assert not (environment.home() / STOPS_FILE).exists()


def test_what_went_with_an_erasure_does_not_come_back(lakeside: Clinic, django_capture_on_commit_callbacks) -> None:
    who = person(lakeside)
    _wrong(lakeside, who)
    note_look_ups(lakeside.number, [LookedUp(ANA["phone"], listed=True)], actor="user:1")
    with django_capture_on_commit_callbacks(execute=True):
        erase(lakeside.number, who, actor="user:1")
    assert _brought_back() == FoundAgain()
    assert (WrongAddress.objects.count(), LookUp.objects.count()) == (0, 0)


def test_the_file_tells_nobody_and_a_restore_adds_nothing_to_it(lakeside: Clinic) -> None:
    one, other = person(lakeside), _other(lakeside)
    _wrong(lakeside, one)
    note_look_ups(lakeside.number, [LookedUp(ANA["phone"], listed=True, source="asked Anabel")], actor="user:1")
    join(lakeside.number, one, other, actor="user:1")
    said = (environment.home() / STOPS_FILE).read_bytes()
    assert not any(word in said for word in (b"Anabel", b"0147", b"example.com"))
    with noted_before():
        _wrong(lakeside, one, kind="email")
    assert (environment.home() / STOPS_FILE).read_bytes() == said
