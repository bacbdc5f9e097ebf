"""What is sealed opens only where it belongs, and rotation leaves the data alone. (promise F33)"""

from base64 import b64encode

import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.privacy.keyring import LostKey, forget_keyrings, keyring, new_data_key, rewrap
from leadwell.server.privacy.models import DataKey
from leadwell.server.privacy.sealing import Unopenable, seal, unseal
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

WORDS = "Ana López, 312-555-0147".encode()


def test_what_is_sealed_opens_again_and_shows_nothing(lakeside: Clinic) -> None:
    sealed = seal(lakeside.number, WORDS, place="here")
    assert unseal(lakeside.number, sealed, place="here") == WORDS
    assert b"312" not in sealed
    assert seal(lakeside.number, WORDS, place="here") != sealed


def test_a_value_moved_or_changed_does_not_open(lakeside: Clinic, harbor: Clinic) -> None:
    sealed = seal(lakeside.number, WORDS, place="here")
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for number, value, place in (
        (lakeside.number, sealed, "there"), (harbor.number, sealed, "here"), (lakeside.number, flipped, "here"),
        (lakeside.number, b"", "here"), (lakeside.number, sealed[:20], "here"),
    ):  # fmt: skip
        with pytest.raises(Unopenable):
            unseal(number, value, place=place)


def test_a_new_version_of_a_data_key_seals_and_the_old_one_still_opens(lakeside: Clinic) -> None:
    old = seal(lakeside.number, WORDS, place="here")
    new_data_key(lakeside.number, "seal", 2)
    assert keyring(lakeside.number, fresh=True).seal_version == 2
    assert unseal(lakeside.number, old, place="here") == WORDS
    assert unseal(lakeside.number, seal(lakeside.number, WORDS, place="here"), place="here") == WORDS


def test_a_new_master_key_wraps_the_data_keys_anew(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"1" * 32).decode())
    forget_keyrings()
    DataKey.objects.all().delete()
    sealed, token = seal(lakeside.number, WORDS, place="here"), Blind(lakeside.number).token("phone", "+13125550147")
    monkeypatch.setenv("LEADWELL_MASTER_KEY_OLD", b64encode(b"1" * 32).decode())
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"2" * 32).decode())
    forget_keyrings()
    for row in DataKey.objects.of(lakeside.number):
        rewrap(row)
    monkeypatch.delenv("LEADWELL_MASTER_KEY_OLD")
    forget_keyrings()
    assert unseal(lakeside.number, sealed, place="here") == WORDS
    assert Blind(lakeside.number).token("phone", "+13125550147") == token


def test_another_master_key_says_which_one_is_missing(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(lakeside.number, WORDS, place="here")
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"3" * 32).decode())
    forget_keyrings()
    with pytest.raises(LostKey, match="LEADWELL_MASTER_KEY"):
        unseal(lakeside.number, sealed, place="here")


def test_tokens_are_equal_within_an_organisation_only(lakeside: Clinic, harbor: Clinic) -> None:
    ours, theirs = Blind(lakeside.number), Blind(harbor.number)
    assert ours.token("phone", "1") == Blind(lakeside.number).token("phone", "1")
    assert ours.token("phone", "1") != theirs.token("phone", "1")
    assert ours.token("phone", "1") != ours.token("email", "1")
