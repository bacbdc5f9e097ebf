"""Keys are changed while everything runs, may be stopped anywhere, and nobody is lost or found no more. (F33)"""

import shutil
from base64 import b64encode

import orjson
import pytest

from leadwell.server import environment
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of, current_assessment
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.people.queries import identity
from leadwell.server.privacy import keyring as keys
from leadwell.server.privacy import rotation
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.keyring import LostKey, forget_keyrings, masters
from leadwell.server.privacy.models import DataKey
from leadwell.server.privacy.sealing import Unopenable, seal
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import verify

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A data folder with a master key of its own."""
    monkeypatch.setattr(environment, "home", lambda: tmp_path)
    forget_keyrings()
    return tmp_path


def enquiries(clinic: Clinic, count: int) -> list[Lead]:
    for n in range(count):
        columns = {"full_name": f"Anabel Quillfeather{'abcdefghij'[n]}", "phone": f"312-555-01{n:02d}",
                   "message": "knee replacement please"}  # fmt: skip
        accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    return list(Lead.objects.of(clinic.number).order_by("received_at"))


def whole(clinic: Clinic, leads: list[Lead]) -> None:
    """Everything opens, everybody is found, and the trail fits."""
    forget_keyrings()
    for n, lead in enumerate(leads):
        lead.refresh_from_db()
        assert columns_of(lead)["phone"] == f"312-555-01{n:02d}"
        assert current_assessment(clinic.number, lead.pk) is not None
        assert identity(clinic.number, lead.person_id)
        assert b"Quillfeather" in opened(Submission.objects.get(pk=lead.submission)).body
        token = Blind(clinic.number).token("phone", f"+131255501{n:02d}")
        assert PersonToken.objects.of(clinic.number).get(kind="phone", token=token).person_id == lead.person_id
    assert verify(clinic.number).broken_at is None


def test_a_new_master_key_is_made_and_the_one_before_may_go(lakeside: Clinic, folder) -> None:
    leads = enquiries(lakeside, 2)
    before = masters()[0].fingerprint
    rotation.make_master()
    assert masters()[0].fingerprint != before
    whole(lakeside, leads)
    assert rotation.rewrap_all() == 2
    (folder / "keys" / "master-old.key").unlink()
    whole(lakeside, leads)
    assert (folder / "keys" / "master.key").stat().st_mode & 0o077 == 0


def test_changed_again_and_again_every_earlier_key_is_kept_and_opens(lakeside: Clinic, folder) -> None:
    leads = enquiries(lakeside, 1)
    earliest = {row.pk: (row.wrapped, row.master) for row in DataKey.objects.of(lakeside.number)}
    fingerprints = {masters()[0].fingerprint}
    for _ in range(3):
        rotation.make_master()
        rotation.rewrap_all()
        fingerprints.add(masters()[0].fingerprint)
    assert {one.fingerprint for one in masters()} == fingerprints
    for number, (wrapped, master) in earliest.items():  # as in a backup made before
        DataKey.objects.filter(pk=number).update(wrapped=wrapped, master=master)
    whole(lakeside, leads)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "keys").iterdir())


def test_a_key_that_lies_there_is_never_written_over(lakeside: Clinic, folder) -> None:
    enquiries(lakeside, 1)
    foreign = b64encode(b"9" * 32).decode()
    (folder / "keys" / "master-old.key").write_text(foreign)
    current = (folder / "keys" / "master.key").read_text()
    rotation.make_master()
    kept = {path.read_text() for path in (folder / "keys").glob("master-old*.key")}
    assert kept == {foreign, current}


def test_a_process_that_runs_meanwhile_takes_the_new_master_key(lakeside: Clinic, folder) -> None:
    leads = enquiries(lakeside, 1)
    shutil.copytree(folder / "keys", folder / "before")
    rotation.make_master()
    rotation.rewrap_all()
    (folder / "keys").rename(folder / "after")
    (folder / "before").rename(folder / "keys")
    forget_keyrings()
    masters()  # what it remembers since it began
    shutil.rmtree(folder / "keys")
    (folder / "after").rename(folder / "keys")
    assert keys.keyring(lakeside.number, fresh=True).seal_version == 1
    whole(lakeside, leads)


def test_a_master_key_in_the_environment_is_changed_through_the_old_one(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = enquiries(lakeside, 1)
    first = (environment.home() / "keys" / "master.key").read_text()
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"2" * 32).decode())
    monkeypatch.setenv("LEADWELL_MASTER_KEY_OLD", first)
    whole(lakeside, leads)
    with pytest.raises(rotation.CannotRotate, match="LEADWELL_MASTER_KEY_OLD"):
        rotation.make_master()
    assert rotation.rewrap_all() == 2
    monkeypatch.delenv("LEADWELL_MASTER_KEY_OLD")
    whole(lakeside, leads)


def test_stopped_between_two_keys_it_goes_on_and_makes_no_third(
    lakeside: Clinic, harbor: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = enquiries(lakeside, 1)
    enquiries(harbor, 1)
    rotation.make_master()
    done: list[DataKey] = []
    real = rotation.rewrap

    def killed(row: DataKey) -> None:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(row)
        real(row)

    monkeypatch.setattr(rotation, "rewrap", killed)
    with pytest.raises(KeyboardInterrupt):
        rotation.rewrap_all()
    whole(lakeside, leads)
    with pytest.raises(rotation.CannotRotate, match="3 keys still wait"):
        rotation.make_master()
    monkeypatch.setattr(rotation, "rewrap", real)
    assert rotation.rewrap_all() == 3
    whole(lakeside, leads)


def test_what_is_there_is_sealed_anew_and_nothing_else_changes(lakeside: Clinic, harbor: Clinic) -> None:
    leads, theirs = enquiries(lakeside, 3), enquiries(harbor, 1)
    Source.objects.filter(pk=lakeside.source).update(
        sealed=seal(lakeside.number, b'{"secrets": ["whsec_x"]}', place=f"intake.source/api-{lakeside.number}")
    )
    assert rotation.new_version(lakeside.number) == 2
    before = rotation.versions(lakeside.number)
    done = rotation.reseal(lakeside.number)
    assert (before, rotation.versions(lakeside.number)) == ({1: done.rows}, {2: done.rows})
    assert rotation.versions(harbor.number).keys() == {1}
    assert rotation.reseal(lakeside.number).rows == 0
    DataKey.objects.of(lakeside.number).filter(purpose="seal", version=1).delete()  # so nothing rests on it
    whole(lakeside, leads)
    whole(harbor, theirs)
    assert settings_of(Source.objects.get(pk=lakeside.source)) == {"secrets": ["whsec_x"]}


def test_stopped_in_the_middle_it_goes_on_where_it_was(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    leads = enquiries(lakeside, 5)
    rotation.new_version(lakeside.number)

    def killed(rows: int) -> None:
        if rows >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.reseal(lakeside.number, told=killed)
    mixed = rotation.versions(lakeside.number)
    assert mixed.keys() == {1, 2}
    whole(lakeside, leads)
    assert rotation.reseal(lakeside.number).rows == mixed[1]
    assert rotation.versions(lakeside.number).keys() == {2}
    whole(lakeside, leads)


def test_who_is_erased_meanwhile_does_not_come_back(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, other = enquiries(lakeside, 2)
    rotation.new_version(lakeside.number)
    real = rotation.seal

    def erased_first(organization: int, value: bytes, *, place: str) -> bytes:
        if place == f"leads.lead/{lead.pk}":
            erase(lakeside.number, lead.person_id, actor="user:1")
        return real(organization, value, place=place)

    monkeypatch.setattr(rotation, "seal", erased_first)
    rotation.reseal(lakeside.number)
    assert not Lead.objects.get(pk=lead.pk).sealed
    assert Lead.objects.get(pk=other.pk).sealed
    assert not Person.objects.filter(pk=lead.person_id).exists()


def test_a_value_that_no_key_opens_is_counted_and_left(lakeside: Clinic) -> None:
    lead, _ = enquiries(lakeside, 2)
    damaged = bytes(lead.sealed)[:-1] + bytes([bytes(lead.sealed)[-1] ^ 1])
    Lead.objects.filter(pk=lead.pk).update(sealed=damaged)
    rotation.new_version(lakeside.number)
    assert rotation.reseal(lakeside.number).unopenable == 1
    lead.refresh_from_db()
    assert bytes(lead.sealed) == damaged
    with pytest.raises(Unopenable):
        columns_of(lead)


def test_a_keyring_is_read_again_after_a_minute(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = keys.keyring(lakeside.number)
    keys.new_data_key(lakeside.number, "seal", 2)
    assert keys.keyring(lakeside.number) is ring
    a_minute_later = ring.read_at + 60
    monkeypatch.setattr(keys.time, "monotonic", lambda: a_minute_later)
    assert keys.keyring(lakeside.number).seal_version == 2


def test_a_process_without_the_new_master_key_goes_on_with_what_it_has(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, folder
) -> None:
    ring = keys.keyring(lakeside.number)
    DataKey.objects.of(lakeside.number).update(master="another")
    a_minute_later = ring.read_at + 60
    monkeypatch.setattr(keys.time, "monotonic", lambda: a_minute_later)
    assert keys.keyring(lakeside.number) is ring
    with pytest.raises(LostKey):
        keys.keyring(lakeside.number, fresh=True)
    shutil.rmtree(folder / "keys")
