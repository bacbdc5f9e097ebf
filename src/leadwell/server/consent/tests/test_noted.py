"""A stop outlives an erasure and the bringing back of an older backup; words and addresses do not. (RULES 3.6, 3.9)"""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.server import environment
from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import (
    Given,
    Proof,
    decide,
    give,
    import_suppressions,
    note_contact,
    stop,
    withdraw,
)
from leadwell.server.consent.models import Confirmation, Consent, ConsentEvent, Contact, SuppressedAddress, Suppression
from leadwell.server.consent.noted import STOPS_FILE, stop_again
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_contacting import MAIL
from leadwell.server.consent.tests.test_known import CLOSED, NOON, OPEN, STAFF, answers, person
from leadwell.server.privacy.held import erase, export, kept, subject_of
from leadwell.server.privacy.sealing import unseal_json

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    environment.kept_secret("LEADWELL_MASTER_KEY", "master.key")
    shutil.copytree(environment.home() / "keys", tmp_path / "keys")
    monkeypatch.setattr(environment, "home", lambda: tmp_path)


def _as_in_an_older_backup() -> None:
    Suppression.objects.all().delete()
    Consent.objects.update(withdrawn_at=None)


def test_what_was_stopped_after_the_backup_is_stopped_again(lakeside: Clinic) -> None:
    who = person(lakeside)
    made = give(
        lakeside.number, who, Given("email", "marketing", at=STAFF.at - timedelta(hours=1)), Proof("I agree", "form"),
        actor="user:1",
    )  # fmt: skip
    stop(lakeside.number, who, Saying("voice", "user:1", at=STAFF.at))
    stop(lakeside.number, None, Saying("text", "worker", address="312-555-0150", at=STAFF.at))
    import_suppressions(lakeside.number, b"email,date\nlisted@example.com,2025-03-04\n", actor="user:1")
    withdraw(lakeside.number, made.pk, actor="user:1")
    before = [list(model.objects.order_by("pk").values_list()) for model in (Suppression, Consent)]
    tokens = sorted(SuppressedAddress.objects.values_list("token", "suppression"))
    _as_in_an_older_backup()
    assert answers(lakeside, who)["call"] == "yes"
    assert stop_again() == 5
    assert [list(model.objects.order_by("pk").values_list()) for model in (Suppression, Consent)] == before
    assert sorted(SuppressedAddress.objects.values_list("token", "suppression")) == tokens
    assert stop_again() == 0


@pytest.mark.parametrize(("meant", "after"), [(True, CLOSED), (False, OPEN)])
def test_what_was_decided_of_unclear_words_is_decided_again(
    lakeside: Clinic, meant: bool, after: dict[str, str], django_capture_on_commit_callbacks
) -> None:
    who = person(lakeside)
    done = stop(lakeside.number, who, STAFF, doubt=True)
    with django_capture_on_commit_callbacks(execute=True):
        decide(lakeside.number, done.event.pk, meant=meant, actor="user:1")
    _as_in_an_older_backup()
    stop_again()
    assert answers(lakeside, who) == after
    assert not Suppression.objects.filter(doubt=True, lifted_at=None).exists()


def test_of_an_organisation_that_is_not_here_nothing_is_stopped(lakeside: Clinic) -> None:
    stop(lakeside.number, person(lakeside), STAFF)
    _as_in_an_older_backup()
    file = environment.home() / STOPS_FILE
    here = f'"organization":{lakeside.number},'.encode()
    file.write_bytes(file.read_bytes().replace(here, b'"organization":987654,'))
    assert stop_again() == 0


def test_the_file_holds_nobody_and_is_read_by_its_owner_alone(lakeside: Clinic) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, Saying("text", "worker", "stop, says Anabel", address="312-555-0147"))
    file = environment.home() / STOPS_FILE
    assert not any(word in file.read_bytes() for word in (b"Anabel", b"0147", b"example.com"))
    assert file.stat().st_mode & 0o077 == 0


def test_what_could_not_be_noted_is_not_in_force(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    who = person(lakeside)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("leadwell.server.consent.noted.append_each", full)
    with pytest.raises(OSError, match="no space"):
        stop(lakeside.number, who, STAFF)
    assert not Suppression.objects.exists()


def test_an_erasure_leaves_the_stop_and_the_proof_and_nothing_else(lakeside: Clinic) -> None:
    who = person(lakeside)
    proof = Proof("May we send you news? Yes.", "form", "v2", "en", "anabel@example.com")
    made = give(lakeside.number, who, Given("email", "marketing", "written"), proof, actor="user:1")
    note_contact(lakeside.number, who, MAIL, by="worker", now=NOON)
    stop(lakeside.number, who, Saying("text", "worker", "stop, says Anabel", address="312-555-0147"))
    assert Confirmation.objects.count() == 1
    erase(lakeside.number, who, actor="user:1")
    made.refresh_from_db()
    assert unseal_json(lakeside.number, made.sealed, place=f"consent.consent/{made.pk}") == "May we send you news? Yes."
    assert (bytes(made.address), len(bytes(made.token)), made.version, made.language) == (b"", 16, "v2", "en")
    assert SuppressedAddress.objects.count() == 1
    assert not ConsentEvent.objects.exclude(sealed=None).exists()
    assert [bytes(one.token) for one in Contact.objects.all()] == [b""]
    assert not Confirmation.objects.exists()


def test_a_stop_that_comes_while_they_are_erased_holds_for_who_comes_next(lakeside: Clinic) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, STAFF)
    erase(lakeside.number, who, actor="user:1")
    again = person(lakeside, full_name="Sample Person")
    assert answers(lakeside, again) == CLOSED


def test_an_export_and_the_receipt_show_what_they_permit_and_stopped(lakeside: Clinic) -> None:
    who = person(lakeside)
    proof = Proof("May we send you news? Yes.", "form", address="anabel@example.com")
    give(lakeside.number, who, Given("email", "marketing"), proof, actor="user:1")
    stop(lakeside.number, who, Saying("voice", "user:1", "no calls, says Anabel"))
    note_contact(lakeside.number, who, MAIL, by="worker", now=NOON)
    counted = {one.kind: one.count for one in kept(subject_of(lakeside.number, who))}
    assert (counted["Consents"], counted["Stops"], counted["What they said of being contacted"]) == (1, 2, 1)
    given = export(lakeside.number, who, actor="user:1")
    assert given["asked_us"][0]["channels"] == ["call", "text", "email"]
    (consent,) = given["consents"]
    assert (consent["shown"], consent["address"]) == ("May we send you news? Yes.", "anabel@example.com")
    assert [(one["channel"], one["way"]) for one in given["stops"]] == [("call", "voice"), ("text", "voice")]
    assert [one["said"] for one in given["consent_history"]] == [None, "no calls, says Anabel"]
    assert {"Recorded that they asked us to stop", "Recorded that they agreed to be contacted"} <= {
        one["says"] for one in given["receipt"]
    }
    assert timezone.now().isoformat() > given["consents"][0]["given_at"]
